package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"create-service/templates/service/platform/tlsclient"
)

// longestAnswer is how much of an issuer's answer is read.
const longestAnswer = 1 << 20

// fetcher asks the issuer for its keys.
type fetcher struct {
	issuer, keysURL string
	client          *http.Client
}

func newFetcher(cfg Config) (*fetcher, error) {
	transport, err := tlsclient.Transport("AUTH_ISSUER_CA_FILE", cfg.CAFile)
	if err != nil {
		return nil, err
	}
	return &fetcher{
		issuer:  cfg.Issuer,
		keysURL: cfg.KeysURL,
		client: &http.Client{
			Transport: transport,
			// Keys come from where the configuration and the issuer's metadata say, and from nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// keys returns the issuer's keys as they are now.
func (f *fetcher) keys(ctx context.Context) (keySet, error) {
	from := f.keysURL
	if from == "" {
		var err error
		if from, err = f.discover(ctx); err != nil {
			return nil, err
		}
	}
	text, err := f.get(ctx, from)
	if err != nil {
		return nil, err
	}
	return readKeys(text)
}

// discover asks the issuer's metadata where its keys are (OpenID Connect Discovery, section 4).
func (f *fetcher) discover(ctx context.Context) (string, error) {
	text, err := f.get(ctx, strings.TrimSuffix(f.issuer, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	var metadata struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	switch err := json.Unmarshal(text, &metadata); {
	case err != nil || metadata.KeysURL == "":
		return "", errors.New("the issuer's metadata does not say where its keys are")
	case metadata.Issuer != f.issuer:
		return "", fmt.Errorf("AUTH_ISSUER is %s, and its metadata is of %.200q", f.issuer, metadata.Issuer)
	case strings.HasPrefix(f.issuer, "https:") && !strings.HasPrefix(metadata.KeysURL, "https:"):
		return "", errors.New("the issuer's metadata would have its keys fetched without TLS")
	}
	return metadata.KeysURL, nil
}

// get returns the body of an answer that is 200.
func (f *fetcher) get(ctx context.Context, from string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json, application/jwk-set+json")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", from, response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(text) > longestAnswer {
		return nil, fmt.Errorf("%s answered with more than %d bytes", from, longestAnswer)
	}
	return text, nil
}

// pause waits, and reports whether it was to the end.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
