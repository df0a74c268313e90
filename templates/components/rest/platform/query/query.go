// Package query reads the parameters of a list request. Like a body, a query that holds what is not known means
// something else than what would be answered, so it is refused with every bad parameter named:
//
//	var request paging.Request
//	var filter order.Filter
//	err := query.List(c.Request.URL.RawQuery, &request,
//		query.To("customer_id", &filter.CustomerID),
//		query.Enum("state", &filter.State, order.StatePending, order.StatePaid),
//	)
package query

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/literal"
	"create-service/templates/service/platform/paging"
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

// Enum is [To] for a parameter that must be one of the values.
func Enum[T ~string](name string, dst **T, values ...T) Param {
	return Param{name: name, read: func(text string) error {
		value := T(text)
		if !slices.Contains(values, value) {
			return errors.New("must be one of " + join(values))
		}
		*dst = &value
		return nil
	}}
}

func join[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// Value is [To] for a parameter whose absence is the same as its zero value.
func Value[T any](name string, dst *T) Param {
	return Param{name: name, read: func(text string) error { return literal.Parse(text, dst) }}
}

// List reads the query of a list: page_size, page_token and order_by into the request, with the filters that were
// given, and the filters where they say. Errors are as in [Decode].
func List(rawQuery string, request *paging.Request, filters ...Param) error {
	request.Filter = map[string]string{}
	params := make([]Param, 0, len(filters)+3)
	params = append(params,
		Value("page_size", &request.Size),
		Value("page_token", &request.Token),
		Value("order_by", &request.OrderBy),
	)
	for _, f := range filters {
		params = append(params, f.noted(request.Filter))
	}
	return Decode(rawQuery, params...)
}

// noted is p, with its text kept in texts as well.
func (p Param) noted(texts map[string]string) Param {
	return Param{name: p.name, read: func(text string) error {
		texts[p.name] = text
		return p.read(text)
	}}
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
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.name == name }) {
			name = strings.ToValidUTF8(name[:min(len(name), longestName)], "")
			violations = append(violations, fault.Violation{Field: name, Rule: "unknown", Message: "is not a parameter of this request"})
		}
	}
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
