package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The walks that credentials come from, in this order: registrations need to
// know the service principals that their credentials sign in as.
const (
	phaseRegistrations = "registrations"
	phaseFederated     = "federated"
)

// credentialSyncer reads the secrets, certificates and federated credentials of
// service principals and app registrations, those that have expired included.
// Graph never gives the secrets themselves.
type credentialSyncer struct {
	kit
}

// newCredentialSyncer reads credentials and takes them away.
func newCredentialSyncer(k kit) *credentialSyncer {
	return &credentialSyncer{k}
}

// ResourceType is the credential type.
func (s *credentialSyncer) ResourceType(context.Context) *v2.ResourceType {
	return credentialResourceType
}

// List reads one page of service principals or of app registrations with their
// credentials, or the federated credentials of a batch of registrations.
func (s *credentialSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	switch c.Phase {
	case "":
		return s.listServicePrincipals(ctx, ix, c)
	case phaseRegistrations:
		return s.listRegistrations(ctx, ix, c)
	default:
		return s.listFederated(ctx, ix, c)
	}
}

// Entitlements has nothing to give.
func (s *credentialSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to give.
func (s *credentialSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// keyAppID leads from an application (client) id to the service principal of it
// in this tenant.
const keyAppID = "appid/"

func (s *credentialSyncer) listServicePrincipals(ctx context.Context, ix index, c cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	page, err := readPage(ctx, c, s.client.ListServicePrincipalCredentials)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	identities := map[string]holder{}
	var found []*v2.Resource
	for i := range page.rows {
		sp := &page.rows[i]
		identity := holder{servicePrincipalType(sp.Kind()), objectID(sp.ID)}
		if !s.filter.syncs(identity.Type) {
			continue
		}
		if sp.Kind() != graph.ServicePrincipalManagedIdentity {
			identities[objectID(sp.AppID)] = identity
		}
		owner := &credentialOwner{holder: identity, identity: identity, name: displayName(sp.DisplayName, sp.AppID)}
		resources, err := owner.keys(sp.PasswordCredentials, sp.KeyCredentials)
		if err != nil {
			return nil, nil, toStatus(err)
		}
		found = append(found, resources...)
	}
	if err := put(ctx, ix, keyAppID, identities); err != nil {
		return nil, nil, toStatus(err)
	}
	if page.next == nil && s.filter.syncs(typeAppRegistration) {
		page.next = &cursor{Version: tokenVersion, Phase: phaseRegistrations}
	}
	res, err := page.results()
	return found, res, err
}

// listRegistrations reads one page of app registrations. Federated credentials
// are expanded with them; what that leaves open is noted for listFederated.
func (s *credentialSyncer) listRegistrations(ctx context.Context, ix index, c cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	federated, err := s.decider.reads(ctx, ix, dataFederatedCredentials)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, func(ctx context.Context, next string) (*sending.Page[graph.ApplicationCredentials], error) {
		read, err := s.client.ListApplicationCredentials(ctx, next, federated)
		if federated && next == "" && failure.IsUnsupportedQuery(err) {
			return s.client.ListApplicationCredentials(ctx, next, false)
		}
		return read, err
	})
	if err != nil {
		return nil, nil, toStatus(err)
	}
	owners, err := registrationOwners(ctx, ix, page.rows)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var found []*v2.Resource
	open := []federatedOwner{}
	cut := maybeCut(page, func(a *graph.ApplicationCredentials) (string, graph.Expanded) { return a.ID, a.FederatedRelation() })
	for i, owner := range owners {
		row := &page.rows[i]
		resources, err := owner.keys(row.PasswordCredentials, row.KeyCredentials)
		if err != nil {
			return nil, nil, toStatus(err)
		}
		found = append(found, resources...)
		switch {
		case !federated:
		case !slices.Contains(cut, owner.ID):
			if resources, err = owner.federated(*row.Federated); err != nil {
				return nil, nil, toStatus(err)
			}
			found = append(found, resources...)
		default:
			open = append(open, federatedOwner{ID: owner.ID, Name: owner.name, Identity: owner.identity})
		}
	}
	if !page.restarted {
		if err := putPage(ctx, ix, keyFederated, page.page, page.next == nil, open); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	if page.next == nil && federated {
		page.next = &cursor{Version: tokenVersion, Phase: phaseFederated}
	}
	res, err := page.results()
	return found, res, err
}

// registrationOwners are the owners of the credentials of registrations.
func registrationOwners(ctx context.Context, ix index, rows []graph.ApplicationCredentials) ([]*credentialOwner, error) {
	appIDs := make([]string, 0, len(rows))
	for i := range rows {
		appIDs = append(appIDs, objectID(rows[i].AppID))
	}
	identities, err := get[holder](ctx, ix, keyAppID, appIDs)
	if err != nil {
		return nil, err
	}
	owners := make([]*credentialOwner, 0, len(rows))
	for i := range rows {
		self := holder{typeAppRegistration, objectID(rows[i].ID)}
		identity, ok := identities[objectID(rows[i].AppID)]
		if !ok {
			identity = self // The application is not in use in this tenant.
		}
		owners = append(owners, &credentialOwner{holder: self, identity: identity, name: displayName(rows[i].DisplayName, rows[i].AppID)})
	}
	return owners, nil
}
