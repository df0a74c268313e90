// Package query reads the parameters of a list request. Like a body, a query that holds what is not known means
// something else than what would be answered, so it is refused with every bad parameter named:
//
//	err := query.Decode(c.Request.URL.RawQuery,
//		query.Value("page_size", &page.Size),
//		query.Value("page_token", &page.Token),
//		query.Value("order_by", &page.OrderBy),
//		query.To("customer_id", &filter.CustomerID),
//	)
package query

import (
	"net/url"
	"slices"
	"strings"

	"create-service/templates/components/rest/platform/literal"
	"create-service/templates/service/kernel/fault"
)

// mostViolations bounds the answer to a query that is wrong in a thousand places.
const mostViolations = 20

// longestName is how many bytes of an unknown parameter's name are given back.
const longestName = 64

// Param is one parameter that the query may have.
type Param struct {
	name string
	read func(text string) error
}

// To reads the parameter into *dst, which stays as it is when the parameter is absent. T is a type that
// literal.Parse reads.
func To[T any](name string, dst **T) Param {
	return Param{name: name, read: func(text string) error {
		parsed := new(T)
		if err := literal.Parse(text, parsed); err != nil {
			return err
		}
		*dst = parsed
		return nil
	}}
}

// Value is [To] for a parameter whose absence is the same as its zero value.
func Value[T any](name string, dst *T) Param {
	return Param{name: name, read: func(text string) error { return literal.Parse(text, dst) }}
}

// Decode reads a raw query. The error is a [*fault.Error] of kind [fault.Malformed] that names every parameter that
// is unknown, given twice or of the wrong type.
func Decode(rawQuery string, params ...Param) error {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return fault.New(fault.Malformed, "the query is not well-formed")
	}
	violations := unknown(values, params)
	for _, p := range params {
		violations = append(violations, p.take(values[p.name])...)
	}
	if len(violations) == 0 {
		return nil
	}
	return &fault.Error{
		Kind:       fault.Malformed,
		Message:    "some query parameters cannot be accepted",
		Violations: violations[:min(len(violations), mostViolations)],
	}
}

// unknown names the parameters that nobody reads, in the order of the alphabet.
func unknown(values url.Values, params []Param) []fault.Violation {
	var violations []fault.Violation
	for name := range values {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.name == name }) {
			name = strings.ToValidUTF8(name[:min(len(name), longestName)], "")
			violations = append(violations, fault.Violation{Field: name, Rule: "unknown", Message: "is not a parameter of this request"})
		}
	}
	slices.SortFunc(violations, func(a, b fault.Violation) int { return strings.Compare(a.Field, b.Field) })
	return violations
}

func (p Param) take(texts []string) []fault.Violation {
	switch len(texts) {
	case 0:
		return nil
	case 1:
		if err := p.read(texts[0]); err != nil {
			return []fault.Violation{{Field: p.name, Rule: "type", Message: err.Error()}}
		}
		return nil
	default:
		return []fault.Violation{{Field: p.name, Rule: "duplicate", Message: "is given more than once"}}
	}
}
