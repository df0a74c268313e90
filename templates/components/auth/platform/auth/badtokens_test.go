package auth_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"create-service/templates/components/auth/platform/auth"
	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/grpc/platform/grpcserver"
	"create-service/templates/components/rest/platform/httpserver"
	configuration "create-service/templates/service/platform/config"
)

const (
	restRoute  = "GET /v1/orders/:id"
	restPath   = "/v1/orders/1"
	grpcMethod = "grpc.testing.TestService/UnaryCall"
)

// table asks for one scope on both APIs.
func table() auth.Table {
	return auth.Table{restRoute: auth.Needs("orders.read"), grpcMethod: auth.Needs("orders.read")}
}

// attempt is one call's Authorization, and what it must get.
type attempt struct {
	name        string
	credentials []string
	reason      auth.Reason
	status      int
	code        codes.Code
}

// answered is what an attempt got.
type answered struct {
	status    int
	challenge string
	code      codes.Code
	reason    string
}

// TestBadTokens sends every bad token over both APIs, through their real servers.
func TestBadTokens(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	weak := weakKey(t)
	issuer.Add(weak)
	issuer.Add(jose.JSONWebKey{Key: []byte("a secret that was published, of 32"), KeyID: "oct", Algorithm: "HS256"})
	apis := serveBoth(t, open(t, config(issuer)).Guard(table()))

	if got := apis.call(t, []string{"Bearer " + issuer.Token("orders.read")}); got.status != http.StatusOK || got.code != codes.OK {
		t.Fatalf("a good token got %+v", got)
	}
	rows := []string{"| token | REST | WWW-Authenticate: error | gRPC | reason |", "| --- | --- | --- | --- | --- |"}
	for _, a := range badTokens(t, issuer, weak) {
		t.Run(a.name, func(t *testing.T) {
			got := apis.call(t, a.credentials)
			rows = append(rows, fmt.Sprintf("| %s | %d | %s | %s | %s |", a.name, got.status, errorOf(got.challenge), got.code, got.reason))
			if got.status != a.status || got.code != a.code || got.reason != string(a.reason) {
				t.Errorf("got %+v, want %d, %v and %s", got, a.status, a.code, a.reason)
			}
			checkChallenge(t, a, got.challenge)
		})
	}
	t.Logf("%d bad tokens\n%s", len(rows)-2, strings.Join(rows, "\n"))
	if strings.Contains(apis.log.String(), "eyJ") {
		t.Errorf("a token was logged:\n%s", apis.log)
	}
	if !strings.Contains(apis.log.String(), `"event.reason":"expired"`) {
		t.Error("the log does not say why a token was refused")
	}
}

// checkChallenge holds WWW-Authenticate to RFC 6750: an error only for whoever tried, the scope for whom it would help.
func checkChallenge(t *testing.T, a attempt, challenge string) {
	t.Helper()
	if !strings.HasPrefix(challenge, `Bearer realm="orders"`) {
		t.Errorf("WWW-Authenticate is %q", challenge)
	}
	want := map[int]string{http.StatusUnauthorized: "invalid_token", http.StatusForbidden: "insufficient_scope", http.StatusBadRequest: "invalid_request"}[a.status]
	if a.reason == auth.Missing {
		want = "none"
	}
	if got := errorOf(challenge); got != want {
		t.Errorf("WWW-Authenticate has the error %q, want %q: %s", got, want, challenge)
	}
	if a.status == http.StatusForbidden && !strings.Contains(challenge, `scope="orders.read"`) {
		t.Errorf("WWW-Authenticate does not name the scope: %s", challenge)
	}
}

var challengeError = regexp.MustCompile(`error="([^"]*)"`)

func errorOf(challenge string) string {
	if found := challengeError.FindStringSubmatch(challenge); found != nil {
		return found[1]
	}
	return "none"
}

