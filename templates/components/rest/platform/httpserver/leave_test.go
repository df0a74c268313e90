package httpserver_test

import (
	"bufio"
	"io"
	"net/http"
	"testing"
)

// TestDrainAnswersIdleConnections holds a connection open over the beginning of a drain: its next request may be on
// the way already, so it is answered, and only then the connection is closed.
func TestDrainAnswersIdleConnections(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	start(t, f)
	conn := dial(t, f)
	answers := bufio.NewReader(conn)
	// get tells whether the answer announces the end of the connection.
	get := func() bool {
		t.Helper()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatalf("no answer: %v", err)
		}
		defer answer.Body.Close()
		return answer.Close
	}

	if get() {
		t.Error("the connection closes before the drain")
	}
	f.Drain()
	if !get() {
		t.Error("the connection stays open after the drain began")
	}
	if _, err := answers.ReadByte(); err != io.EOF {
		t.Errorf("after the last answer: %v, want the end of the connection", err)
	}
}
