package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"create-service/test/services/running"
)

// prometheus is asked over its HTTP API.
type prometheus struct {
	base string
}

// get asks and decodes the data of the answer.
func (p prometheus) get(ctx context.Context, path string, parameters url.Values, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path+"?"+parameters.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	answer := struct {
		Status, Error string
		Data          any
	}{Data: into}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("%s: %d: %w", path, response.StatusCode, err)
	}
	if answer.Status != "success" {
		return fmt.Errorf("%s %s: %s", path, parameters, answer.Error)
	}
	return nil
}

// alert is one that Prometheus has.
type alert struct {
	Labels, Annotations map[string]string
	State               string
}

func (a alert) key() string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		fmt.Fprintf(&text, "%s=%q ", name, a.Labels[name])
	}
	return text.String()
}

// isWritten reports whether the templates in its annotations became words.
func (a alert) isWritten() bool {
	for _, name := range []string{"summary", "description", "runbook_url", "dashboard_url"} {
		if text := a.Annotations[name]; text == "" || strings.Contains(text, "<error") || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
			return false
		}
	}
	return true
}

// isOfTheMachine reports whether it is about slow answers: a machine that does other things at the same time has these.
func (a alert) isOfTheMachine() bool { return a.Labels["objective"] == "latency" }

func names(alerts []alert) string {
	var all []string
	for _, a := range alerts {
		all = append(all, a.Labels["namespace"]+" "+a.Labels["alertname"])
	}
	return strings.Join(all, ", ")
}

// firing returns the alerts that are sent to people now.
func (p prometheus) firing(ctx context.Context) ([]alert, error) {
	var all struct{ Alerts []alert }
	err := p.get(ctx, "/api/v1/alerts", nil, &all)
	return slices.DeleteFunc(all.Alerts, func(a alert) bool { return a.State != "firing" }), err
}

// rulesAreRead checks that Prometheus has the rules and can evaluate each.
func (w *world) rulesAreRead(ctx context.Context, t *running.Table) error {
	if err := wait(ctx, time.Minute); err != nil {
		return err
	}
	var all struct {
		Groups []struct {
			Rules []struct{ Name, Type, Health, LastError string }
		}
	}
	if err := w.prometheus.get(ctx, "/api/v1/rules", nil, &all); err != nil {
		return err
	}
	kinds, ill := map[string]int{}, []string{}
	for _, group := range all.Groups {
		for _, rule := range group.Rules {
			kinds[rule.Type]++
			if rule.Health != "ok" {
				ill = append(ill, rule.Name+": "+rule.Health+" "+rule.LastError)
			}
		}
	}
	t.Check("Prometheus evaluates the rules", len(ill) == 0 && kinds["alerting"] > 0 && kinds["recording"] > 0,
		"%d alerts, %d recorded series; with errors: %q", kinds["alerting"], kinds["recording"], ill)
	return nil
}

// query is one of the dashboard.
type query struct {
	panel, expr string
}

// queries returns those of a service's dashboard, with its variables filled in.
func (w *world) queries(service string) (all []query, err error) {
	text, err := os.ReadFile(w.monitoring(service, "dashboard.json"))
	if err != nil {
		return nil, err
	}
	var dashboard struct {
		Panels []struct {
			Title, Type string
			Targets     []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		return nil, err
	}
	fill := strings.NewReplacer("$service", service, "$namespace", ".*", "$__rate_interval", "1m")
	row := ""
	for _, panel := range dashboard.Panels {
		if panel.Type == "row" {
			row = panel.Title
		}
		for _, target := range panel.Targets {
			all = append(all, query{panel: row + ", " + panel.Title, expr: fill.Replace(target.Expr)})
		}
	}
	return all, nil
}

// queriesAnswer asks each query of the dashboards for the time of the run.
func (w *world) queriesAnswer(ctx context.Context, t *running.Table) error {
	for _, service := range services() {
		if err := w.dashboardAnswers(ctx, t, service); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) dashboardAnswers(ctx context.Context, t *running.Table, service string) error {
	all, err := w.queries(service)
	if err != nil {
		return err
	}
	answered := 0
	for _, q := range all {
		points, err := w.points(ctx, q.expr)
		if err != nil {
			return fmt.Errorf("%s: %w", q.panel, err)
		}
		if points > 0 {
			answered++
		} else {
			t.Check(service+": "+q.panel, false, "no series: %s", q.expr)
		}
	}
	t.Check(service+": queries of the dashboard", answered == len(all), "%d of %d give a series", answered, len(all))
	return nil
}

// points returns how many numbers a query gives for the time of the run.
func (w *world) points(ctx context.Context, expr string) (count int, err error) {
	var answer struct {
		Result []struct{ Values [][2]any }
	}
	err = w.prometheus.get(ctx, "/api/v1/query_range", url.Values{
		"query": {expr}, "step": {"15s"},
		"start": {strconv.FormatInt(w.began.Unix(), 10)}, "end": {strconv.FormatInt(time.Now().Unix(), 10)},
	}, &answer)
	for _, series := range answer.Result {
		for _, value := range series.Values {
			text, _ := value[1].(string)
			if number, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(number) {
				count++
			}
		}
	}
	return count, err
}

// metricsExist checks that each metric that rules and dashboards name was exposed by the running service.
func (w *world) metricsExist(ctx context.Context, t *running.Table) error {
	for _, service := range services() {
		named, err := w.metrics(service)
		if err != nil {
			return err
		}
		var stored []string
		of := url.Values{"match[]": {fmt.Sprintf("{job=%q}", service)}}
		if err := w.prometheus.get(ctx, "/api/v1/label/__name__/values", of, &stored); err != nil {
			return err
		}
		absent := slices.DeleteFunc(slices.Clone(named), func(name string) bool { return slices.Contains(stored, name) })
		t.Check(service+": metrics", len(absent) == 0 && len(named) > 0, "rules and dashboard name %d; not exposed: %q", len(named), absent)
	}
	return nil
}

// metrics are those that the rules and the dashboard of a service name.
func (w *world) metrics(service string) ([]string, error) {
	rules, err := w.rules(service)
	if err != nil {
		return nil, err
	}
	all, err := w.queries(service)
	if err != nil {
		return nil, err
	}
	texts := []string{rules}
	for _, q := range all {
		texts = append(texts, q.expr)
	}
	named := map[string]bool{}
	for _, match := range regexp.MustCompile(`([a-zA-Z_:][\w:]*)\{`).FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		named[match[1]] = true
	}
	return slices.Sorted(maps.Keys(named)), nil
}
