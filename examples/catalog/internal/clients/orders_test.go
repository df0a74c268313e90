package clients_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ordersv1 "github.com/acme/catalog/api/clients/orders/orders/v1"
	"github.com/acme/catalog/internal/clients/orderstest"
	"github.com/acme/catalog/internal/fault"
)

// ordersServer answers one method.
type ordersServer struct {
	ordersv1.UnimplementedOrderServiceServer
	answer func(context.Context) error
}

func (s ordersServer) CreateOrder(ctx context.Context, _ *ordersv1.CreateOrderRequest) (*ordersv1.Order, error) {
	return &ordersv1.Order{}, s.answer(ctx)
}

// callOrders calls the method of a server that answers like this.
func callOrders(ctx context.Context, t *testing.T, answer func(context.Context) error) error {
	t.Helper()
	orders := orderstest.New(t, orderstest.Servers{Order: ordersServer{answer: answer}})
	_, err := orders.Order.CreateOrder(ctx, &ordersv1.CreateOrderRequest{})
	return err
}

func TestOrdersAnswers(t *testing.T) {
	if err := callOrders(t.Context(), t, func(context.Context) error { return nil }); err != nil {
		t.Errorf("CreateOrder: %v", err)
	}
}

func TestOrdersThatIsAwayIsUnavailable(t *testing.T) {
	err := callOrders(t.Context(), t, func(context.Context) error { return status.Error(codes.Unavailable, "starting") })
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("CreateOrder: %v, want an unavailability", err)
	}
}

func TestOrdersThatHangsIsGivenUpInTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := callOrders(ctx, t, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		t.Errorf("CreateOrder: %v; want %v while there is time for an answer", err, context.DeadlineExceeded)
	}
}
