// Package shipmenttest has what tests of other packages need of shipments: valid values, and a store in memory.
package shipmenttest

import (
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/shipment"
)

// Details returns valid details with every field given.
func Details() shipment.Details {
	return shipment.Details{
		OrderID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
	}
}

// OtherDetails returns valid details that differ from [Details] wherever the fields' rules leave room.
func OtherDetails() shipment.Details {
	return shipment.Details{
		OrderID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")),
	}
}

// Smallest returns details with the smallest values that the rules allow.
func Smallest() shipment.Details {
	return shipment.Details{
		OrderID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
	}
}

// Largest returns details with the largest values that the rules allow.
func Largest() shipment.Details {
	return shipment.Details{
		OrderID: new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")),
	}
}

// Shipment returns a shipment that was created at the given time with [Details].
func Shipment(created time.Time) shipment.Shipment {
	return FromDetails(Details(), created)
}

// FromDetails returns a shipment that was created at the given time with valid details.
func FromDetails(details shipment.Details, created time.Time) shipment.Shipment {
	sh, err := shipment.New(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-00000000000a"), details, created)
	if err != nil {
		panic(err)
	}
	return sh
}
