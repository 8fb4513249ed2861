package signin

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// cliLimit is generous because az, a Python program, can take seconds to start.
const cliLimit = 30 * time.Second

// errSameToken says that az has no other token than the one that Graph refused.
var errSameToken = errors.New("the Azure CLI has no other token")

// NewAzureCLICredential uses the account that is signed in to the Azure CLI. The
// tenant is optional: the CLI has a current one. Only o.TenantID and o.Cloud are
// used: az makes its own connections, with its own proxy and certificates.
// Tokens are kept here, because every question starts an az process.
func NewAzureCLICredential(o Options) (azcore.TokenCredential, error) {
	who := o.signIn(kindAzureCLI, "")
	inner, err := azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: who.tenant})
	return newExplained(&cached{inner: inner}, err, who, cliLimit)
}

// cached keeps the last token of a credential that does not do so itself.
type cached struct {
	inner azcore.TokenCredential
	mu    sync.Mutex
	scope string
	token azcore.AccessToken
}

// GetToken implements azcore.TokenCredential. One caller asks, the others wait
// for what it gets. Claims are Graph's demand for another token than the one that
// it was given. az takes them only where a person signs in, so it is asked without
// them: it has another token if somebody signed in again.
func (c *cached) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	var scope string
	if len(options.Scopes) > 0 {
		scope = options.Scopes[0]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	demanded := options.Claims != ""
	if !demanded && c.scope == scope && time.Until(c.token.ExpiresOn) > cacheMargin {
		return c.token, nil
	}
	options.Claims = ""
	token, err := c.inner.GetToken(ctx, options)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	if demanded && token.Token == c.token.Token {
		return azcore.AccessToken{}, errSameToken
	}
	c.scope, c.token = scope, token
	return token, nil
}
