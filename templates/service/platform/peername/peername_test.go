package peername_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/url"
	"testing"

	"create-service/templates/service/platform/peername"
)

func TestOf(t *testing.T) {
	spiffe := &url.URL{Scheme: "spiffe", Host: "acme.example", Path: "/orders"}
	for name, c := range map[string]struct {
		shown *x509.Certificate
		want  string
	}{
		"a URI before all":      {&x509.Certificate{URIs: []*url.URL{spiffe}, DNSNames: []string{"orders"}}, "spiffe://acme.example/orders"},
		"the first DNS name":    {&x509.Certificate{DNSNames: []string{"orders", "orders.svc"}, Subject: pkix.Name{CommonName: "x"}}, "orders"},
		"at least a commonname": {&x509.Certificate{Subject: pkix.Name{CommonName: "x"}}, "x"},
		"nothing":               {&x509.Certificate{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := peername.Of(&tls.ConnectionState{PeerCertificates: []*x509.Certificate{c.shown}}); got != c.want {
				t.Errorf("the name is %q, want %q", got, c.want)
			}
		})
	}
	if got := peername.Of(nil) + peername.Of(&tls.ConnectionState{}); got != "" {
		t.Errorf("a connection without a certificate has the name %q", got)
	}
}
