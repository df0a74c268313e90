package auth_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"google.golang.org/grpc/codes"

	"create-service/templates/components/auth/platform/auth"
	"create-service/templates/components/auth/platform/issuertest"
)

// TestRotationUnderLoad changes the issuer's key again and again while clients call with valid tokens, old ones and ones
// that were signed with the new key in the moment in which it was made. No call may fail.
func TestRotationUnderLoad(t *testing.T) {
	const rotations, callers = 30, 8
	issuer := issuertest.Start(t, audience)
	cfg := config(issuer)
	cfg.Refresh = 200 * time.Millisecond
	// With few tokens remembered for a short time, most calls need the key.
	cfg.CacheSize, cfg.CacheTTL = 4, 5*time.Millisecond
	verifier := open(t, cfg)
	verifier.run(t)
	apis := serveBoth(t, verifier.Guard(table()))

	var token atomic.Value
	token.Store(issuer.Token("orders.read"))
	var stopped atomic.Bool
	var calls, failures atomic.Int64
	var rounds [callers]atomic.Int64
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for ; !stopped.Load(); rounds[i].Add(1) {
				old, _ := token.Load().(string)
				for _, sent := range []string{old, issuer.Token("orders.read")} {
					calls.Add(2)
					if got := apis.call(t, []string{"Bearer " + sent}); got.status != http.StatusOK || got.code != codes.OK {
						failures.Add(1)
						t.Errorf("a valid token got %+v", got)
					}
				}
			}
		})
	}
	for range rotations {
		issuer.Rotate()
		token.Store(issuer.Token("orders.read"))
		for i := range rounds {
			for before := rounds[i].Load(); rounds[i].Load() < before+2; {
				time.Sleep(time.Millisecond)
			}
		}
		// Every caller has begun a round since: nobody has a token of the other keys any more.
		issuer.Withdraw(1)
	}
	stopped.Store(true)
	all.Wait()
	t.Logf("%d rotations, %d calls over REST and gRPC, %d failures, %d fetches of the keys", rotations, calls.Load(), failures.Load(), issuer.Fetches())
	if calls.Load() < 10*rotations {
		t.Errorf("%d calls are no load", calls.Load())
	}
}

func TestIssuerDown(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	cfg := config(issuer)
	cfg.CacheSize = 0
	verifier := open(t, cfg)
	apis := serveBoth(t, verifier.Guard(table()))
	known := issuer.Token("orders.read")
	if got := apis.call(t, []string{"Bearer " + known}); got.status != http.StatusOK {
		t.Fatalf("before the outage: %+v", got)
	}

	issuer.Rotate()
	unknown := issuer.Token("orders.read")
	issuer.SetDown(true)
	if got := apis.call(t, []string{"Bearer " + known}); got.status != http.StatusOK || got.code != codes.OK {
		t.Errorf("a token whose key is known got %+v", got)
	}
	got := apis.call(t, []string{"Bearer " + unknown})
	if got.status != http.StatusServiceUnavailable || got.code != codes.Unavailable || got.reason != string(auth.NoKeys) || got.challenge != "" {
		t.Errorf("a token whose key is not known got %+v, want 503 without a challenge", got)
	}
	if verifier.Check(t.Context()) == nil {
		t.Error("Check says that all is well")
	}

	issuer.SetDown(false)
	if got := apis.call(t, []string{"Bearer " + unknown}); got.status != http.StatusOK {
		t.Errorf("after the outage: %+v", got)
	}
	if err := verifier.Check(t.Context()); err != nil {
		t.Errorf("Check after the outage: %v", err)
	}
}

// TestStartWithoutIssuer: a service starts, and takes tokens as soon as their issuer is there.
func TestStartWithoutIssuer(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	issuer.SetDown(true)
	verifier := open(t, config(issuer))
	verifier.run(t)
	if _, err := verifier.Verify(t.Context(), issuer.Token()); reasonOf(t, err) != auth.NoKeys {
		t.Errorf("without an issuer: %v", err)
	}
	issuer.SetDown(false)
	if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
		t.Errorf("with one: %v", err)
	}
}

