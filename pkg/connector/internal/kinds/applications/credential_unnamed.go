package applications

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// unnamedBytes is how much of the hash is in the key.
const unnamedBytes = 8

// keyOf is the key of the owner's next credential like this one, in the order in
// which Graph gives them. Those that nothing tells apart are numbered.
func (o *credentialOwner) keyOf(t *credentialTraits) string {
	alike := strings.Join([]string{o.ID, t.kind, t.profile["usage"], model.Timestamp(t.start), model.Timestamp(t.end), t.name}, "\x00")
	if o.unnamed == nil {
		o.unnamed = map[string]int{}
	}
	o.unnamed[alike]++
	sum := sha256.Sum256([]byte(alike + "\x00" + strconv.Itoa(o.unnamed[alike])))
	return model.UnnamedKey + hex.EncodeToString(sum[:unnamedBytes])
}

// sameKey reports whether two ids of keys are one. No id is that of no other.
func sameKey(a, b string) bool { return a != "" && strings.EqualFold(a, b) }
