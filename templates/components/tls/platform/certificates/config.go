package certificates

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The modes.
const (
	mutual = "mutual"
	off    = "off"
)

// Config is what an operator can set about TLS between services.
type Config struct {
	// Mode is mutual, or off: the APIs then speak plaintext, which only a development environment may.
	Mode string `env:"TLS_MODE" envDefault:"mutual"`
	// Dir is the directory with tls.crt, tls.key and ca.crt, as a Secret of cert-manager is mounted.
	Dir string `env:"TLS_DIR" envDefault:"/etc/tls"`
	// AllowedPeers are the callers that are let in: DNS names or URIs in their certificates, comma-separated. A * stands for
	// one label of a name, or for one segment of a URI's path: *.orders-prod.svc, spiffe://acme.example/ns/*/sa/orders.
	// Empty: every caller that has a certificate of an authority in ca.crt.
	AllowedPeers []string `env:"TLS_ALLOWED_PEERS"`
	// ReloadInterval is how often the files are read again. What Kubernetes mounts is itself a minute late.
	ReloadInterval time.Duration `env:"TLS_RELOAD_INTERVAL" envDefault:"10s" min:"50ms" max:"10m"`
	// ExpiryWarning is how long before the end of the certificate its health check fails. It should be well below the time
	// that cert-manager takes for a renewal (renewBefore), so that it tells of renewals that did not happen.
	ExpiryWarning time.Duration `env:"TLS_EXPIRY_WARNING" envDefault:"336h" min:"1m" max:"8760h"`
}

// Validate reports every setting that cannot work, each by its key.
func (c Config) Validate() error {
	var problems []error
	if c.Mode != mutual && c.Mode != off {
		problems = append(problems, fmt.Errorf("TLS_MODE must be mutual or off, not %q", c.Mode))
	}
	for _, pattern := range c.AllowedPeers {
		if strings.TrimSpace(pattern) == "" {
			problems = append(problems, errors.New("TLS_ALLOWED_PEERS must not have an empty name in it"))
		}
	}
	return errors.Join(problems...)
}

// CheckEnvironment refuses plaintext outside of development.
func (c Config) CheckEnvironment(environment string) error {
	switch environment {
	case "dev", "development", "local", "test":
		return nil
	}
	if c.Mode == off {
		return fmt.Errorf("TLS_MODE must be mutual: off is for development (ENVIRONMENT dev, development, local or test), not for %q", environment)
	}
	return nil
}
