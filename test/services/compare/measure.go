package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ticks is how many parts of a second /proc counts in: USER_HZ, which is 100 on every Linux that Go runs on.
const ticks = 100

// result is what one service did in one round.
type result struct {
	requests int
	took     time.Duration
	cpu      time.Duration
}

func (r result) rate() float64 { return float64(r.requests) / r.took.Seconds() }

// each is the processor time of one request, in microseconds.
func (r result) each() float64 { return float64(r.cpu.Microseconds()) / float64(r.requests) }

// round is one of each.
type round struct {
	generated, byHand result
}

func (r round) ratio() float64 { return r.generated.each() / r.byHand.each() }

// measure lets both services answer in turns, each first in every other round. The first round only warms up.
func (w *world) measure(ctx context.Context) ([]round, error) {
	var all []round
	for n := range w.rounds + 1 {
		var r round
		turns := []func() error{
			func() (err error) { r.generated, err = w.turn(ctx, w.generated.API, w.generated.PID()); return err },
			func() (err error) {
				r.byHand, err = w.turn(ctx, w.byHand.addr, w.byHand.process.Process.Pid)
				return err
			},
		}
		if n%2 == 1 {
			slices.Reverse(turns)
		}
		for _, turn := range turns {
			if err := turn(); err != nil {
				return nil, err
			}
		}
		if n > 0 {
			all = append(all, r)
		}
	}
	if w.profile == "" {
		return all, nil
	}
	return all, w.takeProfile(ctx)
}

// turn measures one service.
func (w *world) turn(ctx context.Context, addr string, pid int) (result, error) {
	before, err := processorTime(pid)
	if err != nil {
		return result{}, err
	}
	began := time.Now()
	if err := load(ctx, addr, w.paths, w.clients, w.requests); err != nil {
		return result{}, err
	}
	took := time.Since(began)
	after, err := processorTime(pid)
	return result{requests: w.requests, took: took, cpu: after - before}, err
}

// processorTime is what a process has used, user and system.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// What stands before the last parenthesis is the name of the program; utime and stime are fields 14 and 15.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var sum int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}

// takeProfile writes a profile of the generated service at work.
func (w *world) takeProfile(ctx context.Context) error {
	loaded := make(chan error, 1)
	go func() { loaded <- load(ctx, w.generated.API, w.paths, w.clients, 4*w.requests) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.generated.Admin+"/debug/pprof/profile?seconds=5", http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	profile, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close(), <-loaded); err != nil {
		return err
	}
	return os.WriteFile(w.profile, profile, 0o600)
}

// report prints what was measured and returns the median ratio.
func report(to io.Writer, o options, rounds []round) float64 {
	column := func(of func(round) float64) []float64 {
		values := make([]float64, len(rounds))
		for i, r := range rounds {
			values[i] = of(r)
		}
		slices.Sort(values)
		return values
	}
	show := func(name string, rate, each []float64) {
		fmt.Fprintf(to, "%-10s %8.0f requests/s   %6.1f µs of processor time a request (%.1f to %.1f)\n",
			name, median(rate), median(each), each[0], each[len(each)-1])
	}
	show("generated", column(func(r round) float64 { return r.generated.rate() }), column(func(r round) float64 { return r.generated.each() }))
	show("by hand", column(func(r round) float64 { return r.byHand.rate() }), column(func(r round) float64 { return r.byHand.each() }))
	ratios := column(round.ratio)
	fmt.Fprintf(to, "ratio      %.2f (%.2f to %.2f), allowed %.2f; medians of %d rounds of %d requests by %d clients\n",
		median(ratios), ratios[0], ratios[len(ratios)-1], o.bar, len(rounds), o.requests, o.clients)
	return median(ratios)
}

func median(sorted []float64) float64 { return sorted[len(sorted)/2] }
