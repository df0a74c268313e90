package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"create-service/templates/service/platform/config"
)

func TestSecretIsPrintedNowhere(t *testing.T) {
	const hidden = "s3cret"
	cfg := struct{ Password config.Secret }{Password: hidden}
	var out bytes.Buffer
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x"} {
		_, _ = fmt.Fprintf(&out, verb+"\n", cfg.Password)
		_, _ = fmt.Fprintf(&out, verb+"\n", cfg)
		_, _ = fmt.Fprintf(&out, verb+"\n", &cfg)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "password", cfg.Password, "cfg", cfg)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "password", cfg.Password, "cfg", cfg)
	if err := json.NewEncoder(&out).Encode(cfg); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), hidden) || strings.Contains(out.String(), fmt.Sprintf("%x", hidden)) {
		t.Errorf("the secret is in:\n%s", out.String())
	}
	if cfg.Password.Reveal() != hidden {
		t.Errorf("Reveal() = %q, want %q", cfg.Password.Reveal(), hidden)
	}
}
