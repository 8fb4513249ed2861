// Package accesspackages reads entitlement management: catalogues with who manages what
// is in them, and access packages with what they give, who may ask for them and who
// holds them; and gives packages and takes them away.
package accesspackages

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// CatalogSyncer reads catalogues of access packages and the roles in them.
type CatalogSyncer struct {
	kinds.Kit
}

// NewCatalogs reads catalogues of access packages.
func NewCatalogs(k kinds.Kit) *CatalogSyncer { return &CatalogSyncer{k} }

// ResourceType is the catalogue type.
func (s *CatalogSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.PackageCatalogResourceType
}

// phaseCatalogs is the listing of catalogues, after that of the roles in them: what is
// left out of the data set has to be known before anything of it is given.
const phaseCatalogs = "catalogs"

// List reads one page of the roles in catalogues, which wait in the index for the
// grants, and after them of the catalogues.
func (s *CatalogSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataPackageCatalogs); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	if c.Phase != phaseCatalogs {
		next, err := s.listRoles(ctx, ix, c)
		if err != nil {
			return nil, nil, model.ToStatus(decide.LeaveOut(ctx, model.DataPackageCatalogs, err))
		}
		res, err := (&walk.Listed[graph.CatalogRoleAssignment]{Next: next}).Results()
		return nil, res, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListAccessPackageCatalogs)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataPackageCatalogs, err)
	}
	if !page.Restarted {
		if err := ix.PutListed(ctx, model.TypePackageCatalog, page.Page, page.Next == nil, catalogIDs(page.Rows)); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(s.resource)
}

func catalogIDs(rows []graph.AccessPackageCatalog) []string {
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, model.ObjectID(rows[i].ID))
	}
	return ids
}

// StaticEntitlements are what every catalogue offers.
func (s *CatalogSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	on := model.ResourceRef(model.TypePackageCatalog, "")
	offer := func(slug, name, description string) *v2.Entitlement {
		return entitlement.NewPermissionEntitlement(on, slug,
			entitlement.WithDisplayName(name), entitlement.WithDescription(description), entitlement.WithGrantableTo(kinds.GrantableToHolders...))
	}
	return []*v2.Entitlement{
		entitlement.NewOwnershipEntitlement(on, model.SlugOwner,
			entitlement.WithDisplayName("Catalog owner"),
			entitlement.WithDescription("Manages the catalogue, its resources and its access packages, and can give them to anybody"),
			entitlement.WithGrantableTo(kinds.GrantableToHolders...)),
		offer(model.SlugPackageManager, "Access package manager", "Makes access packages of the catalogue's resources, and can give them to anybody"),
		offer(model.SlugAssignmentManager, "Access package assignment manager", "Can give the catalogue's access packages to anybody"),
		offer(model.SlugReader, "Catalog reader", "Sees what is in the catalogue"),
	}, nil, nil
}

func (s *CatalogSyncer) resource(c *graph.AccessPackageCatalog) (*v2.Resource, error) {
	id := model.ObjectID(c.ID)
	profile := map[string]any{"id": id, "isExternallyVisible": c.IsExternallyVisible}
	model.SetNonEmpty(profile, map[string]string{"catalogType": c.CatalogType, "state": c.State})
	options := []rs.ResourceOption{rs.WithResourceProfile(profile), s.Portal.Link(model.CatalogBlade, id)}
	if c.Description != "" {
		options = append(options, rs.WithDescription(c.Description))
	}
	if at := c.CreatedDateTime.Time; at != nil {
		options = append(options, rs.WithResourceCreatedAt(*at))
	}
	return rs.NewResource(model.DisplayName(c.DisplayName, id), kinds.PackageCatalogResourceType, id, options...)
}

// Get reads one catalogue.
func (s *CatalogSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.AccessPackageCatalog, s.resource)
}
