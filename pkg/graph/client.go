package graph

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"go.opentelemetry.io/otel/trace"
)

// apiVersion is the only Graph version this client speaks.
const apiVersion = "/v1.0"

// Priority is the value of x-ms-throttle-priority: Graph sheds low before
// normal before high when a tenant is near its limit
// (https://learn.microsoft.com/graph/throttling).
type Priority string

const (
	// PriorityLow is for reading a whole tenant.
	PriorityLow Priority = "low"
	// PriorityHigh is for a change that a person waits for.
	PriorityHigh Priority = "high"
)

// Options says how to reach Microsoft Graph.
type Options struct {
	// Cloud gives the Graph host. Required.
	Cloud Cloud
	// Credential supplies access tokens for Cloud.Scope(). Required.
	Credential azcore.TokenCredential
	// HTTPClient carries the requests; see NewHTTPClient. Required.
	HTTPClient *http.Client
	// UserAgent is sent with every request.
	UserAgent string
	// Priority is sent with every request; PriorityLow if empty.
	Priority Priority
	// Retry bounds the attempts and waits of one request; DefaultRetryPolicy
	// if zero.
	Retry RetryPolicy
	// ReportsPerWindow is how many requests in 10 s the reports service may be
	// sent; the documented 5 if zero.
	ReportsPerWindow int
	// Tracer makes a span for each request; OpenTelemetry's global one if nil.
	Tracer trace.Tracer
}

// reportsPerWindow is what Microsoft documents for the reports service
// (https://learn.microsoft.com/graph/throttling-limits).
const reportsPerWindow = 5

// Client reads Microsoft Graph v1.0. It is safe for concurrent use. Between calls
// it keeps nothing about the tenant but how fast it may be read, and since when
// what is refused.
type Client struct {
	root      *url.URL
	tokens    *tokens
	http      *http.Client
	userAgent string
	priority  Priority
	retry     RetryPolicy
	governor  *governor
	streaks   *streaks
	stats     counters
	tracer    trace.Tracer
	adapter   abstractions.RequestAdapter
}

// New returns a client for the Graph endpoint of opts.Cloud. It makes no
// request.
func New(opts Options) (*Client, error) {
	if opts.Credential == nil {
		return nil, errors.New("graph: a credential is required")
	}
	if opts.HTTPClient == nil {
		return nil, errors.New("graph: an HTTP client is required")
	}
	root, err := url.Parse(strings.TrimSuffix(opts.Cloud.GraphEndpoint, "/") + apiVersion)
	if err != nil {
		return nil, fmt.Errorf("graph: the Graph endpoint %q is not a URL: %w", opts.Cloud.GraphEndpoint, err)
	}
	if root.Scheme != "https" || root.Host == "" {
		return nil, fmt.Errorf("graph: the Graph endpoint %q must be an https URL", opts.Cloud.GraphEndpoint)
	}
	retry := opts.Retry
	if retry == (RetryPolicy{}) {
		retry = DefaultRetryPolicy()
	}
	reports := opts.ReportsPerWindow
	if reports == 0 {
		reports = reportsPerWindow
	}
	priority := opts.Priority
	if priority == "" {
		priority = PriorityLow
	}
	c := &Client{
		root:      root,
		tokens:    &tokens{credential: opts.Credential, scope: opts.Cloud.Scope(), now: time.Now},
		http:      opts.HTTPClient,
		userAgent: opts.UserAgent,
		priority:  priority,
		retry:     retry,
		governor:  newGovernor(time.Now, reports),
		tracer:    opts.Tracer,
		streaks:   newStreaks(time.Now),
	}
	if c.adapter, err = newAdapter(c); err != nil {
		return nil, err
	}
	return c, nil
}

// Host is the host[:port] that all requests go to.
func (c *Client) Host() string { return c.root.Host }

// urlFor joins a relative reference ("/users?$top=999") to the API root.
// Relative references are what pages and batches deal in, so that nothing a
// server or a stored page token says can move a request to another host.
func (c *Client) urlFor(ref string) (*url.URL, error) {
	if !strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, "//") {
		return nil, fmt.Errorf("graph: %w: request path %q does not start with a single /", ErrForeignLink, firstRunes(ref, 64))
	}
	u, err := url.Parse(c.root.String() + ref)
	if err != nil {
		return nil, fmt.Errorf("graph: %w: request path is not a URL reference", ErrForeignLink)
	}
	if !c.owns(u) {
		return nil, fmt.Errorf("graph: %w: request path leaves %s", ErrForeignLink, c.root)
	}
	return u, nil
}

// owns reports whether u lies under the API root: same scheme, same host, same
// version prefix, no user info, no dot segments.
func (c *Client) owns(u *url.URL) bool {
	return u.Scheme == c.root.Scheme &&
		strings.EqualFold(u.Host, c.root.Host) &&
		u.User == nil &&
		strings.HasPrefix(u.Path, c.root.Path+"/") &&
		!strings.Contains(u.Path, "/../") && !strings.HasSuffix(u.Path, "/..")
}

// relative turns an absolute link that Graph gave (nextLink) into a relative
// reference, and refuses one that points anywhere else.
func (c *Client) relative(link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", fmt.Errorf("graph: %w: the next page's link is not a URL", ErrForeignLink)
	}
	if !c.owns(u) {
		return "", fmt.Errorf("graph: %w: the next page's link points to %q instead of %s; no token was sent there", ErrForeignLink, firstRunes(u.Host, 64), c.root.Host)
	}
	ref, ok := strings.CutPrefix(u.EscapedPath(), c.root.EscapedPath())
	if !ok || strings.HasPrefix(ref, "//") {
		return "", fmt.Errorf("graph: %w: the next page's link is not spelled as a path below %s", ErrForeignLink, c.root)
	}
	if u.RawQuery != "" {
		ref += "?" + u.RawQuery
	}
	return ref, nil
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
