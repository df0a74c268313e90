package httpserver

import (
	"strings"

	"github.com/gin-gonic/gin"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/etag"
)

// SetETag names the version of what the answer shows, as a strong entity tag.
func SetETag(c *gin.Context, version int64) {
	c.Header("ETag", etag.Of(version))
}

// IfMatch returns the version that the caller means to change. Without one it is [fault.VersionRequired].
//
// The header is read as RFC 9110 section 13.1.1 says, then narrowed to one version, because one is what a use case
// compares: tags that were never given out here and weak ones match nothing, so a header of only those is
// [fault.Stale]; "*" would overwrite whatever is there and is refused like no header; two versions are malformed.
func IfMatch(c *gin.Context) (int64, error) {
	version, err := OptionalIfMatch(c)
	if err == nil && version == 0 {
		err = fault.New(fault.VersionRequired, "the header If-Match must name the version to change, as ETag gave it")
	}
	return version, err
}

// OptionalIfMatch is [IfMatch] where any version will do when the header is absent or "*": the result is then 0.
func OptionalIfMatch(c *gin.Context) (int64, error) {
	header := strings.TrimSpace(strings.Join(c.Request.Header.Values("If-Match"), ","))
	if header == "" || header == "*" {
		return 0, nil
	}
	versions, ok := parseTags(header)
	switch {
	case !ok:
		return 0, fault.New(fault.Malformed, "the header If-Match is not a list of entity tags")
	case len(versions) == 0:
		return 0, fault.New(fault.Stale, "the header If-Match names no version that can be current")
	case len(versions) > 1:
		return 0, fault.New(fault.Malformed, "the header If-Match names more than one version")
	}
	return versions[0], nil
}

// parseTags returns the distinct versions, 1 and above, in a list of entity tags, and false when it is no such list.
func parseTags(header string) (versions []int64, ok bool) {
	seen := map[int64]bool{}
	for rest := header; ; {
		tag, weak, after, ok := cutTag(rest)
		if !ok {
			return nil, false
		}
		if version, ours := etag.Version(`"` + tag + `"`); ours && !weak && !seen[version] {
			seen[version] = true
			versions = append(versions, version)
		}
		rest = strings.TrimLeft(after, " \t,")
		if rest == "" {
			return versions, true
		}
		if !strings.HasPrefix(strings.TrimLeft(after, " \t"), ",") {
			return nil, false
		}
	}
}

// cutTag splits the first entity tag off a list. The text inside the quotes may hold commas.
func cutTag(list string) (tag string, weak bool, after string, ok bool) {
	list = strings.TrimLeft(list, " \t,")
	list, weak = strings.CutPrefix(list, "W/")
	list, opened := strings.CutPrefix(list, `"`)
	tag, after, closed := strings.Cut(list, `"`)
	return tag, weak, after, opened && closed
}
