// Package apidocs serves the API's OpenAPI document and a page for people that is made from it once, at start. The
// page needs no script and nothing from elsewhere, so it works offline and under a strict content policy.
package apidocs

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"
)

// Config says whether there are docs.
type Config struct {
	// Enabled serves the OpenAPI document at /openapi.yaml and a page made from it at /docs. It is meant for
	// development: in production it tells an attacker what there is.
	Enabled bool `env:"API_DOCS" envDefault:"false"`
}

// Register adds the routes when cfg enables them. It fails on a document that cannot be read.
func Register(r gin.IRouter, cfg Config, document []byte) error {
	if !cfg.Enabled {
		return nil
	}
	page, err := Page(document)
	if err != nil {
		return err
	}
	policy := "default-src 'none'; style-src '" + styleHash() + "'; frame-ancestors 'none'"
	r.GET("/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/yaml", document) })
	r.GET("/docs", func(c *gin.Context) {
		c.Header("Content-Security-Policy", policy)
		c.Data(http.StatusOK, "text/html; charset=utf-8", page)
	})
	return nil
}

// Page returns the document, YAML or JSON, as one HTML page.
func Page(document []byte) ([]byte, error) {
	d, err := parse(document)
	if err != nil {
		return nil, err
	}
	layout, err := template.New("page").Funcs(template.FuncMap{
		"style": func() template.CSS { return style },
		"type":  typeOf,
		"link":  link,
	}).Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("api docs: %w", err)
	}
	var page bytes.Buffer
	if err := layout.Execute(&page, d); err != nil {
		return nil, fmt.Errorf("api docs: %w", err)
	}
	return page.Bytes(), nil
}

// styleHash allows exactly the page's own style.
func styleHash() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
