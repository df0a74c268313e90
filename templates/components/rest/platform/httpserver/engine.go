package httpserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/problem"
)

// newEngine returns a Gin engine with the whole chain and no routes.
func newEngine(cfg Config, d Deps) (*gin.Engine, error) {
	// Gin has its mode only as a process-wide variable, and all that it does is print routes and warnings to stdout,
	// between the JSON lines. Whoever else sets it in this process wants the same.
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	// Routes match the path as sent when that differs from its plain form, so that an encoded slash stays inside its
	// segment. Gin would also match the escaped form of every path (UseEscapedPath), which costs more.
	e.UseRawPath = true
	if err := e.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	chain, err := newChain(cfg, d)
	if err != nil {
		return nil, err
	}
	e.Use(chain...)
	e.NoRoute(func(c *gin.Context) { refuse(c, problem.OfStatus(http.StatusNotFound)) })
	e.NoMethod(methodNotAllowed)
	return e, nil
}

// methodNotAllowed answers 405. Gin has listed the methods that have a route; HEAD comes with GET.
func methodNotAllowed(c *gin.Context) {
	allowed := strings.Split(c.Writer.Header().Get("Allow"), ", ")
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	c.Header("Allow", strings.Join(allowed, ", "))
	refuse(c, problem.OfStatus(http.StatusMethodNotAllowed))
}
