package adminserver

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
)

// Sampling decides which share of the traces that begin here is recorded.
type Sampling interface {
	// SampleRatio returns the share, 0 to 1.
	SampleRatio() float64
	// SetSampleRatio changes it, unless nothing is exported.
	SetSampleRatio(share float64) error
}

// sampleRatio shows and changes the share. Both ways the body is {"ratio":0.1}.
type sampleRatio struct {
	sampling Sampling
	log      *slog.Logger
}

func (s sampleRatio) get(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, "{\"ratio\":%v}\n", s.sampling.SampleRatio())
}

func (s sampleRatio) put(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Ratio *float64 `json:"ratio"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || body.Ratio == nil || *body.Ratio < 0 || *body.Ratio > 1 {
		http.Error(w, `the body must be {"ratio":0.5}, with a number from 0 to 1`, http.StatusBadRequest)
		return
	}
	before := s.sampling.SampleRatio()
	if err := s.sampling.SetSampleRatio(*body.Ratio); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	s.log.WarnContext(r.Context(), "share of recorded traces changed", "from", before, "to", *body.Ratio)
	s.get(w, r)
}
