package httpserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/service/kernel/fault"
)

// none is the kind of a nil error in tables.
const none = fault.Kind(255)

func kindOf(err error) fault.Kind {
	if err == nil {
		return none
	}
	return fault.KindOf(err)
}

func contextOf(headers ...string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPut, "/v1/orders/7", nil)
	for i := 0; i+1 < len(headers); i += 2 {
		c.Request.Header.Add(headers[i], headers[i+1])
	}
	return c
}

func TestIfMatch(t *testing.T) {
	tests := []struct {
		name     string
		headers  []string
		want     int64
		wantKind fault.Kind
		optional fault.Kind
	}{
		{"a version", []string{"If-Match", `"3"`}, 3, none, none},
		{"the largest", []string{"If-Match", `"9223372036854775807"`}, 9223372036854775807, none, none},
		{"in a list with weak and foreign tags", []string{"If-Match", ` W/"4" , "abc,def", "3",`}, 3, none, none},
		{"twice the same", []string{"If-Match", `"3", "3"`}, 3, none, none},
		{"over two lines", []string{"If-Match", `"x"`, "If-Match", `"3"`}, 3, none, none},
		{"no header", nil, 0, fault.VersionRequired, none},
		{"an empty header", []string{"If-Match", " "}, 0, fault.VersionRequired, none},
		{"any version", []string{"If-Match", "*"}, 0, fault.VersionRequired, none},
		{"a weak tag never matches", []string{"If-Match", `W/"3"`}, 0, fault.Stale, fault.Stale},
		{"a tag of someone else", []string{"If-Match", `"abc"`}, 0, fault.Stale, fault.Stale},
		{"another form of the number", []string{"If-Match", `"03"`}, 0, fault.Stale, fault.Stale},
		{"a signed number", []string{"If-Match", `"+3"`}, 0, fault.Stale, fault.Stale},
		{"zero", []string{"If-Match", `"0"`}, 0, fault.Stale, fault.Stale},
		{"below zero", []string{"If-Match", `"-3"`}, 0, fault.Stale, fault.Stale},
		{"too large a number", []string{"If-Match", `"9223372036854775808"`}, 0, fault.Stale, fault.Stale},
		{"two versions", []string{"If-Match", `"3", "4"`}, 0, fault.Malformed, fault.Malformed},
		{"no quotes", []string{"If-Match", `3`}, 0, fault.Malformed, fault.Malformed},
		{"an open quote", []string{"If-Match", `"3`}, 0, fault.Malformed, fault.Malformed},
		{"no comma", []string{"If-Match", `"3" "4"`}, 0, fault.Malformed, fault.Malformed},
		{"a star in a list", []string{"If-Match", `"3", *`}, 0, fault.Malformed, fault.Malformed},
		{"only commas", []string{"If-Match", `,,`}, 0, fault.Malformed, fault.Malformed},
		{"weak in small letters", []string{"If-Match", `w/"3"`}, 0, fault.Malformed, fault.Malformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := httpserver.IfMatch(contextOf(tt.headers...))
			if got != tt.want || kindOf(err) != tt.wantKind {
				t.Errorf("IfMatch is %d, %v; want %d and kind %d", got, err, tt.want, tt.wantKind)
			}
			got, err = httpserver.OptionalIfMatch(contextOf(tt.headers...))
			if got != tt.want || kindOf(err) != tt.optional {
				t.Errorf("OptionalIfMatch is %d, %v; want %d and kind %d", got, err, tt.want, tt.optional)
			}
		})
	}
}

func TestSetETagIsWhatIfMatchReads(t *testing.T) {
	c := contextOf()
	httpserver.SetETag(c, 42)
	tag := c.Writer.Header().Get("ETag")
	if tag != `"42"` {
		t.Errorf("ETag is %s", tag)
	}
	if version, err := httpserver.IfMatch(contextOf("If-Match", tag)); version != 42 || err != nil {
		t.Errorf("IfMatch is %d, %v", version, err)
	}
}
