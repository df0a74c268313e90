package httpclient_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"create-service/templates/components/client-rest/platform/httpclient"
	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/service/kernel/fault"
)

func TestRequestsGoToAllAddresses(t *testing.T) {
	all := replicas(t, fine, "127.0.0.1", "127.0.0.2", "127.0.0.3")
	dns := &names{hosts: []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"}}
	f := open(t, "http://inventory:"+portOf(all[0]), func(_ *httpclient.Config, d *httpclient.Deps) { d.Resolver = dns })
	for range 300 {
		if err := f.get(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i, b := range all {
		if got := b.calls.Load(); got != 100 {
			t.Errorf("replica %d had %d of 300 requests, want 100", i, got)
		}
		if got := b.connections.Load(); got != 1 {
			t.Errorf("replica %d had %d connections for requests one after the other, want 1", i, got)
		}
	}
	if dns.lookUps != 1 {
		t.Errorf("%d look-ups, want 1", dns.lookUps)
	}
}

func TestNewReplicasAreFound(t *testing.T) {
	all := replicas(t, fine, "127.0.0.1", "127.0.0.2")
	dns := &names{hosts: []string{"127.0.0.1"}}
	f := open(t, "http://inventory:"+portOf(all[0]), func(cfg *httpclient.Config, d *httpclient.Deps) {
		d.Resolver, cfg.ResolveInterval = dns, time.Millisecond
	})
	if err := f.get(t.Context()); err != nil {
		t.Fatal(err)
	}
	dns.set(nil, "127.0.0.2")
	eventually(t, "requests go to the new replica alone", func() bool {
		before := all[0].calls.Load()
		return f.get(t.Context()) == nil && all[0].calls.Load() == before && all[1].calls.Load() > 0
	})
	dns.set(errors.New("DNS is away"))
	for range 20 {
		if err := f.get(t.Context()); err != nil {
			t.Fatalf("the addresses that are known are not used while DNS is away: %v", err)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func TestWithoutAnAddressThePeerIsUnavailable(t *testing.T) {
	dns := &names{err: errors.New("no such host")}
	f := open(t, "http://inventory", func(_ *httpclient.Config, d *httpclient.Deps) { d.Resolver = dns })
	if err := f.get(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("error %v, want an unavailability", err)
	}
}

func TestConnectionsAge(t *testing.T) {
	release := make(chan struct{})
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-release
		}
		fine(w, r)
	})
	f := open(t, b.URL, func(cfg *httpclient.Config, _ *httpclient.Deps) { cfg.ConnectionAge = 50 * time.Millisecond })
	slow := make(chan error, 1)
	go func() {
		_, err := f.Do(t.Context(), httpclient.Request{Method: http.MethodGet, Path: "/slow"})
		slow <- err
	}()
	eventually(t, "a request is under way", func() bool { return b.calls.Load() == 1 })
	time.Sleep(60 * time.Millisecond)
	if err := f.get(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(release)
	if err := <-slow; err != nil {
		t.Errorf("the request on the old connection: %v", err)
	}
	before := b.connections.Load()
	if err := f.get(t.Context()); err != nil || b.connections.Load() != before {
		t.Errorf("error %v, %d new connections; want the young one to be used", err, b.connections.Load()-before)
	}
	time.Sleep(60 * time.Millisecond)
	if err := f.get(t.Context()); err != nil || b.connections.Load() != before+1 {
		t.Errorf("error %v, %d new connections; want a new one for an old one", err, b.connections.Load()-before)
	}
}

func TestAReplicaDiesUnderLoad(t *testing.T) {
	all := replicas(t, fine, "127.0.0.1", "127.0.0.2", "127.0.0.3")
	dns := &names{hosts: []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"}}
	f := open(t, "http://inventory:"+portOf(all[0]), func(cfg *httpclient.Config, d *httpclient.Deps) {
		d.Resolver, cfg.ResolveInterval, cfg.Calls.RetryBudget = dns, 10*time.Millisecond, 1
	})
	var calls, failures atomic.Int64
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				calls.Add(1)
				if err := f.get(t.Context()); err != nil {
					failures.Add(1)
					t.Logf("get: %v", err)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	eventually(t, "load", func() bool { return calls.Load() > 200 })
	all[0].CloseClientConnections()
	all[0].Close()
	time.Sleep(50 * time.Millisecond) // The dead pod is an address for a while yet.
	dns.set(nil, "127.0.0.2", "127.0.0.3")
	after := calls.Load()
	eventually(t, "load after the death", func() bool { return calls.Load() > after+500 })
	close(stop)
	load.Wait()
	if failures.Load() > 0 {
		t.Errorf("%d of %d calls failed, want none", failures.Load(), calls.Load())
	}
}

// Calls that others make between two attempts must not bring the second to the replica that failed the first.
func TestARetryGoesToAnotherReplica(t *testing.T) {
	var f *fixture
	all := replicas(t, func(w http.ResponseWriter, r *http.Request) {
		if addr, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr); strings.HasPrefix(addr.String(), "127.0.0.2:") {
			if err := f.get(r.Context()); err != nil {
				t.Errorf("the call of somebody else: %v", err)
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fine(w, r)
	}, "127.0.0.1", "127.0.0.2")
	f = open(t, "http://inventory:"+portOf(all[0]), func(cfg *httpclient.Config, d *httpclient.Deps) {
		d.Resolver, cfg.Calls.RetryBudget = &names{hosts: []string{"127.0.0.1", "127.0.0.2"}}, 1
	})
	if err := f.get(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := all[1].calls.Load(); got != 1 {
		t.Errorf("the replica that fails was asked %d times, want once", got)
	}
}

func TestOnlyWhatMayBeRepeatedIsRepeated(t *testing.T) {
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	tests := map[string]struct {
		request httpclient.Request
		want    int64
	}{
		"GET":                 {httpclient.Request{Method: http.MethodGet}, 3},
		"PUT":                 {httpclient.Request{Method: http.MethodPut, Body: []byte(`{}`)}, 3},
		"DELETE":              {httpclient.Request{Method: http.MethodDelete}, 3},
		"PUT of a version":    {httpclient.Request{Method: http.MethodPut, Header: header("If-Match", `"1"`)}, 1},
		"DELETE of a version": {httpclient.Request{Method: http.MethodDelete, Header: header("If-Match", `"1"`)}, 1},
		"POST":                {httpclient.Request{Method: http.MethodPost, Body: []byte(`{}`)}, 1},
		"POST with a key":     {httpclient.Request{Method: http.MethodPost, Body: []byte(`{}`), Header: header("Idempotency-Key", "k")}, 3},
		"PATCH":               {httpclient.Request{Method: http.MethodPatch, Body: []byte(`{}`)}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var bodies []string
			b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				bodies = append(bodies, string(body))
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			_, err := open(t, b.URL, nil).Do(t.Context(), test.request)
			if got := b.calls.Load(); got != test.want || httpclient.StatusOf(err) != http.StatusServiceUnavailable {
				t.Errorf("%d attempts, error %v; want %d and 503", got, err, test.want)
			}
			for _, body := range bodies {
				if body != string(test.request.Body) {
					t.Errorf("an attempt had the body %q, want %q", body, test.request.Body)
				}
			}
		})
	}
}

func TestWhatAStatusMeans(t *testing.T) {
	tests := []struct {
		status   int
		attempts int64
		kind     fault.Kind
		is       error
	}{
		{http.StatusMovedPermanently, 1, fault.Internal, nil},
		{http.StatusUnauthorized, 1, fault.Unavailable, outbound.ErrUnavailable},
		{http.StatusForbidden, 1, fault.Internal, nil},
		{http.StatusNotFound, 1, fault.Internal, nil},
		{http.StatusTooManyRequests, 3, fault.Unavailable, outbound.ErrUnavailable},
		{http.StatusInternalServerError, 1, fault.Internal, nil},
		{http.StatusBadGateway, 3, fault.Unavailable, outbound.ErrUnavailable},
		{http.StatusServiceUnavailable, 3, fault.Unavailable, outbound.ErrUnavailable},
		{http.StatusGatewayTimeout, 1, fault.Internal, context.DeadlineExceeded},
	}
	for _, test := range tests {
		t.Run(strconv.Itoa(test.status), func(t *testing.T) {
			b := startBackend(t, "127.0.0.1:0", answering(test.status))
			err := open(t, b.URL, nil).get(t.Context())
			if httpclient.StatusOf(err) != test.status || fault.KindOf(err) != test.kind || (test.is != nil && !errors.Is(err, test.is)) {
				t.Errorf("error %v of kind %d, want kind %d and %v", err, fault.KindOf(err), test.kind, test.is)
			}
			if got := b.calls.Load(); got != test.attempts {
				t.Errorf("%d attempts, want %d", got, test.attempts)
			}
		})
	}
}

func TestAProblemIsDecoded(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"type":"urn:problem:wrong-state","title":"The present state does not allow this","detail":"the order is paid","status":200}`)
	})
	err := open(t, b.URL, nil).get(t.Context())
	var refused *httpclient.Error
	if !errors.As(err, &refused) {
		t.Fatalf("error %v, want a refusal", err)
	}
	if refused.Status != http.StatusConflict || refused.Problem.Status != http.StatusConflict || refused.Problem.Type != "urn:problem:wrong-state" {
		t.Errorf("refusal %+v", refused)
	}
	if want := "inventory: 409 The present state does not allow this: the order is paid"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestRetryAfterIsRespected(t *testing.T) {
	var times []time.Time
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request) {
		times = append(times, time.Now())
		if len(times) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	f := open(t, b.URL, nil)
	if err := f.get(t.Context()); err != nil || len(times) != 2 || times[1].Sub(times[0]) < time.Second {
		t.Errorf("error %v, attempts at %v; want success at the second, after 1s", err, times)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	times = nil
	start := time.Now()
	if err := f.get(ctx); httpclient.StatusOf(err) != http.StatusServiceUnavailable || time.Since(start) > 400*time.Millisecond {
		t.Errorf("error %v after %v; want 503 at once, for the time would not do", err, time.Since(start))
	}
}

func TestTheCallersDeadlineIsInherited(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", hang)
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := open(t, b.URL, nil).get(ctx)
	if took := time.Since(start); took > 390*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		t.Errorf("took %v, error %v; want less than the caller's 400ms and %v", took, err, context.DeadlineExceeded)
	}
}

func TestABodyThatHangsEndsWithTheDeadline(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"begun":`)
		_ = http.NewResponseController(w).Flush()
		hang(w, r)
	})
	f := open(t, b.URL, func(cfg *httpclient.Config, _ *httpclient.Deps) { cfg.Calls.Timeout = 200 * time.Millisecond })
	start := time.Now()
	if err := f.get(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Second {
		t.Errorf("error %v after %v, want %v", err, time.Since(start), context.DeadlineExceeded)
	}
}

func TestAHangingPeerOpensTheBreaker(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", hang)
	f := open(t, b.URL, func(cfg *httpclient.Config, _ *httpclient.Deps) { cfg.Calls.Timeout = 60 * time.Millisecond })
	for range 20 {
		if err := f.get(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("get: %v, want %v", err, context.DeadlineExceeded)
		}
	}
	calls := b.calls.Load()
	if err := f.get(t.Context()); fault.KindOf(err) != fault.Unavailable || b.calls.Load() != calls {
		t.Errorf("error %v, %d further requests; want an unavailability at once", err, b.calls.Load()-calls)
	}
}

func TestAnAnswerThatIsTooLargeIsNotRead(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 4096))
	})
	f := open(t, b.URL, func(cfg *httpclient.Config, _ *httpclient.Deps) { cfg.MaxAnswerBytes = 1024 })
	if err := f.get(t.Context()); err == nil || b.calls.Load() != 1 {
		t.Errorf("error %v after %d attempts, want one and an error", err, b.calls.Load())
	}
}

