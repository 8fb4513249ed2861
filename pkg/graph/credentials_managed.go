package graph

import (
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// NewManagedIdentityCredential signs in as the managed identity of the Azure
// resource that the process runs on. An empty id means the system-assigned one;
// otherwise it is the client id or the resource id (/subscriptions/...) of a
// user-assigned one
// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview).
// The tenant is not asked for: an identity gets tokens of its home tenant only.
func NewManagedIdentityCredential(o CredentialOptions, id string) (azcore.TokenCredential, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	// The endpoint is this host's own, in the place that Azure names.
	options.PerRetryPolicies = []policy.Policy{observePolicy{}}
	who := o.signIn(kindManagedIdentity, id)
	managed := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: options}
	switch {
	case who.client == "":
	case strings.HasPrefix(who.client, "/"):
		managed.ID = azidentity.ResourceID(who.client)
	default:
		managed.ID = azidentity.ClientID(who.client)
	}
	inner, err := azidentity.NewManagedIdentityCredential(managed)
	return newExplained(inner, err, who, signInLimit)
}
