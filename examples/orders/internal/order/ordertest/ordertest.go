// Package ordertest has what tests of other packages need of orders: valid values, and a store in memory.
package ordertest

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
)

// Announce returns an event without data, whose type is the verb alone.
func Announce(verb string, o order.Order) message.Message {
	return message.Message{Kind: message.Event, Type: verb, Key: o.ID.String(), Version: o.Version}
}

// Details returns valid details with every field given.
func Details() order.Details {
	return order.Details{
		CustomerID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		ProductID:  new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		Email:      new("email 1"),
		Total:      new(decimal.RequireFromString("1.25")),
		Note:       new("note 1"),
	}
}

// OtherDetails returns valid details that differ from [Details] wherever the fields' rules leave room.
func OtherDetails() order.Details {
	return order.Details{
		CustomerID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")),
		ProductID:  new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")),
		Email:      new("email 2"),
		Total:      new(decimal.RequireFromString("2.50")),
		Note:       new("note 2"),
	}
}

// Smallest returns details with the smallest values that the rules allow.
func Smallest() order.Details {
	return order.Details{
		CustomerID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		ProductID:  new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		Email:      new(""),
		Total:      new(decimal.RequireFromString("0.00")),
		Note:       new(""),
	}
}

// Largest returns details with the largest values that the rules allow.
func Largest() order.Details {
	return order.Details{
		CustomerID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		ProductID:  new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
		Email:      new(strings.Repeat("🙂", 254)),
		Total:      new(decimal.RequireFromString("9999999999.99")),
		Note:       new(strings.Repeat("x", 65535)),
	}
}

// Order returns an order that was created at the given time with [Details].
func Order(created time.Time) order.Order {
	return FromDetails(Details(), created)
}

// FromDetails returns an order that was created at the given time with valid details.
func FromDetails(details order.Details, created time.Time) order.Order {
	o, err := order.New(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-00000000000a"), details, created)
	if err != nil {
		panic(err)
	}
	return o
}
