package taskqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// record is the result of a step that has failed for good. It lies in Redis with the task, from before the first attempt
// to undo it.
type record struct {
	// Failed is why.
	Failed string `json:"failed"`
	// Compensated is true once it was undone.
	Compensated bool `json:"compensated,omitempty"`
}

// errUnanswered is the failure of a step whose last attempt ended with its process.
var errUnanswered = errors.New("the last attempt never ended")

// attemptStep runs a step that can be undone, unless it has failed for good: then it undoes it.
func (s *Server) attemptStep(ctx context.Context, w work) (outcome, error) {
	failed, err := s.failureOf(w)
	if err != nil {
		return retrying, err
	}
	if failed == nil {
		result := archived
		if failed = errUnanswered; w.retried <= w.spec.MaxRetry {
			result, failed = s.step(ctx, w)
		}
		if result != archived {
			return result, failed
		}
		if _, unreadable := errors.AsType[*payloadError](failed); unreadable {
			return archived, failed
		}
		if err := w.write(record{Failed: failed.Error()}); err != nil {
			return retrying, fmt.Errorf("write down that the task has failed (%w): %w", failed, err)
		}
	}
	return s.undo(ctx, w, failed)
}

// undo runs the compensation of a step that has failed for good.
func (s *Server) undo(ctx context.Context, w work, failed error) (outcome, error) {
	err := within(ctx, w, w.handler.compensate)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return abandoned, err
	default:
		return uncompensated, fmt.Errorf("undo the task, which failed (%w): %w", failed, err)
	}
	if err := w.write(record{Failed: failed.Error(), Compensated: true}); err != nil {
		return uncompensated, fmt.Errorf("write down that the task was undone: %w", err)
	}
	return compensated, failed
}

// failureOf returns the failure that was written down for a step, or nil.
func (s *Server) failureOf(w work) (failed, err error) {
	info, err := s.inspector.GetTaskInfo(w.queue, w.id)
	if err != nil {
		return nil, fmt.Errorf("look whether the task has failed before: %w", err)
	}
	if len(info.Result) == 0 {
		return nil, nil
	}
	var r record
	if err := json.Unmarshal(info.Result, &r); err != nil {
		return nil, fmt.Errorf("read how the task has failed before: %w", err)
	}
	return errors.New(r.Failed), nil
}

func (w work) write(r record) error {
	encoded, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.keep(encoded)
	return err
}
