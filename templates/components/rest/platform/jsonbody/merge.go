package jsonbody

import (
	"encoding/json"
	"fmt"
)

// Merge reads the member into *dst as a merge patch does (RFC 7396): an object is merged into the object that *dst
// holds, its nulls taking members away; anything else replaces it. For every other type [To] does the same.
func Merge(name string, dst *json.RawMessage) Field {
	return Field{name: name, read: func(value []byte) error {
		if isNull(value) {
			*dst = nil
			return nil
		}
		var patch json.RawMessage
		if err := parseAny(value, &patch); err != nil {
			return err
		}
		merged, err := merge(*dst, patch)
		*dst = merged
		return err
	}}
}

// merge is MergePatch of RFC 7396 section 2.
func merge(target, patch json.RawMessage) (json.RawMessage, error) {
	changes, isObject := object(patch)
	if !isObject {
		return patch, nil
	}
	result, isObject := object(target)
	if !isObject {
		result = map[string]json.RawMessage{}
	}
	for name, change := range changes {
		if isNull(change) {
			delete(result, name)
			continue
		}
		merged, err := merge(result[name], change)
		if err != nil {
			return nil, err
		}
		result[name] = merged
	}
	merged, err := json.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("cannot be merged: %w", err)
	}
	return merged, nil
}

// object returns the members of value, and false when it is no object.
func object(value json.RawMessage) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(value, &members)
	return members, err == nil && members != nil
}
