// Package exchange changes who is in the groups that Exchange Online manages:
// distribution lists and mail-enabled security groups, which Microsoft Graph shows and
// does not change. It speaks to the REST endpoint that Microsoft's own PowerShell
// module uses, which Microsoft documents for nobody else
// (https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2).
//
// It is beside pkg/graph and keeps its rules: one host, no redirects, bounded bodies,
// and errors without what others wrote. It uses its credentials, waits and questions,
// and knows none of its nouns, and nothing of Baton.
package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/google/uuid"

	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Options says how to reach Exchange Online.
type Options struct {
	// Cloud gives the host. Required.
	Cloud signin.Cloud
	// TenantID is the tenant where the token does not name it.
	TenantID string
	// Credential supplies access tokens for Cloud.ExchangeScope(). Required.
	Credential azcore.TokenCredential
	// HTTPClient carries the requests; see network.NewHTTPClient. Required.
	HTTPClient *http.Client
	// UserAgent is sent with every request.
	UserAgent string
	// Retry bounds the attempts and waits of one request; DefaultRetryPolicy if
	// zero.
	Retry pacing.RetryPolicy
	// Rehearsal is told of each change in the place of Exchange Online: its method, its
	// address and its body. Nil sends changes.
	Rehearsal func(method, address, body string)
}

// turns is how many requests are under way at the same time. Exchange Online refuses a
// tenant's requests when there are too many at once, and does not say how many those
// are; PowerShell sends one after the other.
const turns = 2

// Client changes groups in one Exchange Online. It is safe for concurrent use, makes
// no request and gets no token until it is asked for something, and keeps nothing of
// the tenant.
type Client struct {
	root       *url.URL
	tenant     string
	tokens     *signin.Tokens
	http       *http.Client
	userAgent  string
	retry      pacing.RetryPolicy
	connection string
	turns      chan struct{}
	rehearsal  func(method, address, body string)
}

// New returns a client for the Exchange Online of opts.Cloud.
func New(opts Options) (*Client, error) {
	if opts.Credential == nil || opts.HTTPClient == nil {
		return nil, errors.New("exchange: a credential and an HTTP client are required")
	}
	root, err := url.Parse(strings.TrimSuffix(opts.Cloud.ExchangeEndpoint, "/"))
	if err != nil || root.Scheme != "https" || root.Host == "" {
		return nil, fmt.Errorf("exchange: the endpoint %q must be an https URL", opts.Cloud.ExchangeEndpoint)
	}
	retry := opts.Retry
	if retry == (pacing.RetryPolicy{}) {
		retry = pacing.DefaultRetryPolicy()
	}
	return &Client{
		root: root, tenant: strings.TrimSpace(opts.TenantID), tokens: signin.NewTokens(opts.Credential, opts.Cloud.ExchangeScope()),
		http: opts.HTTPClient, userAgent: opts.UserAgent, retry: retry, connection: uuid.NewString(), turns: make(chan struct{}, turns),
		rehearsal: opts.Rehearsal,
	}, nil
}

// Host is the host[:port] that all requests go to.
func (c *Client) Host() string { return c.root.Host }

// turn waits for a place among the requests under way. It is kept while a request
// waits to be sent again, so that whoever is refused for load holds back the others.
func (c *Client) turn(ctx context.Context) (func(), error) {
	select {
	case c.turns <- struct{}{}:
		return func() { <-c.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// systemMailbox is the mailbox that an application's requests are routed by, the same
// in every tenant.
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"

// tenantOf is the tenant that requests are for: the one that the token is for, since
// the setting may be a domain name, or empty.
func (c *Client) tenantOf(claims *signin.Claims) (string, error) {
	for _, id := range []string{claims.TenantID, c.tenant} {
		if signin.IsGUID(id) {
			return strings.ToLower(id), nil
		}
	}
	return "", errors.New("exchange: neither the access token nor --azure-tenant-id says which tenant it is for")
}
