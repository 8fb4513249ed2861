// Package signin gets access tokens: it knows Microsoft's clouds, has one file for
// each kind of credential, explains why the sign-in service gave no token, reads
// what a token says, and keeps the tokens that Graph has refused from being sent
// again.
//
// It knows that tokens are for Graph, or for Exchange Online, and nothing of their
// requests. No secret and no token is ever in its errors.
package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Options is what every kind of credential needs to know. The
// constructors that take it make no request and read no token.
type Options struct {
	// Cloud gives the sign-in host. Required.
	Cloud Cloud
	// TenantID is the tenant to sign in to: its GUID or a verified domain name.
	// Managed identities and the Azure CLI know their own.
	TenantID string
	// HTTPClient carries the token requests, so that they too trust the
	// configured certificates and use the proxy; see network.NewHTTPClient. Required
	// where the connector itself talks to the sign-in service.
	HTTPClient *http.Client
	// DisableInstanceDiscovery leaves out the question to Microsoft whether the
	// sign-in host is one of its own. It is always left out for other hosts.
	DisableInstanceDiscovery bool
}

const (
	// signInLimit is how long a token request may take in all, so that a dead
	// host is reported while somebody still looks.
	signInLimit = 15 * time.Second
	// tryLimit is how long one of its attempts may take.
	tryLimit = 10 * time.Second
)

// clientOptions are the settings of azidentity's HTTP pipeline. Retries are few
// and short: whoever asks for the token retries as well. Bodies, which hold
// secrets and tokens, are never logged.
func (o Options) clientOptions() (azcore.ClientOptions, error) {
	if o.HTTPClient == nil {
		return azcore.ClientOptions{}, errors.New("graph: an HTTP client is required to sign in")
	}
	if o.Cloud.AuthorityHost == "" {
		return azcore.ClientOptions{}, errors.New("graph: a cloud is required to sign in")
	}
	return azcore.ClientOptions{
		Cloud: cloud.Configuration{
			ActiveDirectoryAuthorityHost: o.Cloud.AuthorityHost,
			Services:                     map[cloud.ServiceName]cloud.ServiceConfiguration{},
		},
		Logging:   policy.LogOptions{IncludeBody: false},
		Transport: o.HTTPClient,
		Retry: policy.RetryOptions{
			MaxRetries:    2,
			RetryDelay:    500 * time.Millisecond,
			MaxRetryDelay: 4 * time.Second,
			TryTimeout:    tryLimit,
		},
		PerRetryPolicies: []policy.Policy{observePolicy{}, newPinPolicy(o.Cloud)},
	}, nil
}

// withoutDiscovery is the value for azidentity's DisableInstanceDiscovery.
func (o Options) withoutDiscovery() bool {
	return o.DisableInstanceDiscovery || o.Cloud.hasPrivateAuthority()
}

// explained is a credential whose errors are *AuthorityError.
type explained struct {
	inner azcore.TokenCredential
	who   signIn
	limit time.Duration
}

var _ azcore.TokenCredential = (*explained)(nil)

// GetToken asks the wrapped credential. Errors: *AuthorityError, or the
// context's own error if the caller gave up first.
func (e *explained) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	seen := &exchange{}
	limited, cancel := context.WithTimeout(context.WithValue(ctx, exchangeKey{}, seen), e.limit)
	defer cancel()
	token, err := e.inner.GetToken(limited, options)
	if err == nil {
		return token, nil
	}
	if ctx.Err() != nil {
		return azcore.AccessToken{}, fmt.Errorf("%s was interrupted: %w", e.who.attempt(), ctx.Err())
	}
	return azcore.AccessToken{}, e.who.explain(err, seen)
}

// newExplained wraps a credential that azidentity made, or the error with which
// it refused to make one (azidentity's texts on that name no secret).
func newExplained(inner azcore.TokenCredential, err error, who signIn, limit time.Duration) (azcore.TokenCredential, error) {
	if err != nil {
		return nil, fmt.Errorf("graph: the %s credential cannot be set up: %w", who.kind, err)
	}
	return &explained{inner: inner, who: who, limit: limit}, nil
}
