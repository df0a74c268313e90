// Package openapi holds the contract of the REST API.
package openapi

import _ "embed"

// Document is the OpenAPI 3.1 document of the API, as YAML.
//
//go:embed shipping.yaml
var Document []byte
