package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
)

// errNoName is the refusal of a server that was dialled by its address.
var errNoName = errors.New("certificates: the server was dialled by an address: its certificate is checked against a name")

// Client returns the configuration of connections to other services; nil when TLS is off. It follows the files. The
// server's certificate must have the name that was dialled.
func (c *Certificates) Client() *tls.Config {
	if c == nil || c.cfg.Mode == off {
		return nil
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &c.current.Load().own, nil
		},
		// A tls.Config has its authorities once and for all. VerifyConnection does the same check with those of now.
		InsecureSkipVerify: true,
		VerifyConnection:   c.verifyServer,
	}
}

// verifyServer is what crypto/tls does by itself for a client, with the authorities of now.
func (c *Certificates) verifyServer(connection tls.ConnectionState) error {
	if connection.ServerName == "" {
		return errNoName
	}
	shown := connection.PeerCertificates
	options := x509.VerifyOptions{
		DNSName:       connection.ServerName,
		Roots:         c.current.Load().authorities,
		Intermediates: x509.NewCertPool(),
	}
	for _, intermediate := range shown[1:] {
		options.Intermediates.AddCert(intermediate)
	}
	if _, err := shown[0].Verify(options); err != nil {
		return fmt.Errorf("certificates: %w", &tls.CertificateVerificationError{UnverifiedCertificates: shown, Err: err})
	}
	return nil
}
