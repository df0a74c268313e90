package mongodb

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// decimalText writes a decimal so that texts sort as the numbers do, whatever their precision and scale: a field can
// become wider without a change of what is kept. BSON's own decimals have 34 digits, four less than a field may have.
//
// A number that is not negative is "p", the count of its digits before the point (99 at most) in two digits, and the number
// without superfluous zeros: 12.5 is p0212.5, 0 is p00, 0.05 is p00.05. A negative one is "n", the same with each digit replaced by
// nine less it, and "~", which is behind every digit: -12.5 is n9787.4~.
func decimalText(d decimal.Decimal) string {
	integer, fraction, _ := strings.Cut(d.Abs().String(), ".")
	integer = strings.TrimLeft(integer, "0")
	text := fmt.Sprintf("%02d%s", len(integer), integer)
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		text += "." + fraction
	}
	if d.IsNegative() {
		return "n" + complement(text) + "~"
	}
	return "p" + text
}

// parseDecimal reads what decimalText wrote.
func parseDecimal(text string) (decimal.Decimal, error) {
	sign, digits, ok := cutSign(text)
	if !ok || len(digits) < 2 {
		return decimal.Decimal{}, errors.New("no kept decimal")
	}
	integer, _, _ := strings.Cut(digits[2:], ".")
	if count, err := strconv.Atoi(digits[:2]); err != nil || count != len(integer) {
		return decimal.Decimal{}, errors.New("a kept decimal whose digits are not as many as it says")
	}
	return decimal.NewFromString(sign + "0" + digits[2:])
}

// cutSign returns the sign of a kept decimal and its digits as they are without one.
func cutSign(text string) (sign, digits string, ok bool) {
	if digits, ok = strings.CutPrefix(text, "p"); ok {
		return "", digits, true
	}
	digits, ok = strings.CutPrefix(text, "n")
	digits, closed := strings.CutSuffix(digits, "~")
	return "-", complement(digits), ok && closed
}

// complement replaces each digit by nine less it.
func complement(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return '0' + '9' - r
	}, text)
}
