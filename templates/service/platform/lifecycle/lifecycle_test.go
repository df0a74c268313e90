package lifecycle_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/lifecycle"
)

func TestMain(m *testing.M) {
	// The first use starts a goroutine that lives as long as the process; it must not belong to a synctest bubble.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1)
	goleak.VerifyTestMain(m)
}

// journal notes what happened and how long after its creation. It is also the health that Run reports to.
type journal struct {
	mu      sync.Mutex
	began   time.Time
	entries []string
}

func newJournal() *journal { return &journal{began: time.Now()} }

func (j *journal) note(what string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, time.Since(j.began).String()+" "+what)
}

func (j *journal) sorted() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Sorted(slices.Values(j.entries))
}

func (j *journal) Started()  { j.note("started") }
func (j *journal) Draining() { j.note("draining") }

func (j *journal) deps() lifecycle.Deps {
	return lifecycle.Deps{Health: j, Log: slog.New(slog.DiscardHandler)}
}

// part notes when it is shut down, and takes some time for that.
func (j *journal) part(name string, phase lifecycle.Phase, takes time.Duration) lifecycle.Part {
	return lifecycle.Part{
		Name:  name,
		Phase: phase,
		Run:   untilCancelled,
		Shutdown: func(context.Context) error {
			j.note(name + " stops")
			time.Sleep(takes)
			return nil
		},
	}
}

func untilCancelled(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func defaults(t *testing.T) lifecycle.Config {
	t.Helper()
	var cfg struct{ Lifecycle lifecycle.Config }
	if err := config.Load(&cfg, nil); err != nil {
		t.Fatal(err)
	}
	return cfg.Lifecycle
}

func TestRunStopsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := lifecycle.Run(ctx, defaults(t), j.deps(),
			j.part("mysql", lifecycle.Stores, time.Second),
			j.part("http", lifecycle.Drain, 10*time.Second),
			j.part("tracing", lifecycle.Telemetry, time.Second),
			j.part("leases", lifecycle.Release, time.Second),
			j.part("kafka", lifecycle.Drain, 20*time.Second),
			j.part("producer", lifecycle.Producers, time.Second),
		)
		if err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
		want := []string{
			"0s started",
			"1m0s draining",
			"1m28s leases stops",
			"1m29s producer stops",
			"1m30s mysql stops",
			"1m31s tracing stops",
			"1m8s http stops",
			"1m8s kafka stops",
		}
		if diff := cmp.Diff(want, j.sorted()); diff != "" {
			t.Errorf("what happened (-want +got):\n%s", diff)
		}
	})
}

func TestPartsAnnounceTheirEndBeforeTheDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		part := j.part("http", lifecycle.Drain, 0)
		part.Announce = func() { j.note("http announces") }
		if err := lifecycle.Run(ctx, defaults(t), j.deps(), part, j.part("mysql", lifecycle.Stores, 0)); err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
		want := []string{"0s started", "1m0s draining", "1m0s http announces", "1m8s http stops", "1m8s mysql stops"}
		if diff := cmp.Diff(want, j.sorted()); diff != "" {
			t.Errorf("what happened (-want +got):\n%s", diff)
		}
	})
}

func TestRunReturnsTheErrorOfAFailingPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		errBroken := errors.New("broken")
		err := lifecycle.Run(t.Context(), defaults(t), j.deps(),
			j.part("mysql", lifecycle.Stores, 0),
			lifecycle.Part{Name: "http", Run: func(context.Context) error {
				time.Sleep(time.Second)
				return errBroken
			}},
		)
		if !errors.Is(err, errBroken) || err.Error() != "http: broken" {
			t.Errorf("Run() = %v, want the error of the part alone", err)
		}
		want := []string{"0s started", "1s draining", "9s mysql stops"}
		if diff := cmp.Diff(want, j.sorted()); diff != "" {
			t.Errorf("what happened (-want +got):\n%s", diff)
		}
	})
}

func TestRunStopsWhenAPartEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := lifecycle.Run(t.Context(), defaults(t), newJournal().deps(),
			lifecycle.Part{Name: "relay", Run: func(context.Context) error { return nil }})
		if err == nil || err.Error() != "relay: ended by itself" {
			t.Errorf("Run() = %v, want that relay ended by itself", err)
		}
	})
}

