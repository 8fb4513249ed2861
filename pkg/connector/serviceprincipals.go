package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// phaseOwnership is the second walk over the service principals, for what they
// own. It yields no resources.
const phaseOwnership = "ownership"

// servicePrincipals is what the three resource types share that Graph's service
// principals are split into: what they are in and what they own is read from
// their side, because v1.0 may leave service principals out of the other side.
// Each type walks for itself and keeps to its own kind, so that any of them can
// be synced without the others.
type servicePrincipals struct {
	kit

	kind graph.ServicePrincipalKind
}

func (s *servicePrincipals) resourceType() string { return servicePrincipalType(s.kind) }

// remember writes the service principals of a page to the index, with the groups
// that each is in.
func (s *servicePrincipals) remember(ctx context.Context, ix index, page *listed[graph.ServicePrincipal]) error {
	ids := []string{}
	memberOf := make(map[string][]graph.Reference, len(page.rows))
	for i := range page.rows {
		id := objectID(page.rows[i].ID)
		ids = append(ids, id)
		memberOf[id] = page.rows[i].MemberOf
	}
	cut := maybeCut(page, func(sp *graph.ServicePrincipal) (string, graph.Expanded) { return sp.ID, sp.MemberOf })
	full, err := readRelations(ctx, s.client, s.left, "", cut, graph.ServicePrincipalMemberOfRef)
	if err != nil {
		return err
	}
	for id, all := range full {
		memberOf[id] = all
	}
	members := map[string][]string{}
	for id, in := range memberOf {
		if err := graph.Typed(in); err != nil {
			return err
		}
		for _, group := range graph.IDsOf(in, graph.KindGroup) {
			members[group] = append(members[group], id)
		}
	}
	if err := addToSets(ctx, ix, keySPMember+s.resourceType()+"/", members); err != nil {
		return err
	}
	return ix.putListed(ctx, s.resourceType(), page.page, page.next == nil, ids)
}

// listOwnership reads one page of what service principals own, and gives the ids
// of those of this kind that own something.
func (s *servicePrincipals) listOwnership(ctx context.Context, ix index, c cursor) ([]string, *listed[graph.ServicePrincipalOwnership], error) {
	page, err := readPage(ctx, c, s.client.ListServicePrincipalOwnership)
	if err != nil {
		return nil, nil, err
	}
	page.rows = slices.DeleteFunc(page.rows, func(row graph.ServicePrincipalOwnership) bool { return row.Kind() != s.kind })
	cut := maybeCut(page, func(sp *graph.ServicePrincipalOwnership) (string, graph.Expanded) { return sp.ID, sp.OwnedObjects })
	full, err := readRelations(ctx, s.client, s.left, "", cut, graph.ServicePrincipalOwnedObjectsRef)
	if err != nil {
		return nil, nil, err
	}
	owners := map[string][]string{}
	var ids []string
	for i := range page.rows {
		id := objectID(page.rows[i].ID)
		rows := []graph.Reference(page.rows[i].OwnedObjects)
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
	return ids, page, addToSets(ctx, ix, keySPOwner+s.resourceType()+"/", owners)
}

// ownershipResults is the SDK's answer after a page of listOwnership.
func (s *servicePrincipals) ownershipResults(ctx context.Context, ix index, c cursor) (*rs.SyncOpResults, error) {
	_, page, err := s.listOwnership(ctx, ix, c)
	if err != nil {
		return nil, toStatus(err)
	}
	return page.results()
}

// servicePrincipalOwnership is who owns the service principals of a type.
func servicePrincipalOwnership(k kit, resourceType string) ownership {
	return ownership{kit: k, resourceType: resourceType, list: k.client.ListServicePrincipalOwners, full: graph.ServicePrincipalOwnersRef}
}

// thenOwnership lets the ownership walk follow the last page of a listing.
func thenOwnership[T any](page *listed[T]) (*rs.SyncOpResults, error) {
	if page.next == nil { // A page that begins the listing again has a next one.
		page.next = &cursor{Version: tokenVersion, Phase: phaseOwnership}
	}
	return page.results()
}

// ofKind keeps service principals to the type that they belong to.
func ofKind(
	id *v2.ResourceId, kind graph.ServicePrincipalKind, resource func(*graph.ServicePrincipal) (*v2.Resource, error),
) func(*graph.ServicePrincipal) (*v2.Resource, error) {
	return func(sp *graph.ServicePrincipal) (*v2.Resource, error) {
		if sp.Kind() != kind {
			return nil, notThere(id, "is a service principal of another type: "+servicePrincipalType(sp.Kind()))
		}
		return resource(sp)
	}
}
