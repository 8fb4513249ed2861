// Package applications reads what Graph's service principals and app registrations
// are in the snapshot: applications, managed and agent identities, registrations,
// their credentials and consents, who is assigned to them or owns them; and changes
// that.
package applications

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

var _ connectorbuilder.CredentialIssuerV2 = (*Syncer)(nil)

// Syncer reads enterprise applications, their app roles
// (application_entitlements.go), and who is assigned to them or owns them
// (application_grants.go). An application is a service principal that is
// neither a managed identity nor an agent identity.
type Syncer struct {
	kinds.Kit
	*secretIssuer
	walk   servicePrincipals
	owners ownership

	ownerChange ownerChanger
	downstream  *Downstream
}

// New reads applications, and changes who is assigned to them, who owns them, and their secrets.
func New(k kinds.Kit, after *Downstream) *Syncer {
	return &Syncer{
		Kit:          k,
		downstream:   after,
		walk:         servicePrincipals{Kit: k, kind: graph.ServicePrincipalApplication},
		owners:       servicePrincipalOwnership(k, model.TypeApplication),
		ownerChange:  servicePrincipalOwners(k),
		secretIssuer: &secretIssuer{Kit: k, servicePrincipal: true, resourceType: model.TypeApplication},
	}
}

// ResourceType is the application type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.ApplicationResourceType
}

// List reads one page of service principals. It remembers for the grants what
// each one is, which groups it is in, and what it owns.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if begins, err := s.beginsWithAttributes(ctx, ix, c); err != nil {
		return nil, nil, model.ToStatus(err)
	} else if begins || c.Phase == phaseAttributes {
		next, err := s.listAttributes(ctx, ix, c)
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		res, err := (&walk.Listed[graph.ServicePrincipal]{Next: next}).Results()
		return nil, res, err
	}
	if s.Filter.SkipUnassignedApps {
		return s.listAssigned(ctx, ix, c)
	}
	if c.Phase == phaseOwnership {
		res, err := s.walk.ownershipResults(ctx, ix, c)
		return nil, res, err
	}
	resources, page, err := s.listPage(ctx, ix, c)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := thenOwnership(page)
	return resources, res, err
}

// listPage reads one page of applications, and leaves out what the filter does
// not want.
func (s *Syncer) listPage(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *walk.Listed[graph.ServicePrincipal], error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListServicePrincipals)
	if err != nil || page.Restarted {
		return nil, page, err
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(sp graph.ServicePrincipal) bool { return sp.Kind() != graph.ServicePrincipalApplication })
	if err := s.walk.complete(ctx, page); err != nil {
		return nil, nil, err
	}
	if s.Filter.SkipUnassignedApps {
		if page.Rows, err = s.dropUnused(ctx, ix, page.Rows); err != nil {
			return nil, nil, err
		}
	}
	if err := s.walk.remember(ctx, ix, page); err != nil {
		return nil, nil, err
	}
	ids := make([]string, 0, len(page.Rows))
	for i := range page.Rows {
		ids = append(ids, model.ObjectID(page.Rows[i].ID))
	}
	attributes, err := s.attributesOf(ctx, ix, ids)
	if err != nil {
		return nil, nil, err
	}
	roles := map[string][]string{}
	resources := make([]*v2.Resource, 0, len(page.Rows))
	for i := range page.Rows {
		sp := &page.Rows[i]
		if len(sp.AppRoles) > 0 {
			roles[model.ObjectID(sp.ID)] = appRoleIDs(sp.AppRoles)
		}
		resource, err := s.resource(sp, attributes[model.ObjectID(sp.ID)])
		if err != nil {
			return nil, nil, err
		}
		resources = append(resources, resource)
	}
	if err := s.walk.putNames(ctx, ix, resources); err != nil {
		return nil, nil, err
	}
	if err := s.walk.putAppIDs(ctx, ix, resources); err != nil {
		return nil, nil, err
	}
	return resources, page, walk.Put(ctx, ix, walk.KeyRoles, roles)
}

func (s *Syncer) resource(sp *graph.ServicePrincipal, attributes graph.SecurityAttributes) (*v2.Resource, error) {
	id := model.ObjectID(sp.ID)
	enabled := sp.AccountEnabled == nil || *sp.AccountEnabled
	status := rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, "")
	if !enabled {
		status = rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_DISABLED, "sign-in to the application is blocked")
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(described(sp, attributes)),
		status,
		s.Portal.Link(model.ApplicationBlade, id),
	}
	if sp.Description != "" {
		options = append(options, rs.WithDescription(sp.Description))
	}
	if signsInItself(sp) {
		options = append(options, rs.WithNHIType(v2.NonHumanIdentityTrait_NHI_TYPE_APP_REGISTRATION, "servicePrincipal"))
	}
	trait := []rs.AppTraitOption{rs.WithAppFlags(appFlags(sp, enabled)...)}
	if strings.HasPrefix(sp.Homepage, "https://") {
		trait = append(trait, rs.WithAppHelpURL(sp.Homepage))
	}
	return rs.NewAppResource(kinds.ServicePrincipalName(sp), kinds.ApplicationResourceType, id, trait, options...)
}

// signsInItself reports whether the service principal holds a secret or a
// certificate of its own to sign in with. Most applications sign in with those
// of their registration, which carries the mark then. A certificate that signs
// SAML responses is none: it comes as a pair of keys with a password to open it.
func signsInItself(sp *graph.ServicePrincipal) bool {
	signs := func(key graph.KeyCredential) bool { return key.Usage == "Sign" }
	opensNone := func(p graph.PasswordCredential) bool {
		return !slices.ContainsFunc(sp.KeyCredentials, func(key graph.KeyCredential) bool { return signs(key) && sameKey(key.KeyID, p.KeyID) })
	}
	if slices.ContainsFunc(sp.PasswordCredentials, opensNone) {
		return true
	}
	return len(sp.KeyCredentials) > 0 && !slices.ContainsFunc(sp.KeyCredentials, signs)
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
		model.FieldAppID:            sp.AppID,
		"appRoleAssignmentRequired": sp.AppRoleAssignmentRequired,
	}
	model.SetNonEmpty(profile, map[string]string{
		"servicePrincipalType":   sp.ServicePrincipalType,
		"appOwnerOrganizationId": sp.AppOwnerOrganizationID,
		"signInAudience":         sp.SignInAudience,
		"homepage":               sp.Homepage,
	})
	return profile
}

// Get reads one application. --skip-unassigned-apps does not apply: that takes
// walks over the whole tenant to find out.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.ServicePrincipal, ofKind(id, graph.ServicePrincipalApplication, s.readOne(ctx)))
}
