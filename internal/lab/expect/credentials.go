package expect

import (
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// unnamed is the key that credentials without one have in rows, before their
// number among those of their owner.
const unnamed = "unnamed-"

// credentials gives the credentials that Graph can give. Of those without a key
// id it is known how many an owner has, and no more: see Unnamed.
func (b *builder) credentials() {
	count := map[string]int{}
	for _, c := range b.truth.Credentials {
		switch {
		case c.Unreadable, c.Kind == "federated" && b.o.NoFederated:
		case c.KeyID == "":
			count[c.OwnerID]++
			b.resource(typeCredential, fmt.Sprintf("%s:%s%d", c.OwnerID, unnamed, count[c.OwnerID]))
		default:
			b.resource(typeCredential, c.OwnerID+":"+c.KeyID)
		}
	}
}

// Unnamed gives a function that renames the rows of one snapshot, so that they
// can be compared with those of Snapshot: whatever a credential without a key id
// is called there, it gets the owner's next number. Every other row stays as it
// is. Each row of the snapshot has to be given once.
func Unnamed(truth *graphsim.Truth) func(row string) string {
	nameless, known, count := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, c := range truth.Credentials {
		if c.KeyID == "" {
			nameless[c.OwnerID] = true
		}
		known[c.OwnerID+":"+c.KeyID] = true
	}
	return func(row string) string {
		id, isCredential := strings.CutPrefix(row, typeCredential+":")
		owner, _, _ := strings.Cut(id, ":")
		if !isCredential || !nameless[owner] || known[id] {
			return row
		}
		count[owner]++
		return fmt.Sprintf("%s:%s:%s%d", typeCredential, owner, unnamed, count[owner])
	}
}
