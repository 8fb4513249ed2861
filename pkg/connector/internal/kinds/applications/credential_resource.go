package applications

import (
	"slices"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// credentialOwner is the object that credentials belong to.
type credentialOwner struct {
	walk.Holder
	// identity is what the credentials sign in as.
	identity walk.Holder
	name     string
	// unnamed counts the credentials without an id of their own that are alike.
	unnamed map[string]int
}

// credentialTraits are what a credential of any kind has.
type credentialTraits struct {
	key, name, kind string
	class           v2.SecretTrait_CredentialType
	start, end      *time.Time
	profile         map[string]string
}

// keys are the secrets and certificates. A certificate that signs SAML responses
// comes as two keys and a password under the id of one of them: the password
// opens the certificate, and is none of its own.
func (o *credentialOwner) keys(passwords []graph.PasswordCredential, keys []graph.KeyCredential) ([]*v2.Resource, error) {
	var found []*v2.Resource
	for i := range keys {
		k := &keys[i]
		t := credentialTraits{
			key: k.KeyID, name: model.DisplayName(k.DisplayName, "Certificate"), kind: model.DisplayName(k.Type, "AsymmetricX509Cert"),
			class: v2.SecretTrait_CREDENTIAL_TYPE_CERTIFICATE, start: k.StartDateTime.Time, end: k.EndDateTime.Time,
			profile: map[string]string{"usage": k.Usage},
		}
		if k.Type == "Symmetric" {
			t.class = v2.SecretTrait_CREDENTIAL_TYPE_STATIC_SECRET
		}
		resource, err := o.resource(&t)
		if err != nil {
			return nil, err
		}
		found = append(found, resource)
	}
	for i := range passwords {
		p := &passwords[i]
		if slices.ContainsFunc(keys, func(k graph.KeyCredential) bool { return sameKey(k.KeyID, p.KeyID) }) {
			continue
		}
		resource, err := o.resource(&credentialTraits{
			key: p.KeyID, name: model.DisplayName(p.DisplayName, "Client secret"), kind: "clientSecret",
			class: v2.SecretTrait_CREDENTIAL_TYPE_STATIC_SECRET, start: p.StartDateTime.Time, end: p.EndDateTime.Time,
		})
		if err != nil {
			return nil, err
		}
		found = append(found, resource)
	}
	return found, nil
}

// federated are the federated credentials: trust in another issuer's keys.
func (o *credentialOwner) federated(rows []graph.FederatedIdentityCredential) ([]*v2.Resource, error) {
	found := make([]*v2.Resource, 0, len(rows))
	for i := range rows {
		f := &rows[i]
		resource, err := o.resource(&credentialTraits{
			key: f.ID, name: model.DisplayName(f.Name, "Federated credential"), kind: "federatedIdentityCredential",
			class:   v2.SecretTrait_CREDENTIAL_TYPE_ASYMMETRIC_KEY,
			profile: map[string]string{"issuer": f.Issuer, "subject": f.Subject, "description": f.Description},
		})
		if err != nil {
			return nil, err
		}
		found = append(found, resource)
	}
	return found, nil
}

func (o *credentialOwner) resource(t *credentialTraits) (*v2.Resource, error) {
	profile := map[string]any{model.FieldKind: t.kind, "owner": o.name, "ownerId": o.ID}
	key := t.key
	if key == "" {
		key = o.keyOf(t)
	} else {
		profile["keyId"] = t.key
	}
	model.SetNonEmpty(profile, t.profile)
	model.SetNonEmpty(profile, map[string]string{model.FieldStart: model.Timestamp(t.start), model.FieldEnd: model.Timestamp(t.end)})
	trait := []rs.SecretTraitOption{
		rs.WithSecretIdentityID(model.ResourceID(o.identity.Type, o.identity.ID)),
		rs.WithSecretType(t.class),
		rs.WithSecretDetail(t.kind),
	}
	if t.end != nil {
		trait = append(trait, rs.WithSecretExpiresAt(*t.end))
	}
	options := []rs.ResourceOption{
		rs.WithParentResourceID(model.ResourceID(o.Type, o.ID)),
		rs.WithResourceProfile(profile),
	}
	if t.start != nil {
		options = append(options, rs.WithResourceCreatedAt(*t.start))
	}
	return rs.NewSecretResource(o.name+": "+t.name, kinds.CredentialResourceType, model.CredentialID(o.ID, key), trait, options...)
}
