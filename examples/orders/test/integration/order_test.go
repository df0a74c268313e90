package integration_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/migrations"
)

var orderTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

func newOrders(t testing.TB) *store.Orders {
	t.Helper()
	return store.NewOrders(mysqltest.Open(t, migrations.Files))
}

// createOrder adds an order with a new id.
func createOrder(t testing.TB, orders *store.Orders, created time.Time, change ...func(*order.Order)) order.Order {
	t.Helper()
	o := ordertest.Order(created)
	for _, f := range change {
		f(&o)
	}
	o.ID = uuid.Must(uuid.NewV7())
	if _, err := orders.Create(t.Context(), o, message.Unit{}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	return o
}

func acceptOrder(*order.Order) ([]message.Message, error) {
	return nil, nil
}

func getOrder(t *testing.T, orders *store.Orders, id uuid.UUID) order.Order {
	t.Helper()
	o, err := orders.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return o
}

func TestOrderRoundTrip(t *testing.T) {
	tests := []struct {
		name   string
		change func(*order.Order)
	}{
		{"every field", func(o *order.Order) {
			o.UpdatedAt = orderTime.Add(time.Hour)
		}},
		{"no optional field", func(o *order.Order) {
			o.ProductID = nil
			o.Email = nil
			o.Note = nil
		}},
		{"the smallest values", func(o *order.Order) {
			*o = ordertest.FromDetails(ordertest.Smallest(), orderTime)
		}},
		{"the largest values", func(o *order.Order) {
			*o = ordertest.FromDetails(ordertest.Largest(), orderTime)
			o.Version = math.MaxInt64
		}},
		{"state pending", func(o *order.Order) {
			o.State = order.StatePending
		}},
		{"state paid", func(o *order.Order) {
			o.State = order.StatePaid
		}},
		{"state shipped", func(o *order.Order) {
			o.State = order.StateShipped
		}},
		{"state cancelled", func(o *order.Order) {
			o.State = order.StateCancelled
		}},
	}
	orders := newOrders(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := createOrder(t, orders, orderTime, tt.change)
			if diff := cmp.Diff(want, getOrder(t, orders, want.ID)); diff != "" {
				t.Errorf("order after a round trip (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateOrderAboveTheLimit(t *testing.T) {
	orders := newOrders(t)
	orders.Admit = order.AtMostOpen(2)
	createOrder(t, orders, orderTime, func(o *order.Order) { o.State = order.StatePaid })
	createOrder(t, orders, orderTime, func(o *order.Order) { o.State = order.StatePending })
	last, unit := ordertest.Order(orderTime), message.Unit{Once: "last"}
	if _, err := orders.Create(t.Context(), last, unit); err != nil {
		t.Fatalf("Create within the limit: %v", err)
	}
	above := ordertest.Order(orderTime)
	above.ID = uuid.New()
	if _, err := orders.Create(t.Context(), above, message.Unit{}); !errors.Is(err, order.ErrTooManyOpen) {
		t.Errorf("Create above the limit: %v, want %v", err, order.ErrTooManyOpen)
	}
	if again, err := orders.Create(t.Context(), last, unit); err != nil || again.ID != last.ID {
		t.Errorf("repeated Create at the limit: %s, %v; want the first answer, %s", again.ID, err, last.ID)
	}
}

func TestGetOrderNotFound(t *testing.T) {
	orders := newOrders(t)
	createOrder(t, orders, orderTime)
	if _, err := orders.Get(t.Context(), uuid.New()); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("Get: %v, want %v", err, order.ErrNotFound)
	}
}

func BenchmarkGetOrder(b *testing.B) {
	orders := newOrders(b)
	id := createOrder(b, orders, orderTime).ID
	b.ReportAllocs()
	for b.Loop() {
		if _, err := orders.Get(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUpdateOrder(t *testing.T) {
	orders := newOrders(t)
	untouched := createOrder(t, orders, orderTime)
	want := createOrder(t, orders, orderTime)
	want.Email = new("email 2")
	want.State = order.StatePaid
	want.Total = decimal.RequireFromString("2.50")
	want.Note = new("note 2")
	want.UpdatedAt, want.Version = orderTime.Add(time.Hour), 2

	got, err := orders.Update(t.Context(), want.ID, message.Unit{}, func(o *order.Order) ([]message.Message, error) {
		*o = want
		return nil, nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("returned order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, getOrder(t, orders, want.ID)); diff != "" {
		t.Errorf("kept order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(untouched, getOrder(t, orders, untouched.ID)); diff != "" {
		t.Errorf("another order changed (-want +got):\n%s", diff)
	}
}

func TestUpdateOrderRefused(t *testing.T) {
	orders := newOrders(t)
	want := createOrder(t, orders, orderTime)
	refusal := errors.New("refused")

	_, err := orders.Update(t.Context(), want.ID, message.Unit{Once: "key"}, func(o *order.Order) ([]message.Message, error) {
		o.Version = 99
		return nil, refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("Update: %v, want %v", err, refusal)
	}
	if got := getOrder(t, orders, want.ID); got.Version != want.Version {
		t.Errorf("a refused update kept version %d, want %d", got.Version, want.Version)
	}
	if _, err := orders.Update(t.Context(), uuid.New(), message.Unit{}, acceptOrder); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("Update of an unknown order: %v, want %v", err, order.ErrNotFound)
	}
}

func TestUpdateOrderConcurrently(t *testing.T) {
	const writers = 8
	orders := newOrders(t)
	o := createOrder(t, orders, orderTime)

	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			_, err := orders.Update(context.WithoutCancel(t.Context()), o.ID, message.Unit{}, func(o *order.Order) ([]message.Message, error) {
				o.Version++
				return nil, nil
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	if got := getOrder(t, orders, o.ID).Version; got != 1+writers {
		t.Errorf("version %d after %d updates, want %d", got, writers, 1+writers)
	}
}

func TestUpdateOrderOnce(t *testing.T) {
	orders := newOrders(t)
	o := createOrder(t, orders, orderTime)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}
	increment := func(o *order.Order) ([]message.Message, error) {
		o.Version++
		return nil, nil
	}

	first, err := orders.Update(t.Context(), o.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if _, err := orders.Update(t.Context(), o.ID, message.Unit{}, increment); err != nil {
		t.Fatalf("Update: %v", err)
	}
	again, err := orders.Update(t.Context(), o.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	if got := getOrder(t, orders, o.ID).Version; got != 3 {
		t.Errorf("version %d, want 3", got)
	}
}

func TestDeleteOrder(t *testing.T) {
	orders := newOrders(t)
	kept := createOrder(t, orders, orderTime)
	gone := createOrder(t, orders, orderTime)
	refusal := errors.New("refused")

	if err := orders.Delete(t.Context(), gone.ID, func(*order.Order) ([]message.Message, error) {
		return nil, refusal
	}); !errors.Is(err, refusal) {
		t.Errorf("Delete: %v, want %v", err, refusal)
	}
	getOrder(t, orders, gone.ID)
	if err := orders.Delete(t.Context(), gone.ID, acceptOrder); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if _, err := orders.Get(t.Context(), gone.ID); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("Get after Delete: %v, want %v", err, order.ErrNotFound)
	}
	getOrder(t, orders, kept.ID)
}

func TestDeleteOrderHoldsOffUpdates(t *testing.T) {
	mysqltest.NeedReal(t, "row locks")
	orders := newOrders(t)
	o := createOrder(t, orders, orderTime)

	updated := make(chan error)
	err := orders.Delete(t.Context(), o.ID, func(*order.Order) ([]message.Message, error) {
		go func() {
			_, err := orders.Update(context.WithoutCancel(t.Context()), o.ID, message.Unit{}, acceptOrder)
			updated <- err
		}()
		select {
		case err := <-updated:
			return nil, fmt.Errorf("an update ended while a delete had the order: %w", err)
		case <-time.After(100 * time.Millisecond):
			return nil, nil
		}
	})
	if err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if err := <-updated; !errors.Is(err, order.ErrNotFound) {
		t.Errorf("Update: %v, want %v", err, order.ErrNotFound)
	}
}

func TestCreateOrderTwice(t *testing.T) {
	orders := newOrders(t)
	o := createOrder(t, orders, orderTime)
	if _, err := orders.Create(t.Context(), o, message.Unit{}); err == nil {
		t.Error("Create added an order under an id that is taken")
	}
}

func TestCreateOrderOnce(t *testing.T) {
	const callers = 8
	orders := newOrders(t)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}

	ids := make([]uuid.UUID, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			o := ordertest.Order(orderTime)
			o.ID = uuid.Must(uuid.NewV7())
			created, err := orders.Create(context.WithoutCancel(t.Context()), o, unit)
			if err != nil {
				t.Errorf("Create: %v", err)
			}
			ids[i] = created.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("ids %v under one once-key, want one", ids)
		}
	}
	unit.Digest[0]++
	if _, err := orders.Create(t.Context(), ordertest.Order(orderTime), unit); fault.KindOf(err) != fault.Reused {
		t.Errorf("Create of something else under the key: %v, want a fault of kind Reused", err)
	}
}

func TestListOrders(t *testing.T) {
	orders := newOrders(t)
	var created []order.Order
	for i := range 7 {
		created = append(created, createOrder(t, orders, orderTime.Add(time.Duration(i/2)*time.Microsecond)))
	}
	keys := []order.SortKey{
		order.SortByCreatedAt,
		order.SortByUpdatedAt,
		order.SortByCustomerID,
	}
	for _, key := range keys {
		for _, descending := range []bool{false, true} {
			want := make([]uuid.UUID, len(created))
			for i, o := range created {
				if descending {
					i = len(created) - 1 - i
				}
				want[i] = o.ID
			}
			got := walkOrders(t, orders, order.Query{SortBy: key, Descending: descending, Limit: 2})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ids by %s, descending %t (-want +got):\n%s", key, descending, diff)
			}
		}
	}
}

func TestListOrdersSorts(t *testing.T) {
	tests := []struct {
		key    order.SortKey
		change func(*order.Order)
	}{
		{order.SortByCreatedAt, func(o *order.Order) {
			o.CreatedAt = o.CreatedAt.Add(time.Microsecond)
		}},
		{order.SortByUpdatedAt, func(o *order.Order) {
			o.UpdatedAt = o.UpdatedAt.Add(time.Microsecond)
		}},
		{order.SortByCustomerID, func(o *order.Order) {
			o.CustomerID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.key), func(t *testing.T) {
			orders := newOrders(t)
			second := createOrder(t, orders, orderTime, tt.change)
			first := createOrder(t, orders, orderTime)
			got := walkOrders(t, orders, order.Query{SortBy: tt.key, Limit: 1})
			if diff := cmp.Diff([]uuid.UUID{first.ID, second.ID}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersFilters(t *testing.T) {
	tests := []struct {
		name   string
		filter order.Filter
		change func(*order.Order)
	}{
		{"customer_id", order.Filter{CustomerID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"))}, func(o *order.Order) {
			o.CustomerID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
		{"product_id", order.Filter{ProductID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"))}, func(o *order.Order) {
			o.ProductID = new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			orders := newOrders(t)
			createOrder(t, orders, orderTime, tt.change)
			want := createOrder(t, orders, orderTime)
			list := listOrders(t, orders, order.Query{Filter: tt.filter, SortBy: order.SortByCreatedAt, Limit: 10})
			if diff := cmp.Diff([]order.Order{want}, list); diff != "" {
				t.Errorf("orders (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersRefusesForeignPosition(t *testing.T) {
	orders := newOrders(t)
	foreign := []order.Position{
		{Value: "x", ID: uuid.NewString()},
		{Value: orderTime.Format(time.RFC3339), ID: "x"},
	}
	for _, after := range foreign {
		_, err := orders.List(t.Context(), order.Query{SortBy: order.SortByCreatedAt, After: &after, Limit: 1})
		if fault.KindOf(err) != fault.Malformed {
			t.Errorf("List after %v: %v, want a fault of kind Malformed", after, err)
		}
	}
}

func listOrders(t *testing.T, orders *store.Orders, q order.Query) []order.Order {
	t.Helper()
	list, err := orders.List(t.Context(), q)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if len(list) > q.Limit {
		t.Errorf("%d orders on a page of %d", len(list), q.Limit)
	}
	return list
}

// walkOrders reads page after page and returns the ids.
func walkOrders(t *testing.T, orders *store.Orders, q order.Query) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	for range 10 {
		page := listOrders(t, orders, q)
		for _, o := range page {
			ids = append(ids, o.ID)
		}
		if len(page) < q.Limit {
			return ids
		}
		after := page[len(page)-1].Position(q.SortBy)
		q.After = &after
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
