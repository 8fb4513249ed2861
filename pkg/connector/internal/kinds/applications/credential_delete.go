package applications

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

var _ connectorbuilder.ResourceDeleterV2 = (*CredentialSyncer)(nil)

// Delete takes a client secret or a federated credential away. A certificate is
// not taken away: Graph wants a proof signed with its private key for that.
func (s *CredentialSyncer) Delete(ctx context.Context, id *v2.ResourceId, parent *v2.ResourceId) (annotations.Annotations, error) {
	ownerID, key, ok := strings.Cut(id.GetResource(), ":")
	if !ok || ownerID == "" || key == "" {
		return nil, status.Errorf(codes.InvalidArgument, "%s%q is not the id of a credential, which is the id of its owner, a colon and the id of its key", model.ErrorPrefix, id.GetResource())
	}
	if strings.HasPrefix(model.ObjectID(key), model.UnnamedKey) {
		return nil, change.Refused("credential %s of %s has no key id in Microsoft Graph, which takes nothing away without one: remove it in the Entra admin centre", key, ownerID)
	}
	unlock, err := s.Provision.Locks.Lock(ctx, "credentials/"+model.ObjectID(ownerID))
	if err != nil {
		return nil, model.ToStatus(err)
	}
	defer unlock()
	return nil, change.ToChangeStatus(s.delete(ctx, model.ObjectID(ownerID), model.ObjectID(key), parent.GetResourceType()))
}

func (s *CredentialSyncer) delete(ctx context.Context, ownerID, key, ownerType string) error {
	owner, read, err := s.owner(ctx, ownerID, ownerType)
	switch {
	case err != nil:
		return err
	case read == nil: // With its owner, a credential is gone.
		return nil
	}
	secret := slices.ContainsFunc(read.PasswordCredentials, func(p graph.PasswordCredential) bool { return sameKey(p.KeyID, key) })
	if slices.ContainsFunc(read.KeyCredentials, func(k graph.KeyCredential) bool { return sameKey(k.KeyID, key) }) {
		return change.Refused("credential %s of %s is a certificate; Microsoft Graph takes one away only for who proves to hold its private key: remove it in the Entra admin centre",
			key, model.DisplayName(read.DisplayName, ownerID))
	}
	if !secret && !owner.ServicePrincipal {
		federated, err := writing.By(s.Client).FederatedCredentials(ctx, ownerID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(federated, func(f graph.FederatedIdentityCredential) bool { return sameKey(f.ID, key) }) {
			_, err := s.Provision.Erase(ctx, model.CredentialID(ownerID, key), func(ctx context.Context) error {
				return writing.By(s.Client).RemoveFederatedCredential(ctx, ownerID, key)
			})
			return err
		}
	}
	// What reads do not show may be a secret that is new.
	_, err = s.Provision.Erase(ctx, model.CredentialID(ownerID, key), func(ctx context.Context) error { return writing.By(s.Client).RemoveSecret(ctx, owner, key) })
	return err
}

// owner finds what a credential belongs to: the command line does not tell which
// kind of object it is. There is none if it is gone.
func (s *CredentialSyncer) owner(ctx context.Context, id, ownerType string) (writing.CredentialOwner, *graph.ApplicationCredentials, error) {
	for _, servicePrincipal := range []bool{false, true} {
		owner := writing.CredentialOwner{ID: id, ServicePrincipal: servicePrincipal}
		if ownerType != "" && servicePrincipal == (ownerType == model.TypeAppRegistration) {
			continue
		}
		read, err := writing.By(s.Client).GetCredentials(ctx, owner)
		if err == nil || !failure.IsNotFound(err) {
			return owner, read, err
		}
	}
	return writing.CredentialOwner{}, nil, nil
}
