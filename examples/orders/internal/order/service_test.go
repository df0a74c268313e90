package order_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
)

func TestUseCasesAnnounceWhatTheyDid(t *testing.T) {
	tests := []struct {
		name   string
		before func(*order.Order)
		call   func(context.Context, *order.Service, uuid.UUID) error
		want   message.Message
	}{
		{
			name: "update",
			call: func(ctx context.Context, s *order.Service, id uuid.UUID) error {
				_, err := s.Update(ctx, id, order.AnyVersion, func(*order.Details) error { return nil })
				return err
			},
			want: message.Message{Type: "updated", Version: 2},
		},
		{
			name: "delete",
			call: func(ctx context.Context, s *order.Service, id uuid.UUID) error {
				return s.Delete(ctx, id, order.AnyVersion)
			},
			want: message.Message{Type: "deleted", Version: 2},
		},
		{
			name: "pay" + ": " + "state pending",
			before: func(o *order.Order) {
				o.State = order.StatePending
			},
			call: func(ctx context.Context, s *order.Service, id uuid.UUID) error {
				_, err := s.Pay(ctx, id, order.AnyVersion, message.Unit{})
				return err
			},
			want: message.Message{Type: "pay", Version: 2},
		},
		{
			name: "cancel" + ": " + "state pending",
			before: func(o *order.Order) {
				o.State = order.StatePending
			},
			call: func(ctx context.Context, s *order.Service, id uuid.UUID) error {
				_, err := s.Cancel(ctx, id, order.AnyVersion, message.Unit{})
				return err
			},
			want: message.Message{Type: "cancel", Version: 2},
		},
		{
			name: "cancel" + ": " + "state paid",
			before: func(o *order.Order) {
				o.State = order.StatePaid
			},
			call: func(ctx context.Context, s *order.Service, id uuid.UUID) error {
				_, err := s.Cancel(ctx, id, order.AnyVersion, message.Unit{})
				return err
			},
			want: message.Message{Type: "cancel", Version: 2},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(time.Now().UTC())
			if tt.before != nil {
				tt.before(&o)
			}
			store := ordertest.NewStore(o)
			if err := tt.call(t.Context(), order.NewService(store, ordertest.Announce, time.Now), o.ID); err != nil {
				t.Fatal(err)
			}
			tt.want.Kind, tt.want.Key = message.Event, o.ID.String()
			if diff := cmp.Diff([]message.Message{tt.want}, sent(store, message.Event)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateAnnounces(t *testing.T) {
	store := ordertest.NewStore()
	o, err := order.NewService(store, ordertest.Announce, time.Now).Create(t.Context(), ordertest.Details(), message.Unit{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]message.Message{ordertest.Announce("created", o)}, sent(store, message.Event)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	var tasks []any
	for _, task := range sent(store, message.Task) {
		tasks = append(tasks, task.Data)
	}
	if diff := cmp.Diff([]any{message.SendReceipt{OrderID: o.ID}, message.AwaitPayment{OrderID: o.ID}}, tasks); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
}

func TestExpire(t *testing.T) {
	tests := []struct {
		state order.State
		want  fault.Kind
		then  order.State
	}{
		{order.StatePending, fault.Internal, order.StateCancelled},
		{order.StatePaid, fault.WrongState, order.StatePaid},
		{order.StateCancelled, fault.WrongState, order.StateCancelled},
	}
	for _, tt := range tests {
		t.Run(string(tt.state), func(t *testing.T) {
			o := ordertest.Order(time.Now().UTC())
			o.State = tt.state
			store := ordertest.NewStore(o)
			service := order.NewService(store, ordertest.Announce, time.Now)
			if _, err := service.Expire(t.Context(), o.ID, message.Unit{}); fault.KindOf(err) != tt.want {
				t.Errorf("error %v, want one of kind %d", err, tt.want)
			}
			if got, err := service.Get(t.Context(), o.ID); err != nil || got.State != tt.then {
				t.Errorf("state %s, %v; want %s", got.State, err, tt.then)
			}
		})
	}
}

// sent returns what the store has committed of one kind.
func sent(store *ordertest.Store, kind message.Kind) []message.Message {
	return slices.DeleteFunc(store.Sent(), func(m message.Message) bool { return m.Kind != kind })
}

func TestRefusedUseCaseAnnouncesNothing(t *testing.T) {
	o := ordertest.Order(time.Now().UTC())
	store := ordertest.NewStore(o)
	service := order.NewService(store, ordertest.Announce, time.Now)
	_, err := service.Update(t.Context(), o.ID, 99, func(*order.Details) error { return nil })
	if !errors.Is(err, order.ErrStale) {
		t.Errorf("error %v, want %v", err, order.ErrStale)
	}
	if sent := store.Sent(); len(sent) > 0 {
		t.Errorf("a refused use case sent %v", sent)
	}
}
