package certtest_test

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/tls/platform/certtest"
)

func TestIssue(t *testing.T) {
	authority, err := certtest.New("one")
	require.NoError(t, err)
	other, err := certtest.New("two")
	require.NoError(t, err)
	files, err := authority.Issue(certtest.Leaf{Names: []string{"orders", "spiffe://acme/orders"}, Lifetime: time.Hour, Trusted: []*certtest.Authority{other, authority}})
	require.NoError(t, err)
	cfg, err := files.ClientConfig()
	require.NoError(t, err)
	leaf := cfg.Certificates[0].Leaf
	require.WithinDuration(t, time.Now().Add(time.Hour), leaf.NotAfter, time.Minute)
	require.Equal(t, "spiffe://acme/orders", leaf.URIs[0].String())
	for _, name := range []string{"localhost", "127.0.0.1", "::1", "orders"} {
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth} {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: cfg.RootCAs, DNSName: name, KeyUsages: []x509.ExtKeyUsage{usage}})
			require.NoError(t, err, name)
		}
	}
	require.Error(t, leaf.VerifyHostname("shipping"))

	expired, err := authority.Issue(certtest.Leaf{Lifetime: -time.Second})
	require.NoError(t, err)
	pair, err := tls.X509KeyPair(expired[certtest.CertificateFile], expired[certtest.KeyFile])
	require.NoError(t, err)
	require.True(t, pair.Leaf.NotAfter.Before(time.Now()) && pair.Leaf.NotBefore.Before(pair.Leaf.NotAfter))
}

// As in Kubernetes, whoever reads while files are replaced finds them all there, and opens one version or the other.
func TestWriteReplacesAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	authority, err := certtest.New("one")
	require.NoError(t, err)
	replace := func() certtest.Files {
		files, err := authority.Issue(certtest.Leaf{})
		require.NoError(t, err)
		require.NoError(t, files.Write(dir))
		read, err := certtest.Read(dir)
		require.NoError(t, err)
		require.Equal(t, files, read)
		return files
	}
	first := replace()
	require.NotEqual(t, first, replace())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, len(first)+2, "the files, the link and one version: %v", entries)
	info, err := os.Stat(filepath.Join(dir, certtest.KeyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestDevelopment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shared")
	var all sync.WaitGroup
	problems := make([]error, 8)
	for i := range problems {
		all.Go(func() { problems[i] = certtest.Development(dir, []string{"orders", "shipping"}[i%2]) })
	}
	all.Wait()
	for _, problem := range problems {
		require.NoError(t, problem)
	}
	orders, err := certtest.Read(filepath.Join(dir, "orders"))
	require.NoError(t, err)
	shipping, err := certtest.Read(filepath.Join(dir, "shipping"))
	require.NoError(t, err)
	require.Equal(t, orders[certtest.AuthorityFile], shipping[certtest.AuthorityFile], "all trust the same authority")
	_, err = certtest.Read(filepath.Join(dir, "client"))
	require.NoError(t, err)

	require.NoError(t, certtest.Development(dir, "orders"))
	again, err := certtest.Read(filepath.Join(dir, "orders"))
	require.NoError(t, err)
	require.Equal(t, orders, again, "what lasts is left alone")

	authority, err := certtest.OpenAuthority(filepath.Join(dir, "authority"))
	require.NoError(t, err)
	ending, err := authority.Issue(certtest.Leaf{Lifetime: 24 * time.Hour})
	require.NoError(t, err)
	require.NoError(t, ending.Write(filepath.Join(dir, "orders")))
	require.NoError(t, certtest.Development(dir, "orders"))
	renewed, err := certtest.Read(filepath.Join(dir, "orders"))
	require.NoError(t, err)
	require.NotEqual(t, ending, renewed, "what is about to end is renewed")
	left, err := filepath.Glob(filepath.Join(dir, ".authority-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}
