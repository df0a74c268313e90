package adminserver

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// logLevel shows and changes the level of the logger.
type logLevel struct {
	level *slog.LevelVar
	log   *slog.Logger
}

// levelBody is the body of both methods: {"level":"DEBUG"}.
type levelBody struct {
	Level slog.Level `json:"level"`
}

func (l logLevel) get(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(levelBody{Level: l.level.Level()})
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
