// Package peername says what the other end of a TLS connection is called.
package peername

import (
	"crypto/tls"
	"crypto/x509"
)

// Of returns the name in the certificate of the other end: its URI, as SPIFFE has it, else its first DNS name, else its
// common name. It is empty for a connection without TLS, and for one whose other end showed no certificate.
func Of(connection *tls.ConnectionState) string {
	if connection == nil || len(connection.PeerCertificates) == 0 {
		return ""
	}
	return first(connection.PeerCertificates[0])
}

func first(certificate *x509.Certificate) string {
	switch {
	case len(certificate.URIs) > 0:
		return certificate.URIs[0].String()
	case len(certificate.DNSNames) > 0:
		return certificate.DNSNames[0]
	default:
		return certificate.Subject.CommonName
	}
}
