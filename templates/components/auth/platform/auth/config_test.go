package auth_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"create-service/templates/components/auth/platform/auth"
	configuration "create-service/templates/service/platform/config"
)

func TestDefaults(t *testing.T) {
	var cfg struct{ Auth auth.Config }
	if err := configuration.Load(&cfg, []string{"AUTH_ISSUER=https://issuer.example.com"}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(cfg.Auth.Algorithms, []string{"RS256", "ES256"}) || !slices.Equal(cfg.Auth.TokenTypes, []string{"at+jwt", "JWT"}) {
		t.Errorf("the defaults are %+v", cfg.Auth)
	}
}

func TestConfigRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ environ, want string }{
		"no issuer":          {"AUTH_ISSUER=", "AUTH_ISSUER"},
		"no address":         {"AUTH_ISSUER=issuer", "AUTH_ISSUER must be an address"},
		"another scheme":     {"AUTH_ISSUER=file:///etc/passwd", "AUTH_ISSUER must be an address"},
		"a query":            {"AUTH_ISSUER=https://a.example?x=1", "AUTH_ISSUER must have no user, query or fragment"},
		"a password":         {"AUTH_ISSUER=https://u:p@a.example", "AUTH_ISSUER must have no user"},
		"a shared secret":    {"AUTH_ALGORITHMS=RS256,HS256", `AUTH_ALGORITHMS has "HS256"`},
		"no signature":       {"AUTH_ALGORITHMS=none", `AUTH_ALGORITHMS has "none"`},
		"keys from anywhere": {"AUTH_JWKS_URL=keys.json", "AUTH_JWKS_URL must be an address"},
		"a hasty interval":   {"AUTH_JWKS_REFRESH=1s;AUTH_JWKS_MIN_INTERVAL=10s", "AUTH_JWKS_MIN_INTERVAL must not be longer"},
		"hours of skew":      {"AUTH_CLOCK_SKEW=2h", "AUTH_CLOCK_SKEW"},
	} {
		t.Run(name, func(t *testing.T) {
			var cfg struct{ Auth auth.Config }
			err := configuration.Load(&cfg, append([]string{"AUTH_ISSUER=https://a.example"}, strings.Split(tt.environ, ";")...))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want %s", err, tt.want)
			}
		})
	}
}

func TestCAFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, empty + ".none"} {
		cfg := configOf("https://issuer.example.com")
		cfg.CAFile = file
		if _, err := auth.Open(cfg, deps()); err == nil || !strings.Contains(err.Error(), "AUTH_ISSUER_CA_FILE") {
			t.Errorf("%s: %v, want an error that names the key", file, err)
		}
	}
}
