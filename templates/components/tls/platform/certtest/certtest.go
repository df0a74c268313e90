// Package certtest makes authorities and certificates for tests and for development. It writes them as Kubernetes mounts
// a Secret of cert-manager: tls.crt, tls.key and ca.crt in one directory, replaced together.
package certtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// The names of the files in a directory of certificates.
const (
	CertificateFile = "tls.crt"
	KeyFile         = "tls.key"
	AuthorityFile   = "ca.crt"
)

const (
	// lifetime is that of a certificate, as in the manifests of Kubernetes.
	lifetime = 90 * 24 * time.Hour
	// authorityLifetime is that of an authority.
	authorityLifetime = 10 * 365 * 24 * time.Hour
	// early is how long ago a certificate begins to be valid, for clocks that are late.
	early = time.Hour
)

// Authority signs certificates.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// New makes an authority that nobody knows yet.
func New(name string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-early),
		NotAfter:              time.Now().Add(authorityLifetime),
		IsCA:                  true,
		MaxPathLenZero:        true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{certificate: certificate, key: key}, nil
}

// Leaf is what a certificate is to say beside what all of them do: that it is localhost, 127.0.0.1 and ::1, a server and
// a client.
type Leaf struct {
	// Names are further DNS names and, where they have a scheme, URIs.
	Names []string
	// Lifetime is how long it is valid from now on. Zero: 90 days. Less than zero: it has expired.
	Lifetime time.Duration
	// Trusted are the authorities in ca.crt. None: the one that signs.
	Trusted []*Authority
}

// Files are the contents of a directory of certificates, by the names of the files.
type Files map[string][]byte

// Issue makes a key and signs a certificate for it.
func (a *Authority) Issue(leaf Leaf) (Files, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := leaf.template()
	if err != nil {
		return nil, err
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	encodedKey, err := encodeKey(key)
	if err != nil {
		return nil, err
	}
	trusted := leaf.Trusted
	if len(trusted) == 0 {
		trusted = []*Authority{a}
	}
	return Files{CertificateFile: encode("CERTIFICATE", certificate), KeyFile: encodedKey, AuthorityFile: bundle(trusted)}, nil
}

func (l Leaf) template() (*x509.Certificate, error) {
	valid := l.Lifetime
	if valid == 0 {
		valid = lifetime
	}
	template := &x509.Certificate{
		NotBefore:   time.Now().Add(min(valid, 0) - early),
		NotAfter:    time.Now().Add(valid),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	for _, name := range l.Names {
		if !strings.Contains(name, "://") {
			template.DNSNames = append(template.DNSNames, name)
			continue
		}
		uri, err := url.Parse(name)
		if err != nil {
			return nil, err
		}
		template.URIs = append(template.URIs, uri)
	}
	template.DNSNames = append(template.DNSNames, "localhost")
	return template, nil
}

// ClientConfig returns how a client trusts the authorities of these files and shows their certificate, also to a server that
// asks for one of another authority.
func (f Files) ClientConfig() (*tls.Config, error) {
	own, err := tls.X509KeyPair(f[CertificateFile], f[KeyFile])
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(f[AuthorityFile]) {
		return nil, fmt.Errorf("no certificate in %s", AuthorityFile)
	}
	return &tls.Config{
		MinVersion:           tls.VersionTLS13,
		Certificates:         []tls.Certificate{own},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil },
		RootCAs:              trusted,
	}, nil
}

func bundle(authorities []*Authority) []byte {
	var all bytes.Buffer
	for _, a := range authorities {
		all.Write(encode("CERTIFICATE", a.certificate.Raw))
	}
	return all.Bytes()
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return encode("PRIVATE KEY", der), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
