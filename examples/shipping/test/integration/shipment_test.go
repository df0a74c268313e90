package integration_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/mysqltest"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
	"github.com/acme/shipping/internal/store"
	"github.com/acme/shipping/migrations"
)

var shipmentTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

func newShipments(t testing.TB) *store.Shipments {
	t.Helper()
	return store.NewShipments(mysqltest.Open(t, migrations.Files))
}

// createShipment adds a shipment with a new id.
func createShipment(t testing.TB, shipments *store.Shipments, created time.Time, change ...func(*shipment.Shipment)) shipment.Shipment {
	t.Helper()
	sh := shipmenttest.Shipment(created)
	for _, f := range change {
		f(&sh)
	}
	sh.ID = uuid.Must(uuid.NewV7())
	if _, err := shipments.Create(t.Context(), sh, message.Unit{}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	return sh
}

func acceptShipment(*shipment.Shipment) ([]message.Message, error) {
	return nil, nil
}

func getShipment(t *testing.T, shipments *store.Shipments, id uuid.UUID) shipment.Shipment {
	t.Helper()
	sh, err := shipments.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return sh
}

func TestShipmentRoundTrip(t *testing.T) {
	tests := []struct {
		name   string
		change func(*shipment.Shipment)
	}{
		{"every field", func(sh *shipment.Shipment) {
			sh.UpdatedAt = shipmentTime.Add(time.Hour)
		}},
		{"the smallest values", func(sh *shipment.Shipment) {
			*sh = shipmenttest.FromDetails(shipmenttest.Smallest(), shipmentTime)
		}},
		{"the largest values", func(sh *shipment.Shipment) {
			*sh = shipmenttest.FromDetails(shipmenttest.Largest(), shipmentTime)
			sh.Version = math.MaxInt64
		}},
		{"state pending", func(sh *shipment.Shipment) {
			sh.State = shipment.StatePending
		}},
		{"state booked", func(sh *shipment.Shipment) {
			sh.State = shipment.StateBooked
		}},
		{"state failed", func(sh *shipment.Shipment) {
			sh.State = shipment.StateFailed
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shipments := newShipments(t)
			want := createShipment(t, shipments, shipmentTime, tt.change)
			if diff := cmp.Diff(want, getShipment(t, shipments, want.ID)); diff != "" {
				t.Errorf("shipment after a round trip (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetShipmentNotFound(t *testing.T) {
	shipments := newShipments(t)
	createShipment(t, shipments, shipmentTime)
	if _, err := shipments.Get(t.Context(), uuid.New()); !errors.Is(err, shipment.ErrNotFound) {
		t.Errorf("Get: %v, want %v", err, shipment.ErrNotFound)
	}
}

func BenchmarkGetShipment(b *testing.B) {
	shipments := newShipments(b)
	id := createShipment(b, shipments, shipmentTime).ID
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shipments.Get(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUpdateShipment(t *testing.T) {
	shipments := newShipments(t)
	untouched := createShipment(t, shipments, shipmentTime, uniqueShipment)
	want := createShipment(t, shipments, shipmentTime)
	want.State = shipment.StateBooked
	want.UpdatedAt, want.Version = shipmentTime.Add(time.Hour), 2

	got, err := shipments.Update(t.Context(), want.ID, message.Unit{}, func(sh *shipment.Shipment) ([]message.Message, error) {
		*sh = want
		return nil, nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("returned shipment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, getShipment(t, shipments, want.ID)); diff != "" {
		t.Errorf("kept shipment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(untouched, getShipment(t, shipments, untouched.ID)); diff != "" {
		t.Errorf("another shipment changed (-want +got):\n%s", diff)
	}
}

func TestUpdateShipmentRefused(t *testing.T) {
	shipments := newShipments(t)
	want := createShipment(t, shipments, shipmentTime)
	refusal := errors.New("refused")

	_, err := shipments.Update(t.Context(), want.ID, message.Unit{Once: "key"}, func(sh *shipment.Shipment) ([]message.Message, error) {
		sh.Version = 99
		return nil, refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("Update: %v, want %v", err, refusal)
	}
	if got := getShipment(t, shipments, want.ID); got.Version != want.Version {
		t.Errorf("a refused update kept version %d, want %d", got.Version, want.Version)
	}
	if _, err := shipments.Update(t.Context(), uuid.New(), message.Unit{}, acceptShipment); !errors.Is(err, shipment.ErrNotFound) {
		t.Errorf("Update of an unknown shipment: %v, want %v", err, shipment.ErrNotFound)
	}
}

func TestUpdateShipmentConcurrently(t *testing.T) {
	const writers = 8
	shipments := newShipments(t)
	sh := createShipment(t, shipments, shipmentTime)

	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			_, err := shipments.Update(context.WithoutCancel(t.Context()), sh.ID, message.Unit{}, func(sh *shipment.Shipment) ([]message.Message, error) {
				sh.Version++
				return nil, nil
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	if got := getShipment(t, shipments, sh.ID).Version; got != 1+writers {
		t.Errorf("version %d after %d updates, want %d", got, writers, 1+writers)
	}
}

func TestUpdateShipmentOnce(t *testing.T) {
	shipments := newShipments(t)
	sh := createShipment(t, shipments, shipmentTime)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}
	increment := func(sh *shipment.Shipment) ([]message.Message, error) {
		sh.Version++
		return nil, nil
	}

	first, err := shipments.Update(t.Context(), sh.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if _, err := shipments.Update(t.Context(), sh.ID, message.Unit{}, increment); err != nil {
		t.Fatalf("Update: %v", err)
	}
	again, err := shipments.Update(t.Context(), sh.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	if got := getShipment(t, shipments, sh.ID).Version; got != 3 {
		t.Errorf("version %d, want 3", got)
	}
}

func TestCreateShipmentTwice(t *testing.T) {
	shipments := newShipments(t)
	sh := createShipment(t, shipments, shipmentTime)
	if _, err := shipments.Create(t.Context(), sh, message.Unit{}); err == nil {
		t.Error("Create added a shipment under an id that is taken")
	}
}

func TestCreateShipmentOnce(t *testing.T) {
	const callers = 8
	shipments := newShipments(t)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}

	ids := make([]uuid.UUID, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			sh := shipmenttest.Shipment(shipmentTime)
			sh.ID = uuid.Must(uuid.NewV7())
			created, err := shipments.Create(context.WithoutCancel(t.Context()), sh, unit)
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
	if _, err := shipments.Create(t.Context(), shipmenttest.Shipment(shipmentTime), unit); fault.KindOf(err) != fault.Reused {
		t.Errorf("Create of something else under the key: %v, want a fault of kind Reused", err)
	}
}

func TestCreateShipmentWithOrderIDTaken(t *testing.T) {
	shipments := newShipments(t)
	createShipment(t, shipments, shipmentTime)
	sh := shipmenttest.Shipment(shipmentTime)
	sh.ID = uuid.New()
	uniqueShipment(&sh)
	sh.OrderID = shipmenttest.Shipment(shipmentTime).OrderID
	if _, err := shipments.Create(t.Context(), sh, message.Unit{}); !errors.Is(err, shipment.ErrOrderIDTaken) {
		t.Errorf("Create: %v, want %v", err, shipment.ErrOrderIDTaken)
	}
}

// uniqueShipment gives sh values that no other shipment of a test has.
func uniqueShipment(sh *shipment.Shipment) {
	sh.OrderID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
}

func TestListShipmentsSorts(t *testing.T) {
	tests := []struct {
		key    shipment.SortKey
		change func(*shipment.Shipment)
	}{
		{shipment.SortByCreatedAt, func(sh *shipment.Shipment) {
			sh.CreatedAt = sh.CreatedAt.Add(time.Microsecond)
		}},
		{shipment.SortByUpdatedAt, func(sh *shipment.Shipment) {
			sh.UpdatedAt = sh.UpdatedAt.Add(time.Microsecond)
		}},
		{shipment.SortByOrderID, func(sh *shipment.Shipment) {
			sh.OrderID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.key), func(t *testing.T) {
			shipments := newShipments(t)
			second := createShipment(t, shipments, shipmentTime, uniqueShipment, tt.change)
			first := createShipment(t, shipments, shipmentTime)
			got := walkShipments(t, shipments, shipment.Query{SortBy: tt.key, Limit: 1})
			if diff := cmp.Diff([]uuid.UUID{first.ID, second.ID}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListShipmentsFilters(t *testing.T) {
	tests := []struct {
		name   string
		filter shipment.Filter
		change func(*shipment.Shipment)
	}{
		{"order_id", shipment.Filter{OrderID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001"))}, func(sh *shipment.Shipment) {
			sh.OrderID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shipments := newShipments(t)
			createShipment(t, shipments, shipmentTime, uniqueShipment, tt.change)
			want := createShipment(t, shipments, shipmentTime)
			list := listShipments(t, shipments, shipment.Query{Filter: tt.filter, SortBy: shipment.SortByCreatedAt, Limit: 10})
			if diff := cmp.Diff([]shipment.Shipment{want}, list); diff != "" {
				t.Errorf("shipments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListShipmentsRefusesForeignPosition(t *testing.T) {
	shipments := newShipments(t)
	foreign := []shipment.Position{
		{Value: "x", ID: uuid.NewString()},
		{Value: shipmentTime.Format(time.RFC3339), ID: "x"},
	}
	for _, after := range foreign {
		_, err := shipments.List(t.Context(), shipment.Query{SortBy: shipment.SortByCreatedAt, After: &after, Limit: 1})
		if fault.KindOf(err) != fault.Malformed {
			t.Errorf("List after %v: %v, want a fault of kind Malformed", after, err)
		}
	}
}

func listShipments(t *testing.T, shipments *store.Shipments, q shipment.Query) []shipment.Shipment {
	t.Helper()
	list, err := shipments.List(t.Context(), q)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if len(list) > q.Limit {
		t.Errorf("%d shipments on a page of %d", len(list), q.Limit)
	}
	return list
}

// walkShipments reads page after page and returns the ids.
func walkShipments(t *testing.T, shipments *store.Shipments, q shipment.Query) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	for range 10 {
		page := listShipments(t, shipments, q)
		for _, sh := range page {
			ids = append(ids, sh.ID)
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