func TestRunReportsWhatGoesWrongWhileStopping(t *testing.T) {
	stuck := make(chan struct{})
	tests := []struct {
		name  string
		part  lifecycle.Part
		want  string
		after time.Duration
	}{
		{
			name:  "shutdown fails",
			part:  lifecycle.Part{Name: "mysql", Phase: lifecycle.Stores, Shutdown: func(context.Context) error { return errors.New("refused") }},
			want:  "shutdown phase stores: mysql: refused",
			after: 8 * time.Second,
		},
		{
			name: "run fails once it is asked to stop",
			part: lifecycle.Part{Name: "relay", Run: func(ctx context.Context) error {
				<-ctx.Done()
				return errors.New("lost a lease")
			}},
			want:  "relay: lost a lease",
			after: 8 * time.Second,
		},
		{
			name:  "shutdown ignores its context",
			part:  lifecycle.Part{Name: "http", Shutdown: func(context.Context) error { <-stuck; return nil }},
			want:  "shutdown phase drain: http: still running when its time was over",
			after: 33 * time.Second,
		},
		{
			name:  "run ignores its context",
			part:  lifecycle.Part{Name: "relay", Phase: lifecycle.Telemetry, Run: func(context.Context) error { <-stuck; return nil }},
			want:  "shutdown phase telemetry: relay: still running when its time was over",
			after: 13 * time.Second,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stuck = make(chan struct{})
				defer close(stuck)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				began := time.Now()
				err := lifecycle.Run(ctx, defaults(t), newJournal().deps(), test.part)
				if err == nil || err.Error() != test.want {
					t.Errorf("Run() = %v, want %s", err, test.want)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("Run() took %s, want %s", took, test.after)
				}
			})
		})
	}
}

func TestRunGoesOnWithTheNextPhaseAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := lifecycle.Run(ctx, defaults(t), j.deps(),
			lifecycle.Part{Name: "http", Shutdown: func(context.Context) error { return errors.New("refused") }},
			j.part("mysql", lifecycle.Stores, 0))
		if err == nil || !slices.Contains(j.sorted(), "8s mysql stops") {
			t.Errorf("Run() = %v, %v; want an error, and mysql stopped", err, j.sorted())
		}
	})
}

func TestAPartWorksUntilItsPhase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended time.Duration
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := lifecycle.Run(ctx, defaults(t), newJournal().deps(), lifecycle.Part{Name: "sweeper", Run: func(ctx context.Context) error {
			<-ctx.Done()
			ended = time.Since(began)
			return ctx.Err()
		}})
		if err != nil || ended != 8*time.Second {
			t.Errorf("Run() = %v, the part's context ended after %s; want nil and 8s", err, ended)
		}
	})
}

func TestASignalStopsTheService(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(s.String(), func(t *testing.T) {
			j := newJournal()
			part := j.part("http", lifecycle.Drain, 0)
			part.Run = func(ctx context.Context) error {
				raise(t, s)
				return untilCancelled(ctx)
			}
			cfg := lifecycle.Config{Drain: time.Minute, Close: time.Minute}
			if err := lifecycle.Run(t.Context(), cfg, j.deps(), part); err != nil {
				t.Errorf("Run() = %v, want nil", err)
			}
			if got := strings.Join(j.sorted(), "\n"); !strings.Contains(got, "http stops") {
				t.Errorf("what happened: %s; want http stopped", got)
			}
		})
	}
}

func TestASecondSignalEndsTheShutdownAtOnce(t *testing.T) {
	j := newJournal()
	part := j.part("http", lifecycle.Drain, 0)
	part.Run = func(ctx context.Context) error {
		raise(t, syscall.SIGTERM)
		raise(t, syscall.SIGINT)
		return untilCancelled(ctx)
	}
	cfg := lifecycle.Config{Delay: time.Hour, Drain: time.Hour, Close: time.Hour}
	if err := lifecycle.Run(t.Context(), cfg, j.deps(), part); !errors.Is(err, lifecycle.ErrInterrupted) {
		t.Errorf("Run() = %v, want %v", err, lifecycle.ErrInterrupted)
	}
}

func raise(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), s); err != nil {
		t.Error(err)
	}
}
