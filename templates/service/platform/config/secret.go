package config

import "log/slog"

const redacted = "[redacted]"

// Secret is a text that no formatter, logger or encoder prints.
type Secret string

// Reveal returns the text. Hand it to the client that needs it and nowhere else.
func (s Secret) Reveal() string { return string(s) }

// String hides the text from fmt.
func (s Secret) String() string { return redacted }

// GoString hides the text from fmt's %#v.
func (s Secret) GoString() string { return redacted }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the text from encoding/json and every other encoder that asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
