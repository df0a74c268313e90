// Package tlsclient decides how connections to servers of others, such as databases, are encrypted.
package tlsclient

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

// Config returns how a client encrypts, with TLS 1.2 or newer. It trusts the authorities in the PEM file authorities;
// without one, those of the system. Errors begin with key, the configuration key that names the file.
func Config(key, authorities string) (*tls.Config, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if authorities == "" {
		return settings, nil
	}
	pem, err := os.ReadFile(filepath.Clean(authorities))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	settings.RootCAs = x509.NewCertPool()
	if !settings.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate in %s", key, authorities)
	}
	return settings, nil
}

// Transport returns how HTTP servers of others are reached that are asked seldom, with the encryption of [Config].
func Transport(key, authorities string) (*http.Transport, error) {
	encryption, err := Config(key, authorities)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:             http.ProxyFromEnvironment,
		TLSClientConfig:   encryption,
		ForceAttemptHTTP2: true,
		// A connection that is kept is most often dead when the next request is due.
		DisableKeepAlives: true,
	}, nil
}
