package httpclient

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Texts are the values that parameters have.
type Texts interface {
	string | bool | int32 | int64 | float32 | float64 | uuid.UUID | time.Time
}

// Text is a value as a parameter has it.
func Text[T Texts](value T) string {
	switch v := any(value).(type) {
	case bool:
		return strconv.FormatBool(v)
	case int32:
		return strconv.FormatInt(int64(v), 10)
	case int64:
		return strconv.FormatInt(v, 10)
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case uuid.UUID:
		return v.String()
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case string:
		return v
	default:
		return ""
	}
}
