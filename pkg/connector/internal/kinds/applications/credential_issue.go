package applications

import (
	"context"
	"slices"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

const (
	// defaultSecretLife is for secrets whose end nobody has chosen.
	defaultSecretLife = 180 * 24 * time.Hour
	// shortestSecretLife keeps clocks that differ from making secrets that have
	// ended before they are handed over.
	shortestSecretLife = time.Hour
	// longestSecretLife is what the admin centre offers at the most.
	longestSecretLife = 730 * 24 * time.Hour
)

// secretNamePrefix begins the names of the secrets that are issued here; the
// request's id follows. So an issue whose answer was lost can be found.
const secretNamePrefix = "Issued by " + model.Name + " "

// secretIssuer makes client secrets for one kind of object.
type secretIssuer struct {
	kinds.Kit

	servicePrincipal bool
	resourceType     string
}

// IssueCapabilityDetails says that client secrets can be issued.
func (i *secretIssuer) IssueCapabilityDetails(context.Context) (*v2.CredentialDetailsCredentialIssue, annotations.Annotations, error) {
	const secret = v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_CLIENT_SECRET
	return v2.CredentialDetailsCredentialIssue_builder{
		Options: []*v2.CredentialIssueOptionDescriptor{v2.CredentialIssueOptionDescriptor_builder{
			Option: secret,
			Expiry: v2.IssuanceExpiryCapability_builder{
				Min: durationpb.New(shortestSecretLife), Max: durationpb.New(longestSecretLife),
			}.Build(),
			ResourceMode:         v2.CredentialResourceMode_CREDENTIAL_RESOURCE_MODE_DISCOVERABLE,
			SecretResourceTypeId: model.TypeCredential,
		}.Build()},
		PreferredOption: secret,
	}.Build(), nil, nil
}

// Issue makes a client secret and hands it out, this once.
func (i *secretIssuer) Issue(ctx context.Context, input *connectorbuilder.CredentialIssueInput) (*connectorbuilder.CredentialIssueOutput, error) {
	owner := writing.CredentialOwner{ID: model.ObjectID(input.IdentityID.GetResource()), ServicePrincipal: i.servicePrincipal}
	end := time.Now().Add(defaultSecretLife)
	if input.ExpiresAt != nil {
		end = input.ExpiresAt.AsTime()
	}
	unlock, err := i.Provision.Locks.Lock(ctx, "credentials/"+owner.ID)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	defer unlock()
	read, err := i.credentials(ctx, owner)
	if err != nil {
		return nil, change.ToChangeStatus(err)
	}
	name := secretNamePrefix + input.RequestID
	if at := slices.IndexFunc(read.PasswordCredentials, named(name)); at >= 0 {
		return nil, status.Errorf(codes.AlreadyExists, "%sa secret was issued for this request before, and its text cannot be had again: delete credential %s and issue another one",
			model.ErrorPrefix, model.CredentialID(owner.ID, read.PasswordCredentials[at].KeyID))
	}
	made, err := i.addSecret(ctx, owner, name, end)
	if err != nil {
		return nil, change.ToChangeStatus(err)
	}
	i.Provision.Touched.Add(model.CredentialID(owner.ID, made.KeyID))
	return i.output(input.IdentityID, read, made, end)
}

func named(name string) func(graph.PasswordCredential) bool {
	return func(p graph.PasswordCredential) bool { return p.DisplayName == name }
}

// output is the SDK's form of a secret that was made.
func (i *secretIssuer) output(identity *v2.ResourceId, read *graph.ApplicationCredentials, made *writing.NewSecret, end time.Time) (*connectorbuilder.CredentialIssueOutput, error) {
	// The SDK wants the identity that was asked for, in the spelling it was asked
	// in; a sync names the service principal of a registration, where it has one.
	self := walk.Holder{Type: i.resourceType, ID: identity.GetResource()}
	if made.EndDateTime.Time == nil || made.EndDateTime.Time.After(end) {
		made.EndDateTime.Time = &end // Graph rounds.
	}
	owner := credentialOwner{Holder: walk.Holder{Type: i.resourceType, ID: model.ObjectID(self.ID)}, identity: self, name: model.DisplayName(read.DisplayName, read.AppID)}
	resources, err := owner.keys([]graph.PasswordCredential{made.PasswordCredential}, nil)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	return &connectorbuilder.CredentialIssueOutput{
		Secret: resources[0],
		PlaintextData: []*v2.PlaintextData{v2.PlaintextData_builder{
			Name: "client_secret", Description: "The client secret", Bytes: []byte(made.Text),
		}.Build()},
		ResourceMode: v2.CredentialResourceMode_CREDENTIAL_RESOURCE_MODE_DISCOVERABLE,
	}, nil
}

// credentials reads an object's credentials, and waits for one that is new.
func (i *secretIssuer) credentials(ctx context.Context, owner writing.CredentialOwner) (*graph.ApplicationCredentials, error) {
	var read *graph.ApplicationCredentials
	err := i.Provision.Apply(ctx, func(ctx context.Context) error {
		var err error
		read, err = writing.By(i.Client).GetCredentials(ctx, owner)
		return err
	})
	return read, err
}

// addSecret makes a secret, exactly one. A lost answer has taken the only copy of
// a secret with it: another one has to be made, and the lost one taken away.
func (i *secretIssuer) addSecret(ctx context.Context, owner writing.CredentialOwner, name string, end time.Time) (*writing.NewSecret, error) {
	for attempt := 1; ; attempt++ {
		var made *writing.NewSecret
		_, err := change.SettleWithin(ctx, i.Provision.Bound(), func(ctx context.Context) error {
			var err error
			made, err = writing.By(i.Client).AddSecret(ctx, owner, name, end)
			if failure.IsOutcomeUnknown(err) {
				return errLostSecret{err}
			}
			return err
		}, change.Never, failure.IsNotFound)
		lost, isLost := err.(errLostSecret) //nolint:errorlint // It is not wrapped on its way here.
		switch {
		case err == nil:
			if attempt > 1 {
				i.removeStrays(ctx, owner, name, made.KeyID)
			}
			return made, nil
		case !isLost:
			return nil, err
		case attempt > change.UnknownAttempts:
			return nil, lost.error
		}
		if err := change.Pause(ctx, min(change.FirstLook, i.Provision.Bound()/8)); err != nil {
			return nil, err
		}
	}
}

// errLostSecret keeps an unknown outcome from being settled by repeating.
type errLostSecret struct{ error }

// removeStrays takes away the secrets of this name but for one. The one is good
// whatever comes of that: what stays is told in the log.
func (i *secretIssuer) removeStrays(ctx context.Context, owner writing.CredentialOwner, name, keep string) {
	deadline := time.Now().Add(i.Provision.Bound())
	for wait := min(change.FirstLook, i.Provision.Bound()/8); ; wait = min(2*wait, change.LookEvery) {
		shown, err := i.removeShownStrays(ctx, owner, name, keep)
		if err == nil && !shown && time.Now().Add(wait).Before(deadline) {
			err = change.Pause(ctx, wait)
		} else if shown || err == nil {
			return
		}
		if err != nil {
			ctxzap.Extract(ctx).Warn("azure-ad: a secret whose answer was lost may be left on an application",
				zap.String("owner", owner.ID), zap.String("name", name), zap.Error(err))
			return
		}
	}
}

// removeShownStrays does so with what reads show, and reports whether they show
// the one to keep. Changes show in their order: if they do, they also show what
// was made before it.
func (i *secretIssuer) removeShownStrays(ctx context.Context, owner writing.CredentialOwner, name, keep string) (bool, error) {
	read, err := writing.By(i.Client).GetCredentials(ctx, owner)
	if err != nil {
		return false, err
	}
	shown := false
	for _, secret := range read.PasswordCredentials {
		if strings.EqualFold(secret.KeyID, keep) {
			shown = true
			continue
		}
		if secret.DisplayName != name {
			continue
		}
		_, err := i.Provision.Erase(ctx, model.CredentialID(owner.ID, secret.KeyID), func(ctx context.Context) error { return writing.By(i.Client).RemoveSecret(ctx, owner, secret.KeyID) })
		if err != nil {
			return shown, err
		}
	}
	return shown, nil
}
