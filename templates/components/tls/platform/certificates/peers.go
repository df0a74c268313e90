package certificates

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// peers are patterns of the names that callers may have. None: every name.
type peers []pattern

func newPeers(patterns []string) peers {
	all := make(peers, 0, len(patterns))
	for _, text := range patterns {
		all = append(all, newPattern(strings.TrimSpace(text)))
	}
	return all
}

// check returns nil when a caller with this certificate may come in.
func (p peers) check(certificate *x509.Certificate) error {
	if len(p) == 0 {
		return nil
	}
	for _, name := range names(certificate) {
		if slices.ContainsFunc(p, func(one pattern) bool { return one.matches(newPattern(name)) }) {
			return nil
		}
	}
	return fmt.Errorf("certificates: TLS_ALLOWED_PEERS has no name of this caller, which are %q", names(certificate))
}

// names are the DNS names and URIs of a certificate. Its common name is no name: nobody verifies what is in it.
func names(certificate *x509.Certificate) []string {
	all := slices.Clone(certificate.DNSNames)
	for _, uri := range certificate.URIs {
		all = append(all, uri.String())
	}
	return all
}

// pattern is a DNS name in its labels, or a URI in its segments.
type pattern struct {
	isURI bool
	parts []string
}

func newPattern(text string) pattern {
	if strings.Contains(text, "://") {
		return pattern{isURI: true, parts: strings.Split(text, "/")}
	}
	return pattern{parts: strings.Split(strings.ToLower(text), ".")}
}

// matches reports whether all parts of a name are those of the pattern; a * is any one.
func (p pattern) matches(name pattern) bool {
	return p.isURI == name.isURI && slices.EqualFunc(p.parts, name.parts, func(want, is string) bool {
		return want == "*" || want == is
	})
}
