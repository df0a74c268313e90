package httpclient

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Resolver looks a host up, as [net.Resolver] does.
type Resolver interface {
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// targets are the addresses of the peer, one after the other.
type targets struct {
	host, port string
	every      time.Duration
	resolver   Resolver
	asking     singleflight.Group

	mu        sync.Mutex
	addresses []string
	turn      int
	// until is how long the addresses are used.
	until time.Time
}

func newTargets(base *url.URL, every time.Duration, resolver Resolver) *targets {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	return &targets{host: base.Hostname(), port: portOf(base), every: every, resolver: resolver}
}

func portOf(base *url.URL) string {
	switch {
	case base.Port() != "":
		return base.Port()
	case base.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// next returns the address whose turn it is, one that is not among the tried if there is. Addresses that are known are used
// while their host is looked up again, and also when that fails: DNS may be away while the peer is not.
func (t *targets) next(ctx context.Context, tried []string) (string, error) {
	if address, fresh := t.known(tried); address != "" {
		if !fresh {
			t.asking.DoChan("", func() (any, error) { return nil, t.lookUp(context.WithoutCancel(ctx)) })
		}
		return address, nil
	}
	answer := t.asking.DoChan("", func() (any, error) { return nil, t.lookUp(context.WithoutCancel(ctx)) })
	select {
	case got := <-answer:
		if got.Err != nil {
			return "", got.Err
		}
		address, _ := t.known(tried)
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// known returns the next address, empty before the first look-up, and whether it was looked up not long ago.
func (t *targets) known(tried []string) (address string, fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.addresses) == 0 {
		return "", false
	}
	for range t.addresses {
		t.turn = (t.turn + 1) % len(t.addresses)
		if !slices.Contains(tried, t.addresses[t.turn]) {
			break
		}
	}
	return t.addresses[t.turn], time.Now().Before(t.until)
}

// longestLookUp bounds a look-up, which does not end with the call that began it.
const longestLookUp = 5 * time.Second

func (t *targets) lookUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestLookUp)
	defer cancel()
	found, err := t.resolver.LookupHost(ctx, t.host)
	if err == nil && len(found) == 0 {
		err = &net.DNSError{Err: "no address", Name: t.host, IsNotFound: true}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.until = time.Now().Add(t.every)
	if err != nil {
		return fmt.Errorf("look %s up: %w", t.host, err)
	}
	slices.Sort(found)
	t.addresses = t.addresses[:0:0]
	for _, one := range found {
		t.addresses = append(t.addresses, net.JoinHostPort(one, t.port))
	}
	return nil
}
