package auth

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// claims are those of RFC 9068 that are looked at.
type claims struct {
	Issuer    string    `json:"iss"`
	Subject   string    `json:"sub"`
	Audience  texts     `json:"aud"`
	Expires   *instant  `json:"exp"`
	NotBefore *instant  `json:"nbf"`
	IssuedAt  *instant  `json:"iat"`
	ClientID  string    `json:"client_id"`
	Party     string    `json:"azp"`
	Scope     *string   `json:"scope"`
	ScopeList scopeList `json:"scp"`
}

// readClaims reads a JSON object. This decoder, unlike the standard library's, refuses a name that is given twice and
// tells upper case from lower: two readers of one token must not see two tokens.
func readClaims(payload []byte) (c claims, err error) {
	err = json.Unmarshal(payload, &c)
	return c, err
}

// client is the program to which the token was given.
func (c claims) client() string {
	if c.ClientID != "" {
		return c.ClientID
	}
	return c.Party
}

// scopes are those of scope (RFC 9068), else those of scp, which some issuers have instead.
func (c claims) scopes() []string {
	if c.Scope != nil {
		return strings.Fields(*c.Scope)
	}
	return c.ScopeList
}

// texts is a text or a list of texts.
type texts []string

// UnmarshalJSON reads either.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err == nil {
		*t = texts{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(data, &many)
	*t = many
	return err
}

func (t texts) has(text string) bool { return slices.Contains(t, text) }

// scopeList is a list of scopes, or a text of them with spaces between.
type scopeList []string

// UnmarshalJSON reads either.
func (s *scopeList) UnmarshalJSON(data []byte) error {
	var list texts
	err := list.UnmarshalJSON(data)
	*s = strings.Fields(strings.Join(list, " "))
	return err
}

// instant is a NumericDate: seconds since 1970, with or without a fraction.
type instant float64

// latest is the last second that is taken for a time: in the year 9999.
const latest = 253402300799

// UnmarshalJSON refuses what is no time.
func (i *instant) UnmarshalJSON(data []byte) error {
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return err
	}
	if seconds < 0 || seconds > latest {
		return errors.New("not a time")
	}
	*i = instant(seconds)
	return nil
}

func (i *instant) time() time.Time {
	whole, fraction := math.Modf(float64(*i))
	return time.Unix(int64(whole), int64(fraction*float64(time.Second)))
}

// isAfter is false for a time that is not given.
func (i *instant) isAfter(moment time.Time) bool { return i != nil && i.time().After(moment) }
