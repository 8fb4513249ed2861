package sending

import (
	"io"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// call is one request as the rest of the package sees it.
type call struct {
	method string
	// ref is the path and query below the API root.
	ref string
	// body is sent as JSON; nil for none.
	body []byte
	// write marks a request that changes something: it goes before reads, and
	// write.go decides whether it is repeated.
	write bool
	// items are the references inside a batch; nil for a request of its own.
	// Each is metered by itself, and the envelope's success says nothing about
	// theirs.
	items []string
	// batched marks a request that was in a batch before.
	batched bool
	// eventual asks for the directory's index, which advanced queries need
	// (https://learn.microsoft.com/graph/aad-advanced-queries).
	eventual bool
	// earlier is how often the same was sent before, and slept how long it then
	// was held back because Graph was throttling.
	earlier int
	slept   time.Duration
	// consume reads a successful answer. It may run more than once, each time
	// from the start of a new answer; its error makes the answer a broken one.
	consume func(*sent, io.Reader) error
}

const (
	// readAttempts is how often a request is sent whose answer comes and cannot be
	// read, or is one of those that a tenant gets now and then for no reason.
	readAttempts = 4
	// batchReadAttempts is the same for the item of a batch, and for each request of a
	// batch that cannot be read: one that is not to be read spoils all that it is in.
	batchReadAttempts = 2
)

// metered are the references that count against a budget.
func (k call) metered() []string {
	if k.items != nil {
		return k.items
	}
	return []string{k.ref}
}

// readAttempts is how often the call is sent if its answers cannot be read.
func (k call) readAttempts() int {
	switch {
	case k.items != nil: // Its requests are sent alone then.
		return 1
	case k.batched:
		return batchReadAttempts
	}
	return readAttempts
}

// operation names the call in errors and logs: method and path. The query is
// left out: it is long and can carry page tokens.
func (k call) operation() string {
	path, _, _ := strings.Cut(k.ref, "?")
	return k.method + " " + path
}

// sent is a call under way: the permit that it goes with, the token that it is sent
// with, and its span.
type sent struct {
	*pacing.Permit
	token string
	span  *span
}
