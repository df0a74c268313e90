package httpserver_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/httpserver"
)

// start runs the server on a free port until the test ends.
func start(t *testing.T, f *fixture) {
	t.Helper()
	if err := f.Listen(t.Context()); err != nil {
		t.Fatalf("Listen: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.WithoutCancel(t.Context())) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := f.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func dial(t *testing.T, f *fixture) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", f.Addr())
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// exchange writes text and returns everything that comes back before the server closes the connection.
func exchange(t *testing.T, conn net.Conn, text string) string {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatalf("write: %v", err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && !isReset(err) {
		t.Fatalf("read: %v", err)
	}
	return string(answer)
}

// isReset reports whether the server closed the connection with unread bytes in it.
func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && !op.Timeout()
}

func TestNewRefusesBadSettings(t *testing.T) {
	tests := []struct {
		name   string
		change func(*httpserver.Config)
		want   string
	}{
		{"no port", func(c *httpserver.Config) { c.Addr = "localhost" }, "HTTP_ADDR"},
		{"headers slower than requests", func(c *httpserver.Config) { c.ReadHeaderTimeout = time.Minute }, "HTTP_READ_HEADER_TIMEOUT"},
		{"no time to answer 504", func(c *httpserver.Config) { c.HandlerTimeout = c.WriteTimeout }, "HTTP_HANDLER_TIMEOUT"},
		{"a proxy that is a name", func(c *httpserver.Config) { c.TrustedProxies = []string{"10.0.0.0/8", "proxy"} }, `"proxy"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config()
			tt.change(&cfg)
			_, err := httpserver.New(cfg, httpserver.Deps{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want one about %s", err, tt.want)
			}
		})
	}
}

func TestAddressInUse(t *testing.T) {
	first := newFixture(t, config())
	start(t, first)
	cfg := config()
	cfg.Addr = first.Addr()
	if err := newFixture(t, cfg).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("Run on a taken address: %v", err)
	}
}

func TestShutdownWithoutRunGivesTheAddressBack(t *testing.T) {
	f := newFixture(t, config())
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := config()
	cfg.Addr = f.Addr()
	start(t, newFixture(t, cfg))
}

func TestHEADHasTheLengthAndNoBody(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", func(c *gin.Context) { c.String(http.StatusOK, "12345") })
	start(t, f)
	answer := exchange(t, dial(t, f), "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if !strings.Contains(answer, "Content-Length: 5\r\n") || strings.Contains(answer, "12345") {
		t.Errorf("the answer to HEAD is %q", answer)
	}
}

func TestSlowHeadersAreCutOff(t *testing.T) {
	cfg := config()
	cfg.ReadHeaderTimeout = 200 * time.Millisecond
	f := newFixture(t, cfg)
	start(t, f)
	begin := time.Now()
	exchange(t, dial(t, f), "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if took := time.Since(begin); took < 150*time.Millisecond || took > 3*time.Second {
		t.Errorf("the connection was closed after %v, want about 200 ms", took)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	cfg := config()
	cfg.ReadHeaderTimeout, cfg.ReadTimeout = 100*time.Millisecond, 200*time.Millisecond
	f := newFixture(t, cfg)
	f.Router().POST("/", httpserver.Handle(echo))
	start(t, f)
	answer := exchange(t, dial(t, f), "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
	if !strings.HasPrefix(answer, "HTTP/1.1 400 ") || !strings.Contains(answer, "did not arrive in full") {
		t.Errorf("the answer to half a body is %q", answer)
	}
}

func TestSlowAnswerIsCutOff(t *testing.T) {
	cfg := config()
	cfg.HandlerTimeout, cfg.WriteTimeout = 100*time.Millisecond, 200*time.Millisecond
	f := newFixture(t, cfg)
	f.Router().GET("/", func(c *gin.Context) {
		time.Sleep(400 * time.Millisecond)
		c.String(http.StatusOK, "late")
	})
	start(t, f)
	if answer := exchange(t, dial(t, f), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); answer != "" {
		t.Errorf("an answer after the write timeout is sent: %q", answer)
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	cfg := config()
	cfg.IdleTimeout = 200 * time.Millisecond
	f := newFixture(t, cfg)
	f.Router().GET("/", noContent)
	start(t, f)
	begin := time.Now()
	answer := exchange(t, dial(t, f), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if took := time.Since(begin); !strings.HasPrefix(answer, "HTTP/1.1 204 ") || took < 150*time.Millisecond || took > 3*time.Second {
		t.Errorf("after %v and %q the connection was closed; want about 200 ms", took, answer)
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	start(t, f)
	tests := []struct {
		size int
		want string
	}{
		{30 << 10, "HTTP/1.1 204 "},
		{40 << 10, "HTTP/1.1 431 "},
	}
	for _, tt := range tests {
		request := "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Large: " + strings.Repeat("a", tt.size) + "\r\n\r\n"
		if answer := exchange(t, dial(t, f), request); !strings.HasPrefix(answer, tt.want) {
			t.Errorf("%d bytes of headers: %.40q, want %s", tt.size, answer, tt.want)
		}
	}
}

func TestLargeBodyIsRefusedBeforeItIsSent(t *testing.T) {
	f := newFixture(t, config())
	f.Router().POST("/", httpserver.Handle(echo))
	start(t, f)
	answer := exchange(t, dial(t, f), "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n"+
		"Expect: 100-continue\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 413 ") {
		t.Errorf("the answer is %.60q, want 413 and no 100 before it", answer)
	}
}

func TestAbortedAnswerIsCut(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", func(c *gin.Context) {
		c.Header("Content-Length", "100")
		c.String(http.StatusOK, "partial")
		c.Writer.Flush()
		panic("boom")
	})
	start(t, f)
	response, err := http.Get("http://" + f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the client read %q and %v, want an unexpected end", body, err)
	}
}
