package otlptest

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"time"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
)

// Span is one span as it was exported.
type Span struct {
	// Trace, ID and Parent are ids in lower-case hexadecimal. A root has no parent: "".
	Trace, ID, Parent string
	Name              string
	// Attributes and Resource hold values of every type as texts. Resource describes the sender, for example "service.name".
	Attributes, Resource map[string]string
	// Failed says that the status of the span is an error.
	Failed  bool
	Started time.Time
	Ended   time.Time
}

// String names the span by its service and what it is about: "orders: POST /v1/orders", "orders: INSERT outbox".
func (s Span) String() string {
	text := s.Resource["service.name"] + ": " + s.Name
	// The table of a statement is in backticks, as it is in all of ours.
	if table := regexp.MustCompile("(?:INTO|FROM|UPDATE) `([^`]+)`").FindStringSubmatch(s.Attributes["db.query.text"]); table != nil {
		text += " " + table[1]
	}
	return text
}

func spanOf(sender map[string]string, span *otlp.Span) Span {
	return Span{
		Trace:      hex.EncodeToString(span.GetTraceId()),
		ID:         hex.EncodeToString(span.GetSpanId()),
		Parent:     hex.EncodeToString(span.GetParentSpanId()),
		Name:       span.GetName(),
		Attributes: textsOf(span.GetAttributes()),
		Resource:   sender,
		Failed:     span.GetStatus().GetCode() == otlp.Status_STATUS_CODE_ERROR,
		Started:    timeOf(span.GetStartTimeUnixNano()),
		Ended:      timeOf(span.GetEndTimeUnixNano()),
	}
}

func timeOf(unixNano uint64) time.Time {
	const perSecond = uint64(time.Second)
	return time.Unix(int64(unixNano/perSecond), int64(unixNano%perSecond)).UTC()
}

func textsOf(attributes []*common.KeyValue) map[string]string {
	texts := make(map[string]string, len(attributes))
	for _, a := range attributes {
		texts[a.GetKey()] = textOf(a.GetValue())
	}
	return texts
}

func textOf(value *common.AnyValue) string {
	switch typed := value.GetValue().(type) {
	case *common.AnyValue_StringValue:
		return typed.StringValue
	case *common.AnyValue_IntValue:
		return strconv.FormatInt(typed.IntValue, 10)
	case *common.AnyValue_DoubleValue:
		return strconv.FormatFloat(typed.DoubleValue, 'g', -1, 64)
	case *common.AnyValue_BoolValue:
		return strconv.FormatBool(typed.BoolValue)
	default:
		return value.String()
	}
}
