package mysqldb

import (
	"encoding/json"

	"github.com/google/uuid"
)

// UUID returns id as an argument for a BINARY(16) column; nil is NULL.
func UUID(id *uuid.UUID) any {
	if id == nil {
		return nil
	}
	return id[:]
}

// ParseUUID reads a UUID's text as an argument for a BINARY(16) column.
func ParseUUID(text string) (any, error) {
	id, err := uuid.Parse(text)
	return id[:], err
}

// JSON returns raw as an argument for a JSON column, which takes text and no bytes; nil is NULL.
func JSON(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}
