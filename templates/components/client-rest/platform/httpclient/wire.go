package httpclient

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// wire has the connections. From time to time it takes new ones: those before it serve the requests that they are at,
// and close.
type wire struct {
	age time.Duration
	new func() *http.Transport

	mu      sync.Mutex
	current *http.Transport
	until   time.Time
}

func newWire(cfg Config, secured *tls.Config) *wire {
	return &wire{age: cfg.ConnectionAge, new: func() *http.Transport { return transport(cfg, secured) }}
}

// transport bounds each phase of a request but the wait for the answer, which the deadline of the call bounds. It knows
// no proxy: peers are near.
func transport(cfg Config, secured *tls.Config) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: cfg.ConnectTimeout, KeepAlive: keepAlive}).DialContext,
		TLSClientConfig:        secured,
		TLSHandshakeTimeout:    cfg.ConnectTimeout,
		MaxIdleConnsPerHost:    cfg.IdleConnections,
		IdleConnTimeout:        cfg.IdleTimeout,
		ExpectContinueTimeout:  cfg.ConnectTimeout,
		MaxResponseHeaderBytes: cfg.MaxHeaderBytes,
		// A body is decoded here and its size bounded here: what is compressed could be any size.
		DisableCompression: true,
		Protocols:          protocols,
	}
}

// keepAlive is how often the system asks whether the other end of a silent connection is there.
const keepAlive = 15 * time.Second

// RoundTrip sends a request.
func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	return w.transport(time.Now()).RoundTrip(request)
}

func (w *wire) transport(now time.Time) *http.Transport {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.current == nil || now.After(w.until) {
		w.closeIdle()
		w.current, w.until = w.new(), now.Add(w.age)
	}
	return w.current
}

// closeIdle closes the connections without a request. Those with one are not kept after it: the transport remembers that
// until it is used again, which an old one is not.
func (w *wire) closeIdle() {
	if w.current != nil {
		w.current.CloseIdleConnections()
	}
}

func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closeIdle()
	w.current = nil
}
