package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/platform/config"
)

// problems loads and returns what is wrong, with the test's directory left out of the sources.
func problems(t *testing.T, directory string, environ ...string) []config.Problem {
	t.Helper()
	var got settings
	err := config.Load(&got, environ)
	if err == nil {
		return nil
	}
	var broken *config.Error
	if !errors.As(err, &broken) {
		t.Fatalf("Load() = %T %v, want *config.Error", err, err)
	}
	for i := range broken.Problems {
		p := &broken.Problems[i]
		p.Source = strings.ReplaceAll(p.Source, directory, "")
		p.Message = strings.ReplaceAll(p.Message, directory, "")
	}
	return broken.Problems
}

func TestLoadReportsEveryBadKeyAtOnce(t *testing.T) {
	got := problems(t, "", "TIMEOUT=5", "LIMIT=many", "RATIO=1.5", "BURST=10", "DEBUG=maybe", "LEVEL=loud", "DATABASE_PIN=s3cret")
	want := []config.Problem{
		{Key: "TIMEOUT", Source: "environment", Message: `is "5", which is not a duration such as 250ms, 5s or 1h30m`},
		{Key: "LIMIT", Source: "environment", Message: `is "many", which is not a whole number in the range of its type`},
		{Key: "RATIO", Source: "environment", Message: "must be at most 1"},
		{Key: "BURST", Source: "environment", Message: "must be at most 9"},
		{Key: "DEBUG", Source: "environment", Message: `is "maybe", which is not true or false`},
		{Key: "LEVEL", Source: "environment", Message: `cannot be "loud": slog: level string "loud": unknown name`},
		{Key: "DATABASE_ADDR", Message: "is required: set it in the environment, in SECRETS_DIR or in CONFIG_FILE"},
		{Key: "DATABASE_PIN", Source: "environment", Message: "is not a whole number in the range of its type"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestLoadReportsBadValues(t *testing.T) {
	tests := []struct {
		environ string
		want    config.Problem
	}{
		{environ: "TIMEOUT=999ms", want: config.Problem{Key: "TIMEOUT", Message: "must be at least 1s"}},
		{environ: "TIMEOUT=61s", want: config.Problem{Key: "TIMEOUT", Message: "must be at most 1m"}},
		{environ: "LIMIT=0", want: config.Problem{Key: "LIMIT", Message: "must be at least 1"}},
		{environ: "LIMIT=101", want: config.Problem{Key: "LIMIT", Message: "must be at most 100"}},
		{environ: "RATIO=-0.1", want: config.Problem{Key: "RATIO", Message: "must be at least 0"}},
		{environ: "RATIO=NaN", want: config.Problem{Key: "RATIO", Message: "must be a number"}},
		{environ: "RATIO=high", want: config.Problem{Key: "RATIO", Message: `is "high", which is not a number`}},
		{environ: "BURST=256", want: config.Problem{Key: "BURST", Message: `is "256", which is not a whole number from 0 in the range of its type`}},
		{environ: "DATABASE_ADDR=db:0", want: config.Problem{Key: "DATABASE_ADDR", Message: "must have a port"}},
	}
	for _, test := range tests {
		t.Run(test.environ, func(t *testing.T) {
			if !strings.HasSuffix(test.environ, ":0") {
				test.want.Source = "environment"
			}
			got := problems(t, "", "DATABASE_ADDR=db:3306", test.environ)
			if diff := cmp.Diff([]config.Problem{test.want}, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadReportsAllThatAStructSaysOfItself(t *testing.T) {
	got := problems(t, "", "DATABASE_ADDR=localhost:0")
	want := []config.Problem{
		{Key: "DATABASE_ADDR", Message: "must have a port"},
		{Key: "DATABASE_ADDR", Message: "must not be this machine"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestAStructWithABadFieldIsNotAsked(t *testing.T) {
	got := problems(t, "", "DATABASE_ADDR=localhost:0", "DATABASE_PIN=x")
	want := []config.Problem{{Key: "DATABASE_PIN", Source: "environment", Message: "is not a whole number in the range of its type"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestLoadReportsBadFiles(t *testing.T) {
	tests := []struct {
		name, file string
		want       []config.Problem
	}{
		{
			name: "unknown keys", file: "DATABASE_ADR: db\nLIMITS: 3\nlimit: 3\nsomething_else: 1\n",
			want: []config.Problem{
				{Key: "DATABASE_ADR", Source: "/config.yaml:1", Message: "is not a key of this service, did you mean DATABASE_ADDR?"},
				{Key: "LIMITS", Source: "/config.yaml:2", Message: "is not a key of this service, did you mean LIMIT?"},
				{Key: "limit", Source: "/config.yaml:3", Message: "is not a key of this service, did you mean LIMIT?"},
				{Key: "something_else", Source: "/config.yaml:4", Message: "is not a key of this service"},
			},
		},
		{
			name: "nesting", file: "ADDR:\n  host: s3cret\nPROXIES: [s3cret]\nLIMIT: &a 1\nDEBUG: *a\nRATIO: !!str 1\n1: x\n",
			want: []config.Problem{
				{Key: "ADDR", Source: "/config.yaml:1", Message: "must be a plain value, not a list, mapping, anchor, alias or tag"},
				{Key: "PROXIES", Source: "/config.yaml:3", Message: "must be a plain value, not a list, mapping, anchor, alias or tag"},
				{Key: "LIMIT", Source: "/config.yaml:4", Message: "must be a plain value, not a list, mapping, anchor, alias or tag"},
				{Key: "DEBUG", Source: "/config.yaml:5", Message: "must be a plain value, not a list, mapping, anchor, alias or tag"},
				{Key: "RATIO", Source: "/config.yaml:6", Message: "must be a plain value, not a list, mapping, anchor, alias or tag"},
				{Source: "/config.yaml:7", Message: "a key must be a plain text"},
			},
		},
		{
			name: "the same key twice", file: "ADDR: s3cret\nLIMIT: 1\nADDR: s3cret\n",
			want: []config.Problem{{Key: "CONFIG_FILE", Source: "/config.yaml:3:1", Message: `is not valid YAML: mapping key "ADDR" already defined at [1:1]`}},
		},
		{
			name: "no mapping", file: "- s3cret\n",
			want: []config.Problem{{Key: "CONFIG_FILE", Source: "/config.yaml", Message: "must be a mapping of keys to values"}},
		},
		{
			name: "two documents", file: "ADDR: s3cret\n---\nADDR: s3cret\n",
			want: []config.Problem{{Key: "CONFIG_FILE", Source: "/config.yaml", Message: "must be one YAML document"}},
		},
		{
			name: "too large", file: "# " + strings.Repeat("x", 1<<20),
			want: []config.Problem{{Key: "CONFIG_FILE", Source: "/config.yaml", Message: "has more than 1048576 bytes"}},
		},
		{
			name: "a bad value", file: "LIMIT: 1.5\n",
			want: []config.Problem{{Key: "LIMIT", Source: "/config.yaml:1", Message: `is "1.5", which is not a whole number in the range of its type`}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, "config.yaml", test.file)
			got := problems(t, filepath.Dir(path), "DATABASE_ADDR=db:3306", "CONFIG_FILE="+path)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadSurvivesHostileFiles(t *testing.T) {
	files := map[string]string{
		"not closed":     "ADDR: \"s3cret\n",
		"tab":            "ADDR:\n\t- s3cret: [\n",
		"deeply nested":  "ADDR: " + strings.Repeat("[", 10_000),
		"alias bomb":     "a: &a [s3cret]\nb: &b [*a,*a]\nADDR: [*b,*b]\n",
		"not UTF-8":      "ADDR: \xff\xfe\ns3cret",
		"zero byte":      "ADDR: s3cret\x00: [",
		"merge":          "<<: {ADDR: s3cret}\n",
		"unclosed brace": "{ADDR: s3cret",
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			var got settings
			err := config.Load(&got, []string{"DATABASE_ADDR=db:3306", "CONFIG_FILE=" + write(t, "config.yaml", content)})
			if err == nil {
				t.Fatalf("Load() = nil, want an error; got %+v", got)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("Load() = %v, which repeats a value of the file", err)
			}
		})
	}
}

func TestLoadReportsBadSecrets(t *testing.T) {
	secrets := directory(t, map[string]string{
		"DATABASE_PIN":      "s3cret",
		"DATABASE_PASSWORD": strings.Repeat("x", 1<<20+1),
	})
	if err := os.Mkdir(filepath.Join(secrets, "ADDR"), 0o700); err != nil {
		t.Fatal(err)
	}
	got := problems(t, secrets, "DATABASE_ADDR=db:3306", "SECRETS_DIR="+secrets)
	want := []config.Problem{
		{Key: "ADDR", Message: "cannot be read: read /ADDR: is a directory"},
		{Key: "DATABASE_PASSWORD", Message: "has more than 1048576 bytes"},
		{Key: "DATABASE_PIN", Message: "is not a whole number in the range of its type"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestLoadReportsMissingSources(t *testing.T) {
	got := problems(t, "", "DATABASE_ADDR=db:3306", "CONFIG_FILE=/absent/file", "SECRETS_DIR=/absent/directory")
	want := []config.Problem{
		{Key: "CONFIG_FILE", Source: "environment", Message: "cannot be opened: open /absent/file: no such file or directory"},
		{Key: "SECRETS_DIR", Source: "environment", Message: "cannot be read: open /absent/directory: no such file or directory"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestErrorIsOneLineForEachProblem(t *testing.T) {
	err := &config.Error{Problems: []config.Problem{
		{Key: "LIMIT", Source: "environment", Message: "must be at least 1"},
		{Key: "ADDR", Message: "is required"},
		{Source: "/etc/config.yaml:7", Message: "a key must be a plain text"},
	}}
	want := "the configuration is not valid:\n" +
		"  LIMIT (environment) must be at least 1\n" +
		"  ADDR is required\n" +
		"  (/etc/config.yaml:7) a key must be a plain text"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("Error() (-want +got):\n%s", diff)
	}
}
