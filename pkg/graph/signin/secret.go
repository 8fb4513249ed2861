package signin

import (
	"errors"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// NewClientSecretCredential signs in as an application with a client secret
// (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
// Surrounding white space is dropped: a secret never has any, a mounted file
// often does.
func NewClientSecretCredential(o Options, clientID, secret string) (azcore.TokenCredential, error) {
	secret = strings.TrimSpace(secret)
	if secret == "" {
		return nil, errors.New("graph: the client secret is empty")
	}
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	who := o.signIn(kindClientSecret, clientID)
	who.secretIsAnID = LooksLikeSecretID(secret)
	inner, err := azidentity.NewClientSecretCredential(who.tenant, who.client, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions:            options,
		DisableInstanceDiscovery: o.withoutDiscovery(),
	})
	return newExplained(inner, err, who, signInLimit)
}

// LooksLikeSecretID reports whether a client secret has the form of a secret's
// ID. The portal shows ID and value side by side, and only the ID stays
// visible, so it is what people copy. A real secret may have the form too (older
// tools let people choose them), so it is a hint and no reason to refuse.
func LooksLikeSecretID(secret string) bool {
	return IsGUID(strings.TrimSpace(secret))
}