// TestUnknownKeysAreNoFlood: tokens with made-up keys make the issuer be asked once an interval, not once a token.
func TestUnknownKeysAreNoFlood(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	cfg := config(issuer)
	cfg.MinInterval = 100 * time.Millisecond
	verifier := open(t, cfg)
	if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
		t.Fatal(err)
	}
	stranger := ecKey(t, "nobody")
	begin := time.Now()
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			for range 3 {
				if _, err := verifier.Verify(t.Context(), issuertest.Sign(stranger, issuer.Claims(nil), nil)); reasonOf(t, err) != auth.UnknownKey {
					t.Errorf("an unknown key: %v", err)
				}
			}
		})
	}
	all.Wait()
	if most := 2 + int(time.Since(begin)/cfg.MinInterval); issuer.Fetches() > most {
		t.Errorf("%d fetches for 120 tokens in %v, want at most %d", issuer.Fetches(), time.Since(begin), most)
	}
}

// TestManyWaitForKeys: only so many calls wait; the others are asked to come again.
func TestManyWaitForKeys(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	cfg := config(issuer)
	cfg.MinInterval = time.Second
	verifier := open(t, cfg)
	if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
		t.Fatal(err)
	}
	stranger := issuertest.Sign(ecKey(t, "nobody"), issuer.Claims(nil), nil)
	var all sync.WaitGroup
	var unknown, later atomic.Int64
	for range 100 {
		all.Go(func() {
			switch _, err := verifier.Verify(t.Context(), stranger); reasonOf(t, err) {
			case auth.UnknownKey:
				unknown.Add(1)
			case auth.NoKeys:
				later.Add(1)
			default:
				t.Errorf("an unknown key: %v", err)
			}
		})
	}
	all.Wait()
	if unknown.Load() != 64 || later.Load() != 36 {
		t.Errorf("%d waited and %d did not, want 64 and 36", unknown.Load(), later.Load())
	}
}

// TestWithdrawnKey: the next fetch ends what a withdrawn key signed, remembered or not.
func TestWithdrawnKey(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	verifier := open(t, config(issuer))
	old := issuer.Token()
	if _, err := verifier.Verify(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	issuer.Rotate()
	issuer.Withdraw(1)
	if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), old); reasonOf(t, err) != auth.UnknownKey {
		t.Errorf("a token of a withdrawn key: %v", err)
	}
}

// TestWithdrawnKeyInTheBackground: nobody has to come with a new key for it.
func TestWithdrawnKeyInTheBackground(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	cfg := config(issuer)
	cfg.Refresh = 20 * time.Millisecond
	verifier := open(t, cfg)
	verifier.run(t)
	old := issuer.Token()
	if _, err := verifier.Verify(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	issuer.Rotate()
	issuer.Withdraw(1)
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, err := verifier.Verify(t.Context(), old); err != nil {
			if reasonOf(t, err) != auth.UnknownKey {
				t.Errorf("a token of a withdrawn key: %v", err)
			}
			return
		}
	}
	t.Error("a token of a withdrawn key is accepted still")
}

// TestKeySetsThatAreNone leaves the keys alone that were there.
func TestKeySetsThatAreNone(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	body := `{"keys": []}`
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
	t.Cleanup(keys.Close)
	for name, text := range map[string]string{
		"empty":            `{"keys": []}`,
		"no JSON":          `<html>`,
		"secrets alone":    `{"keys": [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}]}`,
		"encryption":       `{"keys": [{"kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB"}]}`,
		"too large":        `{"keys": [], "x": "` + string(make([]byte, 2<<20)) + `"}`,
		"not yet invented": `{"keys": [{"kty": "XYZ"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			body = text
			cfg := config(issuer)
			cfg.KeysURL = keys.URL
			if _, err := open(t, cfg).Verify(t.Context(), issuer.Token()); reasonOf(t, err) != auth.NoKeys {
				t.Errorf("with such keys: %v", err)
			}
		})
	}
}

// TestTokensWithoutKeyID are taken while there is one key that they can mean.
func TestTokensWithoutKeyID(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	verifier := open(t, config(issuer))
	key := issuer.Key()
	key.KeyID = ""
	anonymous := func() string { return issuertest.Sign(key, issuer.Claims(nil), nil) }
	if _, err := verifier.Verify(t.Context(), anonymous()); err != nil {
		t.Errorf("with one key: %v", err)
	}
	issuer.Publish()
	if _, err := verifier.Verify(t.Context(), anonymous()); err != nil {
		t.Errorf("with another key for another algorithm: %v", err)
	}
	second := issuer.Key()
	second.KeyID = "second"
	issuer.Add(jose.JSONWebKey{Key: second.Key, KeyID: "second", Algorithm: "RS256", Use: "sig"})
	if _, err := verifier.Verify(t.Context(), issuertest.Sign(second, issuer.Claims(nil), nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), anonymous()); reasonOf(t, err) != auth.UnknownKey {
		t.Errorf("with two keys: %v", err)
	}
}
