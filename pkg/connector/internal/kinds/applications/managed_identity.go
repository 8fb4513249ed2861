package applications

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

// ManagedIdentitySyncer reads the service principals that Azure keeps for its
// resources, and who owns them. Azure holds their credentials and changes them.
type ManagedIdentitySyncer struct {
	kinds.Kit

	walk   servicePrincipals
	owners ownership

	ownerChange ownerChanger
}

// NewManagedIdentities reads managed identities and changes who owns them.
func NewManagedIdentities(k kinds.Kit) *ManagedIdentitySyncer {
	return &ManagedIdentitySyncer{
		Kit:         k,
		walk:        servicePrincipals{Kit: k, kind: graph.ServicePrincipalManagedIdentity},
		owners:      servicePrincipalOwnership(k, model.TypeManagedIdentity),
		ownerChange: servicePrincipalOwners(k),
	}
}

// ResourceType is the managed identity type.
func (s *ManagedIdentitySyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.ManagedIdentityResourceType
}

// List reads one page of managed identities, and after the last one what they
// own.
func (s *ManagedIdentitySyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if c.Phase == phaseOwnership {
		res, err := s.walk.ownershipResults(ctx, ix, c)
		return nil, res, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListManagedIdentities)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	// A tenant that refuses the filter answers with all service principals.
	page.Rows = slices.DeleteFunc(page.Rows, func(sp graph.ServicePrincipal) bool { return sp.Kind() != graph.ServicePrincipalManagedIdentity })
	if !page.Restarted {
		if err := s.walk.complete(ctx, page); err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if err := s.walk.remember(ctx, ix, page); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	resources, _, err := page.Resources(s.resource)
	if err != nil {
		return nil, nil, err
	}
	if err := s.walk.putNames(ctx, ix, resources); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := thenOwnership(page)
	return resources, res, err
}

// StaticEntitlements are what every managed identity offers.
func (s *ManagedIdentitySyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{kinds.OwnerEntitlement(model.TypeManagedIdentity, "Can manage the managed identity's service principal")}, nil, nil
}

// GrantsForResourceType reads who owns managed identities.
func (s *ManagedIdentitySyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return s.owners.grants(ctx, opts)
}

func (s *ManagedIdentitySyncer) resource(sp *graph.ServicePrincipal) (*v2.Resource, error) {
	id := model.ObjectID(sp.ID)
	assignment, azureResource := azureResource(sp.AlternativeNames)
	status, details := servicePrincipalStatus(sp)
	trait := []rs.UserTraitOption{
		rs.WithAccountType(v2.UserTrait_ACCOUNT_TYPE_SERVICE),
		rs.WithUserLogin(sp.AppID),
		rs.WithDetailedStatus(v2.UserTrait_Status_Status(status), details), //nolint:staticcheck // See Syncer.resource.
	}
	profile := map[string]any{"id": sp.ID, model.FieldAppID: sp.AppID, model.ExportUserID: id}
	model.SetNonEmpty(profile, map[string]string{"assignment": assignment, "azureResourceId": azureResource})
	return rs.NewUserResource(kinds.ServicePrincipalName(sp), kinds.ManagedIdentityResourceType, id, trait,
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(status, details),
		rs.WithNHIType(v2.NonHumanIdentityTrait_NHI_TYPE_MANAGED_IDENTITY, model.DisplayName(assignment, "managed identity")),
		s.Portal.Link(model.ApplicationBlade, id),
	)
}

// azureResource reads from a managed identity's alternative names whether it is
// a resource of its own or part of another one, and which resource that is. The
// names are "isExplicit=True" or "isExplicit=False" and a resource id
// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview).
func azureResource(alternativeNames []string) (string, string) {
	var assignment, resource string
	for _, name := range alternativeNames {
		switch {
		case strings.EqualFold(name, "isExplicit=True"):
			assignment = "user-assigned"
		case strings.EqualFold(name, "isExplicit=False"):
			assignment = "system-assigned"
		case strings.HasPrefix(name, "/"):
			resource = name
		}
	}
	return assignment, resource
}

// servicePrincipalStatus is enabled where Graph does not tell: that is the
// property's default.
func servicePrincipalStatus(sp *graph.ServicePrincipal) (v2.Status_ResourceStatus, string) {
	if sp.AccountEnabled != nil && !*sp.AccountEnabled {
		return v2.Status_RESOURCE_STATUS_DISABLED, "sign-in is blocked"
	}
	return v2.Status_RESOURCE_STATUS_ENABLED, ""
}

// Get reads one managed identity.
func (s *ManagedIdentitySyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.ManagedIdentity, ofKind(id, graph.ServicePrincipalManagedIdentity, s.resource))
}

// Grant makes a principal an owner of a managed identity's service principal.
func (s *ManagedIdentitySyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *ManagedIdentitySyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
