package cache

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"create-service/templates/service/kernel/date"
)

type stage string

// row has a field of every type that aggregates have, with and without a value.
type row struct {
	ID        uuid.UUID
	Ref       *uuid.UUID
	Name      string
	Note      *string
	Small     int32
	Count     int64
	Most      *int64
	Share     float64
	Rate      *float64
	Price     decimal.Decimal
	Fee       *decimal.Decimal
	Day       date.Date
	Due       *date.Date
	At        time.Time
	Until     *time.Time
	Is        bool
	Maybe     *bool
	State     stage
	Next      *stage
	Extra     json.RawMessage
	UpdatedAt time.Time
	Version   int64
}

func perhaps[T any](r *rand.Rand, value T) *T {
	if r.IntN(2) == 0 {
		return nil
	}
	return &value
}

func randomText(r *rand.Rand) string {
	letters := []string{"a", "Z", "\x00", "\n", `"`, "\\", "<", "é", "😀", "\u2028", "\xff", "\xc3"}
	var text strings.Builder
	for range r.IntN(20) {
		text.WriteString(letters[r.IntN(len(letters))])
	}
	return text.String()
}

func randomDecimal(r *rand.Rand) decimal.Decimal {
	texts := []string{"0", "-0", "0.00", "12.50", "12.5", "-99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001", "1e10"}
	return decimal.RequireFromString(texts[r.IntN(len(texts))])
}

func randomTime(r *rand.Rand) time.Time {
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	return time.UnixMicro(first.UnixMicro() + r.Int64N(last.UnixMicro()-first.UnixMicro())).UTC()
}

func randomFloat(r *rand.Rand) float64 {
	some := []float64{0, math.Copysign(0, -1), 0.1, -1e308, math.SmallestNonzeroFloat64, math.MaxFloat64, r.NormFloat64()}
	return some[r.IntN(len(some))]
}

func randomInt(r *rand.Rand) int64 {
	some := []int64{0, 1, -1, math.MinInt64, math.MaxInt64, 1 << 53, r.Int64()}
	return some[r.IntN(len(some))]
}

func randomJSON(r *rand.Rand) json.RawMessage {
	some := []json.RawMessage{nil, json.RawMessage("null"), json.RawMessage(`{"b": 1.0, "a": [ "<" ],"a":2}`), json.RawMessage(`"\u00e9 é"`), json.RawMessage("1e400")}
	return some[r.IntN(len(some))]
}

func randomRow(r *rand.Rand) row {
	return row{
		ID: uuid.New(), Ref: perhaps(r, uuid.New()),
		Name: randomText(r), Note: perhaps(r, randomText(r)),
		Small: int32(r.Uint32()), Count: randomInt(r), Most: perhaps(r, randomInt(r)),
		Share: randomFloat(r), Rate: perhaps(r, randomFloat(r)),
		Price: randomDecimal(r), Fee: perhaps(r, randomDecimal(r)),
		Day: date.Of(randomTime(r)), Due: perhaps(r, date.Of(randomTime(r))),
		At: randomTime(r), Until: perhaps(r, randomTime(r)),
		Is: r.IntN(2) == 0, Maybe: perhaps(r, r.IntN(2) == 0),
		State: stage(randomText(r)), Next: perhaps(r, stage(randomText(r))),
		Extra: randomJSON(r), UpdatedAt: randomTime(r), Version: randomInt(r),
	}
}

// same reports whether a and b cannot be told apart, not even by the exponents of their numbers or the sign of a zero.
func same(a, b row) bool {
	return reflect.DeepEqual(a, b) && math.Signbit(a.Share) == math.Signbit(b.Share) &&
		a.Price.Exponent() == b.Price.Exponent() && a.At.Location() == b.At.Location()
}

func TestCodecLosesNothing(t *testing.T) {
	m, err := newModes()
	require.NoError(t, err)
	c := newCodec[row](m)
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		want := randomRow(r)
		entry, err := c.write(want)
		require.NoError(t, err)
		got, err := c.read(entry)
		require.NoError(t, err)
		if !same(want, got) {
			t.Fatalf("got  %#v\nwant %#v", got, want)
		}
	}
}

func TestFingerprintsDiffer(t *testing.T) {
	type inner struct{ A string }
	type otherInner struct{ A string }
	types := []any{
		struct{ A string }{}, struct{ A int64 }{}, struct{ A int32 }{}, struct{ B string }{}, struct{ A, B string }{},
		struct{ B, A string }{}, struct{ A *string }{}, struct{ A []string }{}, struct{ A inner }{}, struct{ A otherInner }{},
		struct{ A time.Time }{}, struct{ A date.Date }{}, struct{ A json.RawMessage }{}, struct{ A stage }{},
		struct {
			A string `cbor:"b"`
		}{}, struct{ A map[string]int64 }{}, row{},
	}
	seen := map[string]reflect.Type{}
	for _, each := range types {
		of := reflect.TypeOf(each)
		short := fingerprint(of)
		require.Len(t, short, 8)
		require.NotContains(t, seen, short, "%s", of)
		require.Equal(t, short, fingerprint(of))
		seen[short] = of
	}
}

func TestFingerprintOfATypeThatContainsItself(t *testing.T) {
	type node struct{ Next *node }
	require.Len(t, fingerprint(reflect.TypeFor[node]()), 8)
}

func FuzzRead(f *testing.F) {
	m, err := newModes()
	require.NoError(f, err)
	c := newCodec[row](m)
	entry, err := c.write(randomRow(rand.New(rand.NewPCG(1, 2))))
	require.NoError(f, err)
	f.Add(entry)
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = c.read(data)
		_, _ = c.read(append(c.head[:len(c.head):len(c.head)], data...))
	})
}

func BenchmarkCodec(b *testing.B) {
	m, err := newModes()
	require.NoError(b, err)
	c := newCodec[row](m)
	value := randomRow(rand.New(rand.NewPCG(1, 2)))
	entry, err := c.write(value)
	require.NoError(b, err)
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = c.write(value)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = c.read(entry)
		}
	})
}
