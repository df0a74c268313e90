package httpserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/components/rest/platform/problem"
	"create-service/templates/service/kernel/fault"
)

func TestHandleAnswersErrorsWithProblems(t *testing.T) {
	secret := errors.New("dial 10.1.2.3: password=hunter2")
	tests := []struct {
		name       string
		err        error
		wantStatus int
		wantType   string
		wantDetail string
	}{
		{"a refusal", fault.New(fault.NotFound, "no such order"), 404, "urn:problem:not-found", "no such order"},
		{"a wrapped refusal", fmt.Errorf("get: %w", fault.New(fault.Stale, "changed")), 412, "urn:problem:stale", "changed"},
		{"an unknown error", secret, 500, "about:blank", "something went wrong here; the request id finds it in the logs"},
		{"a deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), 504, "about:blank", "the request took too long and was given up"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, config())
			f.Router().GET("/v1/orders/:id", httpserver.Handle(func(*gin.Context) error { return tt.err }))
			w := f.do("GET", "/v1/orders/7?q=1", "", "X-Request-Id", "r-1", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
			want := problem.Problem{
				Type: tt.wantType, Title: problem.Of(tt.err).Title, Status: tt.wantStatus, Detail: tt.wantDetail,
				Instance: "/v1/orders/7", RequestID: "r-1", TraceID: "0af7651916cd43dd8448eb211c80319c",
			}
			if diff := cmp.Diff(want, readProblem(t, w)); diff != "" {
				t.Errorf("the answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandleLogsTheErrorThatItHides(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(*gin.Context) error { return errors.New("table is gone") }))
	w := f.do("GET", "/", "")
	if strings.Contains(w.Body.String(), "table is gone") {
		t.Errorf("the answer tells the error's text: %s", w.Body)
	}
	line := f.lines(t)[0]
	if line["error.message"] != "table is gone" || line["log.level"] != "error" {
		t.Errorf("the log line does not tell the error: %v", line)
	}
}

func TestHandleDoesNotLogWhatTheCallerSent(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(*gin.Context) error { return fault.New(fault.Invalid, "bad") }))
	f.do("GET", "/", "")
	line := f.lines(t)[0]
	if _, found := line["error.message"]; found || line["log.level"] != "info" {
		t.Errorf("a refusal is logged as an error: %v", line)
	}
}

func TestHandlePassesTheAnswerOn(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(c *gin.Context) error {
		c.JSON(http.StatusAccepted, map[string]string{"a": "b"})
		return nil
	}))
	w := f.do("GET", "/", "")
	if w.Code != http.StatusAccepted || w.Body.String() != `{"a":"b"}` {
		t.Errorf("the answer is %d %s", w.Code, w.Body)
	}
}

func TestHandleNoticesWhatCannotBeEncoded(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(c *gin.Context) error {
		c.JSON(http.StatusOK, make(chan int))
		return nil
	}))
	if got := readProblem(t, f.do("GET", "/", "")).Status; got != http.StatusInternalServerError {
		t.Errorf("status %d, want 500", got)
	}
}

func TestHandleKeepsAnAnswerThatIsOnItsWay(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(c *gin.Context) error {
		c.String(http.StatusOK, "partial")
		return errors.New("too late")
	}))
	w := f.do("GET", "/", "")
	if w.Code != http.StatusOK || w.Body.String() != "partial" {
		t.Errorf("the answer is %d %q", w.Code, w.Body)
	}
	wantFailureLogged(t, f, "too late")
}

func TestHandleIsNotToBlameForACallerThatIsGone(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", httpserver.Handle(func(c *gin.Context) error {
		c.JSON(http.StatusOK, "an answer")
		return nil
	}))
	f.ServeHTTP(gone{nowhere{header: http.Header{}}}, httptest.NewRequest(http.MethodGet, "/", nil))
	if line := f.lines(t)[0]; line["http.response.status_code"] != 200.0 || line["error.message"] != nil {
		t.Errorf("a closed connection is logged as a failure: %v", line)
	}
}

// gone is the connection of a caller that hung up.
type gone struct{ nowhere }

func (gone) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestPanicIsA500WithItsStackInTheLog(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", func(*gin.Context) { panic("boom") })
	p := readProblem(t, f.do("GET", "/", ""))
	if p.Status != http.StatusInternalServerError || strings.Contains(p.Detail, "boom") {
		t.Errorf("the answer is %+v", p)
	}
	line := f.lines(t)[0]
	stack, _ := line["error.stack_trace"].(string)
	if line["error.message"] != "boom" || !strings.Contains(stack, "TestPanicIsA500") {
		t.Errorf("the log line does not tell the panic: %v", line)
	}
}

func TestPanicInTheMiddleOfAnAnswerCutsTheConnection(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", func(c *gin.Context) {
		c.String(http.StatusOK, "partial")
		panic("boom")
	})
	func() {
		defer wantAbort(t)
		f.do("GET", "/", "")
	}()
	wantFailureLogged(t, f, "boom")
}

func TestAbortHandlerPasses(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", func(*gin.Context) { panic(http.ErrAbortHandler) })
	defer wantAbort(t)
	f.do("GET", "/", "")
}

// wantFailureLogged checks that a request whose answer had begun is reported as the failure that it is.
func wantFailureLogged(t *testing.T, f *fixture, message string) {
	t.Helper()
	line := f.lines(t)[0]
	if line["error.message"] != message || line["http.response.status_code"] != 500.0 || line["log.level"] != "error" {
		t.Errorf("the log line does not tell the failure: %v", line)
	}
	if got := observed(t, f)["GET / 5xx"]; got != 1 {
		t.Errorf("%d failures are counted, want 1", got)
	}
	if got := f.spans.Ended()[0].Status().Code; got != codes.Error {
		t.Errorf("the span's status is %v", got)
	}
}

// wantAbort is deferred around what must end with [http.ErrAbortHandler].
func wantAbort(t *testing.T) {
	t.Helper()
	if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
		t.Errorf("the server panicked with %v, want http.ErrAbortHandler", err)
	}
}
