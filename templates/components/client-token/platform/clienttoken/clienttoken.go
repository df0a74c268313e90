// Package clienttoken gets the tokens by which this service says who it is when it calls another one: OAuth 2.0's client
// credentials. A token is kept until shortly before its end, and however many calls need a new one, one asks for it.
package clienttoken

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/tlsclient"
)

// Config is who this service is, and who vouches for it.
type Config struct {
	// URL is the token endpoint of the issuer whom the peers trust. Without it calls carry no token, and peers that want one
	// refuse them.
	URL string `env:"CLIENT_TOKEN_URL" envDefault:""`
	// ID is the name of this service there.
	ID string `env:"CLIENT_ID" envDefault:""`
	// Secret proves it.
	Secret config.Secret `env:"CLIENT_SECRET" envDefault:"" secret:"true"`
	// Timeout is how long the issuer may take.
	Timeout time.Duration `env:"CLIENT_TOKEN_TIMEOUT" envDefault:"2s" min:"10ms" max:"1m"`
	// CAFile is a PEM file with the authorities to trust for the endpoint's own certificate. Empty: those of the system.
	CAFile string `env:"CLIENT_TOKEN_CA_FILE" envDefault:""`
}

// Validate reports an endpoint that cannot be asked, or not by this service.
func (c Config) Validate() error {
	if c.URL == "" {
		return nil
	}
	var problems []error
	if c.ID == "" {
		problems = append(problems, errors.New("CLIENT_ID is required with CLIENT_TOKEN_URL"))
	}
	if c.Secret == "" {
		problems = append(problems, errors.New("CLIENT_SECRET is required with CLIENT_TOKEN_URL"))
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		problems = append(problems, errors.New("CLIENT_TOKEN_URL must be an http or https URL"))
	}
	return errors.Join(problems...)
}

const (
	// early is how long before its end a token is replaced: calls that carry it still arrive in time.
	early = 30 * time.Second
	// withoutExpiry is how long a token serves of which the issuer says no end.
	withoutExpiry = 5 * time.Minute
)

// Source has the tokens, one for each audience.
type Source struct {
	cfg    Config
	client *http.Client

	asking singleflight.Group
	mu     sync.Mutex
	tokens map[string]*oauth2.Token
}

// Open returns a source that has no token yet; it asks the issuer when the first call needs one. It fails when the
// authorities to trust cannot be read.
func Open(cfg Config) (*Source, error) {
	transport, err := tlsclient.Transport("CLIENT_TOKEN_CA_FILE", cfg.CAFile)
	if err != nil {
		return nil, err
	}
	return &Source{
		cfg:    cfg,
		client: &http.Client{Transport: transport, Timeout: cfg.Timeout, CheckRedirect: stay},
		tokens: map[string]*oauth2.Token{},
	}, nil
}

// stay keeps the secret from whoever the issuer would send it on to.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// For returns what gets a token for one audience, as a client's dependency; nil without an issuer.
func (s *Source) For(audience string) func(context.Context) (string, error) {
	if s.cfg.URL == "" {
		return nil
	}
	return func(ctx context.Context) (string, error) { return s.token(ctx, audience) }
}

// token returns a token that is good for a while. One that ends soon is replaced while it still serves; without one the
// caller waits, no longer than its context.
func (s *Source) token(ctx context.Context, audience string) (string, error) {
	kept := s.kept(audience)
	if kept != nil && time.Until(kept.Expiry) > early {
		return kept.AccessToken, nil
	}
	answer := s.asking.DoChan(audience, func() (any, error) { return s.ask(context.WithoutCancel(ctx), audience) })
	if kept != nil && time.Until(kept.Expiry) > 0 {
		return kept.AccessToken, nil
	}
	select {
	case got := <-answer:
		token, _ := got.Val.(*oauth2.Token)
		if got.Err != nil {
			return "", fmt.Errorf("get a token for %s: %w", audience, got.Err)
		}
		return token.AccessToken, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *Source) kept(audience string) *oauth2.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[audience]
}

// ask gets a new token and keeps it.
func (s *Source) ask(ctx context.Context, audience string) (*oauth2.Token, error) {
	credentials := clientcredentials.Config{
		ClientID:       s.cfg.ID,
		ClientSecret:   s.cfg.Secret.Reveal(),
		TokenURL:       s.cfg.URL,
		AuthStyle:      oauth2.AuthStyleInParams,
		EndpointParams: url.Values{"audience": {audience}},
	}
	token, err := credentials.Token(context.WithValue(ctx, oauth2.HTTPClient, s.client))
	if err != nil {
		return nil, plain(err)
	}
	if token.Expiry.IsZero() {
		token.Expiry = time.Now().Add(withoutExpiry)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[audience] = token
	return token, nil
}

// plain leaves the issuer's answer out of an error: nobody knows what is in it.
func plain(err error) error {
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("the issuer answered %d %.64q", refusal.Response.StatusCode, refusal.ErrorCode)
}
