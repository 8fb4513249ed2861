package snapshotdiff

import (
	"context"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// survey is what is to be known of a snapshot's objects before they are compared. It
// takes one walk over those that are no people, who come last.
type survey struct {
	// data are the data sets that there are objects of.
	data map[string]bool
	// roles are the roles, in the tenant and at a scope, by what they are called.
	roles map[access.Ref]string
	// apis are the APIs whose permissions give much, with their appIds.
	apis map[access.Ref]string
}

func (s *Snapshot) lookOver(ctx context.Context) (*survey, error) {
	seen := &survey{data: map[string]bool{}, roles: map[access.Ref]string{}, apis: map[access.Ref]string{}}
	for r, err := range s.Resources(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.Path, err)
		}
		ref := access.Ref{Type: r.GetId().GetResourceType(), ID: r.GetId().GetResource()}
		if ref.Type >= typeUser {
			break
		}
		if data := dataOfResource(r); data != "" {
			seen.data[data] = true
		}
		switch ref.Type {
		case typeRole, typeScopedRole:
			seen.roles[ref] = r.GetDisplayName()
		case typeApplication:
			if id := strings.ToLower(profileText(r, "appId")); powers.IsAPI(id) {
				seen.apis[ref] = id
			}
		}
	}
	return seen, nil
}
