package auth

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config says whose tokens open the API, and how they are checked.
type Config struct {
	// Issuer is the address of the issuer of the tokens, exactly as their claim iss has it, for example
	// https://login.example.com/realms/acme. Its keys are found through /.well-known/openid-configuration below it.
	Issuer string `env:"AUTH_ISSUER,required"`
	// Audience is what a token's claim aud must hold. Empty: what service.yaml says, which is the service's name unless
	// it says otherwise.
	Audience string `env:"AUTH_AUDIENCE"`
	// Algorithms are the signature algorithms that are accepted, of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384,
	// ES512 and EdDSA. What a token says about itself never widens this list.
	Algorithms []string `env:"AUTH_ALGORITHMS" envDefault:"RS256,ES256"`
	// TokenTypes are the values of a token's header typ that are accepted. An issuer that marks access tokens as RFC 9068
	// says allows to narrow it to at+jwt, which keeps ID tokens out.
	TokenTypes []string `env:"AUTH_TOKEN_TYPES" envDefault:"at+jwt,JWT"`
	// ClockSkew is how far the issuer's clock may be from this one.
	ClockSkew time.Duration `env:"AUTH_CLOCK_SKEW" envDefault:"30s" min:"0s" max:"5m"`
	// MaxTokenBytes is how long a token may be, in bytes.
	MaxTokenBytes int `env:"AUTH_MAX_TOKEN_BYTES" envDefault:"8192" min:"512" max:"65536"`
	// CacheSize is how many verified tokens are remembered, so that their signatures are not checked again; 0: none. One
	// takes about 500 bytes.
	CacheSize int `env:"AUTH_CACHE_SIZE" envDefault:"10000" min:"0" max:"1000000"`
	// CacheTTL is how long a verified token is remembered at most, and never beyond its end. A token whose key the issuer
	// has withdrawn is refused after AUTH_JWKS_REFRESH and this at the latest.
	CacheTTL time.Duration `env:"AUTH_CACHE_TTL" envDefault:"5m" min:"1s" max:"1h"`
	// KeysURL is where the issuer's keys are, as a JSON Web Key Set. Empty: where the issuer's metadata says.
	KeysURL string `env:"AUTH_JWKS_URL"`
	// Refresh is how often the keys are fetched again.
	Refresh time.Duration `env:"AUTH_JWKS_REFRESH" envDefault:"5m" min:"1s" max:"24h"`
	// MinInterval is the shortest time between two fetches, also when tokens come with keys that are not known.
	MinInterval time.Duration `env:"AUTH_JWKS_MIN_INTERVAL" envDefault:"1s" min:"10ms" max:"1m"`
	// Timeout bounds one fetch, the issuer's metadata included.
	Timeout time.Duration `env:"AUTH_JWKS_TIMEOUT" envDefault:"3s" min:"100ms" max:"1m"`
	// CAFile is a PEM file with the authorities to trust for the issuer's own certificate. Empty: those of the system.
	CAFile string `env:"AUTH_ISSUER_CA_FILE"`
}

// Validate reports every setting that cannot work, each by its key.
func (c Config) Validate() error {
	problems := []error{checkURL("AUTH_ISSUER", c.Issuer)}
	if c.KeysURL != "" {
		problems = append(problems, checkURL("AUTH_JWKS_URL", c.KeysURL))
	}
	if len(c.Algorithms) == 0 {
		problems = append(problems, errors.New("AUTH_ALGORITHMS must name at least one algorithm"))
	}
	for _, name := range c.Algorithms {
		if !slices.Contains(asymmetric(), jose.SignatureAlgorithm(name)) {
			problems = append(problems, fmt.Errorf("AUTH_ALGORITHMS has %q, which is no asymmetric signature algorithm", name))
		}
	}
	if len(c.TokenTypes) == 0 {
		problems = append(problems, errors.New("AUTH_TOKEN_TYPES must name at least one type"))
	}
	if c.MinInterval > c.Refresh {
		problems = append(problems, errors.New("AUTH_JWKS_MIN_INTERVAL must not be longer than AUTH_JWKS_REFRESH"))
	}
	return errors.Join(problems...)
}

// asymmetric are the algorithms that a public key verifies. With one that takes a secret, whoever knows the issuer's
// public key could sign.
func asymmetric() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}

func checkURL(key, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s must be an address that begins with https:// or http://", key)
	case u.User != nil || u.RawQuery != "" && key == "AUTH_ISSUER" || strings.Contains(text, "#"):
		return fmt.Errorf("%s must have no user, query or fragment", key)
	}
	return nil
}

// isPlain reports whether the keys come over a connection that anybody between can change.
func (c Config) isPlain() bool {
	return strings.HasPrefix(c.Issuer, "http:") || strings.HasPrefix(c.KeysURL, "http:")
}

func (c Config) algorithms() []jose.SignatureAlgorithm {
	all := make([]jose.SignatureAlgorithm, len(c.Algorithms))
	for i, name := range c.Algorithms {
		all[i] = jose.SignatureAlgorithm(name)
	}
	return all
}
