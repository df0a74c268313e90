// Package date has a calendar day without a time or a zone.
package date

import (
	"database/sql/driver"
	"fmt"
	"time"

	"create-service/templates/service/kernel/fault"
)

// Date is a day of the proleptic Gregorian calendar. The zero value is 0001-01-01; dates compare with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Of returns the day of t in t's own zone.
func Of(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// Parse reads the full-date of RFC 3339, "2006-01-02".
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2006-01-02", s)
	}
	return Of(t), nil
}

// String returns the full-date of RFC 3339.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Time returns the day's first instant in UTC.
func (d Date) Time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// Compare returns -1, 0 or 1: d is before, equal to or after other.
func (d Date) Compare(other Date) int {
	return d.Time().Compare(other.Time())
}

// MarshalText returns the full-date of RFC 3339.
func (d Date) MarshalText() ([]byte, error) {
	return []byte(d.String()), nil
}

// UnmarshalText reads the full-date of RFC 3339.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value gives a database the full-date.
func (d Date) Value() (driver.Value, error) {
	return d.String(), nil
}

// Scan reads a DATE column, which drivers give as time.Time or as text.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*d = Of(v)
		return nil
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("cannot read a date from %T", src)
	}
}

// Check checks that a day is one that databases keep: MySQL's DATE begins with the year 1000. Nil was not given.
func Check(c *fault.Checks, field string, value *Date) {
	if value != nil && (value.Year < 1000 || value.Year > 9999) {
		c.Add(field, "range", "must be between the years 1000 and 9999")
	}
}
