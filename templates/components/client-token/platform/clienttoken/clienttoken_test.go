package clienttoken_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"create-service/templates/components/client-token/platform/clienttoken"
)

// issuer answers with tokens that are good for as many seconds as it is told, and remembers what it was asked.
type issuer struct {
	*httptest.Server
	asked   atomic.Int64
	seconds atomic.Int64
	status  atomic.Int64
	// hold is waited for before each answer.
	hold chan struct{}
}

func newIssuer(t *testing.T, seconds int64) *issuer {
	t.Helper()
	i := &issuer{hold: make(chan struct{})}
	close(i.hold)
	i.seconds.Store(seconds)
	i.status.Store(http.StatusOK)
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number := i.asked.Add(1)
		<-i.hold
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("client_id") != "orders" || r.FormValue("client_secret") != "s3cret" {
			t.Errorf("the issuer was asked %v", r.Form)
		}
		w.Header().Set("Content-Type", "application/json")
		answer := map[string]any{
			"access_token": r.FormValue("audience") + "-" + strconv.FormatInt(number, 10), "token_type": "Bearer", "expires_in": i.seconds.Load(),
		}
		status := int(i.status.Load())
		if status != http.StatusOK {
			answer = map[string]any{"error": "invalid_client", "error_description": "s3cret is wrong"}
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) source(t *testing.T) *clienttoken.Source {
	t.Helper()
	return open(t, clienttoken.Config{URL: i.URL, ID: "orders", Secret: "s3cret", Timeout: 5 * time.Second})
}

func open(t *testing.T, cfg clienttoken.Config) *clienttoken.Source {
	t.Helper()
	source, err := clienttoken.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestATokenIsKept(t *testing.T) {
	i := newIssuer(t, 300)
	source := i.source(t)
	for _, want := range []string{"inventory-1", "inventory-1"} {
		if got, err := source.For("inventory")(t.Context()); got != want || err != nil {
			t.Errorf("token = %q, %v; want %q", got, err, want)
		}
	}
	if got, err := source.For("shipping")(t.Context()); got != "shipping-2" || err != nil {
		t.Errorf("token for another audience = %q, %v; want its own", got, err)
	}
}

func TestManyCallsAskOnce(t *testing.T) {
	i := newIssuer(t, 300)
	i.hold = make(chan struct{})
	source := i.source(t)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got, err := source.For("inventory")(t.Context()); got != "inventory-1" || err != nil {
				t.Errorf("token = %q, %v", got, err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	close(i.hold)
	all.Wait()
	if got := i.asked.Load(); got != 1 {
		t.Errorf("the issuer was asked %d times, want once", got)
	}
}

func TestATokenThatEndsSoonServesUntilThereIsANewOne(t *testing.T) {
	i := newIssuer(t, 20)
	source := i.source(t)
	if _, err := source.For("inventory")(t.Context()); err != nil {
		t.Fatal(err)
	}
	i.seconds.Store(300)
	if got, err := source.For("inventory")(t.Context()); got != "inventory-1" || err != nil {
		t.Errorf("token = %q, %v; want the old one, at once", got, err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		got, err := source.For("inventory")(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got != "inventory-1" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the token is never replaced")
		}
	}
}

func TestNobodyWaitsLongerThanItsContext(t *testing.T) {
	i := newIssuer(t, 300)
	i.hold = make(chan struct{})
	defer close(i.hold)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := i.source(t).For("inventory")(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("token: %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestARefusalDoesNotTellSecrets(t *testing.T) {
	i := newIssuer(t, 300)
	i.status.Store(http.StatusUnauthorized)
	_, err := i.source(t).For("inventory")(t.Context())
	if err == nil || !strings.Contains(err.Error(), `401 "invalid_client"`) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("token: %v", err)
	}
}

func TestWithoutAnIssuerThereAreNoTokens(t *testing.T) {
	if open(t, clienttoken.Config{}).For("inventory") != nil {
		t.Error("For returned what would ask nobody")
	}
}

func TestValidate(t *testing.T) {
	tests := map[string]struct {
		cfg  clienttoken.Config
		want string
	}{
		"no issuer":    {clienttoken.Config{}, ""},
		"https":        {clienttoken.Config{URL: "https://issuer/token", ID: "orders", Secret: "s"}, ""},
		"http":         {clienttoken.Config{URL: "http://localhost:8080/token", ID: "orders", Secret: "s"}, ""},
		"no host":      {clienttoken.Config{URL: "issuer/token", ID: "orders", Secret: "s"}, "CLIENT_TOKEN_URL must be an http or https URL"},
		"other scheme": {clienttoken.Config{URL: "ftp://issuer", ID: "orders", Secret: "s"}, "CLIENT_TOKEN_URL must be an http or https URL"},
		"who":          {clienttoken.Config{URL: "https://issuer/token"}, "CLIENT_ID is required with CLIENT_TOKEN_URL\nCLIENT_SECRET is required with CLIENT_TOKEN_URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := test.cfg.Validate(); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("Validate() = %q, want %q", got, test.want)
			}
		})
	}
}

func TestTheIssuersAuthorityIsTrusted(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token": "t", "token_type": "Bearer", "expires_in": 300}`))
	}))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	file := filepath.Join(t.TempDir(), "ca.crt")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := clienttoken.Config{URL: server.URL, ID: "orders", Secret: "s3cret", Timeout: 5 * time.Second}
	if got, err := open(t, cfg).For("inventory")(t.Context()); err == nil {
		t.Errorf("an issuer whom nobody vouches for gave the token %q", got)
	}
	cfg.CAFile = file
	if got, err := open(t, cfg).For("inventory")(t.Context()); got != "t" || err != nil {
		t.Errorf("token = %q, %v", got, err)
	}
	cfg.CAFile += ".missing"
	if _, err := clienttoken.Open(cfg); err == nil || !strings.Contains(err.Error(), "CLIENT_TOKEN_CA_FILE") {
		t.Errorf("error = %v, want one that names CLIENT_TOKEN_CA_FILE", err)
	}
}
