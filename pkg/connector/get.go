package connector

import (
	"context"
	"regexp"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Every resource type can read one of its resources by id (targeted sync), and
// gives it as listing does.
var (
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*userSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*userRiskSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*groupSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*roleSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*scopedRoleSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*administrativeUnitSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applicationSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*managedIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*agentIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*appRegistrationSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*credentialSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*licenseSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*consentSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*deviceSyncer)(nil)
)

const guidForm = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`

// The forms of resource ids. What does not have the form of its type was never
// given by this connector, and is not sent to Graph.
var (
	objectIDForm     = regexp.MustCompile(`^` + guidForm + `$`)
	scopedRoleIDForm = regexp.MustCompile(`^(` + guidForm + `)@(` + guidForm + `)$`)
	credentialIDForm = regexp.MustCompile(`^(` + guidForm + `):(` + guidForm + `|` + unnamedKey + `[0-9a-f]{16})$`)
	consentIDForm    = regexp.MustCompile(`^[0-9A-Za-z_-]{1,256}$`)
)

func malformed(id *v2.ResourceId, form string) error {
	return status.Errorf(codes.InvalidArgument, "%s%q is not the id of a resource of type %s, which is %s", errorPrefix, id.GetResource(), id.GetResourceType(), form)
}

// checkedObjectID is the id of a directory object in the snapshot's spelling.
func checkedObjectID(id *v2.ResourceId) (string, error) {
	checked := objectID(id.GetResource())
	if !objectIDForm.MatchString(checked) {
		return "", malformed(id, "a GUID")
	}
	return checked, nil
}

// notThere says that a resource is not in the snapshot, because it does not
// exist, is of another type, or is left out on purpose.
func notThere(id *v2.ResourceId, why string) error {
	return status.Errorf(codes.NotFound, "%s%s %s %s", errorPrefix, id.GetResourceType(), id.GetResource(), why)
}

// getOne reads a directory object by its id and makes a resource of it.
func getOne[T any](
	ctx context.Context, id *v2.ResourceId, read func(context.Context, string) (*T, error), resource func(*T) (*v2.Resource, error),
) (*v2.Resource, annotations.Annotations, error) {
	checked, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	object, err := read(ctx, checked)
	if err != nil {
		return nil, nil, getStatus(err)
	}
	found, err := resource(object)
	return found, nil, getStatus(err)
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

// Get reads one application. --skip-unassigned-apps does not apply: that takes
// walks over the whole tenant to find out.
func (s *applicationSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.ServicePrincipal, ofKind(id, graph.ServicePrincipalApplication, s.resource))
}

// Get reads one managed identity.
func (s *managedIdentitySyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.ManagedIdentity, ofKind(id, graph.ServicePrincipalManagedIdentity, s.resource))
}

// Get reads one agent identity.
func (s *agentIdentitySyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.AgentIdentity, ofKind(id, graph.ServicePrincipalAgentIdentity, s.resource))
}

// Get reads one app registration.
func (s *appRegistrationSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.Application, s.resource)
}

// Get reads one group.
func (s *groupSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.Group, func(g *graph.Group) (*v2.Resource, error) {
		if s.filter.skipADGroups && g.Synced() {
			return nil, notThere(id, "is synchronized from on-premises Active Directory and left out (--skip-ad-groups)")
		}
		return s.resource(g)
	})
}

// Get reads one role.
func (s *roleSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.RoleDefinition, s.resource)
}

// Get reads one administrative unit.
func (s *administrativeUnitSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.AdministrativeUnit, s.resource)
}

// Get reads one device.
func (s *deviceSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.Device, s.resource)
}

// Get reads one consent.
func (s *consentSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	if !consentIDForm.MatchString(id.GetResource()) {
		return nil, nil, malformed(id, "of letters, digits, - and _")
	}
	grant, err := s.client.OAuth2PermissionGrant(ctx, id.GetResource())
	if err != nil {
		return nil, nil, getStatus(err)
	}
	found, err := s.resource(grant)
	return found, nil, getStatus(err)
}

// Get reads the tenant's products, which come on one page in practice, and gives
// one.
func (s *licenseSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	sku, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	var rows []graph.SubscribedSKU
	var trail sending.Trail
	for next := ""; ; {
		if err := trail.Follow(next); err != nil {
			return nil, nil, getStatus(err)
		}
		page, err := s.client.ListSubscribedSKUs(ctx, next)
		if err != nil {
			return nil, nil, getStatus(err)
		}
		for i := range page.Items {
			if objectID(page.Items[i].SKUID) == sku {
				rows = append(rows, page.Items[i])
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if len(rows) == 0 {
		return nil, nil, getStatus(notThere(id, "is no product that the tenant has"))
	}
	found, err := s.resource(&mergeProducts(rows)[0])
	return found, nil, getStatus(err)
}
