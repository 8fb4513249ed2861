package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Grant makes a principal a direct member or an owner of a group, or lets it
// activate that. A principal that is one already is told so, as success.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	group, slug := change.ChangedEntitlement(entitlement)
	who := principal.GetId()
	g := model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	if model.IsResourceConsent(slug) {
		return change.GrantResult(nil, change.Unchanged, change.Refused("what applications may do in group %s cannot be changed here: %s", group, model.ResourceConsentReason))
	}
	r, err := s.Provision.Addition(entitlement)
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	if slug == model.SlugEligibleMember || slug == model.SlugEligibleOwner {
		outcome, err := s.Provision.Request(ctx, r, s.scheduled(group, slug, who.GetResource()))
		return change.GrantResult(g, outcome, err)
	}
	found, err := s.checkChange(ctx, group, slug, who.GetResourceType())
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	ends := change.EndNamed(entitlement)
	var outcome change.Outcome
	if s.Provision.ByExchange(found) {
		if err := s.checkRecipient(ctx, group, who, ends); err != nil {
			return change.GrantResult(nil, change.Unchanged, err)
		}
		outcome, err = s.addForGood(ctx, s.changerOf(found), group, slug, who.GetResource())
	} else {
		outcome, err = s.add(ctx, group, slug, who.GetResource(), r, ends)
	}
	if err == nil && who.GetResourceType() == model.TypeGroup && slug == model.SlugMember {
		err = s.Expand.Nested(g, who.GetResource())
	}
	return change.GrantResult(g, outcome, err)
}

// add makes somebody a member or an owner, for good unless the caller names an end: the
// one that the settings name is for roles and eligibilities.
func (s *Syncer) add(ctx context.Context, group, slug, who string, r pim.Request, ends bool) (change.Outcome, error) {
	scheduled := s.scheduled(group, slug, who)
	if ends {
		return s.Provision.Request(ctx, r, scheduled)
	}
	outcome, err := s.addForGood(ctx, directory{writing.By(s.Client)}, group, slug, who)
	if err != nil || outcome == change.Changed {
		return outcome, err
	}
	err = s.Provision.Outlasts(ctx, pim.Request{}, scheduled)
	if failure.IsAccessDenied(err) || failure.IsBadRequest(err) || failure.IsAbsent(err) {
		// Without the permission, or for a group that Privileged Identity Management does
		// not look after, nobody here has given it an end.
		return outcome, nil
	}
	return outcome, err
}

func (s *Syncer) addForGood(ctx context.Context, by changer, group, slug, who string) (change.Outcome, error) {
	return s.Provision.Add(ctx, edgeOf(group, slug, who), func(ctx context.Context) error {
		if slug == model.SlugOwner {
			return by.AddOwner(ctx, group, who)
		}
		return by.AddMember(ctx, group, who)
	})
}

// Revoke ends a direct membership, an ownership or an eligibility.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	if err := change.RefuseDerived(grant); err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	group, slug := change.ChangedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	if model.IsResourceConsent(slug) {
		return change.RevokeResult(change.Unchanged, change.Refused("what applications may do in group %s cannot be changed here: %s", group, model.ResourceConsentReason))
	}
	if slug == model.SlugEligibleMember || slug == model.SlugEligibleOwner {
		return change.RevokeResult(s.Provision.Request(ctx, s.Provision.Removal(grant), s.scheduled(group, slug, who.GetResource())))
	}
	found, err := s.checkChange(ctx, group, slug, who.GetResourceType())
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	by := s.changerOf(found)
	outcome, err := s.Provision.Remove(ctx, edgeOf(group, slug, who.GetResource()), func(ctx context.Context) error {
		if slug == model.SlugOwner {
			return by.RemoveOwner(ctx, group, who.GetResource())
		}
		return by.RemoveMember(ctx, group, who.GetResource())
	}, s.exists(group))
	if err == nil && outcome == change.Unchanged && slug == model.SlugMember {
		err = s.refuseNested(ctx, group, who)
	}
	return change.RevokeResult(outcome, err)
}

// edgeOf names a membership or an ownership.
func edgeOf(group, slug, who string) string { return group + "/" + slug + "/" + who }

// nestedPages is how many pages of members are looked through for the group that a
// refusal names.
const nestedPages = 5

// refuseNested refuses to call somebody gone from a group who is in it through another.
func (s *Syncer) refuseNested(ctx context.Context, group string, who *v2.ResourceId) error {
	of, err := s.GroupsOf(ctx, who, true)
	switch _, in := of[model.ObjectID(group)]; {
	case failure.IsAccessDenied(err):
		return nil
	case err != nil || !in:
		return err
	}
	direct, err := s.GroupsOf(ctx, who, false)
	if err != nil {
		return err
	}
	if _, in := direct[model.ObjectID(group)]; in {
		return nil // A read that lags: it has been taken away.
	}
	nested, err := s.Client.NestedGroups(ctx, group, nestedPages)
	if err != nil {
		return err
	}
	var through []string
	for _, g := range nested {
		if name, in := of[model.ObjectID(g.ID)]; in {
			through = append(through, "group "+kinds.NamedObject(name, g.ID))
		}
	}
	if len(through) == 0 {
		through = []string{"a group that is in group " + group}
	}
	return kinds.ThroughError(who, through)
}

// exists reports whether a group is there: Graph gives a membership that is not
// there the same answer as a group that is not.
func (s *Syncer) exists(group string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		_, err := writing.By(s.Client).GetGroup(ctx, group)
		if failure.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	}
}

// checkChange refuses what Graph would, with the reason, where the group tells, and
// gives the group. One that Graph does not know yet is nil and left to the change
// itself, which waits for it.
func (s *Syncer) checkChange(ctx context.Context, id, slug, principalType string) (*graph.Group, error) {
	g, err := writing.By(s.Client).GetGroup(ctx, id)
	if failure.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if reason := model.TraitsOf(g).FixedBecause(slug, s.Provision.Exchange != nil); reason != "" {
		return nil, change.Refused("group %s cannot be changed through Microsoft Graph: %s", id, reason)
	}
	if g.Unified() && slug == model.SlugMember && principalType != model.TypeUser {
		return nil, change.Refused("group %s is a Microsoft 365 group, which takes people only as members", id)
	}
	if slug == model.SlugOwner && (principalType == model.TypeGroup || principalType == model.TypeDevice) {
		return nil, change.Refused("a group or a device cannot own group %s", id)
	}
	return g, nil
}

// scheduled is a membership or an ownership as Privileged Identity Management gives it.
func (s *Syncer) scheduled(group, slug, principal string) change.Scheduled {
	h := pim.GroupHolding{GroupID: group, PrincipalID: principal, Owner: slug == model.SlugEligibleOwner || slug == model.SlugOwner}
	eligible := slug == model.SlugEligibleMember || slug == model.SlugEligibleOwner
	ask := pim.RequestGroupAssignment
	if eligible {
		ask = pim.RequestGroupEligibility
	}
	return change.Scheduled{
		Policy: graph.GroupPolicy(group, h.Owner), Eligible: eligible,
		Ask:   func(ctx context.Context, r pim.Request) (pim.Fate, error) { return ask(ctx, s.Client, h, r) },
		Terms: func(ctx context.Context) ([]pim.Term, error) { return pim.GroupTerms(ctx, s.Client, h, eligible) },
	}
}