func TestWhatIsSent(t *testing.T) {
	var got *http.Request
	b := startBackend(t, "127.0.0.1:0", func(_ http.ResponseWriter, r *http.Request) { got = r })
	f := open(t, b.URL+"/base/", func(_ *httpclient.Config, d *httpclient.Deps) {
		d.Token = func(context.Context) (string, error) { return "t0ken", nil }
	})
	request := httpclient.Request{
		Method: http.MethodGet, Route: "/v1/items/{id}", Path: "/v1/items/" + url.PathEscape("a/b c"),
		Query: url.Values{"page_size": {"3"}}, Header: http.Header{"x-mine": {"kept"}},
	}
	if _, err := f.Do(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if want := "/base/v1/items/a%2Fb%20c?page_size=3"; got.RequestURI != want {
		t.Errorf("URI %q, want %q", got.RequestURI, want)
	}
	spans := f.spans.Ended()
	if len(spans) != 1 || spans[0].Name() != "GET /v1/items/{id}" {
		t.Fatalf("%d spans, want one of the route", len(spans))
	}
	if !strings.Contains(got.Header.Get("Traceparent"), spans[0].SpanContext().SpanID().String()) {
		t.Errorf("traceparent %q, want the span of the call", got.Header.Get("Traceparent"))
	}
	if got.Header.Get("Authorization") != "Bearer t0ken" || got.Header.Get("X-Mine") != "kept" {
		t.Errorf("headers %v", got.Header)
	}
}

func TestWithoutATokenThereIsNoCall(t *testing.T) {
	b := startBackend(t, "127.0.0.1:0", fine)
	f := open(t, b.URL, func(_ *httpclient.Config, d *httpclient.Deps) {
		d.Token = func(context.Context) (string, error) { return "", errors.New("the issuer is away") }
	})
	if err := f.get(t.Context()); fault.KindOf(err) != fault.Unavailable || b.calls.Load() != 0 {
		t.Errorf("error %v, %d requests; want an unavailability and none", err, b.calls.Load())
	}
}

func TestATLSPeerIsKnownByTheHostOfItsURL(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(fine)) // Its certificate is for example.com.
	defer server.Close()
	known := x509.NewCertPool()
	known.AddCert(server.Certificate())
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "https://"), ":")
	for host, accepted := range map[string]bool{"example.com": true, "inventory": false} {
		f := open(t, "https://"+host+":"+port, func(_ *httpclient.Config, d *httpclient.Deps) {
			d.Resolver, d.TLS = &names{hosts: []string{"127.0.0.1"}}, &tls.Config{RootCAs: known, MinVersion: tls.VersionTLS12}
		})
		if err := f.get(t.Context()); (err == nil) != accepted {
			t.Errorf("a peer that calls itself %s: %v, want success: %t", host, err, accepted)
		}
	}
}

