package connector

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// lookUpPrincipals tells which of those that hold access are in the snapshot, and what
// they are in it.
type principals struct {
	people *listedPeople
	groups map[string]groupTraits
	// objects are the resource types of service principals and devices.
	objects map[string]string
	// adGroups are groups that are left out on purpose, but not the access that
	// people have through them.
	adGroups map[string]bool
	// through is what has to be read for that access.
	through []workItem
}

// lookUpPrincipals looks up groups and other objects by id, and has the people at hand.
func lookUpPrincipals(ctx context.Context, ix index, groups, objects []string) (*principals, error) {
	var p principals
	var err error
	if p.people, err = peopleOf(ctx, ix); err != nil {
		return nil, err
	}
	if p.groups, err = get[groupTraits](ctx, ix, keyGroup, groups); err != nil {
		return nil, err
	}
	if p.objects, err = ix.objects(ctx, objects); err != nil {
		return nil, err
	}
	if len(p.groups) < len(groups) {
		p.adGroups, err = get[bool](ctx, ix, keyADGroup, groups)
	}
	return &p, err
}

// typeOf is the resource type of a principal, if it is in the snapshot. What is
// left out is counted in left.
func (p *principals) typeOf(kind graph.ObjectKind, id string, left *tally) (string, bool) {
	switch kind {
	case graph.KindUser:
		if p.people.has(id) {
			return typeUser, true
		}
		left.add(leftUnlistedPerson, 1)
		return "", false
	case graph.KindGroup:
		if _, ok := p.groups[id]; ok {
			return typeGroup, true
		}
	case graph.KindServicePrincipal:
		if resourceType, ok := p.objects[id]; ok {
			return resourceType, true
		}
	default:
		if resourceType, ok := p.objects[id]; ok && kind == graph.KindDevice {
			return resourceType, true
		}
		left.add(notSynced(kind.String()), 1)
		return "", false
	}
	left.add(leftUnlisted, 1)
	return "", false
}

// kindOf is what an id is in the snapshot; graph.KindOther if it is in nothing that
// was listed.
func (p *principals) kindOf(id string) graph.ObjectKind {
	if _, ok := p.groups[id]; ok || p.adGroups[id] {
		return graph.KindGroup
	}
	switch resourceType := p.objects[id]; {
	case resourceType == typeDevice:
		return graph.KindDevice
	case slices.Contains(servicePrincipalTypes, resourceType):
		return graph.KindServicePrincipal
	case p.people.listed(id):
		return graph.KindUser
	default:
		return graph.KindOther
	}
}

// skippedGroup notes that people hold an entitlement through a group that is
// left out, and reports whether it is one.
func (p *principals) skippedGroup(kind graph.ObjectKind, id, entitlement string) bool {
	if kind != graph.KindGroup || !p.adGroups[id] {
		return false
	}
	p.through = append(p.through, workItem{ID: id, On: entitlement})
	return true
}

// principalsOf looks up the groups, service principals and devices among the
// rows.
func principalsOf(ctx context.Context, ix index, read []workResult[graph.Reference]) (*principals, error) {
	var groups, objects []string
	for _, r := range read {
		if err := graph.Typed(r.rows); err != nil {
			return nil, err
		}
		for _, row := range r.rows {
			switch row.Kind() {
			case graph.KindGroup:
				groups = append(groups, objectID(row.ID))
			case graph.KindServicePrincipal, graph.KindDevice:
				objects = append(objects, objectID(row.ID))
			default:
			}
		}
	}
	return lookUpPrincipals(ctx, ix, groups, objects)
}

// principalsAmong looks up the groups and service principals among references.
func principalsAmong(ctx context.Context, ix index, refs []graph.Reference) (*principals, error) {
	return principalsOf(ctx, ix, []workResult[graph.Reference]{{rows: refs}})
}
