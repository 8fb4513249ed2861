package signin

import (
	"context"
	"net/http"
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
func NewManagedIdentityCredential(o Options, id string) (azcore.TokenCredential, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	// The endpoint is this host's own, in the place that Azure names.
	options.PerRetryPolicies = []policy.Policy{observePolicy{}}
	options.PerCallPolicies = []policy.Policy{demandPolicy{}}
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
	return newExplained(demanding{inner}, err, who, signInLimit)
}

// demanding tells the requests behind one GetToken that a token out of a cache
// will not do. With claims MSAL leaves its own cache out, but does not tell the
// endpoint, which has one too, for up to a day.
type demanding struct{ inner azcore.TokenCredential }

type demandKey struct{}

// GetToken implements azcore.TokenCredential.
func (d demanding) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if options.Claims != "" {
		ctx = context.WithValue(ctx, demandKey{}, true)
	}
	return d.inner.GetToken(ctx, options)
}

// demandPolicy asks the endpoint of virtual machines for a token that is not from
// its cache. The endpoints of other services know no such question.
type demandPolicy struct{}

const (
	instanceMetadataPath = "/metadata/identity/oauth2/token"
	bypassCache          = "bypass_cache"
)

// Do implements policy.Policy.
func (demandPolicy) Do(req *policy.Request) (*http.Response, error) {
	if raw := req.Raw(); raw.Context().Value(demandKey{}) != nil && raw.URL.Path == instanceMetadataPath {
		query := raw.URL.Query()
		query.Set(bypassCache, "true")
		raw.URL.RawQuery = query.Encode()
	}
	return req.Next()
}