// badTokens are the attempts. Every token but the one that is wrong in its line would open the operation.
func badTokens(t *testing.T, issuer *issuertest.Issuer, weak jose.JSONWebKey) []attempt {
	t.Helper()
	good := map[string]any{"scope": "orders.read"}
	with := func(name string, value any) map[string]any {
		return map[string]any{"scope": "orders.read", name: value}
	}
	headed := func(header map[string]any) string { return issuertest.Sign(issuer.Key(), issuer.Claims(good), header) }
	token := issuer.Sign(good)
	parts := strings.Split(token, ".")
	other := issuertest.Start(t, audience)
	signedBy := func(key jose.JSONWebKey) string { return issuertest.Sign(key, issuer.Claims(good), nil) }
	foreign := other.Key()
	unknown := foreign
	unknown.KeyID = "nobody"
	past, future := time.Now().Add(-time.Hour).Unix(), time.Now().Add(time.Hour).Unix()

	bad := func(name string, reason auth.Reason, token string) attempt {
		return attempt{name, []string{"Bearer " + token}, reason, http.StatusUnauthorized, codes.Unauthenticated}
	}
	return []attempt{
		{"no Authorization", nil, auth.Missing, http.StatusUnauthorized, codes.Unauthenticated},
		{"another scheme (Basic)", []string{"Basic b3JkZXJzOnNlY3JldA=="}, auth.Missing, http.StatusUnauthorized, codes.Unauthenticated},
		{"two Authorizations", []string{"Bearer " + token, "Bearer " + token}, auth.Ambiguous, http.StatusBadRequest, codes.InvalidArgument},
		bad("empty token", auth.Malformed, ""),
		bad("no JWT", auth.Malformed, "opaque-token"),
		bad("two parts", auth.Malformed, parts[0]+"."+parts[1]),
		bad("empty signature", auth.WrongSignature, parts[0]+"."+parts[1]+"."),
		bad("four parts", auth.Malformed, token+"."+parts[2]),
		bad("trailing garbage", auth.Malformed, token+" x"),
		bad("base64 with padding", auth.Malformed, token+"=="),
		bad("bits left over in base64", auth.Malformed, token[:len(token)-1]+leftOver(token)),
		bad("longer than 8 KiB", auth.TooLong, issuer.Sign(with("blob", strings.Repeat("x", 8<<10)))),
		bad("encrypted (JWE)", auth.Malformed, encrypted(t, issuer)),
		bad("alg none", auth.WrongAlgorithm, forged(`{"alg":"none","kid":"key-1"}`, parts[1])),
		bad("alg None, with the signature", auth.WrongAlgorithm, encode(`{"alg":"None","kid":"key-1"}`)+"."+parts[1]+"."+parts[2]),
		bad("alg rs256 in lower case", auth.WrongAlgorithm, encode(`{"alg":"rs256","kid":"key-1"}`)+"."+parts[1]+"."+parts[2]),
		bad("HS256 with the RSA public key as secret", auth.WrongAlgorithm, signedBy(publicAsSecret(t, issuer))),
		bad("HS256 with a secret of the key set", auth.WrongAlgorithm, signedBy(jose.JSONWebKey{Key: []byte("a secret that was published, of 32"), KeyID: "oct", Algorithm: "HS256"})),
		bad("RS512, which is not on the list", auth.WrongAlgorithm, signedBy(jose.JSONWebKey{Key: issuer.Key().Key, KeyID: "key-1", Algorithm: "RS512"})),
		bad("ES256 under the id of an RSA key", auth.UnknownKey, signedBy(ecKey(t, "key-1"))),
		bad("key id that nobody has", auth.UnknownKey, signedBy(unknown)),
		bad("signed with its own jwk", auth.UnknownKey, issuertest.Sign(unknown, issuer.Claims(good), map[string]any{"jwk": unknown.Public()})),
		bad("RSA key of 1024 bits", auth.UnknownKey, signedBy(weak)),
		bad("another issuer's key under a known id", auth.WrongSignature, signedBy(foreign)),
		bad("claims changed after signing", auth.WrongSignature, parts[0]+"."+encode(`{"scope":"admin"}`)+"."+parts[2]),
		bad("signature of another token", auth.WrongSignature, parts[0]+"."+parts[1]+"."+strings.Split(issuer.Sign(good), ".")[2]),
		bad("crit", auth.Malformed, headed(map[string]any{"crit": []string{"exp"}})),
		bad("typ of a logout token", auth.WrongType, headed(map[string]any{"typ": "logout+jwt"})),
		bad("expired", auth.Expired, issuer.Sign(with("exp", past))),
		bad("without exp", auth.WrongClaims, issuer.Sign(with("exp", nil))),
		bad("exp as text", auth.WrongClaims, issuer.Sign(with("exp", "tomorrow"))),
		bad("exp beyond all time", auth.WrongClaims, issuer.Sign(with("exp", 1e300))),
		bad("nbf in the future", auth.Early, issuer.Sign(with("nbf", future))),
		bad("iat in the future", auth.Early, issuer.Sign(with("iat", future))),
		bad("another issuer", auth.WrongIssuer, issuer.Sign(with("iss", other.URL))),
		bad("issuer with a slash more", auth.WrongIssuer, issuer.Sign(with("iss", issuer.URL+"/"))),
		bad("without iss", auth.WrongClaims, issuer.Sign(with("iss", nil))),
		bad("another audience", auth.WrongAudience, issuer.Sign(with("aud", "payments"))),
		bad("a list of other audiences", auth.WrongAudience, issuer.Sign(with("aud", []string{"payments", "orders2"}))),
		bad("without aud", auth.WrongAudience, issuer.Sign(with("aud", nil))),
		bad("aud with a number", auth.WrongClaims, issuer.Sign(with("aud", []any{"orders", 1}))),
		bad("without sub", auth.WrongClaims, issuer.Sign(with("sub", nil))),
		bad("a claim given twice", auth.WrongClaims, issuertest.SignPayload(issuer.Key(), twice(issuer.Claims(good)), nil)),
		bad("claims that are no object", auth.WrongClaims, issuertest.SignPayload(issuer.Key(), []byte(`["orders.read"]`), nil)),
		bad("JSON with garbage behind it", auth.WrongClaims, issuertest.SignPayload(issuer.Key(), append(encoded(issuer.Claims(good)), '}'), nil)),
		{"without scope", []string{"Bearer " + issuer.Sign(nil)}, auth.Scope, http.StatusForbidden, codes.PermissionDenied},
		{"another scope", []string{"Bearer " + issuer.Token("orders.reader", "orders.write")}, auth.Scope, http.StatusForbidden, codes.PermissionDenied},
		{"scope in another case", []string{"Bearer " + issuer.Token("Orders.Read")}, auth.Scope, http.StatusForbidden, codes.PermissionDenied},
	}
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func forged(header, payload string) string { return encode(header) + "." + payload + "." }

func encoded(claims map[string]any) []byte {
	text, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return text
}

// twice gives the subject a second time.
func twice(claims map[string]any) []byte {
	return append(bytes.TrimSuffix(encoded(claims), []byte("}")), `,"sub":"somebody-else"}`...)
}

// leftOver is the last character of the token with a bit set that means nothing: an RS256 signature leaves four.
func leftOver(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, token[len(token)-1])+1])
}

