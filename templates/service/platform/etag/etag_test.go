package etag_test

import (
	"math"
	"testing"

	"create-service/templates/service/platform/etag"
)

func TestVersionReadsWhatOfWrites(t *testing.T) {
	for _, version := range []int64{1, 3, 10, math.MaxInt64} {
		if got, ours := etag.Version(etag.Of(version)); got != version || !ours {
			t.Errorf("%s is read as %d, %t; want %d", etag.Of(version), got, ours, version)
		}
	}
}

func TestVersionRefusesOtherTags(t *testing.T) {
	for _, tag := range []string{"", `"`, `""`, "3", `"3`, `3"`, `'3'`, `"03"`, `"+3"`, `"-3"`, `"0"`, `"x"`, `W/"3"`, `"9223372036854775808"`} {
		if version, ours := etag.Version(tag); ours {
			t.Errorf("%s is read as version %d", tag, version)
		}
	}
}
