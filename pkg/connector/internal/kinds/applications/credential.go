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
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The walks that credentials come from, in this order: registrations need to
// know the service principals that their credentials sign in as.
const (
	phaseRegistrations = "registrations"
	phaseFederated     = "federated"
)

// CredentialSyncer reads the secrets, certificates and federated credentials of
// service principals and app registrations, those that have expired included.
// Graph never gives the secrets themselves.
type CredentialSyncer struct {
	kinds.Kit
}

// NewCredentials reads credentials and takes them away.
func NewCredentials(k kinds.Kit) *CredentialSyncer {
	return &CredentialSyncer{k}
}

// ResourceType is the credential type.
func (s *CredentialSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.CredentialResourceType
}

// List reads one page of service principals or of app registrations with their
// credentials, or the federated credentials of a batch of registrations.
func (s *CredentialSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	switch c.Phase {
	case "":
		return s.listServicePrincipals(ctx, ix, c)
	case phaseRegistrations:
		return s.listRegistrations(ctx, ix, c)
	default:
		return s.listFederated(ctx, ix, c)
	}
}

// keyAppID leads from an application (client) id to the service principal of it
// in this tenant.
const keyAppID = "appid/"

func (s *CredentialSyncer) listServicePrincipals(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListServicePrincipalCredentials)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	identities := map[string]walk.Holder{}
	var found []*v2.Resource
	for i := range page.Rows {
		sp := &page.Rows[i]
		identity := walk.Holder{Type: model.ServicePrincipalType(sp.Kind()), ID: model.ObjectID(sp.ID)}
		if !s.Filter.Syncs(identity.Type) {
			continue
		}
		if sp.Kind() != graph.ServicePrincipalManagedIdentity {
			identities[model.ObjectID(sp.AppID)] = identity
		}
		owner := &credentialOwner{Holder: identity, identity: identity, name: model.DisplayName(sp.DisplayName, sp.AppID)}
		resources, err := owner.keys(sp.PasswordCredentials, sp.KeyCredentials)
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		found = append(found, resources...)
	}
	if err := walk.Put(ctx, ix, keyAppID, identities); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if page.Next == nil && s.Filter.Syncs(model.TypeAppRegistration) {
		page.Next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseRegistrations}
	}
	res, err := page.Results()
	return found, res, err
}

// listRegistrations reads one page of app registrations. Federated credentials
// are expanded with them; what that leaves open is noted for listFederated.
func (s *CredentialSyncer) listRegistrations(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	federated, err := s.Decider.Reads(ctx, ix, model.DataFederatedCredentials)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, func(ctx context.Context, next string) (*sending.Page[graph.ApplicationCredentials], error) {
		read, err := s.Client.ListApplicationCredentials(ctx, next, federated)
		if federated && next == "" && failure.IsUnsupportedQuery(err) {
			return s.Client.ListApplicationCredentials(ctx, next, false)
		}
		return read, err
	})
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	owners, err := registrationOwners(ctx, ix, page.Rows)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var found []*v2.Resource
	open := []federatedOwner{}
	cut := walk.MaybeCut(page, func(a *graph.ApplicationCredentials) (string, graph.Expanded) { return a.ID, a.FederatedRelation() })
	for i, owner := range owners {
		row := &page.Rows[i]
		resources, err := owner.keys(row.PasswordCredentials, row.KeyCredentials)
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		found = append(found, resources...)
		switch {
		case !federated:
		case !slices.Contains(cut, owner.ID):
			if resources, err = owner.federated(*row.Federated); err != nil {
				return nil, nil, model.ToStatus(err)
			}
			found = append(found, resources...)
		default:
			open = append(open, federatedOwner{ID: owner.ID, Name: owner.name, Identity: owner.identity})
		}
	}
	if !page.Restarted {
		if err := walk.PutPage(ctx, ix, keyFederated, page.Page, page.Next == nil, open); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	if page.Next == nil && federated {
		page.Next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseFederated}
	}
	res, err := page.Results()
	return found, res, err
}

// registrationOwners are the owners of the credentials of registrations.
func registrationOwners(ctx context.Context, ix walk.Index, rows []graph.ApplicationCredentials) ([]*credentialOwner, error) {
	appIDs := make([]string, 0, len(rows))
	for i := range rows {
		appIDs = append(appIDs, model.ObjectID(rows[i].AppID))
	}
	identities, err := walk.Get[walk.Holder](ctx, ix, keyAppID, appIDs)
	if err != nil {
		return nil, err
	}
	owners := make([]*credentialOwner, 0, len(rows))
	for i := range rows {
		self := walk.Holder{Type: model.TypeAppRegistration, ID: model.ObjectID(rows[i].ID)}
		identity, ok := identities[model.ObjectID(rows[i].AppID)]
		if !ok {
			identity = self // The application is not in use in this tenant.
		}
		owners = append(owners, &credentialOwner{Holder: self, identity: identity, name: model.DisplayName(rows[i].DisplayName, rows[i].AppID)})
	}
	return owners, nil
}
