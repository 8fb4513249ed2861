package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// phaseOwnership is the second walk over the service principals, for what they
// own. It yields no resources.
const phaseOwnership = "ownership"

// ServicePrincipals is what the three resource types share that Graph's service
// principals are split into: what they are in and what they own is read from
// their side, because v1.0 may leave service principals out of the other side.
// Each type walks for itself and keeps to its own kind, so that any of them can
// be synced without the others.
type servicePrincipals struct {
	kinds.Kit

	kind graph.ServicePrincipalKind
}

func (s *servicePrincipals) resourceType() string { return model.ServicePrincipalType(s.kind) }

// complete reads in full what the service principals of a page are in, where their
// rows do not show it or may be cut short.
func (s *servicePrincipals) complete(ctx context.Context, page *walk.Listed[graph.ServicePrincipal]) error {
	cut := walk.MaybeCut(page, func(sp *graph.ServicePrincipal) (string, graph.Expanded) { return sp.ID, sp.MemberOf })
	full, err := walk.ReadRelations(ctx, s.Client, s.Left, "", cut, graph.ServicePrincipalMemberOfRef)
	if err != nil {
		return err
	}
	for i := range page.Rows {
		if all, ok := full[model.ObjectID(page.Rows[i].ID)]; ok {
			page.Rows[i].MemberOf = append(graph.Expanded{}, all...) // Not nil: it is told now.
		}
	}
	return nil
}

// remember writes the service principals of a page to the index, with the groups
// that each is in.
func (s *servicePrincipals) remember(ctx context.Context, ix walk.Index, page *walk.Listed[graph.ServicePrincipal]) error {
	ids := []string{}
	members := map[string][]string{}
	for i := range page.Rows {
		id, in := model.ObjectID(page.Rows[i].ID), page.Rows[i].MemberOf
		ids = append(ids, id)
		if err := graph.Typed(in); err != nil {
			return err
		}
		for _, group := range graph.IDsOf(in, graph.KindGroup) {
			members[group] = append(members[group], id)
		}
	}
	if err := walk.AddToSets(ctx, ix, walk.KeySPMember+s.resourceType()+"/", members); err != nil {
		return err
	}
	return ix.PutListed(ctx, s.resourceType(), page.Page, page.Next == nil, ids)
}

// putNames notes what listed service principals are called, for the consents.
func (s *servicePrincipals) putNames(ctx context.Context, ix walk.Index, resources []*v2.Resource) error {
	if !s.Filter.Syncs(model.TypeConsent) {
		return nil
	}
	return kinds.PutNames(ctx, ix, resources)
}

// listOwnership reads one page of what service principals own, and gives the ids
// of those of this kind that own something.
func (s *servicePrincipals) listOwnership(ctx context.Context, ix walk.Index, c walk.Cursor) ([]string, *walk.Listed[graph.ServicePrincipalOwnership], error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListServicePrincipalOwnership)
	if err != nil {
		return nil, nil, err
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(row graph.ServicePrincipalOwnership) bool { return row.Kind() != s.kind })
	cut := walk.MaybeCut(page, func(sp *graph.ServicePrincipalOwnership) (string, graph.Expanded) { return sp.ID, sp.OwnedObjects })
	full, err := walk.ReadRelations(ctx, s.Client, s.Left, "", cut, graph.ServicePrincipalOwnedObjectsRef)
	if err != nil {
		return nil, nil, err
	}
	owners := map[string][]string{}
	var ids []string
	for i := range page.Rows {
		id := model.ObjectID(page.Rows[i].ID)
		rows := []graph.Reference(page.Rows[i].OwnedObjects)
		if all, ok := full[id]; ok {
			rows = all
		}
		if len(rows) > 0 {
			ids = append(ids, id)
		}
		if err := graph.Typed(rows); err != nil {
			return nil, nil, err
		}
		for _, kind := range []graph.ObjectKind{graph.KindGroup, graph.KindServicePrincipal, graph.KindApplication} {
			for _, object := range graph.IDsOf(rows, kind) {
				owners[object] = append(owners[object], id)
			}
		}
	}
	return ids, page, walk.AddToSets(ctx, ix, walk.KeySPOwner+s.resourceType()+"/", owners)
}

// ownershipResults is the SDK's answer after a page of listOwnership.
func (s *servicePrincipals) ownershipResults(ctx context.Context, ix walk.Index, c walk.Cursor) (*rs.SyncOpResults, error) {
	_, page, err := s.listOwnership(ctx, ix, c)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	return page.Results()
}

// servicePrincipalOwnership is who owns the service principals of a type.
func servicePrincipalOwnership(k kinds.Kit, resourceType string) ownership {
	return ownership{Kit: k, resourceType: resourceType, list: k.Client.ListServicePrincipalOwners, full: graph.ServicePrincipalOwnersRef}
}

// thenOwnership lets the ownership walk follow the last page of a listing.
func thenOwnership[T any](page *walk.Listed[T]) (*rs.SyncOpResults, error) {
	if page.Next == nil { // A page that begins the listing again has a next one.
		page.Next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseOwnership}
	}
	return page.Results()
}

// ofKind keeps service principals to the type that they belong to.
func ofKind(
	id *v2.ResourceId, kind graph.ServicePrincipalKind, resource func(*graph.ServicePrincipal) (*v2.Resource, error),
) func(*graph.ServicePrincipal) (*v2.Resource, error) {
	return func(sp *graph.ServicePrincipal) (*v2.Resource, error) {
		if sp.Kind() != kind {
			return nil, model.NotThere(id, "is a service principal of another type: "+model.ServicePrincipalType(sp.Kind()))
		}
		return resource(sp)
	}
}
