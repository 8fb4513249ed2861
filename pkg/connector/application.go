package connector

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// phaseOwnership is the second walk over the service principals, for what they
// own. It yields no resources.
const phaseOwnership = "ownership"

// applicationSyncer reads enterprise applications, their app roles
// (application_entitlements.go), and who is assigned to them or owns them
// (application_grants.go). An application is a service principal that is
// neither a managed identity nor an agent identity.
type applicationSyncer struct {
	client *graph.Client
	portal portal
	left   *tally
}

// ResourceType is the application type.
func (s *applicationSyncer) ResourceType(context.Context) *v2.ResourceType {
	return applicationResourceType
}

// List reads one page of service principals. It remembers for the grants what
// each one is, which groups it is in, and what it owns: v1.0 may leave service
// principals out of the groups' side.
func (s *applicationSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if c.Phase == phaseOwnership {
		page, err := s.listOwnership(ctx, ix, c)
		if err != nil {
			return nil, nil, toStatus(err)
		}
		res, err := page.results()
		return nil, res, err
	}
	page, err := readPage(ctx, c, s.client.ListServicePrincipals)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if page.restarted {
		res, err := page.results()
		return nil, res, err
	}
	if err := s.remember(ctx, ix, page); err != nil {
		return nil, nil, toStatus(err)
	}
	var resources []*v2.Resource
	for i := range page.rows {
		if page.rows[i].Kind() != graph.ServicePrincipalApplication {
			continue
		}
		resource, err := s.resource(&page.rows[i])
		if err != nil {
			return nil, nil, toStatus(err)
		}
		resources = append(resources, resource)
	}
	if page.next == nil {
		page.next = &cursor{Version: tokenVersion, Phase: phaseOwnership}
	}
	res, err := page.results()
	return resources, res, err
}

// remember writes a page of service principals to the index.
func (s *applicationSyncer) remember(ctx context.Context, ix index, page *listed[graph.ServicePrincipal]) error {
	kinds := make(map[string]graph.ServicePrincipalKind, len(page.rows))
	roles := map[string][]string{}
	applications := []string{}
	memberOf := make(map[string][]graph.Reference, len(page.rows))
	var cut []string
	for i := range page.rows {
		sp := &page.rows[i]
		id := objectID(sp.ID)
		kinds[id] = sp.Kind()
		if sp.MemberOf.MaybeCut() {
			cut = append(cut, id)
		}
		memberOf[id] = sp.MemberOf
		if sp.Kind() != graph.ServicePrincipalApplication {
			continue
		}
		applications = append(applications, id)
		if len(sp.AppRoles) > 0 {
			roles[id] = appRoleIDs(sp.AppRoles)
		}
	}
	full, err := readRelations(ctx, s.client, s.left, cut, graph.ServicePrincipalMemberOfRef)
	if err != nil {
		return err
	}
	for id, rows := range full {
		memberOf[id] = rows
	}
	members := map[string][]string{}
	for id, rows := range memberOf {
		if err := graph.Typed(rows); err != nil {
			return err
		}
		s.addHolder(members, kinds[id], id, graph.IDsOf(rows, graph.KindGroup))
	}
	if err := put(ctx, ix, keySP, kinds); err != nil {
		return err
	}
	if err := put(ctx, ix, keyRoles, roles); err != nil {
		return err
	}
	if err := addToSets(ctx, ix, keySPMember, members); err != nil {
		return err
	}
	return putPage(ctx, ix, keyApps, page.page, page.next == nil, applications)
}

