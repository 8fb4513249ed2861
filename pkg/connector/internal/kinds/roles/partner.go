package roles

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// PartnerSyncer gives principals of other tenants that hold directory roles here: a
// partner's groups of administrators, most often. Graph lists them nowhere but in
// rows of role assignments, so that reading scoped roles, which goes through these,
// keeps them. A sync may read scoped roles and not these, and only the SDK knows it,
// or both in any order: whichever listing ends last gives them.
type PartnerSyncer struct {
	kinds.Kit
}

// NewPartners reads principals of other tenants.
func NewPartners(k kinds.Kit) *PartnerSyncer { return &PartnerSyncer{k} }

// ResourceType is the partner principal type.
func (s *PartnerSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.PartnerPrincipalResourceType
}

// partnerReason is why a partner's role cannot be taken away here.
const partnerReason = "the role comes with the relationship to another tenant; it ends with that"

// The keys of what the listings of scoped roles and of partners tell each other.
const (
	keyPartners       = "partners"
	keyPartnersWanted = "partnerswanted"
	keyPartnersRead   = "partnersread"
)

// List gives those that the listing of scoped roles has kept, if it has ended; that
// gives them itself if not. A connector without scoped roles reads the assignments.
func (s *PartnerSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	if s.Filter.Syncs(model.TypeScopedRole) {
		found, err := partnersAfter(ctx, walk.Index{Store: opts.Session}, &s.Kit, keyPartnersWanted, keyPartnersRead)
		return found, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListRoleAssignmentsAndPrincipals)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var partners []*graph.RolePrincipal
	reader := RoleReader{Kit: s.Kit, partners: &partners}
	reader.Left = &walk.Tally{} // Reading roles counts.
	for i := range page.Rows {
		if _, ok := reader.row(&page.Rows[i]); ok {
			reader.notePartner(page.Rows[i].Principal)
		}
	}
	found, err := giveRolePartners(ctx, walk.Index{Store: opts.Session}, &s.Kit, partners)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := page.Results()
	return found, res, err
}

// notePartner notes a principal if it is one of another tenant.
func (r *RoleReader) notePartner(p *graph.RolePrincipal) {
	if r.partners != nil && p != nil && p.ID != "" && p.Kind() == graph.KindOtherTenant {
		*r.partners = append(*r.partners, p)
	}
}

// keepPartners keeps principals of other tenants until the rows have been read.
func keepPartners(ctx context.Context, ix walk.Index, partners []*graph.RolePrincipal) error {
	if len(partners) == 0 {
		return nil
	}
	kept, err := walk.Get[[]*graph.RolePrincipal](ctx, ix, keyPartners, []string{""})
	if err != nil {
		return err
	}
	all := kept[""]
	for _, p := range partners {
		if !slices.ContainsFunc(all, func(k *graph.RolePrincipal) bool { return k.ID == p.ID }) {
			all = append(all, p)
		}
	}
	return walk.Put(ctx, ix, keyPartners, map[string][]*graph.RolePrincipal{"": all})
}

// partnersRead gives those that were kept, now that the rows have been read, if the
// sync has asked for them.
func partnersRead(ctx context.Context, ix walk.Index, k *kinds.Kit) ([]*v2.Resource, error) {
	if !k.Filter.Syncs(model.TypePartnerPrincipal) {
		return nil, nil
	}
	return partnersAfter(ctx, ix, k, keyPartnersRead, keyPartnersWanted)
}

// partnersAfter notes what has happened and gives those that were kept if the other
// thing has, too. Both note before they look, so that one of them sees the other.
func partnersAfter(ctx context.Context, ix walk.Index, k *kinds.Kit, happened, other string) ([]*v2.Resource, error) {
	if err := walk.Put(ctx, ix, happened, map[string]bool{"": true}); err != nil {
		return nil, err
	}
	too, err := walk.Get[bool](ctx, ix, other, []string{""})
	if err != nil || !too[""] {
		return nil, err
	}
	kept, err := walk.Get[[]*graph.RolePrincipal](ctx, ix, keyPartners, []string{""})
	if err != nil {
		return nil, err
	}
	return giveRolePartners(ctx, ix, k, kept[""])
}

// giveRolePartners makes resources of principals of other tenants, each once, and
// notes that they are there.
func giveRolePartners(ctx context.Context, ix walk.Index, k *kinds.Kit, partners []*graph.RolePrincipal) ([]*v2.Resource, error) {
	var found []*v2.Resource
	var ids []string
	seen := map[string]bool{}
	for _, p := range partners {
		id := model.ObjectID(p.ID)
		if seen[id] {
			continue
		}
		seen[id] = true
		resource, err := partnerResource(k, p)
		if err != nil {
			return nil, err
		}
		found, ids = append(found, resource), append(ids, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return found, ix.PutObjects(ctx, model.TypePartnerPrincipal, ids)
}

// partnerResource has the trait of an account, of a service: access reviews go by
// accounts, and nobody here knows the people whom it stands for.
func partnerResource(k *kinds.Kit, p *graph.RolePrincipal) (*v2.Resource, error) {
	id := model.ObjectID(p.ID)
	const told = "Microsoft Graph does not tell whether it is enabled in its own tenant"
	profile := map[string]any{"id": id, model.FieldKind: strings.TrimPrefix(p.ODataType, "#microsoft.graph."), model.ExportUserID: id}
	model.SetNonEmpty(profile, map[string]string{
		"tenantId":   model.ObjectID(model.DisplayName(p.PartnerTenantID, p.RemoteTenantID)),
		"tenantName": p.RemoteTenantName, "tenantDomain": p.RemoteTenantDomain,
		"objectType": p.ObjectType, "remoteGroupId": model.ObjectID(p.RemoteGroupID),
	})
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_UNSPECIFIED, told),
		k.Portal.Link(model.PartnersBlade, ""),
	}
	if p.Description != "" {
		options = append(options, rs.WithDescription(p.Description))
	}
	trait := []rs.UserTraitOption{
		rs.WithAccountType(v2.UserTrait_ACCOUNT_TYPE_SERVICE),
		rs.WithDetailedStatus(v2.UserTrait_Status_STATUS_UNSPECIFIED, told), //nolint:staticcheck // As of people.
	}
	name := model.DisplayName(p.DisplayName, p.RemoteGroupName, id)
	return rs.NewUserResource(name, kinds.PartnerPrincipalResourceType, id, trait, options...)
}

// Get reads one by a role that it holds.
func (s *PartnerSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.Client.RolePrincipal(ctx, checked)
	switch {
	case err != nil:
		return nil, nil, model.GetStatus(err)
	case p == nil || p.Kind() != graph.KindOtherTenant:
		return nil, nil, model.GetStatus(model.NotThere(id, "is no principal of another tenant that holds a role"))
	}
	found, err := partnerResource(&s.Kit, p)
	return found, nil, model.GetStatus(err)
}