func TestFetchDecodesAnswers(t *testing.T) {
	type item struct {
		ID string `json:"id"`
	}
	status, body := http.StatusOK, `{"id":"1","later":true}`
	b := startBackend(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"7"`)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	f := open(t, b.URL, nil)
	request := httpclient.Request{Method: http.MethodGet, Route: "/v1/items/{id}", Path: "/v1/items/1"}
	got, err := httpclient.Fetch[item](t.Context(), f.Client, request)
	if err != nil || got.Body.ID != "1" || got.ETag() != `"7"` {
		t.Errorf("%+v, %v", got, err)
	}
	status = http.StatusNoContent
	if got, err := httpclient.Fetch[item](t.Context(), f.Client, request); err != nil || got.Body.ID != "" || got.ETag() != `"7"` {
		t.Errorf("no content: %+v, %v", got, err)
	}
	status, body = http.StatusOK, "hello"
	if _, err := httpclient.Fetch[item](t.Context(), f.Client, request); err == nil || !strings.Contains(err.Error(), "/v1/items/{id}") {
		t.Errorf("error %v, want one that names the route", err)
	}
}

func TestOptionalTellsNullFromAbsent(t *testing.T) {
	type patch struct {
		Note httpclient.Optional[string] `json:"note,omitzero"`
	}
	for text, note := range map[string]httpclient.Optional[string]{
		`{}`:            {},
		`{"note":null}`: httpclient.Null[string](),
		`{"note":"x"}`:  httpclient.Some("x"),
	} {
		written, err := json.Marshal(patch{Note: note})
		if err != nil || string(written) != text {
			t.Errorf("%s, %v; want %s", written, err, text)
		}
		var read patch
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		value, ok := read.Note.Get()
		wantValue, wantOK := note.Get()
		if diff := cmp.Diff([]any{wantValue, wantOK, note.IsZero()}, []any{value, ok, read.Note.IsZero()}); diff != "" {
			t.Errorf("%s read (-want +got):\n%s", text, diff)
		}
	}
}

func TestValidate(t *testing.T) {
	for address, wrong := range map[string]bool{
		"http://inventory": false, "https://inventory:8443/base": false, "inventory:80": true, "": true,
		"http://user:pw@inventory": true, "http://inventory?x=1": true, "ftp://inventory": true,
	} {
		if err := (httpclient.Config{URL: address}).Validate(); (err != nil) != wrong {
			t.Errorf("Validate(%q) = %v, want an error: %t", address, err, wrong)
		}
	}
}

func TestText(t *testing.T) {
	id := uuid.MustParse("0190b2f0-7c1a-7000-8000-000000000001")
	got := []string{
		httpclient.Text("a b"), httpclient.Text(true), httpclient.Text(int32(-3)), httpclient.Text(int64(1) << 60),
		httpclient.Text(float32(0.1)), httpclient.Text(0.25), httpclient.Text(id), httpclient.Text(time.Unix(0, 1500).UTC()),
	}
	want := []string{"a b", "true", "-3", "1152921504606846976", "0.1", "0.25", id.String(), "1970-01-01T00:00:00.0000015Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Text (-want +got):\n%s", diff)
	}
}
