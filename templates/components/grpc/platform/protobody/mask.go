package protobody

import (
	"slices"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"create-service/templates/service/kernel/fault"
)

// Mask says which fields of a message count.
type Mask struct {
	// paths are the fields that were named; empty: those that are given.
	paths []string
	all   bool
}

// Given is the mask of a message whose fields count when they are given.
func Given() Mask { return Mask{} }

// ReadMask reads an update_mask. Without one, the fields that are given count; "*" replaces everything (AIP-134).
func ReadMask(mask *fieldmaskpb.FieldMask) (Mask, error) {
	paths := mask.GetPaths()
	switch {
	case !slices.Contains(paths, "*"):
		return Mask{paths: paths}, nil
	case len(paths) == 1:
		return Mask{all: true}, nil
	default:
		return Mask{}, fault.Field(fault.Malformed, "update_mask", "mask", `must be "*" alone or names of fields`)
	}
}

// ReplacesAll reports whether fields that are not given lose their values.
func (m Mask) ReplacesAll() bool { return m.all }

func (m Mask) takes(f Field) bool {
	if len(m.paths) == 0 {
		return f.given
	}
	return slices.Contains(m.paths, f.name)
}
