// Package config fills the service's configuration from defaults, a mounted ConfigMap, a mounted Secret and the
// environment, and reports everything that is wrong with it at once.
package config

import (
	"errors"
	"strings"
)

// Load fills cfg, a pointer to a struct whose fields carry env tags or are structs of such fields.
//
// A later source wins over an earlier one: the envDefault tag; the file that CONFIG_FILE names (flat YAML, a
// mounted ConfigMap); the directory that SECRETS_DIR names (a file for each key, a mounted Secret); environ, in
// the form of os.Environ. An empty value counts as not set; in the environment it also takes back what the others say.
// A key of the file that cfg does not have is a problem; for those of the directory there is [UnknownSecrets].
//
// Tags: `env:"KEY"`, `env:"KEY,required"`, `envDefault:"…"`, `min:"…"` and `max:"…"` (inclusive, for numbers and
// durations), `secret:"true"` (the value is never part of a message). A struct within may have `envPrefix:"PEER_"`, which
// its keys begin with, so that there can be several of its type. Every struct with a method Validate() error is then
// asked; each line of its error begins with the key, without the prefix.
//
// The error is an [*Error] with all problems, or nil.
func Load(cfg any, environ []string) error {
	root, err := structBehind(cfg)
	if err != nil {
		return err
	}
	fields := fieldsOf(root)
	values, problems := gather(fields, environ)
	broken := map[string]bool{}
	for _, f := range fields {
		if p, ok := f.fill(values); !ok {
			problems = append(problems, p)
			broken[f.key] = true
		}
	}
	problems = append(problems, validate(root, broken)...)
	if len(problems) > 0 {
		return &Error{Problems: problems}
	}
	return nil
}

// validate asks every struct that can validate itself, except those with a field that could not be filled.
func validate(root section, broken map[string]bool) []Problem {
	var problems []Problem
	for _, s := range root.sections() {
		v, ok := s.value.Addr().Interface().(interface{ Validate() error })
		if !ok || s.hasAny(broken) {
			continue
		}
		for _, err := range flatten(v.Validate()) {
			problems = append(problems, problemFrom(s.named(err.Error())))
		}
	}
	return problems
}

// named returns the words of a struct, which knows its keys without their prefix, with the keys as they are set.
func (s section) named(text string) string {
	words := strings.Split(text, " ")
	for _, f := range s.own() {
		for i, word := range words {
			if word == f.name {
				words[i] = f.key
			}
		}
	}
	return strings.Join(words, " ")
}

// problemFrom splits "KEY must be …" into the key and the rest.
func problemFrom(text string) Problem {
	key, message, found := strings.Cut(text, " ")
	if !found || key != strings.ToUpper(key) {
		return Problem{Message: text}
	}
	return Problem{Key: strings.TrimSuffix(key, ":"), Message: message}
}

// flatten returns the errors that were joined into err.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}
