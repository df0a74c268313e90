package certificates_test

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/tls/platform/certificates"
	"create-service/templates/components/tls/platform/certtest"
)

func TestWhoIsLetIn(t *testing.T) {
	authority := newAuthority(t)
	server := join(t, authority, certtest.Leaf{Names: []string{"orders"}})
	addr := server.serve(t)
	known := clientOf(t, authority, certtest.Leaf{})
	nobody, old := known.Clone(), known.Clone()
	nobody.Certificates, nobody.GetClientCertificate = nil, nil
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	stranger := clientOf(t, newAuthority(t), certtest.Leaf{})
	stranger.RootCAs = known.RootCAs
	late := clientOf(t, authority, certtest.Leaf{Lifetime: -time.Minute})

	for name, c := range map[string]struct {
		cfg  *tls.Config
		want string
	}{
		"known":             {known, ""},
		"no certificate":    {nobody, "certificate required"},
		"another authority": {stranger, "unknown certificate authority"},
		"expired":           {late, "expired certificate"},
		"TLS 1.2":           {old, "protocol version not supported"},
	} {
		t.Run(name, func(t *testing.T) {
			state, err := connect(t, addr, c.cfg)
			if c.want == "" {
				require.NoError(t, err)
				require.Equal(t, uint16(tls.VersionTLS13), state.Version)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	require.InDelta(t, 1, server.metric(t, `tls_server_handshakes_total{stage="accepted"}`), 0)
	require.InDelta(t, 5, server.metric(t, `tls_server_handshakes_total{stage="begun"}`), 0)
}

func TestAllowedPeers(t *testing.T) {
	authority := newAuthority(t)
	for name, c := range map[string]struct {
		allowed, names []string
		refused        bool
	}{
		"everybody":               {nil, []string{"shipping"}, false},
		"a name":                  {[]string{"billing", "shipping"}, []string{"shipping"}, false},
		"a name in other letters": {[]string{"Shipping.SVC"}, []string{"shipping.svc"}, false},
		"another name":            {[]string{"billing"}, []string{"shipping"}, true},
		"one label":               {[]string{"*.orders.svc"}, []string{"a.orders.svc"}, false},
		"two labels":              {[]string{"*.orders.svc"}, []string{"a.b.orders.svc"}, true},
		"a longer name":           {[]string{"orders.svc"}, []string{"orders.svc.evil"}, true},
		"a URI":                   {[]string{"spiffe://acme/ns/*/sa/shipping"}, []string{"spiffe://acme/ns/prod/sa/shipping"}, false},
		"another domain":          {[]string{"spiffe://acme/ns/*/sa/shipping"}, []string{"spiffe://evil/ns/prod/sa/shipping"}, true},
		"a segment too many":      {[]string{"spiffe://acme/ns/*"}, []string{"spiffe://acme/ns/prod/sa"}, true},
		"no URI is a name":        {[]string{"*.*.*"}, []string{"spiffe://acme"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := join(t, authority, certtest.Leaf{}, func(cfg *certificates.Config) { cfg.AllowedPeers = c.allowed })
			_, err := connect(t, server.serve(t), clientOf(t, authority, certtest.Leaf{Names: c.names}))
			require.Equal(t, c.refused, err != nil, "%v", err)
		})
	}
}

// An authority is replaced in three steps, and nobody is locked out on the way: both are trusted, certificates are renewed,
// the old one is no longer trusted.
func TestAuthorityIsReplacedInThreeSteps(t *testing.T) {
	before, after := newAuthority(t), newAuthority(t)
	server, caller := join(t, before, certtest.Leaf{}), join(t, before, certtest.Leaf{})
	addr := server.serve(t)
	reaches := func(cfg *tls.Config) error {
		t.Helper()
		_, err := connect(t, addr, cfg)
		return err
	}
	lagging := clientOf(t, before, certtest.Leaf{Trusted: []*certtest.Authority{before, after}})
	early := clientOf(t, after, certtest.Leaf{Trusted: []*certtest.Authority{before, after}})
	require.NoError(t, reaches(caller.Client()))
	require.Error(t, reaches(early))

	both := []*certtest.Authority{before, after}
	for _, p := range []*party{server, caller} {
		p.change(t, before, certtest.Leaf{Trusted: both})
		require.NoError(t, reaches(caller.Client()))
	}
	require.NoError(t, reaches(early))
	for _, p := range []*party{server, caller} {
		p.change(t, after, certtest.Leaf{Trusted: both})
		require.NoError(t, reaches(caller.Client()))
	}
	require.NoError(t, reaches(lagging))
	for _, p := range []*party{server, caller} {
		p.change(t, after, certtest.Leaf{})
		require.NoError(t, reaches(caller.Client()))
	}
	require.ErrorContains(t, reaches(lagging), "unknown certificate authority")
	require.NoError(t, reaches(early))
}

// A client that could resume its session would be in without its certificate being verified again.
func TestSessionsDoNotOutliveAnAuthority(t *testing.T) {
	before, after := newAuthority(t), newAuthority(t)
	server := join(t, before, certtest.Leaf{})
	addr := server.serve(t)
	client := clientOf(t, before, certtest.Leaf{Trusted: []*certtest.Authority{before, after}})
	client.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	for range 3 {
		state, err := connect(t, addr, client)
		require.NoError(t, err)
		require.False(t, state.DidResume)
	}
	server.change(t, after, certtest.Leaf{})
	_, err := connect(t, addr, client)
	require.ErrorContains(t, err, "unknown certificate authority")
}

func TestConnectionsOutliveARotation(t *testing.T) {
	authority := newAuthority(t)
	server := join(t, authority, certtest.Leaf{})
	listener, err := tls.Listen("tcp", "127.0.0.1:0", server.Server())
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	accepted := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			buffer := make([]byte, 1)
			for err == nil {
				if _, err = conn.Read(buffer); err == nil {
					_, err = conn.Write(buffer)
				}
			}
			_ = conn.Close()
			err = nil
		}
		accepted <- err
	}()
	conn, err := tls.Dial("tcp", listener.Addr().String(), clientOf(t, authority, certtest.Leaf{}))
	require.NoError(t, err)
	for range 3 {
		_, err = conn.Write([]byte{7})
		require.NoError(t, err)
		_, err = conn.Read(make([]byte, 1))
		require.NoError(t, err)
		server.change(t, newAuthority(t), certtest.Leaf{})
	}
	require.NoError(t, conn.Close())
	require.NoError(t, <-accepted)
}

func TestFilesThatCannotBeUsedChangeNothing(t *testing.T) {
	authority := newAuthority(t)
	other := issue(t, authority, certtest.Leaf{})
	for name, c := range map[string]struct {
		broken certtest.Files
		want   string
	}{
		"a key of another certificate": {certtest.Files{certtest.KeyFile: other[certtest.KeyFile]}, "private key does not match"},
		"half a certificate":           {certtest.Files{certtest.CertificateFile: other[certtest.CertificateFile][:100]}, "tls.crt and tls.key"},
		"an empty authority":           {certtest.Files{certtest.AuthorityFile: {}}, "ca.crt: no certificate"},
		"an authority of garbage":      {certtest.Files{certtest.AuthorityFile: []byte("garbage")}, "ca.crt: no certificate"},
		"half an authority":            {certtest.Files{certtest.AuthorityFile: slices.Concat(other[certtest.AuthorityFile], other[certtest.AuthorityFile][:200])}, "ca.crt: 1 of 2 certificates"},
		"half an authority before one": {certtest.Files{certtest.AuthorityFile: slices.Concat(other[certtest.AuthorityFile][:200], []byte("\n"), other[certtest.AuthorityFile])}, "ca.crt: 1 of 2 certificates"},
		"an expired certificate":       {issue(t, authority, certtest.Leaf{Lifetime: -time.Minute}), "tls.crt expired"},
	} {
		t.Run(name, func(t *testing.T) {
			server := join(t, authority, certtest.Leaf{})
			addr := server.serve(t)
			client := clientOf(t, authority, certtest.Leaf{})
			before, err := connect(t, addr, client)
			require.NoError(t, err)
			good, err := certtest.Read(server.dir)
			require.NoError(t, err)

			broken := maps.Clone(good)
			maps.Copy(broken, c.broken)
			require.NoError(t, broken.Write(server.dir))
			require.Eventually(t, func() bool { return server.metric(t, `tls_reloads_total{outcome="failed"}`) >= 3 }, 10*time.Second, time.Millisecond)
			require.ErrorContains(t, server.Check(t.Context()), c.want)
			require.Equal(t, 1, strings.Count(server.log.String(), "cannot be used"), "it is logged once")
			now, err := connect(t, addr, client)
			require.NoError(t, err)
			require.Equal(t, before.PeerCertificates[0].SerialNumber, now.PeerCertificates[0].SerialNumber)

			require.NoError(t, good.Write(server.dir))
			require.Eventually(t, func() bool { return server.Check(t.Context()) == nil }, 10*time.Second, time.Millisecond)
			require.Zero(t, server.metric(t, `tls_reloads_total{outcome="changed"}`))
		})
	}
}

func TestFilesThatAreAwayChangeNothing(t *testing.T) {
	authority := newAuthority(t)
	server := join(t, authority, certtest.Leaf{})
	require.NoError(t, os.Remove(filepath.Join(server.dir, "tls.key")))
	require.Eventually(t, func() bool { return server.Check(t.Context()) != nil }, 10*time.Second, time.Millisecond)
	_, err := connect(t, server.serve(t), clientOf(t, authority, certtest.Leaf{}))
	require.NoError(t, err)
}

// Files that a tool writes in place, one after the other, are taken over when all of them are there.
func TestFilesAreReplacedOneByOne(t *testing.T) {
	authority := newAuthority(t)
	server := join(t, authority, certtest.Leaf{})
	addr, client := server.serve(t), clientOf(t, authority, certtest.Leaf{})
	before, err := connect(t, addr, client)
	require.NoError(t, err)
	for name, text := range issue(t, authority, certtest.Leaf{}) {
		path := filepath.Join(server.dir, name)
		require.NoError(t, os.WriteFile(path, text[:len(text)/2], 0o600))
		time.Sleep(25 * time.Millisecond)
		_, err := connect(t, addr, client)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, text, 0o600))
	}
	require.Eventually(t, func() bool {
		now, err := connect(t, addr, client)
		return err == nil && now.PeerCertificates[0].SerialNumber.Cmp(before.PeerCertificates[0].SerialNumber) != 0
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, server.Check(t.Context()))
}

func TestClientChecksWhomItReaches(t *testing.T) {
	authority := newAuthority(t)
	caller := join(t, authority, certtest.Leaf{})
	addr := join(t, authority, certtest.Leaf{Names: []string{"orders.svc"}}).serve(t)
	named := caller.Client()
	named.ServerName = "orders.svc"
	wrong := caller.Client()
	wrong.ServerName = "billing.svc"
	_, err := connect(t, addr, named)
	require.NoError(t, err)
	_, err = connect(t, addr, wrong)
	require.ErrorAs(t, err, new(x509.HostnameError))
	_, err = connect(t, strings.Replace(addr, "localhost", "127.0.0.1", 1), caller.Client())
	require.ErrorContains(t, err, "dialled by an address")

	stranger := newAuthority(t)
	other := join(t, stranger, certtest.Leaf{Trusted: []*certtest.Authority{stranger, authority}}).serve(t)
	_, err = connect(t, other, caller.Client())
	require.ErrorAs(t, err, new(x509.UnknownAuthorityError))
}

func TestOpenWithoutCertificates(t *testing.T) {
	_, err := certificates.Open(t.Context(), config(t.TempDir()), certificates.Deps{Log: silent(), Registry: prometheus.NewRegistry()})
	require.ErrorContains(t, err, "TLS_DIR")
	require.ErrorContains(t, err, "tls.crt")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestOff(t *testing.T) {
	c, err := certificates.Open(t.Context(), certificates.Config{Mode: "off", ReloadInterval: time.Minute}, certificates.Deps{Log: silent(), Registry: prometheus.NewRegistry()})
	require.NoError(t, err)
	require.Nil(t, c.Server())
	require.Nil(t, c.Client())
	require.NoError(t, c.Check(t.Context()))
	var none *certificates.Certificates
	require.Nil(t, none.Server())
	require.Nil(t, none.Client())
}

func TestWrongSettings(t *testing.T) {
	err := certificates.Config{Mode: "maybe", AllowedPeers: []string{"a", " "}}.Validate()
	require.ErrorContains(t, err, "TLS_MODE must be mutual or off")
	require.ErrorContains(t, err, "TLS_ALLOWED_PEERS")
	for _, environment := range []string{"dev", "development", "local", "test"} {
		require.NoError(t, certificates.Config{Mode: "off"}.CheckEnvironment(environment))
	}
	for _, environment := range []string{"prod", "staging", "compose", "", "DEV"} {
		require.ErrorContains(t, certificates.Config{Mode: "off"}.CheckEnvironment(environment), "TLS_MODE must be mutual")
		require.NoError(t, certificates.Config{Mode: "mutual"}.CheckEnvironment(environment))
	}
}

func TestTheEndIsSeenComing(t *testing.T) {
	authority := newAuthority(t)
	p := join(t, authority, certtest.Leaf{Lifetime: 15 * 24 * time.Hour})
	require.NoError(t, p.Check(t.Context()))
	require.InDelta(t, 15*24*3600, p.metric(t, `tls_certificate_expiry_seconds{certificate="own"}`), 60)
	require.Greater(t, p.metric(t, `tls_certificate_expiry_seconds{certificate="authority"}`), float64(365*24*3600))
	p.change(t, authority, certtest.Leaf{Lifetime: 13 * 24 * time.Hour})
	require.ErrorContains(t, p.Check(t.Context()), "the certificate ends at")
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }
