package httpserver_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
)

func TestAccessLogLine(t *testing.T) {
	f := newFixture(t, config())
	f.Router().POST("/v1/orders/:id", func(c *gin.Context) { c.Status(http.StatusCreated) })
	f.do("POST", "/v1/orders/secret-id?email=secret-query", `{"email":"secret-body"}`,
		"User-Agent", "curl/8", "X-Request-Id", "r-1", "Authorization", "Bearer secret-token", "Cookie", "secret-cookie",
		"X-Forwarded-For", "203.0.113.9", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	line := f.lines(t)[0]
	want := map[string]any{
		"message":                   "request",
		"log.level":                 "info",
		"http.request.method":       "POST",
		"http.route":                "/v1/orders/:id",
		"http.response.status_code": 201.0,
		"http.request.id":           "r-1",
		"client.ip":                 "192.0.2.1",
		"user_agent.original":       "curl/8",
		"trace.id":                  "0af7651916cd43dd8448eb211c80319c",
	}
	got := map[string]any{}
	for key := range want {
		got[key] = line[key]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the line (-want +got):\n%s", diff)
	}
	if text := f.log.String(); strings.Contains(text, "secret") {
		t.Errorf("the line tells what must not be logged: %s", text)
	}
}

func TestAccessLogLevels(t *testing.T) {
	for status, want := range map[int]string{200: "info", 404: "info", 499: "info", 500: "error", 503: "error"} {
		f := newFixture(t, config())
		f.Router().GET("/", func(c *gin.Context) { c.Status(status) })
		f.do("GET", "/", "")
		if got := f.lines(t)[0]["log.level"]; got != want {
			t.Errorf("status %d is logged at %v, want %s", status, got, want)
		}
	}
}

func TestAccessLogMeasuresTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		f.Router().GET("/", func(*gin.Context) { time.Sleep(70 * time.Millisecond) })
		f.do("GET", "/", "")
		if got := f.lines(t)[0]["event.duration"]; got != 70e6 {
			t.Errorf("event.duration is %v ns, want 70 ms", got)
		}
	})
}

func TestAccessLogCutsLongAgents(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	f.do("GET", "/", "", "User-Agent", strings.Repeat("a", 1000))
	if got, _ := f.lines(t)[0]["user_agent.original"].(string); len(got) != 256 {
		t.Errorf("the agent has %d bytes, want 256", len(got))
	}
}

func TestAccessLogBelievesTrustedProxiesOnly(t *testing.T) {
	for networks, want := range map[string]string{"192.0.2.0/24": "203.0.113.9", "198.51.100.1": "192.0.2.1"} {
		cfg := config()
		cfg.TrustedProxies = []string{networks}
		f := newFixture(t, cfg)
		f.Router().GET("/", noContent)
		f.do("GET", "/", "", "X-Forwarded-For", "203.0.113.9")
		if got := f.lines(t)[0]["client.ip"]; got != want {
			t.Errorf("trusting %s, client.ip is %v, want %s", networks, got, want)
		}
	}
}

func TestAccessLogSampling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		f.Router().GET("/", noContent)
		f.Router().GET("/bad", func(c *gin.Context) { c.Status(http.StatusBadRequest) })
		f.Router().GET("/slow", func(*gin.Context) { time.Sleep(time.Second) })

		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		for range 250 {
			f.do("GET", "/", "")
		}
		wantLines(t, f, 50+2)
		wantDropped(t, f, 198)

		for range 100 {
			f.do("GET", "/bad", "")
		}
		wantLines(t, f, 52+100)

		time.Sleep(time.Second)
		for range 50 {
			f.do("GET", "/", "")
		}
		wantLines(t, f, 152+50)

		f.do("GET", "/slow", "")
		wantLines(t, f, 202+1)
		wantDropped(t, f, 198)
	})
}

// TestAccessLogKeepsSlowRequests sets a rate of none, so that only being slow can be the reason.
func TestAccessLogKeepsSlowRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.LogRate = 0
		f := newFixture(t, cfg)
		f.Router().GET("/", func(c *gin.Context) {
			took, _ := time.ParseDuration(c.Query("took"))
			time.Sleep(took)
		})
		f.do("GET", "/?took=999ms", "")
		wantLines(t, f, 0)
		f.do("GET", "/?took=1s", "")
		wantLines(t, f, 1)
	})
}

func wantLines(t *testing.T, f *fixture, want int) {
	t.Helper()
	if got := len(f.lines(t)); got != want {
		t.Errorf("the log has %d lines, want %d", got, want)
	}
}

func wantDropped(t *testing.T, f *fixture, want int) {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "http_server_access_log_dropped_total" {
			if got := family.GetMetric()[0].GetCounter().GetValue(); got != float64(want) {
				t.Errorf("the counter of dropped lines is %v, want %d", got, want)
			}
			return
		}
	}
	t.Error("there is no counter of dropped lines")
}
