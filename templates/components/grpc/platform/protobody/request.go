package protobody

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/etag"
	"create-service/templates/service/platform/literal"
	"create-service/templates/service/platform/oncekey"
	"create-service/templates/service/platform/paging"
)

// ID returns the id in the field of that name. One that is not a UUID is malformed.
func ID(field, text string) (uuid.UUID, error) {
	var id uuid.UUID
	if err := literal.Parse(text, &id); err != nil {
		return uuid.Nil, fault.Field(fault.Malformed, field, "type", err.Error())
	}
	return id, nil
}

// Version returns the version that the caller means to change, from the etag in the field of that name. Without one it
// is [fault.VersionRequired].
func Version(field, tag string) (int64, error) {
	if tag == "" {
		return 0, fault.Field(fault.VersionRequired, field, "required", "must be that of the version to change")
	}
	return OptionalVersion(tag)
}

// OptionalVersion is [Version] where any version will do without an etag: the result is then 0. A tag that was never
// given out here matches nothing: [fault.Stale].
func OptionalVersion(tag string) (int64, error) {
	if tag == "" {
		return 0, nil
	}
	version, ours := etag.Version(tag)
	if !ours {
		return 0, fault.New(fault.Stale, "the etag names no version that can be current")
	}
	return version, nil
}

// Unit is [UnitOf] with keys that belong to nobody: whoever sends the same request under the same key gets the first
// one's answer. Handlers that were written before keys had owners call it.
func Unit(method, requestID string, request proto.Message) (message.Unit, error) {
	return unit(requestID, request, func(encoded []byte) message.Unit {
		return oncekey.Common(method, requestID, []byte(method), encoded)
	})
}

// UnitOf returns the once-key of a request: its request_id (AIP-155), in force for the caller in ctx and the method, with a
// digest of everything that makes this request what it is. Without an id it is the zero unit.
func UnitOf(ctx context.Context, method, requestID string, request proto.Message) (message.Unit, error) {
	return unit(requestID, request, func(encoded []byte) message.Unit {
		return oncekey.Unit(ctx, method, requestID, []byte(method), encoded)
	})
}

func unit(requestID string, request proto.Message, of func(encoded []byte) message.Unit) (message.Unit, error) {
	if requestID == "" {
		return message.Unit{}, nil
	}
	if !oncekey.IsValid(requestID) {
		return message.Unit{}, fault.Field(fault.Malformed, "request_id", "form", "must be 1 to 255 printable ASCII characters")
	}
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return message.Unit{}, fmt.Errorf("encode a request for its digest: %w", err)
	}
	return of(encoded), nil
}

// List reads what is alike in the requests of all lists, and the filters that are given. The filters are kept in the
// request as query parameters would have them, so that one API reads the page tokens of another.
func List(size int32, token, orderBy string, filters ...Field) (paging.Request, error) {
	request := paging.Request{Size: int(size), Token: token, OrderBy: orderBy, Filter: map[string]string{}}
	if err := Decode(Given(), filters...); err != nil {
		return request, err
	}
	for _, f := range filters {
		if f.given {
			request.Filter[f.name] = f.text()
		}
	}
	return request, nil
}
