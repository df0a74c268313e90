// Package httpclient calls the REST API of another service: over all of its addresses in turn, within the time that is
// left, and with what package outbound does about failures.
package httpclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/clients/platform/outbound"
)

// Deps is what a client needs of this process. All but TLS, Token and Resolver is required.
type Deps struct {
	// Peer is the name of the service that is called.
	Peer string
	// Log gets a line when the breaker opens and when it closes.
	Log *slog.Logger
	// Registry gets the metrics, which all peers share.
	Registry prometheus.Registerer
	// Tracing makes the client spans.
	Tracing trace.TracerProvider
	// Propagator puts the trace context into the headers.
	Propagator propagation.TextMapPropagator
	// TLS is how the peer is known and how this service shows itself; nil: the system's certificates.
	TLS *tls.Config
	// Token returns what goes into the headers as a bearer token; nil: none.
	Token func(context.Context) (string, error)
	// Resolver looks hosts up; nil: the system's.
	Resolver Resolver
}

// Client calls one peer.
type Client struct {
	cfg     Config
	base    *url.URL
	deps    Deps
	peer    *outbound.Peer
	observe *observer
	targets *targets
	wire    *wire
}

// Open returns a client. It does not wait for the peer, which may start later.
func Open(cfg Config, d Deps) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("client of %s: %w", d.Peer, err)
	}
	base, err := url.Parse(strings.TrimSuffix(cfg.URL, "/"))
	if err != nil {
		return nil, fmt.Errorf("client of %s: %w", d.Peer, err)
	}
	c := &Client{cfg: cfg, base: base, deps: d}
	if c.peer, err = outbound.NewPeer(d.Peer, cfg.Calls, outbound.Deps{Log: d.Log, Registry: d.Registry}); err != nil {
		return nil, err
	}
	if c.observe, err = newObserver(d); err != nil {
		return nil, fmt.Errorf("client of %s: %w", d.Peer, err)
	}
	c.targets = newTargets(base, cfg.ResolveInterval, d.Resolver)
	c.wire = newWire(cfg, tlsFor(base, d.TLS))
	return c, nil
}

// tlsFor knows the peer by the host of its URL: requests go to the addresses behind it.
func tlsFor(base *url.URL, given *tls.Config) *tls.Config {
	if base.Scheme != "https" {
		return nil
	}
	own := &tls.Config{MinVersion: tls.VersionTLS12}
	if given != nil {
		own = given.Clone()
	}
	if own.ServerName == "" {
		own.ServerName = base.Hostname()
	}
	return own
}

// Request is what is asked of the peer.
type Request struct {
	// Method is that of HTTP.
	Method string
	// Route is the path with names in the place of values, /v1/orders/{id}: for spans, whose names are few.
	Route string
	// Path is the path with its values, each escaped.
	Path string
	// Query may be nil.
	Query url.Values
	// Header may be nil.
	Header http.Header
	// Body may be nil. It is kept until the call ends, because it may be sent again.
	Body []byte
}

// Answer is what the peer said, with a status below 300; everything else is an [*Error].
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a call. Its error is an [*outbound.Error], and where the peer answered an [*Error] is its cause.
func (c *Client) Do(ctx context.Context, r Request) (answer Answer, err error) {
	var tried []string
	err = c.peer.Call(ctx, r.isRepeatable(), func(ctx context.Context, number int) outbound.Result {
		ctx, one := c.observe.begin(ctx, r, number)
		var failure error
		answer, failure = c.exchange(ctx, r, &tried)
		one.end(ctx, failure)
		return resultOf(ctx, failure)
	})
	return answer, err
}

// isRepeatable reports whether a request may be sent twice without another effect than once: its method says so
// (RFC 9110, section 9.2.2), or it has a key by which the peer knows a repetition. With If-Match it may not: the
// repetition of one that had its effect would be refused, and nobody could tell.
func (r Request) isRepeatable() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	case http.MethodPut, http.MethodDelete:
		return r.Header.Get("If-Match") == ""
	default:
		return r.Header.Get("Idempotency-Key") != ""
	}
}

// exchange sends the request to one of the peer's addresses, one that is not among the tried if there is, and reads the
// whole answer.
func (c *Client) exchange(ctx context.Context, r Request, tried *[]string) (Answer, error) {
	address, err := c.targets.next(ctx, *tried)
	if err != nil {
		return Answer{}, unreachable(err)
	}
	*tried = append(*tried, address)
	request, err := c.request(ctx, r, address)
	if err != nil {
		return Answer{}, err
	}
	response, err := c.wire.RoundTrip(request)
	if err != nil {
		return Answer{}, unreachable(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := readAtMost(response.Body, c.cfg.MaxAnswerBytes)
	if err != nil {
		return Answer{}, err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return Answer{}, refusal(response, body)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

func (c *Client) request(ctx context.Context, r Request, address string) (*http.Request, error) {
	path := c.base.String() + r.Path
	if len(r.Query) > 0 {
		path += "?" + r.Query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, path, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	request.Host = c.base.Host
	request.URL.Host = address
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	c.deps.Propagator.Inject(ctx, propagation.HeaderCarrier(request.Header))
	return request, c.authorize(ctx, request)
}

func (c *Client) authorize(ctx context.Context, request *http.Request) error {
	if c.deps.Token == nil {
		return nil
	}
	token, err := c.deps.Token(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// errToken is a call that could not be made, because nobody vouches for this service just now.
var errToken = errors.New("there is no token for the call")

// Check returns an error while most calls fail.
func (c *Client) Check(ctx context.Context) error { return c.peer.Check(ctx) }

// Shutdown closes the connections that are not in use; the others close when their calls end.
func (c *Client) Shutdown(context.Context) error {
	c.wire.close()
	return nil
}