// listOwnership reads one page of what service principals own.
func (s *applicationSyncer) listOwnership(ctx context.Context, ix index, c cursor) (*listed[graph.ServicePrincipalOwnership], error) {
	page, err := readPage(ctx, c, s.client.ListServicePrincipalOwnership)
	if err != nil {
		return nil, err
	}
	owned := map[string][]graph.Reference{}
	var ids, cut []string
	for i := range page.rows {
		id := objectID(page.rows[i].ID)
		if len(page.rows[i].OwnedObjects) == 0 {
			continue
		}
		ids = append(ids, id)
		owned[id] = page.rows[i].OwnedObjects
		if page.rows[i].OwnedObjects.MaybeCut() {
			cut = append(cut, id)
		}
	}
	full, err := readRelations(ctx, s.client, s.left, cut, graph.ServicePrincipalOwnedObjectsRef)
	if err != nil {
		return nil, err
	}
	kinds, err := get[graph.ServicePrincipalKind](ctx, ix, keySP, slices.Clone(ids))
	if err != nil {
		return nil, err
	}
	groups, applications := map[string][]string{}, map[string][]string{}
	for id, rows := range owned {
		if all, ok := full[id]; ok {
			rows = all
		}
		if err := graph.Typed(rows); err != nil {
			return nil, err
		}
		s.addHolder(groups, kinds[id], id, graph.IDsOf(rows, graph.KindGroup))
		s.addHolder(applications, kinds[id], id, graph.IDsOf(rows, graph.KindServicePrincipal))
	}
	if err := addToSets(ctx, ix, keySPOwner, groups); err != nil {
		return nil, err
	}
	if err := addToSets(ctx, ix, keySPAppOwner, applications); err != nil {
		return nil, err
	}
	return page, nil
}

// addHolder notes a service principal with each object it is in or owns, if it
// is of a kind that is synced.
func (s *applicationSyncer) addHolder(holders map[string][]string, kind graph.ServicePrincipalKind, id string, objects []string) {
	if _, synced := servicePrincipalType(kind); !synced {
		if len(objects) > 0 {
			s.left.add(notSynced(string(kind)), len(objects))
		}
		return
	}
	for _, object := range objects {
		holders[object] = append(holders[object], id)
	}
}

func (s *applicationSyncer) resource(sp *graph.ServicePrincipal) (*v2.Resource, error) {
	id := objectID(sp.ID)
	enabled := sp.AccountEnabled == nil || *sp.AccountEnabled
	status := rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, "")
	if !enabled {
		status = rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_DISABLED, "sign-in to the application is blocked")
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(applicationProfile(sp)),
		status,
		s.portal.link(applicationBlade, id),
	}
	if sp.Description != "" {
		options = append(options, rs.WithDescription(sp.Description))
	}
	trait := []rs.AppTraitOption{rs.WithAppFlags(appFlags(sp, enabled)...)}
	if strings.HasPrefix(sp.Homepage, "https://") {
		trait = append(trait, rs.WithAppHelpURL(sp.Homepage))
	}
	return rs.NewAppResource(displayName(sp.DisplayName, sp.AppID, id), applicationResourceType, id, trait, options...)
}

// appFlags are the application's marks in Baton's terms. HideApp keeps it off
// people's My Apps page; the single sign-on mode is a free string in Graph.
func appFlags(sp *graph.ServicePrincipal, enabled bool) []v2.AppTrait_AppFlag {
	var flags []v2.AppTrait_AppFlag
	if slices.Contains(sp.Tags, "HideApp") {
		flags = append(flags, v2.AppTrait_APP_FLAG_HIDDEN)
	}
	if !enabled {
		flags = append(flags, v2.AppTrait_APP_FLAG_INACTIVE)
	}
	switch sp.PreferredSSOMode {
	case "saml":
		flags = append(flags, v2.AppTrait_APP_FLAG_SAML)
	case "oidc":
		flags = append(flags, v2.AppTrait_APP_FLAG_OIDC)
	case "external":
		flags = append(flags, v2.AppTrait_APP_FLAG_BOOKMARK)
	}
	return flags
}

func applicationProfile(sp *graph.ServicePrincipal) map[string]any {
	profile := map[string]any{
		"id":                        sp.ID,
		"appId":                     sp.AppID,
		"appRoleAssignmentRequired": sp.AppRoleAssignmentRequired,
	}
	setNonEmpty(profile, map[string]string{
		"servicePrincipalType":   sp.ServicePrincipalType,
		"appOwnerOrganizationId": sp.AppOwnerOrganizationID,
		"signInAudience":         sp.SignInAudience,
		"homepage":               sp.Homepage,
	})
	return profile
}