func weakKey(t *testing.T) jose.JSONWebKey {
	t.Helper()
	t.Setenv("GODEBUG", "rsa1024min=0")
	private, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: private, KeyID: "weak", Algorithm: "RS256", Use: "sig"}
}

func ecKey(t *testing.T, id string) jose.JSONWebKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: private, KeyID: id, Algorithm: "ES256"}
}

// publicAsSecret is the attack on verifiers that let the token choose: the public key, which everybody has, as HMAC's secret.
func publicAsSecret(t *testing.T, issuer *issuertest.Issuer) jose.JSONWebKey {
	t.Helper()
	key := issuer.Key()
	der, err := x509.MarshalPKIXPublicKey(key.Public().Key)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), KeyID: key.KeyID, Algorithm: "HS256"}
}

// encrypted is a token that only the issuer can read.
func encrypted(t *testing.T, issuer *issuertest.Issuer) string {
	t.Helper()
	key := issuer.Key()
	encrypter, err := jose.NewEncrypter(jose.A128GCM, jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: key.Public().Key, KeyID: key.KeyID}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := encrypter.Encrypt(encoded(issuer.Claims(nil)))
	if err != nil {
		t.Fatal(err)
	}
	token, err := sealed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// both are the two APIs behind one guard.
type both struct {
	rest *httpserver.Server
	grpc grpc_testing.TestServiceClient
	log  *lockedBuffer
}

func serveBoth(t testing.TB, guard auth.Guard) both {
	t.Helper()
	var cfg struct {
		HTTP httpserver.Config
		GRPC grpcserver.Config
	}
	if err := configuration.Load(&cfg, nil); err != nil {
		t.Fatal(err)
	}
	log := &lockedBuffer{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	rest, err := httpserver.New(cfg.HTTP, httpserver.Deps{
		Log: logger, Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{}, Authorize: guard.Authorize,
	})
	if err != nil {
		t.Fatal(err)
	}
	rest.Router().GET("/v1/orders/:id", httpserver.Handle(greet))
	calls, err := grpcserver.New(cfg.GRPC, grpcserver.Deps{
		Domain: audience, Log: logger, Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{}, Ready: func() bool { return true }, Authorize: guard.Authorize,
	})
	if err != nil {
		t.Fatal(err)
	}
	grpc_testing.RegisterTestServiceServer(calls, greeter{})
	return both{rest: rest, grpc: grpc_testing.NewTestServiceClient(connect(t, calls)), log: log}
}

// greet fails unless it is known who calls.
func greet(c *gin.Context) error {
	p, known := auth.From(c.Request.Context())
	if !known || !p.May("orders.read") {
		return fmt.Errorf("called by %+v, who may not", p)
	}
	c.Status(http.StatusOK)
	return nil
}

type greeter struct {
	grpc_testing.UnimplementedTestServiceServer
}

func (greeter) UnaryCall(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	p, known := auth.From(ctx)
	if !known || !p.May("orders.read") {
		return nil, fmt.Errorf("called by %+v, who may not", p)
	}
	return &grpc_testing.SimpleResponse{}, nil
}

// connect serves without a network.
func connect(t testing.TB, server *grpcserver.Server) *grpc.ClientConn {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///memory",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return conn
}

// call sends the credentials over both APIs.
func (b both) call(t testing.TB, credentials []string) answered {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, restPath, http.NoBody)
	request.Header["Authorization"] = credentials
	response := httptest.NewRecorder()
	b.rest.ServeHTTP(response, request)
	got := answered{status: response.Code, challenge: response.Header().Get("WWW-Authenticate")}

	ctx := metadata.NewOutgoingContext(t.Context(), metadata.MD{"authorization": credentials})
	_, err := b.grpc.UnaryCall(ctx, &grpc_testing.SimpleRequest{})
	refusal := status.Convert(err)
	got.code = refusal.Code()
	for _, detail := range refusal.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			got.reason = info.GetMetadata()["reason"]
		}
	}
	return got
}
