package adminserver

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
)

// logLevel shows and changes the level of the logger. Both ways the body is {"level":"DEBUG"}.
type logLevel struct {
	level *slog.LevelVar
	log   *slog.Logger
}

func (l logLevel) get(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, "{\"level\":%q}\n", l.level.Level())
}

func (l logLevel) put(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Level *slog.Level `json:"level"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || body.Level == nil {
		http.Error(w, `the body must be {"level":"debug"}, or info, warn or error`, http.StatusBadRequest)
		return
	}
	before := l.level.Level()
	l.level.Set(*body.Level)
	l.log.WarnContext(r.Context(), "log level changed", "from", before.String(), "to", body.Level.String())
	l.get(w, r)
}
