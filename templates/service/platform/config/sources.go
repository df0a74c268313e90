package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The two keys that say where the other sources are. They are read from the environment only.
const (
	fileKey      = "CONFIG_FILE"
	directoryKey = "SECRETS_DIR"
)

// sourceLimit is the most bytes that are read of one file: the size limit of a ConfigMap and of a Secret.
const sourceLimit = 1 << 20

// gather merges the sources. It returns the text of each known key that has one, and what is wrong with the sources.
func gather(fields []field, environ []string) (map[string]text, []Problem) {
	environment := pairs(environ)
	known := keysOf(fields)
	fromFile, problems := readFile(environment[fileKey].value)
	fromDirectory, more := readDirectory(environment[directoryKey].value, known)
	problems = append(problems, more...)
	problems = append(problems, unknown(fromFile, known)...)

	values := map[string]text{}
	for _, source := range []map[string]text{fromFile, fromDirectory, environment} {
		for _, key := range known {
			if t, ok := source[key]; ok && t.value != "" {
				values[key] = t
			}
		}
	}
	for _, key := range known {
		if t, ok := environment[key]; ok && t.value == "" {
			delete(values, key)
		}
	}
	return values, problems
}

func pairs(environ []string) map[string]text {
	environment := make(map[string]text, len(environ))
	for _, pair := range environ {
		key, value, _ := strings.Cut(pair, "=")
		environment[key] = text{value: value, source: "environment"}
	}
	return environment
}

// unknown returns a problem for each key of a source that the service does not have.
func unknown(source map[string]text, known []string) []Problem {
	var problems []Problem
	for key, t := range source {
		if slices.Contains(known, key) {
			continue
		}
		message := "is not a key of this service"
		if closest := nearest(key, known); closest != "" {
			message += ", did you mean " + closest + "?"
		}
		problems = append(problems, Problem{Key: key, Source: t.source, Message: message})
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
	return problems
}

// readFile reads the flat YAML file at path. An empty path is no source.
func readFile(path string) (map[string]text, []Problem) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, []Problem{{Key: fileKey, Source: "environment", Message: "cannot be opened: " + err.Error()}}
	}
	defer func() { _ = file.Close() }()
	content, err := readLimited(file)
	if err != nil {
		return nil, []Problem{{Key: fileKey, Source: path, Message: err.Error()}}
	}
	return parseYAML(path, content)
}

// readDirectory reads the file of each known key. What else is there is no problem: see [UnknownSecrets]. An empty
// path is no source.
func readDirectory(path string, known []string) (map[string]text, []Problem) {
	names, err := namesIn(path)
	if err != nil {
		return nil, []Problem{{Key: directoryKey, Source: "environment", Message: "cannot be read: " + err.Error()}}
	}
	values := map[string]text{}
	var problems []Problem
	for _, key := range names {
		if !slices.Contains(known, key) {
			continue
		}
		value, err := readEntry(filepath.Join(path, key))
		if err != nil {
			problems = append(problems, Problem{Key: key, Source: path, Message: err.Error()})
			continue
		}
		values[key] = text{value: value, source: path}
	}
	return values, problems
}

// UnknownSecrets returns the names of the files in the directory that SECRETS_DIR names of which cfg, a pointer to a
// struct as for [Load], has no key. They are for a warning, and do not stop a start: a Secret is not versioned with the
// service, so it holds what the next release needs while pods of this one start, or are rolled back to.
func UnknownSecrets(cfg any, environ []string) []string {
	root, err := structBehind(cfg)
	if err != nil {
		return nil
	}
	names, err := namesIn(pairs(environ)[directoryKey].value)
	if err != nil {
		return nil // Load says so
	}
	known := keysOf(fieldsOf(root))
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(known, name) })
}

// namesIn returns the names of the files in the directory at path, in order; an empty path has none. Hidden entries are
// left out: there Kubernetes keeps the versions of a mounted Secret (..data).
func namesIn(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	return names, nil
}

// readEntry returns a file's content without the line end that editors and shells put behind it.
func readEntry(path string) (string, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return "", fmt.Errorf("cannot be opened: %w", err)
	}
	defer func() { _ = file.Close() }()
	content, err := readLimited(file)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), nil
}

func readLimited(file io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(file, sourceLimit+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if len(content) > sourceLimit {
		return nil, fmt.Errorf("has more than %d bytes", sourceLimit)
	}
	return content, nil
}
