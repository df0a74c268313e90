package config_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/platform/config"
)

type server struct {
	Addr    string        `env:"ADDR" envDefault:":8080"`
	Timeout time.Duration `env:"TIMEOUT" envDefault:"5s" min:"1s" max:"1m"`
	Limit   int           `env:"LIMIT" envDefault:"10" min:"1" max:"100"`
	Ratio   float64       `env:"RATIO" envDefault:"0.5" min:"0" max:"1"`
	Burst   uint8         `env:"BURST" envDefault:"3" max:"9"`
	Debug   bool          `env:"DEBUG" envDefault:"false"`
	Level   slog.Level    `env:"LEVEL" envDefault:"info"`
	Proxies []string      `env:"PROXIES"`
}

type database struct {
	Addr     string        `env:"DATABASE_ADDR,required"`
	Password config.Secret `env:"DATABASE_PASSWORD" secret:"true"`
	Pin      int           `env:"DATABASE_PIN" secret:"true"`
}

// Validate refuses two addresses that go together badly, each with its own message.
func (d database) Validate() error {
	var port, host error
	if strings.HasSuffix(d.Addr, ":0") {
		port = errors.New("DATABASE_ADDR must have a port")
	}
	if strings.HasPrefix(d.Addr, "localhost") {
		host = errors.New("DATABASE_ADDR must not be this machine")
	}
	return errors.Join(port, host)
}

type settings struct {
	Server   server
	Database database
}

func defaults() settings {
	return settings{
		Server:   server{Addr: ":8080", Timeout: 5 * time.Second, Limit: 10, Ratio: 0.5, Burst: 3},
		Database: database{Addr: "db:3306"},
	}
}

// write puts a file into a new directory and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadFillsFromTheSources(t *testing.T) {
	tests := []struct {
		name    string
		file    string
		secrets map[string]string
		environ []string
		want    func(*settings)
	}{
		{
			name:    "defaults",
			environ: []string{"DATABASE_ADDR=db:3306"},
			want:    func(*settings) {},
		},
		{
			name:    "environment",
			environ: []string{"DATABASE_ADDR=db:3306", "TIMEOUT=250ms", "TIMEOUT=7s", "DEBUG=true", "LEVEL=warn", "PROXIES=10.0.0.0/8,10.1.0.0/16", "BURST=9", "UNRELATED=x"},
			want: func(s *settings) {
				s.Server.Timeout, s.Server.Debug, s.Server.Level, s.Server.Burst = 7*time.Second, true, slog.LevelWarn, 9
				s.Server.Proxies = []string{"10.0.0.0/8", "10.1.0.0/16"}
			},
		},
		{
			name: "a value with an equals sign", environ: []string{"DATABASE_ADDR=db:3306", "ADDR=a=b="},
			want: func(s *settings) { s.Server.Addr = "a=b=" },
		},
		{
			name: "file",
			file: "# comment\nDATABASE_ADDR: db:3306\nLIMIT: 12\nRATIO: 1e-1\nDEBUG: true\nADDR: 'quoted # text'\nTIMEOUT: \"9s\" # nine\n",
			want: func(s *settings) {
				s.Server.Limit, s.Server.Ratio, s.Server.Debug, s.Server.Addr, s.Server.Timeout = 12, 0.1, true, "quoted # text", 9*time.Second
			},
		},
		{
			name: "a file's texts stay as they are written",
			file: "DATABASE_ADDR: db:3306\nADDR: 0010\nDATABASE_PASSWORD: no\n",
			want: func(s *settings) { s.Server.Addr, s.Database.Password = "0010", "no" },
		},
		{
			name: "a block of text", file: "DATABASE_ADDR: db:3306\nDATABASE_PASSWORD: |-\n  one\n  two\n",
			want: func(s *settings) { s.Database.Password = "one\ntwo" },
		},
		{
			name: "empty file", file: "# nothing\n", environ: []string{"DATABASE_ADDR=db:3306"},
			want: func(*settings) {},
		},
		{
			name:    "secrets lose one line end",
			secrets: map[string]string{"DATABASE_ADDR": "db:3306\n", "DATABASE_PASSWORD": " p\n\r\n", ".hidden": "x"},
			want:    func(s *settings) { s.Database.Password = " p\n" },
		},
		{
			name:    "later sources win",
			file:    "DATABASE_ADDR: file\nADDR: file\nDATABASE_PASSWORD: file\n",
			secrets: map[string]string{"ADDR": "secret", "DATABASE_PASSWORD": "secret"},
			environ: []string{"DATABASE_PASSWORD=environment"},
			want: func(s *settings) {
				s.Database.Addr, s.Server.Addr, s.Database.Password = "file", "secret", "environment"
			},
		},
		{
			name:    "an empty value counts as not set",
			file:    "DATABASE_ADDR: db:3306\nADDR: file\nLIMIT:\nRATIO: \"\"\n",
			secrets: map[string]string{"ADDR": "\n"},
			environ: []string{"TIMEOUT="},
			want:    func(s *settings) { s.Server.Addr = "file" },
		},
		{
			name:    "an empty value in the environment takes back what the others say",
			file:    "DATABASE_ADDR: db:3306\nADDR: file\nDATABASE_PASSWORD: file\n",
			secrets: map[string]string{"DATABASE_PASSWORD": "secret"},
			environ: []string{"ADDR=", "DATABASE_PASSWORD="},
			want:    func(*settings) {},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			environ := test.environ
			if test.file != "" {
				environ = append(environ, "CONFIG_FILE="+write(t, "config.yaml", test.file))
			}
			if test.secrets != nil {
				environ = append(environ, "SECRETS_DIR="+directory(t, test.secrets))
			}
			var got settings
			if err := config.Load(&got, environ); err != nil {
				t.Fatal(err)
			}
			want := defaults()
			test.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Load() (-want +got):\n%s", diff)
			}
		})
	}
}

