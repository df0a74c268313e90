package certificates

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// files are the contents of tls.crt, tls.key and ca.crt.
type files [3][]byte

// attempts is how often the files are read until two readings are equal.
const attempts = 5

// read reads the files until nothing changes between two readings: files that are replaced one after the other, or
// between two of them, are not mixed.
func read(dir string) (files, error) {
	before, err := readOnce(dir)
	for range attempts {
		if err != nil {
			return files{}, err
		}
		var now files
		now, err = readOnce(dir)
		if now.equal(before) {
			return now, err
		}
		before = now
	}
	return files{}, fmt.Errorf("the files in %s change all the time", dir)
}

func readOnce(dir string) (all files, err error) {
	for i, name := range []string{"tls.crt", "tls.key", "ca.crt"} {
		if all[i], err = fs.ReadFile(os.DirFS(dir), name); err != nil {
			return files{}, fmt.Errorf("%s: %w", dir, err)
		}
	}
	return all, nil
}

func (f files) equal(other files) bool {
	return slices.EqualFunc(f[:], other[:], bytes.Equal)
}

// bundle is what the files say. It does not change.
type bundle struct {
	files       files
	own         tls.Certificate
	authorities *x509.CertPool
	// authoritiesEnd is when the last of the authorities ends.
	authoritiesEnd time.Time
	// server is the configuration of connections that come in.
	server *tls.Config
}

// parse makes a bundle, or says why these files cannot be used.
func parse(from files, now time.Time) (*bundle, error) {
	own, err := tls.X509KeyPair(from[0], from[1])
	if err != nil {
		return nil, fmt.Errorf("tls.crt and tls.key: %w", err)
	}
	if end := own.Leaf.NotAfter; now.After(end) {
		return nil, fmt.Errorf("tls.crt expired at %s", end.Format(time.RFC3339))
	}
	authorities, err := parseCertificates(from[2])
	if err != nil {
		return nil, fmt.Errorf("ca.crt: %w", err)
	}
	b := &bundle{files: from, own: own, authorities: x509.NewCertPool()}
	for _, authority := range authorities {
		b.authorities.AddCert(authority)
		if authority.NotAfter.After(b.authoritiesEnd) {
			b.authoritiesEnd = authority.NotAfter
		}
	}
	return b, nil
}

// parseCertificates returns all certificates of a PEM file. One that cannot be read is an error: without it, callers would
// be refused whom the file lets in.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	begun := bytes.Count(text, []byte("-----BEGIN "))
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, certificate)
	}
	if len(all) == 0 {
		return nil, errors.New("no certificate in it")
	}
	if len(all) != begun {
		return nil, fmt.Errorf("%d of %d certificates can be read", len(all), begun)
	}
	return all, nil
}
