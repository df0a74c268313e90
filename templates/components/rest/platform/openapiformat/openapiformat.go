// Package openapiformat says how strictly requests and answers are held to an OpenAPI document.
package openapiformat

import (
	"errors"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"create-service/templates/service/platform/literal"
)

// Options makes the validator strict: an answer with a status that the document does not have is wrong, and the
// formats that fields have are checked and not taken for remarks.
func Options() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError:                        true,
		IncludeResponseStatus:             true,
		RejectWhenRequestBodyNotSpecified: true,
		SkipSettingDefaults:               true,
		AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
				"uuid":      format[uuid.UUID](),
				"decimal":   format[decimal.Decimal](),
				"int64":     format[int64](),
				"date-time": format[time.Time](),
				"date":      openapi3.NewCallbackValidator(isDate),
			}),
		},
	}
}

// format checks that a text is read as a T.
func format[T any]() openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(func(text string) error {
		return literal.Parse(text, new(T))
	})
}

func isDate(text string) error {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return errors.New("must be a date such as 2006-01-02")
	}
	return nil
}
