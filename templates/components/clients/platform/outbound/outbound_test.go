package outbound_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/service/kernel/fault"
)

// config holds the defaults.
func config() outbound.Config {
	return outbound.Config{
		Timeout: 2 * time.Second, Reserve: 50 * time.Millisecond,
		Retries: 2, RetryDelay: 50 * time.Millisecond, RetryBudget: 0.1,
		BreakerWindow: 10 * time.Second, BreakerCalls: 20, BreakerRatio: 0.5, BreakerPause: 5 * time.Second,
	}
}

// fixture is a peer and what it reports to.
type fixture struct {
	*outbound.Peer
	registry *prometheus.Registry
	log      *bytes.Buffer
}

func newFixture(t *testing.T, cfg outbound.Config) fixture {
	t.Helper()
	f := fixture{registry: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	peer, err := outbound.NewPeer("inventory", cfg, outbound.Deps{Log: slog.New(slog.NewTextHandler(f.log, nil)), Registry: f.registry})
	if err != nil {
		t.Fatal(err)
	}
	f.Peer = peer
	return f
}

// value is what a metric of the peer has reached, over all of its further labels.
func (f fixture) value(t *testing.T, name string) (sum float64) {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return sum
}

var errAway = fmt.Errorf("connection refused: %w", outbound.ErrUnavailable)

// script is attempts that end one after the other as it says; the last one goes on for ever.
type script struct {
	results []outbound.Result
	at      []time.Duration
	start   time.Time
}

func ending(results ...outbound.Result) *script { return &script{results: results, start: time.Now()} }

func (s *script) attempt(_ context.Context, number int) outbound.Result {
	s.at = append(s.at, time.Since(s.start))
	return s.results[min(number, len(s.results))-1]
}

var (
	succeeded = outbound.Result{}
	away      = outbound.Result{Err: errAway, Failed: true, Again: true}
	refused   = outbound.Result{Err: errors.New("not found")}
	broken    = outbound.Result{Err: errors.New("a bug of the peer"), Failed: true}
)

// hang is a peer that does not answer.
func hang(ctx context.Context, _ int) outbound.Result {
	<-ctx.Done()
	return outbound.Result{Err: ctx.Err(), Failed: true, Again: true}
}

func TestOnlyWhatMayBeRepeatedIsRepeated(t *testing.T) {
	tests := map[string]struct {
		repeatable bool
		results    []outbound.Result
		attempts   int
		fails      bool
	}{
		"success":                             {true, []outbound.Result{succeeded}, 1, false},
		"a failure that passes":               {true, []outbound.Result{away, succeeded}, 2, false},
		"a failure that stays":                {true, []outbound.Result{away}, 3, true},
		"what must not be repeated":           {false, []outbound.Result{away}, 1, true},
		"a refusal":                           {true, []outbound.Result{refused}, 1, true},
		"a failure that would come back":      {true, []outbound.Result{broken}, 1, true},
		"a failure, then one of another sort": {true, []outbound.Result{away, broken}, 2, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, s := newFixture(t, config()), ending(test.results...)
				err := f.Call(t.Context(), test.repeatable, s.attempt)
				if len(s.at) != test.attempts || (err != nil) != test.fails {
					t.Errorf("%d attempts, error %v; want %d attempts, an error: %t", len(s.at), err, test.attempts, test.fails)
				}
				if got := f.value(t, "outbound_retries_total"); got != float64(test.attempts-1) {
					t.Errorf("outbound_retries_total = %g, want %d", got, test.attempts-1)
				}
			})
		})
	}
}

func TestRetriesWaitTheirRandomTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.RetryBudget, cfg.BreakerCalls = 1, 100_000
		f := newFixture(t, cfg)
		var longest [2]time.Duration
		for range 200 {
			s := ending(away)
			if err := f.Call(t.Context(), true, s.attempt); err == nil {
				t.Fatal("the call succeeded")
			}
			if len(s.at) < 3 {
				continue // The budget has one retry for each call.
			}
			longest[0] = max(longest[0], s.at[1]-s.at[0])
			longest[1] = max(longest[1], s.at[2]-s.at[1])
		}
		for i, limit := range []time.Duration{50 * time.Millisecond, 100 * time.Millisecond} {
			if longest[i] >= limit || longest[i] < limit/2 {
				t.Errorf("the longest wait before retry %d was %v, want below %v and of its order", i+1, longest[i], limit)
			}
		}
	})
}

func TestAPeerSaysWhenToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		later := away
		later.After = time.Second
		s := ending(later, succeeded)
		if err := f.Call(t.Context(), true, s.attempt); err != nil || len(s.at) != 2 || s.at[1] < time.Second {
			t.Errorf("error %v, attempts at %v; want success at the second, after 1s", err, s.at)
		}
		later.After = 3 * time.Second
		s = ending(later, succeeded)
		if err := f.Call(t.Context(), true, s.attempt); err == nil || len(s.at) != 1 || time.Since(s.start) != 0 {
			t.Errorf("error %v after %v, attempts at %v; want the failure at once: nobody waits beyond the deadline", err, time.Since(s.start), s.at)
		}
	})
}

func TestTheDeadlineComesOutOfWhatTheCallerHasLeft(t *testing.T) {
	tests := map[string]struct{ left, want time.Duration }{
		"no deadline":    {0, 2 * time.Second},
		"a far one":      {10 * time.Second, 2 * time.Second},
		"a near one":     {500 * time.Millisecond, 450 * time.Millisecond},
		"next to none":   {51 * time.Millisecond, time.Millisecond},
		"only reserve":   {50 * time.Millisecond, 0},
		"less than that": {10 * time.Millisecond, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.left > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.left)
					defer cancel()
				}
				f, start, attempts := newFixture(t, config()), time.Now(), 0
				err := f.Call(ctx, true, func(ctx context.Context, number int) outbound.Result {
					attempts++
					return hang(ctx, number)
				})
				if took := time.Since(start); took != test.want || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("took %v, error %v; want %v and %v", took, err, test.want, context.DeadlineExceeded)
				}
				wantAttempts, wantRefused := 1, 0.0
				if test.want == 0 {
					wantAttempts, wantRefused = 0, 1
				}
				if refused := f.value(t, "outbound_calls_refused_total"); attempts != wantAttempts || refused != wantRefused {
					t.Errorf("%d attempts, %g refused; want %d and %g", attempts, refused, wantAttempts, wantRefused)
				}
			})
		})
	}
}

func TestRetriesStayWithinTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.BreakerCalls = 100_000
		f := newFixture(t, cfg)
		attempts := 0
		const calls = 1000
		for range calls {
			s := ending(away)
			if err := f.Call(t.Context(), true, s.attempt); err == nil {
				t.Fatal("the call succeeded")
			}
			attempts += len(s.at)
		}
		// What was saved at first, and a tenth.
		if retries := attempts - calls; retries < 100 || retries > 110 {
			t.Errorf("%d retries of %d calls, want a tenth and at most 10 more", retries, calls)
		}
		if f.value(t, "outbound_retries_refused_total") == 0 {
			t.Error("outbound_retries_refused_total = 0")
		}
	})
}

func TestTheBreakerOpensOnAHangingPeerAndClosesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, start := newFixture(t, config()), time.Now()
		until := func(attempt outbound.Attempt, wanted float64) time.Duration {
			t.Helper()
			from := time.Now()
			for f.value(t, "outbound_breaker_state") != wanted {
				// Ten a second, each at its time, however long the ones before take.
				go func() { _ = f.Call(t.Context(), true, attempt) }()
				time.Sleep(100 * time.Millisecond)
				if time.Since(from) > time.Minute {
					t.Fatalf("the breaker is never in state %g", wanted)
				}
			}
			return time.Since(from)
		}
		fine := func(context.Context, int) outbound.Result { return succeeded }
		if took := until(hang, 2); took > 4*time.Second {
			t.Errorf("the breaker opened after %v, want the 20th deadline at the latest", took)
		}
		if f.Check(t.Context()) == nil {
			t.Error("Check passes while the breaker is open")
		}

		opened := time.Now()
		err := f.Call(t.Context(), true, hang)
		if fault.KindOf(err) != fault.Unavailable || time.Since(opened) != 0 {
			t.Errorf("a call of an open breaker: %v after %v, want an unavailability at once", err, time.Since(opened))
		}
		until(hang, 1) // Half open: these calls find out that nothing has changed.
		until(hang, 2)

		recovered := time.Now()
		if took := until(fine, 0); took > 6*time.Second {
			t.Errorf("the breaker closed %v after the peer was back, want a pause at most", took)
		}
		if err := f.Check(t.Context()); err != nil {
			t.Errorf("Check: %v", err)
		}
		t.Logf("open after %v, closed %v after the peer was back", opened.Sub(start), time.Since(recovered))
		for _, state := range []string{"state=open", "state=half-open", "state=closed"} {
			if !strings.Contains(f.log.String(), state) {
				t.Errorf("the log does not say %s:\n%s", state, f.log)
			}
		}
		time.Sleep(2 * time.Second) // The last calls end.
	})
}

