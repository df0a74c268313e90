package httpserver_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"create-service/templates/components/rest/platform/httpserver"
)

// echo answers with the body that it was given.
func echo(c *gin.Context) error {
	body, err := httpserver.Body(c)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json", body)
	return nil
}

func TestBodyMediaTypes(t *testing.T) {
	tests := []struct {
		name, method, contentType, encoding string
		wantStatus                          int
	}{
		{"JSON", "POST", "application/json", "", 200},
		{"JSON in another case", "POST", "Application/JSON", "", 200},
		{"JSON in UTF-8", "POST", "application/json; charset=UTF-8", "", 200},
		{"JSON in Latin-1", "POST", "application/json; charset=iso-8859-1", "", 415},
		{"none", "POST", "", "", 415},
		{"a form", "POST", "application/x-www-form-urlencoded", "", 415},
		{"broken", "POST", "application/json; charset", "", 415},
		{"a merge patch for POST", "POST", "application/merge-patch+json", "", 415},
		{"a merge patch", "PATCH", "application/merge-patch+json", "", 200},
		{"a patch as JSON", "PATCH", "application/json", "", 200},
		{"a JSON patch", "PATCH", "application/json-patch+json", "", 415},
		{"compressed", "POST", "application/json", "gzip", 415},
		{"not compressed", "POST", "application/json", "identity", 200},
	}
	f := newFixture(t, config())
	f.Router().POST("/", httpserver.Handle(echo))
	f.Router().PATCH("/", httpserver.Handle(echo))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := f.do(tt.method, "/", `{"a":1}`, "Content-Type", tt.contentType, "Content-Encoding", tt.encoding)
			if w.Code != tt.wantStatus {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.wantStatus, w.Body)
			}
			if tt.wantStatus == http.StatusOK && w.Body.String() != `{"a":1}` {
				t.Errorf("the body is %q", w.Body)
			}
		})
	}
}

func TestUnsupportedPatchNamesWhatIsRead(t *testing.T) {
	f := newFixture(t, config())
	f.Router().PATCH("/", httpserver.Handle(echo))
	w := f.do("PATCH", "/", `[]`, "Content-Type", "application/json-patch+json")
	if got := w.Header().Get("Accept-Patch"); got != "application/merge-patch+json, application/json" {
		t.Errorf("Accept-Patch is %q", got)
	}
	if got := readProblem(t, w).Type; got != "urn:problem:unsupported" {
		t.Errorf("type is %q", got)
	}
}

func TestBodyLimit(t *testing.T) {
	cfg := config()
	cfg.MaxBodyBytes = 2000
	tests := []struct {
		name       string
		size       int
		chunked    bool
		wantStatus int
	}{
		{"at the limit", 2000, false, 200},
		{"at the limit, length not said", 2000, true, 200},
		{"over it", 2001, false, 413},
		{"over it, length not said", 2001, true, 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, cfg)
			f.Router().POST("/", httpserver.Handle(echo))
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", tt.size)))
			r.Header.Set("Content-Type", "application/json")
			if tt.chunked {
				r.ContentLength = -1
			}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			if w.Code != tt.wantStatus {
				t.Errorf("status %d, want %d", w.Code, tt.wantStatus)
			}
		})
	}
}

func TestTooLargeABodyIsNotRead(t *testing.T) {
	f := newFixture(t, config())
	f.Router().POST("/", httpserver.Handle(echo))
	unread := iotest.ErrReader(errors.New("was read"))
	r := httptest.NewRequest(http.MethodPost, "/", unread)
	r.ContentLength = 1<<20 + 1
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if got := readProblem(t, w).Type; got != "urn:problem:too-large" {
		t.Errorf("type is %q", got)
	}
}

func TestBrokenBodyIsTheCallersFault(t *testing.T) {
	f := newFixture(t, config())
	f.Router().POST("/", httpserver.Handle(echo))
	r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(`{"a`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if got := readProblem(t, w); got.Status != 400 || got.Detail != "the body did not arrive in full" {
		t.Errorf("the answer is %+v", got)
	}
}

func TestID(t *testing.T) {
	want := uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")
	tests := []struct {
		name, text string
		wantStatus int
	}{
		{"a UUID", "01890a5d-ac96-774b-bcce-b302099a8057", 204},
		{"in capitals", "01890A5D-AC96-774B-BCCE-B302099A8057", 204},
		{"without dashes", "01890a5dac96774bbcceb302099a8057", 400},
		{"as a URN", "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057", 400},
		{"a number", "7", 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, config())
			f.Router().GET("/:id", httpserver.Handle(func(c *gin.Context) error {
				id, err := httpserver.ID(c)
				if err == nil && id != want {
					t.Errorf("ID is %v", id)
				}
				c.Status(http.StatusNoContent)
				return err
			}))
			w := f.do("GET", "/"+tt.text, "")
			if w.Code != tt.wantStatus {
				t.Fatalf("status %d, want %d", w.Code, tt.wantStatus)
			}
			if w.Code == 400 && readProblem(t, w).Errors[0].Field != "id" {
				t.Errorf("the problem does not name the id: %s", w.Body)
			}
		})
	}
}
