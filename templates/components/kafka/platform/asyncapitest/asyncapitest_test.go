package asyncapitest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/kafka/platform/asyncapitest"
	"create-service/templates/service/kernel/message"
)

const document = `asyncapi: 3.0.0
info: { title: orders, version: v1 }
channels:
  orders.order.v1:
    address: orders.order.v1
    messages:
      orders.order.created.v1: { $ref: '#/components/messages/orders.order.created.v1' }
      orders.order.broken.v1: { $ref: '#/components/messages/orders.order.broken.v1' }
components:
  messages:
    orders.order.created.v1:
      payload:
        allOf:
          - { $ref: '#/components/schemas/event' }
          - properties: { data: { $ref: '#/components/schemas/Order' } }
    orders.order.broken.v1:
      payload: { type: 7 }
  schemas:
    event: { type: object, required: [id, version], properties: { time: { type: string, format: date-time } } }
    Order:
      type: object
      required: [id, total]
      properties: { id: { type: string, format: uuid }, total: { type: [string, 'null'], maxLength: 5 } }
`

// failures is a test that collects what it is told.
type failures struct {
	testing.TB
	texts []string
}

func (f *failures) Helper() {}

func (f *failures) Errorf(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

type order struct {
	ID    string  `json:"id"`
	Total *string `json:"total,omitempty"`
	More  int     `json:"more"`
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := message.Message{
		ID: uuid.New(), Type: "orders.order.created.v1", Topic: "orders.order.v1", Key: "o-1", Version: 1, Time: time.Now(),
		Data: order{ID: uuid.NewString(), Total: new("1.50")},
	}
	tests := map[string]struct {
		change func(*message.Message)
		want   string
	}{
		"as the document says":      {func(*message.Message) {}, ""},
		"another topic":             {func(m *message.Message) { m.Topic = "orders.order.v2" }, "no message orders.order.created.v1"},
		"another type":              {func(m *message.Message) { m.Type = "orders.order.paid.v1" }, "no message orders.order.paid.v1"},
		"a member that is missing":  {func(m *message.Message) { m.Data = order{ID: uuid.NewString()} }, "total"},
		"a value that is too long":  {func(m *message.Message) { m.Data = order{ID: uuid.NewString(), Total: new("123456")} }, "total"},
		"a value of another format": {func(m *message.Message) { m.Data = order{ID: "o-1", Total: new("1")} }, "uuid"},
		"no version":                {func(m *message.Message) { m.Version = 0 }, "version"},
		"a schema that is none":     {func(m *message.Message) { m.Type = "orders.order.broken.v1" }, "not valid"},
		"data that is no JSON":      {func(m *message.Message) { m.Data = func() {} }, "unsupported type"},
	}
	path := filepath.Join(t.TempDir(), "orders.yaml")
	require.NoError(t, os.WriteFile(path, []byte(document), 0o600))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, told := good, &failures{TB: t}
			tt.change(&m)
			asyncapitest.Open(t, path).Check(told, m)
			if tt.want == "" {
				require.Empty(t, told.texts)
				return
			}
			require.Len(t, told.texts, 1)
			require.Contains(t, told.texts[0], tt.want)
		})
	}
}
