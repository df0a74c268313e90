// Package etag writes the version of what an answer shows as an entity tag, the same for every API.
package etag

import "strconv"

// Of returns the strong entity tag of a version: `"3"`.
func Of(version int64) string {
	return strconv.Quote(strconv.FormatInt(version, 10))
}

// Version returns the version, 1 or above, that a tag stands for, and false for every text that [Of] does not give:
// `"03"` was never given out.
func Version(tag string) (version int64, ours bool) {
	if len(tag) < len(`""`) {
		return 0, false
	}
	version, err := strconv.ParseInt(tag[1:len(tag)-1], 10, 64)
	return version, err == nil && version > 0 && Of(version) == tag
}
