package adminserver

import (
	"fmt"
	"net/http"
	"net/http/pprof"
	"strconv"
)

// longestProfile is the most seconds that a profile may take. While a CPU profile or trace is taken no other can be.
const longestProfile = 60

// profiles serves what the pprof tool reads.
func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seconds := r.FormValue("seconds")
		if n, err := strconv.ParseFloat(seconds, 64); seconds != "" && (err != nil || !(n <= longestProfile)) {
			http.Error(w, fmt.Sprintf("seconds must be a number up to %d", longestProfile), http.StatusBadRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
