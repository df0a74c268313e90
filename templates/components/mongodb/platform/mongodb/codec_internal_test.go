package mongodb

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"create-service/templates/service/kernel/date"
)

func TestDecimalText(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"0": "p00", "0.00": "p00", "12.5": "p0212.5", "12.50": "p0212.5", "0.05": "p00.05", "1000": "p041000",
		"-12.5": "n9787.4~", "-12": "n9787~", "-0.05": "n99.94~",
		"1e3": "p041000", "12345678901234567890123456789012345678": "p3812345678901234567890123456789012345678",
	}
	for number, want := range tests {
		require.Equal(t, want, decimalText(decimal.RequireFromString(number)), number)
	}
	for _, text := range []string{"", "p", "p0", "x0212", "p0312", "p02x2", "n9787", "p0212.5.5", "p02-1"} {
		_, err := parseDecimal(text)
		require.Error(t, err, text)
	}
}

// decimals returns numbers of up to 38 digits, among them such as differ in their last digit only.
func decimals(t testing.TB) []decimal.Decimal {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	all := []decimal.Decimal{decimal.Zero}
	for range 2000 {
		var digits strings.Builder
		for range 1 + random.IntN(38) {
			digits.WriteByte(byte('0' + random.IntN(10)))
		}
		number, err := decimal.NewFromString(digits.String() + "e-" + []string{"0", "2", "10", "38"}[random.IntN(4)])
		require.NoError(t, err)
		last := decimal.New(1, number.Exponent())
		all = append(all, number, number.Neg(), number.Add(last), number.Add(last).Neg())
	}
	return all
}

func TestDecimalTextsSortAsTheirNumbers(t *testing.T) {
	t.Parallel()
	all := decimals(t)
	slices.SortFunc(all, decimal.Decimal.Cmp)
	for i, number := range all {
		text := decimalText(number)
		back, err := parseDecimal(text)
		require.NoError(t, err)
		require.True(t, back.Equal(number), "%s came back as %s", number, back)
		if i > 0 {
			require.Equal(t, all[i-1].Cmp(number), strings.Compare(decimalText(all[i-1]), text), "%s and %s", all[i-1], number)
		}
	}
}

type values struct {
	ID       uuid.UUID        `bson:"_id"`
	Time     time.Time        `bson:"time"`
	Price    decimal.Decimal  `bson:"price"`
	Day      date.Date        `bson:"day"`
	Raw      json.RawMessage  `bson:"raw"`
	Big      int64            `bson:"big"`
	Small    int32            `bson:"small"`
	Ratio    float64          `bson:"ratio"`
	Parent   *uuid.UUID       `bson:"parent,omitempty"`
	Happened *time.Time       `bson:"happened,omitempty"`
	Fee      *decimal.Decimal `bson:"fee,omitempty"`
	Due      *date.Date       `bson:"due,omitempty"`
	Extra    json.RawMessage  `bson:"extra,omitempty"`
}

func TestValuesAreKeptExactly(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")
	moment := time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	day := date.Date{Year: 1000, Month: time.January, Day: 1}
	price := decimal.RequireFromString("9999999999999999999999999999.9999999999")
	full := values{
		ID: id, Time: moment, Price: price, Day: day, Raw: json.RawMessage(`{"a": [1,  2.50]}`), Big: 9007199254740993, Small: -5, Ratio: 0.1,
		Parent: &id, Happened: &moment, Fee: new(price.Neg()), Due: &day, Extra: json.RawMessage(`null`),
	}
	for name, want := range map[string]values{"full": full, "bare": {ID: id, Time: moment, Price: price, Day: day, Raw: json.RawMessage(`1`)}} {
		raw, err := encode(newRegistry(), want)
		require.NoError(t, err, name)
		var got values
		require.NoError(t, decode(newRegistry(), raw, &got), name)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	raw, err := encode(newRegistry(), full)
	require.NoError(t, err)
	for field, want := range map[string]bson.Type{
		"_id": bson.TypeBinary, "parent": bson.TypeBinary, "time": bson.TypeString, "happened": bson.TypeString, "price": bson.TypeString,
		"fee": bson.TypeString, "day": bson.TypeString, "due": bson.TypeString, "raw": bson.TypeString, "big": bson.TypeInt64,
		"small": bson.TypeInt32, "ratio": bson.TypeDouble,
	} {
		require.Equal(t, want, raw.Lookup(field).Type, field)
	}
	subtype, _ := raw.Lookup("_id").Binary()
	require.Equal(t, bson.TypeBinaryUUID, subtype)
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for field, wrong := range map[string]any{
		"_id": bson.Binary{Data: []byte{1}}, "time": "yesterday", "price": "12.5", "day": "2026-02-30", "big": "x", "happened": 5,
	} {
		raw, err := bson.Marshal(bson.D{{Key: field, Value: wrong}})
		require.NoError(t, err)
		require.Error(t, decode(newRegistry(), raw, &values{}), field)
	}
}

func BenchmarkDecode(b *testing.B) {
	registry := newRegistry()
	raw, err := encode(registry, document[values]{Header: header{Revision: 1}, Own: values{Price: decimal.New(125, -1), Raw: json.RawMessage("1")}})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		var found document[values]
		if err := decode(registry, raw, &found); err != nil {
			b.Fatal(err)
		}
	}
}
