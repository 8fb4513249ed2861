package report

import (
	"encoding/hex"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// guid is an id in the form that nearly all objects of a tenant have.
type guid [16]byte

// guidHyphens is where the hyphens of an id are.
var guidHyphens = [...]int{8, 13, 18, 23}

const guidLength = 36

// guidOf parses an id; ok is false for ids of other forms.
func guidOf(id string) (guid, bool) {
	var g guid
	if len(id) != guidLength {
		return g, false
	}
	for _, at := range guidHyphens {
		if id[at] != '-' {
			return g, false
		}
	}
	raw := strings.ReplaceAll(id, "-", "")
	if n, err := hex.Decode(g[:], []byte(raw)); err != nil || n != len(g) || raw != strings.ToLower(raw) {
		return guid{}, false
	}
	return g, true
}

// numbers gives each object a number. It holds hundreds of thousands of them, so ids
// are kept as bytes.
type numbers struct {
	guids map[numberKey]int
	odd   map[access.Ref]int
}

type numberKey struct {
	resourceType int
	id           guid
}

func newNumbers() *numbers {
	return &numbers{guids: map[numberKey]int{}, odd: map[access.Ref]int{}}
}

// of is the number of an object; ok is false where it has none. The type is given
// twice, as a number for the small key.
func (n *numbers) of(ref access.Ref, resourceType int) (int, bool) {
	if g, ok := guidOf(ref.ID); ok {
		number, found := n.guids[numberKey{resourceType, g}]
		return number, found
	}
	number, found := n.odd[ref]
	return number, found
}

func (n *numbers) set(ref access.Ref, resourceType, number int) {
	if g, ok := guidOf(ref.ID); ok {
		n.guids[numberKey{resourceType, g}] = number
		return
	}
	n.odd[ref] = number
}
