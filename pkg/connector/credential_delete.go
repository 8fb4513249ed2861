package connector

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

var _ connectorbuilder.ResourceDeleterV2 = (*credentialSyncer)(nil)

// Delete takes a client secret or a federated credential away. A certificate is
// not taken away: Graph wants a proof signed with its private key for that.
func (s *credentialSyncer) Delete(ctx context.Context, id *v2.ResourceId, parent *v2.ResourceId) (annotations.Annotations, error) {
	ownerID, key, ok := strings.Cut(id.GetResource(), ":")
	if !ok || ownerID == "" || key == "" {
		return nil, status.Errorf(codes.InvalidArgument, "%s%q is not the id of a credential, which is the id of its owner, a colon and the id of its key", errorPrefix, id.GetResource())
	}
	if strings.HasPrefix(objectID(key), unnamedKey) {
		return nil, refused("credential %s of %s has no key id in Microsoft Graph, which takes nothing away without one: remove it in the Entra admin centre", key, ownerID)
	}
	unlock, err := s.provision.locks.lock(ctx, "credentials/"+objectID(ownerID))
	if err != nil {
		return nil, toStatus(err)
	}
	defer unlock()
	return nil, toChangeStatus(s.delete(ctx, objectID(ownerID), objectID(key), parent.GetResourceType()))
}

func (s *credentialSyncer) delete(ctx context.Context, ownerID, key, ownerType string) error {
	owner, read, err := s.owner(ctx, ownerID, ownerType)
	switch {
	case err != nil:
		return err
	case read == nil: // With its owner, a credential is gone.
		return nil
	}
	secret := slices.ContainsFunc(read.PasswordCredentials, func(p graph.PasswordCredential) bool { return sameKey(p.KeyID, key) })
	if slices.ContainsFunc(read.KeyCredentials, func(k graph.KeyCredential) bool { return sameKey(k.KeyID, key) }) {
		return refused("credential %s of %s is a certificate; Microsoft Graph takes one away only for who proves to hold its private key: remove it in the Entra admin centre",
			key, displayName(read.DisplayName, ownerID))
	}
	if !secret && !owner.ServicePrincipal {
		federated, err := s.client.FederatedCredentials(ctx, ownerID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(federated, func(f graph.FederatedIdentityCredential) bool { return sameKey(f.ID, key) }) {
			_, err := s.provision.erase(ctx, credentialID(ownerID, key), func(ctx context.Context) error { return s.client.RemoveFederatedCredential(ctx, ownerID, key) })
			return err
		}
	}
	// What reads do not show may be a secret that is new.
	_, err = s.provision.erase(ctx, credentialID(ownerID, key), func(ctx context.Context) error { return s.client.RemoveSecret(ctx, owner, key) })
	return err
}

// owner finds what a credential belongs to: the command line does not tell which
// kind of object it is. There is none if it is gone.
func (s *credentialSyncer) owner(ctx context.Context, id, ownerType string) (graph.CredentialOwner, *graph.ApplicationCredentials, error) {
	for _, servicePrincipal := range []bool{false, true} {
		owner := graph.CredentialOwner{ID: id, ServicePrincipal: servicePrincipal}
		if ownerType != "" && servicePrincipal == (ownerType == typeAppRegistration) {
			continue
		}
		read, err := s.client.GetCredentials(ctx, owner)
		if err == nil || !failure.IsNotFound(err) {
			return owner, read, err
		}
	}
	return graph.CredentialOwner{}, nil, nil
}
