package taskqueue

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hibiken/asynq"
)

// Spec says how the tasks of one name are run.
type Spec struct {
	// Name is the tasks' name, such as "send-receipt": the type of their messages.
	Name string
	// Queue is the queue in which they wait.
	Queue string
	// MaxRetry is how often a task that failed is tried again.
	MaxRetry int
	// Timeout is how long one attempt may take. A compensation may take as long again.
	Timeout time.Duration
	// Cron is the schedule by which the task is enqueued, in UTC: five fields, "@daily" and the like, or "@every 90s".
	// Empty: it is enqueued by messages alone.
	Cron string
	// Compensated says that the task is a step of a saga: [Saga] has what undoes it when it has failed for good.
	Compensated bool
}

// Queues' weights: of ten tasks that a busy worker takes, about six are critical and one is low. Strict order would let a
// full queue starve the others.
const (
	weightCritical = 6
	weightDefault  = 3
	weightLow      = 1
)

func weightOf(queue string) int {
	switch queue {
	case "critical":
		return weightCritical
	case "low":
		return weightLow
	default:
		return weightDefault
	}
}

const (
	// defaultMaxRetry and defaultTimeout are for tasks without a Spec: a newer version of the service has enqueued them
	// while it is rolled out, and will run them.
	defaultMaxRetry = 10
	defaultTimeout  = 30 * time.Second
	// slack is how long after its timeout a handler that ignores its context is given up: its task is then tried again
	// although the handler still runs.
	slack = 10 * time.Second
)

func (s Spec) check() error {
	var problems []error
	if s.Name == "" || s.Queue == "" {
		problems = append(problems, errors.New("a name and a queue are needed"))
	}
	if s.MaxRetry < 0 || s.Timeout <= 0 {
		problems = append(problems, errors.New("MaxRetry must not be negative, and Timeout must be above zero"))
	}
	if s.Cron != "" {
		if _, err := parseSchedule(s.Cron); err != nil {
			problems = append(problems, err)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("task %q: %w", s.Name, err)
	}
	return nil
}

// options are Asynq's limits on a task. They are wider than the Spec's, which this package keeps itself: Asynq gives up
// a task that ran out of attempts or time without asking anybody, also when there is something left to undo.
func (s Spec) options() []asynq.Option {
	// One above, or Asynq would archive a task that was postponed in its last attempt. One whose process died in it gets
	// another one for that.
	retries, attempt := s.MaxRetry+1, s.Timeout
	if s.Compensated {
		retries, attempt = math.MaxInt32, 2*s.Timeout
	}
	return []asynq.Option{asynq.MaxRetry(retries), asynq.Timeout(wholeSeconds(attempt + slack))}
}

// wholeSeconds rounds up, because Asynq keeps whole seconds and rounds down.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// specs are the tasks that this version of the service knows.
type specs struct {
	list   []Spec
	byName map[string]Spec
	// queues are those that the tasks wait in, with their weights.
	queues map[string]int
}

func newSpecs(list []Spec) (specs, error) {
	known := specs{list: list, byName: make(map[string]Spec, len(list)), queues: map[string]int{}}
	for _, s := range list {
		if err := s.check(); err != nil {
			return specs{}, err
		}
		if _, twice := known.byName[s.Name]; twice {
			return specs{}, fmt.Errorf("task %q is there twice", s.Name)
		}
		known.byName[s.Name] = s
		known.queues[s.Queue] = weightOf(s.Queue)
	}
	return known, nil
}

// of returns the Spec of a task, whether it is known or not.
func (k specs) of(name, queue string) Spec {
	if s, known := k.byName[name]; known {
		return s
	}
	return Spec{Name: name, Queue: queue, MaxRetry: defaultMaxRetry, Timeout: defaultTimeout}
}

// other stands for every name of a task or queue that is not known, so that labels of metrics are bounded.
const other = "other"

func (k specs) labels(task, queue string) (taskLabel, queueLabel string) {
	taskLabel, queueLabel = other, other
	if _, known := k.byName[task]; known {
		taskLabel = task
	}
	if _, known := k.queues[queue]; known {
		queueLabel = queue
	}
	return taskLabel, queueLabel
}