func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	path := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(path, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestLoadReadsAMountedSecret(t *testing.T) {
	mount := t.TempDir()
	version := filepath.Join(mount, "..2026_11_22_10_00_00.1")
	if err := os.Mkdir(version, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(version, "DATABASE_ADDR"), []byte("db:3306"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"..data": filepath.Base(version), "DATABASE_ADDR": "..data/DATABASE_ADDR"} {
		if err := os.Symlink(target, filepath.Join(mount, link)); err != nil {
			t.Fatal(err)
		}
	}
	var got settings
	if err := config.Load(&got, []string{"SECRETS_DIR=" + mount}); err != nil {
		t.Fatal(err)
	}
	if got.Database.Addr != "db:3306" {
		t.Errorf("DATABASE_ADDR = %q, want db:3306", got.Database.Addr)
	}
}

func TestASecretOfAnotherReleaseDoesNotStopTheStart(t *testing.T) {
	secrets := directory(t, map[string]string{
		"DATABASE_PASSWORD": "s3cret", "NEXT_PASSWORD": "s3cret", "LARGE": strings.Repeat("x", 1<<20+1), ".hidden": "x",
	})
	if err := os.Mkdir(filepath.Join(secrets, "lost+found"), 0o700); err != nil {
		t.Fatal(err)
	}
	environ := []string{"DATABASE_ADDR=db:3306", "SECRETS_DIR=" + secrets}
	var got settings
	if err := config.Load(&got, environ); err != nil {
		t.Fatal(err)
	}
	if got.Database.Password != "s3cret" {
		t.Error("the key that is known is not read")
	}
	if diff := cmp.Diff([]string{"LARGE", "NEXT_PASSWORD", "lost+found"}, config.UnknownSecrets(&got, environ)); diff != "" {
		t.Errorf("UnknownSecrets() (-want +got):\n%s", diff)
	}
}

func TestThereAreNoUnknownSecretsWithoutADirectory(t *testing.T) {
	for _, environ := range [][]string{nil, {"SECRETS_DIR="}, {"SECRETS_DIR=/absent/directory"}} {
		if got := config.UnknownSecrets(&settings{}, environ); len(got) != 0 {
			t.Errorf("UnknownSecrets(%q) = %q, want none", environ, got)
		}
	}
}

func TestLoadWantsAPointerToAStruct(t *testing.T) {
	for _, cfg := range []any{nil, settings{}, new(int), (*settings)(nil)} {
		if err := config.Load(cfg, nil); err == nil {
			t.Errorf("Load(%T) = nil, want an error", cfg)
		}
	}
}
