package events

import (
	"context"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/kafka"
)

// paymentCapturedType is the type of event that is handled; the topic's other types are not for this consumer.
const paymentCapturedType = "payments.payment.captured.v1"

// paymentCapturedEvent is what this service reads of the event's data. Members that are not named here are skipped.
type paymentCapturedEvent struct {
	OrderID uuid.UUID `json:"order_id"`
}

// handlePaymentCaptured pays the order that the payment is for, once, however often the event arrives. One that cannot be paid
// any more makes the event a dead letter: somebody has to give the money back.
func (h eventHandlers) handlePaymentCaptured(ctx context.Context, event kafka.Event) error {
	if event.Type != paymentCapturedType {
		return nil
	}
	var data paymentCapturedEvent
	if err := event.Decode(&data); err != nil {
		return err
	}
	_, err := h.Orders.Pay(ctx, data.OrderID, order.AnyVersion, event.Unit("payment-captured", keepOnceKey))
	return err
}
