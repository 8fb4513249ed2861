package licenses

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Grant gives a user or a group a licence. Service plans that are to be switched
// off come as disabledPlans in the metadata.
func (s *Syncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	sku, _ := change.ChangedEntitlement(entitlement)
	who := principal.GetId()
	off, err := disabledPlans(entitlement)
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	g := model.NewGrant(model.EntitlementByID(entitlement.GetId()), who.GetResourceType(), who.GetResource())
	done, err := s.Provision.Locks.Lock(ctx, who.GetResource())
	if err != nil {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	defer done()
	held, err := s.holding(ctx, who, sku)
	if err != nil && !failure.IsNotFound(err) {
		return change.GrantResult(nil, change.Unchanged, err)
	}
	if held.works && !s.Provision.Touched.Has(takenKey(who, sku)) {
		// Giving it again would replace the plans that are switched off.
		return change.GrantResult(g, change.Unchanged, nil)
	}
	if held.direct && len(off) == 0 {
		off = held.off // What failed is given again as it was.
	}
	outcome, err := s.Provision.Settle(ctx, func(ctx context.Context) error {
		return s.assign(ctx, who, sku, "", off)
	}, failure.IsAlreadyThere)
	if err == nil {
		s.Provision.Touched.Drop(takenKey(who, sku))
		s.Provision.Touched.Add(givenKey(who, sku))
	}
	return change.GrantResult(g, outcome, err)
}

// Revoke takes a licence away that was given directly. One that comes through a
// group is refused with the group's name.
func (s *Syncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	sku, _ := change.ChangedEntitlement(grant.GetEntitlement())
	who := grant.GetPrincipal().GetId()
	done, err := s.Provision.Locks.Lock(ctx, who.GetResource())
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	defer done()
	held, err := s.holding(ctx, who, sku)
	if err != nil {
		return change.RevokeResult(change.Unchanged, err)
	}
	if through := held.through(); len(through) > 0 && !s.Provision.Touched.Has(givenKey(who, sku)) {
		return change.RevokeResult(change.Unchanged, change.Refused("user %s has the licence %s through group %s; change the membership there", who.GetResource(), sku, s.names(ctx, through)))
	}
	// A licence that a read does not show is taken away all the same: it may be
	// too new to be shown, and Graph's answer tells.
	outcome, err := s.Provision.Settle(ctx, func(ctx context.Context) error {
		return s.assign(ctx, who, "", sku, nil)
	}, failure.IsLicenseNotHeld)
	if err == nil {
		s.Provision.Touched.Drop(givenKey(who, sku))
		s.Provision.Touched.Add(takenKey(who, sku))
	}
	return change.RevokeResult(outcome, err)
}

// givenKey and takenKey are the names of licences that this process gave and took
// away a moment ago: reads do not show it yet.
func givenKey(who *v2.ResourceId, sku string) string {
	return "license/given/" + who.GetResource() + "/" + sku
}

func takenKey(who *v2.ResourceId, sku string) string {
	return "license/taken/" + who.GetResource() + "/" + sku
}

// holding is how somebody holds a licence.
type holding struct {
	// direct is that it was given directly, works that it works so, and off are
	// the plans that are switched off there.
	direct, works bool
	off           []string
	// groups give it and work; failed are groups of which it does not work.
	groups, failed []string
}

// through are the groups without which taking away what was given directly
// changes nothing; none where what was given directly works.
func (h *holding) through() []string {
	switch {
	case h.works:
		return nil
	case h.direct:
		return h.groups
	}
	return slices.Concat(h.groups, h.failed)
}

func (s *Syncer) holding(ctx context.Context, who *v2.ResourceId, sku string) (holding, error) {
	if who.GetResourceType() == model.TypeGroup {
		licenses, err := writing.By(s.Client).GroupLicenses(ctx, who.GetResource())
		given := slices.ContainsFunc(licenses, func(l graph.AssignedLicense) bool { return model.ObjectID(l.SKUID) == sku })
		return holding{direct: given, works: given}, err
	}
	states, err := writing.By(s.Client).UserLicenses(ctx, who.GetResource())
	var h holding
	for _, state := range states {
		switch {
		case model.ObjectID(state.SKUID) != sku:
		case state.AssignedByGroup == "":
			h.direct, h.off = true, state.DisabledPlans
			h.works = h.works || graph.LicenseWorks(state.State)
		case graph.LicenseWorks(state.State):
			h.groups = append(h.groups, model.ObjectID(state.AssignedByGroup))
		default:
			h.failed = append(h.failed, model.ObjectID(state.AssignedByGroup))
		}
	}
	return h, err
}

func (s *Syncer) assign(ctx context.Context, who *v2.ResourceId, add, remove string, off []string) error {
	if who.GetResourceType() == model.TypeGroup {
		return writing.By(s.Client).AssignGroupLicense(ctx, who.GetResource(), add, remove, off)
	}
	return writing.By(s.Client).AssignUserLicense(ctx, who.GetResource(), add, remove, off)
}

// names are the groups' names, or their ids where Graph does not tell.
func (s *Syncer) names(ctx context.Context, groups []string) string {
	named := make([]string, 0, len(groups))
	for _, id := range groups {
		name := id
		if g, err := writing.By(s.Client).GetGroup(ctx, id); err == nil && g.DisplayName != "" {
			name = g.DisplayName + " (" + id + ")"
		}
		named = append(named, name)
	}
	return strings.Join(named, ", ")
}

// disabledPlans are the service plans that are to be switched off.
func disabledPlans(entitlement *v2.Entitlement) ([]string, error) {
	fields, err := change.GrantMetadata(entitlement)
	return strings.FieldsFunc(fields["disabledPlans"].GetStringValue(), func(r rune) bool { return r == ',' || r == ' ' }), err
}
