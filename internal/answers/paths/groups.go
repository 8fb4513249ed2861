package paths

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// intoGroup finds who is in a group, who can activate that, and who decides it.
func (w *search) intoGroup(ctx context.Context, place int) error {
	v := w.visits[place]
	if err := w.members(ctx, place); err != nil {
		return err
	}
	o, err := w.snapshot.Object(ctx, v.Ref)
	if err != nil {
		return err
	}
	if o.Missing || o.Flag("onPremisesSyncEnabled") {
		// Who is in it is decided on premises, by nobody whom the snapshot knows.
		return nil
	}
	units, err := w.unitsOf(ctx, v.Ref)
	if err != nil {
		return err
	}
	if restricted := w.restrictedAmong(units); len(restricted) > 0 || o.Flag("isManagementRestricted") {
		return w.intoRestrictedGroup(ctx, place, o, restricted)
	}
	if err := w.eligible(ctx, place, o); err != nil {
		return err
	}
	if err := w.holders(ctx, access.EntitlementID(v.Ref, access.SlugOwner), place, EdgeOwnsGroup, false); err != nil {
		return err
	}
	if err := w.packagesGiving(ctx, v.Ref, place, access.SlugMember, access.SlugOwner); err != nil {
		return err
	}
	need := needed(o)
	if err := w.powerful(ctx, need, place, EdgeManagesMembers); err != nil {
		return err
	}
	if inPIM(o) {
		if err := w.permissions(ctx, powers.ManagesGroupsInPIM, place, EdgeManagesMembers); err != nil {
			return err
		}
	}
	w.atScopes(append(units, v.ID), need, place, EdgeManagesMembers)
	return nil
}

// needed is the ability that it takes to decide who is in a group
// (https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept).
func needed(o *access.Object) powers.Ability {
	unified, dynamic := slices.Contains(o.Texts("groupTypes"), "Unified"), slices.Contains(o.Texts("groupTypes"), "DynamicMembership")
	switch {
	case o.Flag("isAssignableToRole"):
		return powers.ManagesRoleAssignableGroups
	case exchange(o):
		return powers.ManagesExchangeGroups
	case unified && dynamic:
		return powers.WritesUnifiedRules
	case unified:
		return powers.ManagesUnifiedGroups
	case dynamic:
		return powers.WritesSecurityRules
	default:
		return powers.ManagesSecurityGroups
	}
}

// exchange reports whether a group is a distribution or a mail-enabled security group.
func exchange(o *access.Object) bool {
	return o.Flag("mailEnabled") && !slices.Contains(o.Texts("groupTypes"), "Unified")
}

// inPIM reports whether Privileged Identity Management can look after a group
// (https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups).
func inPIM(o *access.Object) bool {
	return !exchange(o) && !slices.Contains(o.Texts("groupTypes"), "DynamicMembership")
}

// members notes who is in a group. In the target itself the members of groups inside it
// are too; and where such a group was left out, the rows of its members name it.
func (w *search) members(ctx context.Context, place int) error {
	v := w.visits[place]
	named := false
	for h, err := range w.snapshot.Holders(ctx, access.EntitlementID(v.Ref, access.SlugMember)) {
		if err != nil {
			return err
		}
		named = true
		switch {
		case h.Principal.Type == access.TypeGroup:
			if h.Direct && v.deep {
				w.reach(node{Ref: h.Principal, deep: true}, visit{next: place, edge: EdgeMember, entitlement: h.Entitlement, until: h.Until})
			}
		case h.Direct:
			w.held(h, place, EdgeMember, false)
		case v.deep:
			left, err := w.throughLeftOut(ctx, h)
			if err != nil {
				return err
			}
			if left {
				w.held(h, place, EdgeMember, false)
			}
		}
	}
	if named {
		return nil
	}
	o, err := w.snapshot.Object(ctx, v.Ref)
	if err != nil {
		return err
	}
	knowledge, _ := w.snapshot.About().Knows(access.DataHiddenMembers)
	w.nameless[place] = o.Missing || knowledge != access.Known && o.Text("visibility") == "HiddenMembership"
	return nil
}

// throughLeftOut reports whether a membership comes through a group that the snapshot
// does not have.
func (w *search) throughLeftOut(ctx context.Context, h *access.Holding) (bool, error) {
	for _, source := range h.Sources {
		on, _ := access.SplitEntitlement(source)
		o, err := w.snapshot.Object(ctx, on)
		if err != nil || o.Missing {
			return true, err
		}
	}
	return false, nil
}

// eligible notes who can become a member or an owner of a group.
func (w *search) eligible(ctx context.Context, place int, o *access.Object) error {
	if err := w.holders(ctx, access.EntitlementID(o.Ref, access.SlugEligibleMember), place, EdgeEligibleMember, true); err != nil {
		return err
	}
	if err := w.holders(ctx, access.EntitlementID(o.Ref, access.SlugEligibleOwner), place, EdgeEligibleOwner, true); err != nil {
		return err
	}
	if !inPIM(o) {
		return nil
	}
	for e, err := range w.snapshot.EntitlementsOf(ctx, o.Ref) {
		if err != nil || e.Slug == access.SlugEligibleMember {
			return err
		}
	}
	w.unasked++
	return nil
}

// intoRestrictedGroup finds who decides who is in a group that a restricted
// administrative unit protects: neither its owners, nor the whole tenant's
// administrators, nor Privileged Identity Management, nor access packages
// (https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management).
func (w *search) intoRestrictedGroup(ctx context.Context, place int, o *access.Object, restricted []string) error {
	if need := needed(o); need != powers.ManagesRoleAssignableGroups {
		w.atScopes(restricted, need, place, EdgeManagesMembers)
	}
	return w.powerful(ctx, powers.GivesRoles, place, EdgeLiftsRestriction)
}
