package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

var _ connectorbuilder.CredentialIssuerV2 = (*appRegistrationSyncer)(nil)

// appRegistrationSyncer reads app registrations and who owns them. An owner can
// add a credential, and so act as the application.
type appRegistrationSyncer struct {
	kit
	*secretIssuer
	owners ownership

	ownerChange ownerChanger
}

// newAppRegistrationSyncer reads app registrations, and changes who owns them and their secrets.
func newAppRegistrationSyncer(k kit) *appRegistrationSyncer {
	return &appRegistrationSyncer{
		kit:          k,
		owners:       ownership{kit: k, resourceType: typeAppRegistration, list: k.client.ListApplicationOwners, full: graph.ApplicationOwnersRef},
		ownerChange:  applicationOwners(k),
		secretIssuer: &secretIssuer{kit: k, resourceType: typeAppRegistration},
	}
}

// ResourceType is the app registration type.
func (s *appRegistrationSyncer) ResourceType(context.Context) *v2.ResourceType {
	return appRegistrationResourceType
}

// List reads one page of app registrations.
func (s *appRegistrationSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := readPage(ctx, c, s.client.ListApplications)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if !page.restarted {
		ids := make([]string, 0, len(page.rows))
		for i := range page.rows {
			ids = append(ids, objectID(page.rows[i].ID))
		}
		if err := (index{opts.Session}).putListed(ctx, typeAppRegistration, page.page, page.next == nil, ids); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	return page.resources(s.resource)
}

// StaticEntitlements are what every app registration offers.
func (s *appRegistrationSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{ownerEntitlement(typeAppRegistration, "Can manage the app registration and add credentials to it")}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *appRegistrationSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *appRegistrationSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType reads who owns app registrations.
func (s *appRegistrationSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return s.owners.grants(ctx, opts)
}

func (s *appRegistrationSyncer) resource(a *graph.Application) (*v2.Resource, error) {
	id := objectID(a.ID)
	kind := "application"
	if a.ODataType == graph.TypeAgentIdentityBlueprint {
		kind = "agentIdentityBlueprint"
	}
	profile := map[string]any{"id": a.ID, fieldAppID: a.AppID, fieldKind: kind}
	setNonEmpty(profile, map[string]string{
		"signInAudience": a.SignInAudience, "publisherDomain": a.PublisherDomain,
		"disabledByMicrosoftStatus": a.DisabledStatus, "serviceManagementReference": a.ServiceManagement,
	})
	if len(a.IdentifierURIs) > 0 {
		uris := make([]any, 0, len(a.IdentifierURIs))
		for _, uri := range a.IdentifierURIs {
			uris = append(uris, uri)
		}
		profile["identifierUris"] = uris
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, ""),
		rs.WithNHIType(v2.NonHumanIdentityTrait_NHI_TYPE_APP_REGISTRATION, kind),
		s.portal.link(registrationBlade, id),
	}
	if a.Description != "" {
		options = append(options, rs.WithDescription(a.Description))
	}
	if created := a.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	return rs.NewAppResource(displayName(a.DisplayName, a.AppID, id), appRegistrationResourceType, id, nil, options...)
}

// Get reads one app registration.
func (s *appRegistrationSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.Application, s.resource)
}

// Grant makes a principal an owner of an app registration.
func (s *appRegistrationSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *appRegistrationSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
