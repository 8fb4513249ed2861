package accesspackages

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Syncer reads access packages, their policies and their assignments. What a package
// gives is access of its own, to a group, say, and is read there: the package says
// which it is, and who has it through it.
type Syncer struct {
	kinds.Kit
}

// New reads access packages.
func New(k kinds.Kit) *Syncer { return &Syncer{k} }

// ResourceType is the access package type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.AccessPackageResourceType
}

// The listings of access packages. The packages come last: what is left out of the
// data set has to be known before anything of it is given.
const (
	phasePolicies  = ""
	phaseDelivered = "delivered"
	phasePartly    = "partly"
	phaseParents   = "parents"
	phasePackages  = "packages"
)

// List reads one page of the policies, of the assignments, of the catalogues' ids and,
// at last, of the packages.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAccessPackages); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	var next *walk.Cursor
	switch c.Phase {
	case phasePolicies:
		next, err = s.listPolicies(ctx, ix, c)
	case phaseDelivered:
		next, err = s.listAssignments(ctx, ix, c, graph.AssignmentDelivered, phasePartly)
	case phasePartly:
		next, err = s.listAssignments(ctx, ix, c, graph.AssignmentPartiallyDelivered, phaseParents)
	case phaseParents:
		next, err = s.listParents(ctx, ix, c)
	default:
		return s.listPackages(ctx, ix, c)
	}
	if err != nil {
		return nil, nil, model.ToStatus(decide.LeaveOut(ctx, model.DataAccessPackages, err))
	}
	res, err := (&walk.Listed[graph.AccessPackage]{Next: next}).Results()
	return nil, res, err
}

// keyParent leads to a catalogue that access packages can be in.
const keyParent = "packagecatalog/"

// listParents notes which catalogues there are. Resource types are listed in any order,
// so that their own listing may be still to come: one request, as a rule. What keeps the
// catalogues out of the snapshot keeps them from being parents, and no more.
func (s *Syncer) listParents(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	follow := &walk.Cursor{Version: walk.TokenVersion, Phase: phasePackages}
	reads, err := s.Decider.Reads(ctx, ix, model.DataPackageCatalogs)
	if err != nil || !reads || !s.Filter.Syncs(model.TypePackageCatalog) {
		return follow, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListAccessPackageCatalogs)
	if err != nil {
		if decide.CanBeLeftOut(model.DataPackageCatalogs, err) {
			return follow, nil
		}
		return nil, err
	}
	seen := make(map[string]bool, len(page.Rows))
	for _, id := range catalogIDs(page.Rows) {
		seen[id] = true
	}
	return walk.Following(page, c, phasePackages), walk.Put(ctx, ix, keyParent, seen)
}

// packageEntry is a listed package.
type packageEntry struct {
	ID   string `json:"i"`
	Name string `json:"n"`
}

func (s *Syncer) listPackages(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListAccessPackages)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataAccessPackages, err)
	}
	ids := make([]string, 0, len(page.Rows))
	parents := make([]string, 0, len(page.Rows))
	entries := make([]packageEntry, 0, len(page.Rows))
	for i := range page.Rows {
		row := &page.Rows[i]
		id := model.ObjectID(row.ID)
		ids, parents = append(ids, id), append(parents, model.ObjectID(row.Catalog.Of()))
		entries = append(entries, packageEntry{id, packageName(row)})
	}
	contents, err := s.readContents(ctx, ids)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataAccessPackages, err)
	}
	seen, err := walk.Get[bool](ctx, ix, keyParent, parents)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	policies, err := walk.Get[[]policy](ctx, ix, keyPolicies, ids)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !page.Restarted {
		if err := ix.PutObjects(ctx, model.TypeAccessPackage, ids); err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if err := walk.PutPage(ctx, ix, walk.KeyListed+model.TypeAccessPackage, page.Page, page.Next == nil, entries); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(func(row *graph.AccessPackage) (*v2.Resource, error) {
		id := model.ObjectID(row.ID)
		return s.resource(row, policies[id], contents[id], seen[model.ObjectID(row.Catalog.Of())])
	})
}

func packageName(p *graph.AccessPackage) string {
	return model.DisplayName(p.DisplayName, model.ObjectID(p.ID))
}

// resource is a package with its policies and what it gives; parent is whether its
// catalogue is in the snapshot.
func (s *Syncer) resource(p *graph.AccessPackage, policies []policy, given *[]graph.AccessPackageRoleScope, parent bool) (*v2.Resource, error) {
	id, catalog := model.ObjectID(p.ID), model.ObjectID(p.Catalog.Of())
	profile := map[string]any{"id": id, "isHidden": p.IsHidden, "policies": described(policies)}
	model.SetNonEmpty(profile, map[string]string{"catalogId": catalog})
	if given != nil {
		profile["contents"] = contents(*given)
	}
	options := []rs.ResourceOption{rs.WithResourceProfile(profile), s.Portal.Link(model.PackageBlade, id)}
	if p.Description != "" {
		options = append(options, rs.WithDescription(p.Description))
	}
	if at := p.CreatedDateTime.Time; at != nil {
		options = append(options, rs.WithResourceCreatedAt(*at))
	}
	if parent {
		options = append(options, rs.WithParentResourceID(model.ResourceID(model.TypePackageCatalog, catalog)))
	}
	return rs.NewResource(packageName(p), kinds.AccessPackageResourceType, id, options...)
}

// Get reads one access package, as listing does.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	row, err := s.Client.AccessPackage(ctx, checked)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	rows, err := s.Client.PoliciesOfAccessPackage(ctx, checked)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	policies := make([]policy, 0, len(rows))
	for i := range rows {
		policies = append(policies, policyOf(&rows[i]))
	}
	given, err := s.readContents(ctx, []string{checked})
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	parent := s.Filter.Syncs(model.TypePackageCatalog) && row.Catalog.Of() != ""
	if parent {
		_, err := s.Client.AccessPackageCatalog(ctx, model.ObjectID(row.Catalog.Of()))
		if parent = err == nil; err != nil && !failure.IsNotFound(err) {
			return nil, nil, model.GetStatus(err)
		}
	}
	found, err := s.resource(row, policies, given[checked], parent)
	return found, nil, model.GetStatus(err)
}
