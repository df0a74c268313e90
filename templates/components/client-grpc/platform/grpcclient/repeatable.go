package grpcclient

import (
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// methods knows which methods may be repeated. Its zero value is ready.
type methods struct{ seen sync.Map }

// isRepeatable reports whether a call may be made twice without another effect than once: its contract says so with
// idempotency_level, or the request carries a request_id, by which the peer knows a repetition (AIP-155).
func (m *methods) isRepeatable(method string, request any) bool {
	byContract, known := m.seen.Load(method)
	if !known {
		byContract, _ = m.seen.LoadOrStore(method, isIdempotent(method))
	}
	return byContract == true || hasRequestID(request)
}

// isIdempotent asks the descriptor of a method such as "/orders.v1.OrderService/GetOrder", which every generated client has.
func isIdempotent(method string) bool {
	name := strings.ReplaceAll(strings.TrimPrefix(method, "/"), "/", ".")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		return false
	}
	options, ok := found.Options().(*descriptorpb.MethodOptions)
	return ok && options.GetIdempotencyLevel() != descriptorpb.MethodOptions_IDEMPOTENCY_UNKNOWN
}

func hasRequestID(request any) bool {
	message, ok := request.(proto.Message)
	if !ok {
		return false
	}
	fields := message.ProtoReflect()
	id := fields.Descriptor().Fields().ByName("request_id")
	return id != nil && id.Kind() == protoreflect.StringKind && !id.IsList() && fields.Get(id).String() != ""
}
