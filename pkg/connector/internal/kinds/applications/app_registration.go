package applications

import (
	"context"
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

var _ connectorbuilder.CredentialIssuerV2 = (*RegistrationSyncer)(nil)

// RegistrationSyncer reads app registrations and who owns them. An owner can
// add a credential, and so act as the application.
type RegistrationSyncer struct {
	kinds.Kit
	*secretIssuer
	owners ownership

	ownerChange ownerChanger
}

// NewRegistrations reads app registrations, and changes who owns them and their secrets.
func NewRegistrations(k kinds.Kit) *RegistrationSyncer {
	return &RegistrationSyncer{
		Kit:          k,
		owners:       ownership{Kit: k, resourceType: model.TypeAppRegistration, list: k.Client.ListApplicationOwners, full: graph.ApplicationOwnersRef},
		ownerChange:  applicationOwners(k),
		secretIssuer: &secretIssuer{Kit: k, resourceType: model.TypeAppRegistration},
	}
}

// ResourceType is the app registration type.
func (s *RegistrationSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.AppRegistrationResourceType
}

// List reads one page of app registrations.
func (s *RegistrationSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListApplications)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !page.Restarted {
		ids := make([]string, 0, len(page.Rows))
		for i := range page.Rows {
			ids = append(ids, model.ObjectID(page.Rows[i].ID))
		}
		if err := (walk.Index{Store: opts.Session}).PutListed(ctx, model.TypeAppRegistration, page.Page, page.Next == nil, ids); err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if err := s.putBlueprintApps(ctx, walk.Index{Store: opts.Session}, page.Rows); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(s.resource)
}

// StaticEntitlements are what every app registration offers.
func (s *RegistrationSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{kinds.OwnerEntitlement(model.TypeAppRegistration, "Can manage the app registration and add credentials to it")}, nil, nil
}

// GrantsForResourceType reads who owns app registrations.
func (s *RegistrationSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return s.owners.grants(ctx, opts)
}

func (s *RegistrationSyncer) resource(a *graph.Application) (*v2.Resource, error) {
	id := model.ObjectID(a.ID)
	kind := "application"
	if a.ODataType == graph.TypeAgentIdentityBlueprint {
		kind = "agentIdentityBlueprint"
	}
	profile := map[string]any{"id": a.ID, model.FieldAppID: a.AppID, model.FieldKind: kind}
	model.SetNonEmpty(profile, map[string]string{
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
	if len(a.ManagerApplications) > 0 {
		managers := make([]any, 0, len(a.ManagerApplications))
		for _, appID := range a.ManagerApplications {
			managers = append(managers, strings.ToLower(appID))
		}
		profile["managerApplications"] = managers
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, ""),
		rs.WithNHIType(v2.NonHumanIdentityTrait_NHI_TYPE_APP_REGISTRATION, kind),
		s.Portal.Link(model.RegistrationBlade, id),
	}
	if a.Description != "" {
		options = append(options, rs.WithDescription(a.Description))
	}
	if created := a.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	return rs.NewAppResource(model.DisplayName(a.DisplayName, a.AppID, id), kinds.AppRegistrationResourceType, id, nil, options...)
}

// Get reads one app registration.
func (s *RegistrationSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.Application, s.resource)
}

// Grant makes a principal an owner of an app registration.
func (s *RegistrationSyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *RegistrationSyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
