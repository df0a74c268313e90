package httpserver_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/gin-gonic/gin"
)

func TestRouting(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/v1/orders/:id", func(c *gin.Context) { c.String(http.StatusOK, c.Param("id")) })
	f.Router().DELETE("/v1/orders/:id", noContent)
	f.Router().POST("/v1/orders", noContent)
	tests := []struct {
		name, method, target string
		wantStatus           int
		wantAllow            string
	}{
		{"a route", "GET", "/v1/orders/7", 200, ""},
		{"HEAD comes with GET", "HEAD", "/v1/orders/7", 200, ""},
		{"no route", "GET", "/v2/orders", 404, ""},
		{"a slash at the end is another path", "POST", "/v1/orders/", 404, ""},
		{"an encoded slash does not make a segment", "GET", "/v1/orders/7%2Fpay", 200, ""},
		{"another method", "PATCH", "/v1/orders/7", 405, "DELETE, GET, HEAD"},
		{"HEAD without GET", "HEAD", "/v1/orders", 405, "POST"},
		{"OPTIONS", "OPTIONS", "/v1/orders", 405, "POST"},
		{"a method that nobody knows", "BREW", "/v1/orders", 405, "POST"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := f.do(tt.method, tt.target, "")
			if w.Code != tt.wantStatus || w.Header().Get("Allow") != tt.wantAllow {
				t.Errorf("%d, Allow %q; want %d, %q", w.Code, w.Header().Get("Allow"), tt.wantStatus, tt.wantAllow)
			}
			if tt.wantStatus >= 400 {
				readProblem(t, w)
			}
		})
	}
}

func TestParametersAreUnescaped(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/v1/orders/:id", func(c *gin.Context) { c.String(http.StatusOK, c.Param("id")) })
	if got := f.do("GET", "/v1/orders/a%2Fb%20c", "").Body.String(); got != "a/b c" {
		t.Errorf("the parameter is %q", got)
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	for _, target := range []string{"/", "/nowhere"} {
		h := f.do("GET", target, "").Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options":      "nosniff",
			"Cache-Control":               "no-store",
			"Content-Security-Policy":     "default-src 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security":   "",
			"Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
}

func TestHSTSWhereTLSEndsHere(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	if got := f.do("GET", "https://orders.example/", "").Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

func TestRequestID(t *testing.T) {
	made := regexp.MustCompile(`^[A-Z2-7]{26}$`)
	tests := []struct {
		name, sent string
		taken      bool
	}{
		{"a UUID is taken over", "01890a5d-ac96-774b-bcce-b302099a8057", true},
		{"64 characters are taken over", string(make64('a')), true},
		{"none", "", false},
		{"65 characters", string(make64('a')) + "a", false},
		{"a space", "a b", false},
		{"a line break", "a\nb", false},
		{"a quote", `a"b`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, config())
			f.Router().GET("/", noContent)
			got := f.do("GET", "/", "", "X-Request-Id", tt.sent).Header().Get("X-Request-Id")
			if tt.taken && got != tt.sent || !tt.taken && !made.MatchString(got) {
				t.Errorf("sent %q, got %q back", tt.sent, got)
			}
			if logged := f.lines(t)[0]["http.request.id"]; logged != got {
				t.Errorf("the log has %q, the answer %q", logged, got)
			}
		})
	}
}

func make64(b byte) []byte {
	text := make([]byte, 64)
	for i := range text {
		text[i] = b
	}
	return text
}
