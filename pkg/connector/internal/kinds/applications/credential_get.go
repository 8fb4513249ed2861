package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Get reads the object that a credential belongs to, and gives the credential.
// The parent tells what the object is; without it both are tried.
func (s *CredentialSyncer) Get(ctx context.Context, id, parent *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	parts := model.CredentialIDForm.FindStringSubmatch(id.GetResource())
	if parts == nil {
		return nil, nil, model.Malformed(id, "its owner's GUID and its key's with : between")
	}
	owner := parts[1]
	if parent.GetResource() != "" && model.ObjectID(parent.GetResource()) != owner {
		return nil, nil, model.NotThere(id, "belongs to another object than "+parent.GetResource())
	}
	if parent.GetResourceType() != model.TypeAppRegistration {
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
		return nil, nil, model.GetStatus(err)
	}
	at := slices.IndexFunc(found, func(r *v2.Resource) bool { return r.GetId().GetResource() == id.GetResource() })
	if at < 0 {
		return nil, nil, model.NotThere(id, "is no credential that its owner has")
	}
	return found[at], nil, nil
}

func (s *CredentialSyncer) ofServicePrincipal(ctx context.Context, id string) ([]*v2.Resource, error) {
	sp, err := s.Client.ServicePrincipalCredentials(ctx, id)
	if err != nil {
		return nil, err
	}
	identity := walk.Holder{Type: model.ServicePrincipalType(sp.Kind()), ID: id}
	if !s.Filter.Syncs(identity.Type) {
		return nil, nil
	}
	owner := &credentialOwner{Holder: identity, identity: identity, name: model.DisplayName(sp.DisplayName, sp.AppID)}
	return owner.keys(sp.PasswordCredentials, sp.KeyCredentials)
}

func (s *CredentialSyncer) ofRegistration(ctx context.Context, id string) ([]*v2.Resource, error) {
	if !s.Filter.Syncs(model.TypeAppRegistration) {
		return nil, nil
	}
	made, err := s.Decider.Current(ctx)
	if err != nil {
		return nil, err
	}
	registration, err := s.Client.ApplicationCredentials(ctx, id)
	if err != nil {
		return nil, err
	}
	self := walk.Holder{Type: model.TypeAppRegistration, ID: id}
	identity, err := s.signsInAs(ctx, model.ObjectID(registration.AppID), self)
	if err != nil {
		return nil, err
	}
	owner := &credentialOwner{Holder: self, identity: identity, name: model.DisplayName(registration.DisplayName, registration.AppID)}
	found, err := owner.keys(registration.PasswordCredentials, registration.KeyCredentials)
	if err != nil || !made.Has(model.DataFederatedCredentials) {
		return found, err
	}
	federated, err := s.readFederated(ctx, []federatedOwner{{ID: id, Name: owner.name, Identity: identity}})
	return append(found, federated...), err
}

// signsInAs is the service principal that stands for an application in this
// tenant; self if there is none that is synced.
func (s *CredentialSyncer) signsInAs(ctx context.Context, appID string, self walk.Holder) (walk.Holder, error) {
	rows, err := walk.LookUpRows[graph.ServicePrincipal](ctx, s.Client, graph.ServicePrincipalsByAppIDRefs([]string{appID}))
	if err != nil {
		return self, err
	}
	for i := range rows {
		identity := walk.Holder{Type: model.ServicePrincipalType(rows[i].Kind()), ID: model.ObjectID(rows[i].ID)}
		if identity.Type != model.TypeManagedIdentity && s.Filter.Syncs(identity.Type) {
			self = identity
		}
	}
	return self, nil
}
