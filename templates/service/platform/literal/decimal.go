package literal

import (
	"errors"

	"github.com/shopspring/decimal"
)

// The bounds of a decimal's text and exponent. The widest column has 38 digits (service.yaml's limit), so nothing
// of use is refused, and a short text such as 1e999999999 cannot fill the memory once it is written out.
const (
	longestDecimal  = 80
	largestExponent = 64
)

func parseDecimal(text string, dst *decimal.Decimal) error {
	errForm := errors.New("must be a decimal number")
	if len(text) > longestDecimal || !isNumber(text) {
		return errForm
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > largestExponent || d.Exponent() < -largestExponent {
		return errForm
	}
	*dst = d
	return nil
}

// isNumber is JSON's number grammar but for leading zeros: decimal itself would also read "+1", ".5" and "1.".
func isNumber(text string) bool {
	rest, ok := cutDigits(trimSign(text, "-"))
	if ok && len(rest) > 0 && rest[0] == '.' {
		rest, ok = cutDigits(rest[1:])
	}
	if ok && len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		rest, ok = cutDigits(trimSign(rest[1:], "+-"))
	}
	return ok && rest == ""
}

func trimSign(text, signs string) string {
	for i := range len(signs) {
		if text != "" && text[0] == signs[i] {
			return text[1:]
		}
	}
	return text
}

// cutDigits takes the digits off the front of text; there must be one at least.
func cutDigits(text string) (rest string, ok bool) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[n:], n > 0
}
