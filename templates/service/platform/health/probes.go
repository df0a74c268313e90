package health

import (
	"encoding/json"
	"net/http"
)

// ready is the status of a process that should get requests.
const ready = "ready"

// report is the body of a probe's answer.
type report struct {
	Status string             `json:"status"`
	Checks map[string]outcome `json:"checks,omitempty"`
}

// Live answers that this process works. It looks at nothing else: a restart mends no dependency.
func (c *Checks) Live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, report{Status: "live"})
}

// Startup answers whether the process has finished starting.
func (c *Checks) Startup(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	started := c.started
	c.mu.Unlock()
	if !started {
		answer(w, http.StatusServiceUnavailable, report{Status: "starting"})
		return
	}
	answer(w, http.StatusOK, report{Status: "started"})
}

// Ready answers whether the process should get requests: it has started, every condition has held, and it is not
// draining. The body tells the last outcome of each check; the texts of errors are for the log only.
func (c *Checks) Ready(w http.ResponseWriter, _ *http.Request) {
	body := c.readiness()
	status := http.StatusOK
	if body.Status != ready {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, body)
}

// IsReady reports what [Checks.Ready] answers, for APIs that have a health service of their own.
func (c *Checks) IsReady() bool { return c.readiness().Status == ready }

func (c *Checks) readiness() report {
	c.mu.Lock()
	defer c.mu.Unlock()
	body := report{Status: ready, Checks: make(map[string]outcome, len(c.checks))}
	if !c.started {
		body.Status = "starting"
	}
	for _, k := range c.checks {
		body.Checks[k.name] = k.last
		if k.required && k.last != passing {
			body.Status = "starting"
		}
	}
	if c.draining {
		body.Status = "draining"
	}
	return body
}

func answer(w http.ResponseWriter, status int, body report) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encoded)
}
