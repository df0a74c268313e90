package certtest

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// authorityDirectory is where a directory of development certificates keeps its authority.
const authorityDirectory = "authority"

// renewBefore is how long before its end a development certificate is replaced.
const renewBefore = 30 * 24 * time.Hour

// Development sees to it that dir/name holds a certificate for a service of that name on this machine, and dir/client one
// for a person's own requests. Services that share dir trust one another: one authority, made by the first of them,
// signs all. What is there and lasts is left alone.
func Development(dir string, names ...string) error {
	authority, err := OpenAuthority(filepath.Join(dir, authorityDirectory))
	if err != nil {
		return err
	}
	for _, name := range append(names, "client") {
		if err := authority.renew(filepath.Join(dir, name), name); err != nil {
			return fmt.Errorf("the certificate of %s: %w", name, err)
		}
	}
	return nil
}

// OpenAuthority returns the authority that is kept in dir, and makes it when there is none. When several processes do so
// at once, all have that of the first.
func OpenAuthority(dir string) (*Authority, error) {
	authority, err := readAuthority(dir)
	if !errors.Is(err, os.ErrNotExist) {
		return authority, err
	}
	if authority, err = New("development"); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, err
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), ".authority-")
	if err != nil {
		return nil, err
	}
	if err := authority.keep(made); err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	// Over a directory with files in it there is no rename: another process was first.
	if err := os.Rename(made, dir); err != nil {
		if err := os.RemoveAll(made); err != nil {
			return nil, err
		}
		return readAuthority(dir)
	}
	return authority, nil
}

func (a *Authority) keep(dir string) error {
	key, err := encodeKey(a.key)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, KeyFile), key, 0o600),
		os.WriteFile(filepath.Join(dir, CertificateFile), bundle([]*Authority{a}), 0o600),
	)
}

func readAuthority(dir string) (*Authority, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, CertificateFile), filepath.Join(dir, KeyFile))
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: a %T is no key of an authority", dir, pair.PrivateKey)
	}
	return &Authority{certificate: pair.Leaf, key: key}, nil
}

// renew writes a certificate, unless there is one of this authority that lasts.
func (a *Authority) renew(dir, name string) error {
	if files, err := Read(dir); err == nil && a.lasts(files) {
		return nil
	}
	files, err := a.Issue(Leaf{Names: []string{name, name + "-grpc", "host.docker.internal"}})
	if err != nil {
		return err
	}
	return files.Write(dir)
}

func (a *Authority) lasts(files Files) bool {
	pair, err := tls.X509KeyPair(files[CertificateFile], files[KeyFile])
	if err != nil {
		return false
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(a.certificate)
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: trusted, CurrentTime: time.Now().Add(renewBefore)})
	return err == nil
}
