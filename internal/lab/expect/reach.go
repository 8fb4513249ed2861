package expect

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// The tenant states who has what in effect for whoever may see all of it. Where
// a run sees less, that is worked out here from the direct edges it sees.

// partial is whether the run sees less than the tenant's own statement of who
// has what in effect.
func (b *builder) partial() bool { return b.o.NoHidden || b.o.SkipADGroups && !b.o.ThroughADGroups }

// members are the direct members of each group that the run sees.
func visibleMembers(truth *graphsim.Truth, o Options) map[string][]graphsim.TruthPrincipal {
	unseen := map[string]bool{}
	for i := range truth.Groups {
		g := &truth.Groups[i]
		unseen[g.ID] = g.Hidden && o.NoHidden || g.Synced && o.SkipADGroups
	}
	members := map[string][]graphsim.TruthPrincipal{}
	for _, m := range truth.Members {
		if !unseen[m.ObjectID] {
			members[m.ObjectID] = append(members[m.ObjectID], m.Principal)
		}
	}
	return members
}

// The slugs of being in something and of owning it.
const (
	slugMember = "member"
	slugOwner  = "owner"
)

// reachThrough gives what a direct edge of a group means for others, by the
// rules of the data model.
func (b *builder) reachThrough(entitlement, group string) {
	kind, _, _ := strings.Cut(entitlement, ":")
	slug := entitlement[strings.LastIndexByte(entitlement, ':')+1:]
	switch {
	case kind == typeGroup && slug == slugMember:
		b.reachNested(entitlement, group, map[string]bool{})
	case slug == slugOwner && kind != typeCatalog || slug == "sponsor" || kind == typeUnit:
	default:
		b.reachDirect(entitlement, group, kind)
	}
}

// reachNested goes through nested groups, however deep.
func (b *builder) reachNested(entitlement, group string, visited map[string]bool) {
	if visited[group] {
		return
	}
	visited[group] = true
	for _, m := range b.members[group] {
		switch b.types[m.ID] {
		case "":
		case typeGroup:
			b.reachNested(entitlement, m.ID, visited)
		default:
			b.add(Effective, Edge(entitlement, b.types[m.ID], m.ID))
		}
	}
}

// reachDirect reaches direct members that can hold what is held: users and
// service principals, and users alone for app roles.
func (b *builder) reachDirect(entitlement, group, kind string) {
	for _, m := range b.members[group] {
		switch t := b.types[m.ID]; {
		case t == "" || t == typeGroup || t == typeDevice:
		case kind == typeApplication && t != typeUser:
		default:
			b.add(Effective, Edge(entitlement, t, m.ID))
		}
	}
}
