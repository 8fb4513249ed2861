package paths

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// Finder finds paths in one snapshot. It has read what every search needs, so that a
// search costs what it comes by. Like the snapshot, it is for one goroutine.
type Finder struct {
	snapshot *access.Snapshot
	index    *index
	// people are the positions of people who were looked at, who come up in one search
	// after another.
	people map[access.Ref]position
	// unitsOfPeople are the units that matter of people who are in one; nil until so many
	// are asked about that it is worth reading them.
	unitsOfPeople map[string][]string
	// approvals say whose approval the activation of entitlements needs.
	approvals map[string]string
}

// peopleHeld is how many people a finder remembers.
const peopleHeld = 8192

// NewFinder reads what every search needs: roles, applications, groups and units, and
// nobody's memberships.
func NewFinder(ctx context.Context, s *access.Snapshot) (*Finder, error) {
	index, err := readIndex(ctx, s)
	if err != nil {
		return nil, err
	}
	return &Finder{snapshot: s, index: index, people: map[access.Ref]position{}, approvals: map[string]string{}}, nil
}

// approvalOf says whose approval an activation needs; empty for nobody's.
func (f *Finder) approvalOf(ctx context.Context, entitlement string) (string, error) {
	if said, known := f.approvals[entitlement]; known {
		return said, nil
	}
	e, err := f.snapshot.Entitlement(ctx, entitlement)
	if err != nil {
		return "", err
	}
	var activation *access.Activation
	if e != nil {
		activation = e.Activation
	}
	f.approvals[entitlement], err = f.snapshot.ApprovalOf(ctx, entitlement, activation)
	return f.approvals[entitlement], err
}

// position is what decides who may reset a person, and the units that they are in.
type position struct {
	standing powers.Standing
	units    []string
}

// positionOf reads a person's position. A role that can be activated does not count:
// Microsoft's table is of roles that are assigned, and does not say that it takes
// eligible holders for such.
func (f *Finder) positionOf(ctx context.Context, ref access.Ref) (position, error) {
	at, known := f.people[ref]
	if known {
		return at, nil
	}
	standing := &at.standing
	for h, err := range f.snapshot.HeldBy(ctx, ref) {
		if err != nil {
			return at, err
		}
		switch {
		case h.On.Type == access.TypeUnit && h.Slug == access.SlugMember && h.Direct:
			at.units = append(at.units, h.On.ID)
		case h.On.Type == access.TypeRole && h.Slug == access.SlugAssigned:
			standing.Roles = append(standing.Roles, h.On.ID)
		case h.On.Type == access.TypeScopedRole && h.Slug == access.SlugAssigned:
			role, scope, _ := strings.Cut(h.On.ID, "@")
			standing.Roles = append(standing.Roles, role)
			standing.Guarded = standing.Guarded || f.index.restricted[scope]
		case h.On.Type == access.TypeGroup && h.Direct && (h.Slug == access.SlugMember || h.Slug == access.SlugOwner):
			standing.Guarded = standing.Guarded || f.index.assignable[h.On.ID]
		}
	}
	if len(f.people) >= peopleHeld {
		clear(f.people)
	}
	f.people[ref] = at
	return at, nil
}
