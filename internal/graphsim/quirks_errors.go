package graphsim

import (
	"hash/fnv"
	"strings"
)

// byteOrderMark begins some errors.
const byteOrderMark = "\xef\xbb\xbf"

// marked is whether an error begins with a byte order mark: one in two does, by what is refused and where. Inside a batch
// none does, where it would break the envelope.
func (c *call) marked(code string) bool {
	if c.inBatch || !c.unkind(QuirkErrorBodies) {
		return false
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(code + " " + strings.ToLower(c.path)))
	return h.Sum32()%2 == 0
}

// nestedTwice is whether an error is nested in another: those of Privileged Identity Management are.
func (c *call) nestedTwice(e *graphError) bool {
	if e.nested {
		return true
	}
	path := strings.ToLower(c.path)
	pim := strings.Contains(path, "schedule") || strings.Contains(path, "privilegedaccess/")
	return pim && c.unkind(QuirkErrorBodies)
}
