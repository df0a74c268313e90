package httpclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/components/rest/platform/problem"
)

// Error is a refusal of the peer: an answer with a status of 300 or above.
type Error struct {
	// Status is that of HTTP.
	Status int
	// Problem is what the peer says about it (RFC 9457); without it, only Title and Status are set.
	Problem problem.Problem

	after time.Duration
}

// Error is for the log: it has the peer's words.
func (e *Error) Error() string {
	if e.Problem.Detail == "" {
		return fmt.Sprintf("%d %s", e.Status, e.Problem.Title)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, e.Problem.Title, e.Problem.Detail)
}

// StatusOf is the status of the refusal in err's chain, and 0 when there is none.
func StatusOf(err error) int {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.Status
	}
	return 0
}

func refusal(response *http.Response, body []byte) *Error {
	e := &Error{Status: response.StatusCode, after: retryAfter(response.Header)}
	media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || media != problem.MediaType || json.Unmarshal(body, &e.Problem) != nil {
		e.Problem = problem.Problem{}
	}
	e.Problem.Status = response.StatusCode
	if e.Problem.Title == "" {
		e.Problem.Title = http.StatusText(response.StatusCode)
	}
	return e
}

// retryAfter is when the peer wants to be called again: seconds or a date (RFC 9110, section 10.2.3); 0: it does not say.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// unreachable is the error of a request that has no answer.
func unreachable(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return outbound.Unavailable(err)
}

// resultOf says what the end of an attempt means.
func resultOf(ctx context.Context, err error) outbound.Result {
	if err == nil {
		return outbound.Result{}
	}
	if errors.Is(err, errToken) {
		return outbound.Result{Err: outbound.Unavailable(err)}
	}
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		return outbound.Result{Err: err, Failed: true}
	}
	var refused *Error
	if !errors.As(err, &refused) {
		away := errors.Is(err, outbound.ErrUnavailable)
		return outbound.Result{Err: err, Failed: away, Again: away}
	}
	switch refused.Status {
	case http.StatusUnauthorized:
		// It is not the request that is wrong: no other would be let in either.
		return outbound.Result{Err: outbound.Unavailable(err)}
	case http.StatusTooManyRequests:
		return outbound.Result{Err: outbound.Unavailable(err), Again: true, After: refused.after}
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return outbound.Result{Err: outbound.Unavailable(err), Failed: true, Again: true, After: refused.after}
	case http.StatusGatewayTimeout:
		return outbound.Result{Err: fmt.Errorf("%w: %w", context.DeadlineExceeded, err), Failed: true}
	default:
		return outbound.Result{Err: err, Failed: refused.Status >= http.StatusInternalServerError}
	}
}

// errTooLarge is an answer over the limit. Nothing of it is used.
var errTooLarge = errors.New("the answer is larger than MAX_ANSWER_BYTES")

func readAtMost(body io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, most+1))
	if err != nil {
		return nil, unreachable(err)
	}
	if int64(len(content)) > most {
		return nil, errTooLarge
	}
	return content, nil
}
