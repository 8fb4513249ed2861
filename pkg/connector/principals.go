package connector

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// principals tells which of the groups and service principals that hold access
// are in the snapshot, and what they are in it. Users need no look-up: every
// user is.
type principals struct {
	groups            map[string]groupTraits
	servicePrincipals map[string]graph.ServicePrincipalKind
}

// principals looks up groups and service principals by id.
func (ix index) principals(ctx context.Context, groups, servicePrincipals []string) (*principals, error) {
	var p principals
	var err error
	if p.groups, err = get[groupTraits](ctx, ix, keyGroup, groups); err != nil {
		return nil, err
	}
	if p.servicePrincipals, err = get[graph.ServicePrincipalKind](ctx, ix, keySP, servicePrincipals); err != nil {
		return nil, err
	}
	return &p, nil
}

// typeOf is the resource type of a principal, if it is in the snapshot. What is
// left out is counted in left.
func (p *principals) typeOf(kind graph.ObjectKind, id string, left *tally) (string, bool) {
	switch kind {
	case graph.KindUser:
		return typeUser, true
	case graph.KindGroup:
		if _, ok := p.groups[id]; ok {
			return typeGroup, true
		}
		left.add(leftUnlisted, 1)
		return "", false
	case graph.KindServicePrincipal:
		of, ok := p.servicePrincipals[id]
		if !ok {
			left.add(leftUnlisted, 1)
			return "", false
		}
		resourceType, synced := servicePrincipalType(of)
		if !synced {
			left.add(notSynced(string(of)), 1)
		}
		return resourceType, synced
	default:
		left.add(notSynced(kind.String()), 1)
		return "", false
	}
}
