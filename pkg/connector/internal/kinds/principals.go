package kinds

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// LookUpPrincipals tells which of those that hold access are in the snapshot, and what
// they are in it.
type Principals struct {
	people *listedPeople
	groups map[string]model.GroupTraits
	// objects are the resource types of service principals and devices.
	objects map[string]string
	// adGroups are groups that are left out on purpose, but not the access that
	// people have through them.
	adGroups map[string]bool
	// Through is what has to be read for that access.
	Through []walk.WorkItem
}

// LookUpPrincipals looks up groups and other objects by id, and has the people at hand.
func LookUpPrincipals(ctx context.Context, ix walk.Index, groups, objects []string) (*Principals, error) {
	var p Principals
	var err error
	if p.people, err = PeopleOf(ctx, ix); err != nil {
		return nil, err
	}
	if p.groups, err = walk.Get[model.GroupTraits](ctx, ix, walk.KeyGroup, groups); err != nil {
		return nil, err
	}
	if p.objects, err = ix.Objects(ctx, objects); err != nil {
		return nil, err
	}
	if len(p.groups) < len(groups) {
		p.adGroups, err = walk.Get[bool](ctx, ix, walk.KeyADGroup, groups)
	}
	return &p, err
}

// TypeOf is the resource type of a principal, if it is in the snapshot. What is
// left out is counted in left.
func (p *Principals) TypeOf(kind graph.ObjectKind, id string, left *walk.Tally) (string, bool) {
	switch kind {
	case graph.KindUser:
		if p.people.has(id) {
			return model.TypeUser, true
		}
		left.Add(walk.LeftUnlistedPerson, 1)
		return "", false
	case graph.KindGroup:
		if _, ok := p.groups[id]; ok {
			return model.TypeGroup, true
		}
	case graph.KindServicePrincipal:
		if resourceType, ok := p.objects[id]; ok {
			return resourceType, true
		}
	default:
		if resourceType, ok := p.objects[id]; ok && (kind == graph.KindDevice || kind == graph.KindOtherTenant) {
			return resourceType, true
		}
		left.Add(walk.NotSynced(kind.String()), 1)
		return "", false
	}
	left.Add(walk.LeftUnlisted, 1)
	return "", false
}

// Of are the service principals and devices of a type.
func (p *Principals) Of(resourceType string) []string {
	var ids []string
	for id, of := range p.objects {
		if of == resourceType {
			ids = append(ids, id)
		}
	}
	return ids
}

// Shown is the resource type of an object of a kind, if the snapshot has it for
// certain: where nobody was listed who could be looked up, nobody is.
func (p *Principals) Shown(kind graph.ObjectKind, id string) (string, bool) {
	if p.adGroups[id] || p.kindOf(id) != kind {
		return "", false
	}
	switch kind {
	case graph.KindUser:
		return model.TypeUser, true
	case graph.KindGroup:
		return model.TypeGroup, true
	default:
		return p.objects[id], true
	}
}

// kindOf is what an id is in the snapshot; graph.KindOther if it is in nothing that
// was listed.
func (p *Principals) kindOf(id string) graph.ObjectKind {
	if _, ok := p.groups[id]; ok || p.adGroups[id] {
		return graph.KindGroup
	}
	switch resourceType := p.objects[id]; {
	case resourceType == model.TypeDevice:
		return graph.KindDevice
	case resourceType == model.TypePartnerPrincipal:
		return graph.KindOtherTenant
	case slices.Contains(model.ServicePrincipalTypes, resourceType):
		return graph.KindServicePrincipal
	case p.people.Listed(id):
		return graph.KindUser
	default:
		return graph.KindOther
	}
}

// Found is the resource type of somebody of whom nothing but the id is known and who
// is no group, if they are in the snapshot. In a sync that lists no people nobody can
// be taken for one.
func (p *Principals) Found(id string, left *walk.Tally) (string, bool) {
	kind := p.kindOf(id)
	if kind == graph.KindOther {
		left.Add(walk.LeftUnlisted, 1)
		return "", false
	}
	return p.TypeOf(kind, id, left)
}

// SkippedGroup notes that people hold an entitlement through a group that is
// left out, and reports whether it is one.
func (p *Principals) SkippedGroup(kind graph.ObjectKind, id, entitlement string) bool {
	if kind != graph.KindGroup || !p.adGroups[id] {
		return false
	}
	p.Through = append(p.Through, walk.WorkItem{ID: id, On: entitlement})
	return true
}

// PrincipalsOf looks up the groups, service principals and devices among the
// rows.
func PrincipalsOf(ctx context.Context, ix walk.Index, read []walk.WorkResult[graph.Reference]) (*Principals, error) {
	var groups, objects []string
	for _, r := range read {
		if err := graph.Typed(r.Rows); err != nil {
			return nil, err
		}
		for _, row := range r.Rows {
			switch row.Kind() {
			case graph.KindGroup:
				groups = append(groups, model.ObjectID(row.ID))
			case graph.KindServicePrincipal, graph.KindDevice:
				objects = append(objects, model.ObjectID(row.ID))
			default:
			}
		}
	}
	return LookUpPrincipals(ctx, ix, groups, objects)
}

// PrincipalsAmong looks up the groups and service principals among references.
func PrincipalsAmong(ctx context.Context, ix walk.Index, refs []graph.Reference) (*Principals, error) {
	return PrincipalsOf(ctx, ix, []walk.WorkResult[graph.Reference]{{Rows: refs}})
}