func TestABusyPeerThatHangsIsNotWaitedForForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		for range 1000 {
			_ = f.Call(t.Context(), true, ending(succeeded).attempt)
		}
		failures := 0
		for f.value(t, "outbound_breaker_state") == 0 && failures < 100 {
			_ = f.Call(t.Context(), false, ending(broken).attempt)
			failures++
		}
		if failures != 20 {
			t.Errorf("the breaker opened after %d failures in a row, want 20", failures)
		}
	})
}

func TestTheBreakerDoesNotCount(t *testing.T) {
	t.Run("refusals", func(t *testing.T) {
		f := newFixture(t, config())
		for range 100 {
			_ = f.Call(t.Context(), true, ending(refused).attempt)
		}
		if f.value(t, "outbound_breaker_state") != 0 {
			t.Error("the breaker opened on refusals")
		}
	})
	t.Run("callers who hang up", func(t *testing.T) {
		f := newFixture(t, config())
		for range 100 {
			ctx, cancel := context.WithCancel(t.Context())
			err := f.Call(ctx, true, func(ctx context.Context, number int) outbound.Result {
				cancel()
				return hang(ctx, number)
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("Call: %v, want %v", err, context.Canceled)
			}
		}
		if f.value(t, "outbound_breaker_state") != 0 {
			t.Error("the breaker opened on callers who hung up")
		}
	})
	t.Run("what is older than the window", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, config())
			for range 100 {
				_ = f.Call(t.Context(), false, ending(broken).attempt)
				time.Sleep(600 * time.Millisecond) // 17 in a window
			}
			if f.value(t, "outbound_breaker_state") != 0 {
				t.Error("the breaker opened on fewer attempts than it needs")
			}
		})
	})
}

func TestErrorsHaveAMeaning(t *testing.T) {
	notFound := errors.New("404")
	tests := map[string]struct {
		cause error
		kind  fault.Kind
		is    error
	}{
		"unavailable":  {errAway, fault.Unavailable, outbound.ErrUnavailable},
		"time ran out": {context.DeadlineExceeded, fault.Internal, context.DeadlineExceeded},
		"a refusal":    {notFound, fault.Internal, notFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := newFixture(t, config()).Call(t.Context(), false, ending(outbound.Result{Err: test.cause}).attempt)
			if got := fault.KindOf(err); got != test.kind || !errors.Is(err, test.is) {
				t.Errorf("%v is a fault of kind %d, want %d, and %v", err, got, test.kind, test.is)
			}
			var failure *outbound.Error
			if !errors.As(err, &failure) || failure.Peer != "inventory" || !strings.HasPrefix(err.Error(), "inventory: ") {
				t.Errorf("%v does not say whom the call was for", err)
			}
		})
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	cfg := config()
	cfg.BreakerCalls = 1
	f := newFixture(t, cfg)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = f.Call(t.Context(), true, func(context.Context, int) outbound.Result { panic("a bug") })
	}()
	if f.value(t, "outbound_breaker_state") != 2 {
		t.Error("the breaker did not count the panic")
	}
}

func TestPeersShareTheirMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	d := outbound.Deps{Log: slog.New(slog.DiscardHandler), Registry: registry}
	for _, name := range []string{"inventory", "shipping"} {
		peer, err := outbound.NewPeer(name, config(), d)
		if err != nil {
			t.Fatal(err)
		}
		_ = peer.Call(t.Context(), true, ending(away, succeeded).attempt)
	}
	if _, err := outbound.NewPeer("shipping", config(), d); err == nil {
		t.Error("two peers have one name")
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, family := range families {
		for _, m := range family.GetMetric() {
			got = append(got, fmt.Sprintf("%s{%s}", family.GetName(), m.GetLabel()[0].GetValue()))
		}
	}
	want := []string{
		"outbound_breaker_state{inventory}", "outbound_breaker_state{shipping}",
		"outbound_retries_refused_total{inventory}", "outbound_retries_refused_total{shipping}",
		"outbound_retries_total{inventory}", "outbound_retries_total{shipping}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	cfg := config()
	if err := cfg.Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	cfg.Reserve = cfg.Timeout
	if err := cfg.Validate(); err == nil || !strings.HasPrefix(err.Error(), "RESERVE ") {
		t.Errorf("Validate: %v, want an error that begins with the key", err)
	}
}
