package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Get reads the object that a credential belongs to, and gives the credential.
// The parent tells what the object is; without it both are tried.
func (s *credentialSyncer) Get(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	parts := credentialIDForm.FindStringSubmatch(id.GetResource())
	if parts == nil {
		return nil, nil, malformed(id, "its owner's GUID and its key's with : between")
	}
	owner := parts[1]
	if parent.GetResource() != "" && objectID(parent.GetResource()) != owner {
		return nil, nil, notThere(id, "belongs to another object than "+parent.GetResource())
	}
	if parent.GetResourceType() != typeAppRegistration {
		found, err := s.ofServicePrincipal(ctx, owner)
		if !failure.IsNotFound(err) || parent != nil {
			return pickCredential(id, found, err)
		}
	}
	found, err := s.ofRegistration(ctx, owner)
	return pickCredential(id, found, err)
}

func pickCredential(id *v2.ResourceId, found []*v2.Resource, err error) (*v2.Resource, annotations.Annotations, error) {
	if err != nil {
		return nil, nil, getStatus(err)
	}
	at := slices.IndexFunc(found, func(r *v2.Resource) bool { return r.GetId().GetResource() == id.GetResource() })
	if at < 0 {
		return nil, nil, notThere(id, "is no credential that its owner has")
	}
	return found[at], nil, nil
}

func (s *credentialSyncer) ofServicePrincipal(ctx context.Context, id string) ([]*v2.Resource, error) {
	sp, err := s.client.ServicePrincipalCredentials(ctx, id)
	if err != nil {
		return nil, err
	}
	identity := holder{servicePrincipalType(sp.Kind()), id}
	if !s.filter.syncs(identity.Type) {
		return nil, nil
	}
	owner := &credentialOwner{holder: identity, identity: identity, name: displayName(sp.DisplayName, sp.AppID)}
	return owner.keys(sp.PasswordCredentials, sp.KeyCredentials)
}

func (s *credentialSyncer) ofRegistration(ctx context.Context, id string) ([]*v2.Resource, error) {
	if !s.filter.syncs(typeAppRegistration) {
		return nil, nil
	}
	made, err := s.decider.current(ctx)
	if err != nil {
		return nil, err
	}
	registration, err := s.client.ApplicationCredentials(ctx, id)
	if err != nil {
		return nil, err
	}
	self := holder{typeAppRegistration, id}
	identity, err := s.signsInAs(ctx, objectID(registration.AppID), self)
	if err != nil {
		return nil, err
	}
	owner := &credentialOwner{holder: self, identity: identity, name: displayName(registration.DisplayName, registration.AppID)}
	found, err := owner.keys(registration.PasswordCredentials, registration.KeyCredentials)
	if err != nil || !made.has(dataFederatedCredentials) {
		return found, err
	}
	federated, err := s.readFederated(ctx, []federatedOwner{{ID: id, Name: owner.name, Identity: identity}})
	return append(found, federated...), err
}

// signsInAs is the service principal that stands for an application in this
// tenant; self if there is none that is synced.
func (s *credentialSyncer) signsInAs(ctx context.Context, appID string, self holder) (holder, error) {
	rows, err := lookUpRows[graph.ServicePrincipal](ctx, s.client, graph.ServicePrincipalsByAppIDRefs([]string{appID}))
	if err != nil {
		return self, err
	}
	for i := range rows {
		identity := holder{servicePrincipalType(rows[i].Kind()), objectID(rows[i].ID)}
		if identity.Type != typeManagedIdentity && s.filter.syncs(identity.Type) {
			self = identity
		}
	}
	return self, nil
}
