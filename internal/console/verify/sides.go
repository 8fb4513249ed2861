package verify

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// heldOn is what the subject holds of a kind.
func (v *view) heldOn(ctx context.Context, kind func(*access.Holding) bool) (facts, error) {
	known := facts{}
	for h, err := range v.snapshot.HeldBy(ctx, v.subject.Ref) {
		if err != nil {
			return nil, err
		}
		if kind(h) {
			known.add(h.Entitlement, v.subject.ID)
			v.note(h)
		}
	}
	return known, nil
}

// holders are who holds an entitlement.
func (v *view) holders(ctx context.Context, entitlement string, kind func(*access.Holding) bool) (facts, error) {
	known := facts{}
	for h, err := range v.snapshot.Holders(ctx, entitlement) {
		if err != nil {
			return nil, err
		}
		if kind(h) {
			known.add(entitlement, h.Principal.ID)
		}
		v.note(h)
	}
	return known, nil
}

// note puts what a holding rests on into the circle: the object itself, groups on the
// way and groups that hold it.
func (v *view) note(h *access.Holding) {
	v.circle[h.On.ID] = true
	if h.Principal.Type == access.TypeGroup {
		v.circle[h.Principal.ID] = true
	}
	for _, source := range h.Sources {
		group, _ := access.SplitEntitlement(source)
		v.circle[group.ID] = true
	}
}

// groupsTold are the groups that a person is in.
func groupsTold(_ context.Context, v *view) (facts, error) {
	told := facts{}
	for _, r := range v.rows[0] {
		if isOf(&r, kindGroup) {
			v.circle[lower(r.ID)] = true
			told.add(access.EntitlementID(access.Ref{Type: access.TypeGroup, ID: lower(r.ID)}, access.SlugMember), v.subject.ID)
		}
	}
	return told, nil
}

// membersTold are the members of a group that are of some kinds.
func membersTold(v *view, kinds ...string) facts {
	told := facts{}
	entitlement := access.EntitlementID(v.subject.Ref, access.SlugMember)
	for _, r := range v.rows[0] {
		if isOf(&r, kindGroup) {
			v.circle[lower(r.ID)] = true
		}
		if slices.ContainsFunc(kinds, func(kind string) bool { return isOf(&r, kind) }) {
			told.add(entitlement, lower(r.ID))
		}
	}
	return told
}

// appRolesTold are a person's own assignments, and those of the groups that the person
// is directly in: tokens have the roles of no other group
// (https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal).
// What these groups hold is the snapshot's word, which the question about applications
// examines. Where Graph lists the groups' assignments among the person's, they count as
// well.
func appRolesTold(ctx context.Context, v *view) (facts, error) {
	told := facts{}
	for _, r := range v.rows[0] {
		application := access.Ref{Type: access.TypeApplication, ID: lower(r.Resource)}
		told.add(access.EntitlementID(application, appRoleSlug(r.AppRole)), v.subject.ID)
		v.circle[application.ID] = true
	}
	for _, r := range v.rows[1] {
		if !isOf(&r, kindGroup) {
			continue
		}
		group := access.Ref{Type: access.TypeGroup, ID: lower(r.ID)}
		v.circle[group.ID] = true
		for h, err := range v.snapshot.HeldBy(ctx, group) {
			if err != nil {
				return nil, err
			}
			if isAppRole(h) && h.Direct {
				told.add(h.Entitlement, v.subject.ID)
			}
		}
	}
	return told, nil
}

// assignedKnown are the direct holders of an application's roles.
func assignedKnown(ctx context.Context, v *view) (facts, error) {
	known := facts{}
	for e, err := range v.snapshot.EntitlementsOf(ctx, v.subject.Ref) {
		if err != nil {
			return nil, err
		}
		if e.Slug == access.SlugOwner {
			continue
		}
		of, err := v.holders(ctx, e.ID, func(h *access.Holding) bool { return h.Direct })
		if err != nil {
			return nil, err
		}
		for f := range of {
			known[f] = true
		}
	}
	return known, nil
}

// rolesTold are role assignments, for the tenant and for parts of it. What is held by
// nobody, or in no part of the directory, is nobody's access to it.
func rolesTold(_ context.Context, v *view) (facts, error) {
	told := facts{}
	for _, r := range v.rows[0] {
		scope, ok := scopeOf(r.Scope)
		if !ok || r.Principal == "" {
			continue
		}
		role := access.Ref{Type: access.TypeRole, ID: lower(r.Role)}
		if scope != "" {
			role = access.Ref{Type: access.TypeScopedRole, ID: role.ID + "@" + scope}
		}
		v.circle[lower(r.Role)] = true
		told.add(access.EntitlementID(role, access.SlugAssigned), lower(r.Principal))
	}
	return told, nil
}

// scopeOf is the object or the attribute set that a directoryScopeId names, and empty for
// the whole tenant. A row without one is of a scope that only an application knows
// (https://learn.microsoft.com/graph/api/resources/unifiedroleassignment).
func scopeOf(directoryScopeID string) (string, bool) {
	scope := lower(directoryScopeID)
	if scope == "/" {
		return "", true
	}
	set, ofSet := strings.CutPrefix(scope, "/attributesets/")
	if ofSet {
		return set, set != ""
	}
	id := scope[strings.LastIndexByte(scope, '/')+1:]
	return id, isGUID(id)
}

// roleKnown are the direct holders of a role, for the tenant and for parts of it.
func roleKnown(ctx context.Context, v *view) (facts, error) {
	known := facts{}
	for _, on := range append([]access.Ref{v.subject.Ref}, v.sample.scoped[v.subject.ID]...) {
		of, err := v.holders(ctx, access.EntitlementID(on, access.SlugAssigned), func(h *access.Holding) bool { return h.Direct })
		if err != nil {
			return nil, err
		}
		for f := range of {
			known[f] = true
		}
	}
	return known, nil
}

// largestOf is the group with the most members, and the first of several by id.
func largestOf(members map[string]int) access.Ref {
	var largest access.Ref
	for id, n := range members {
		if most := members[largest.ID]; n > most || n == most && id < largest.ID {
			largest = access.Ref{Type: access.TypeGroup, ID: id}
		}
	}
	return largest
}

// sortedRefs are the keys in the order of their ids, so that one seed gives one order.
func sortedRefs(set map[access.Ref]bool) []access.Ref {
	refs := make([]access.Ref, 0, len(set))
	for ref := range set {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b access.Ref) int { return cmp.Compare(a.ID, b.ID) })
	return refs
}
