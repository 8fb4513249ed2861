// Package sending is the one way to Microsoft Graph: it joins credentials, pacing
// and forms. It adds tokens and headers, keeps every request on the configured
// host, repeats what is short and safe, reads pages, objects and batches, and turns
// refusals into typed errors.
//
// It knows how Graph is spoken to, and none of its nouns: what is asked for, and
// in which forms, is given to it.
package sending

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"go.opentelemetry.io/otel/trace"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// ErrForeignLink is wrapped by every refusal to follow a link, redirect or page
// token that leaves the configured Graph endpoint.
var ErrForeignLink = errors.New("refused to leave the configured Graph endpoint")

// ErrRepeatedLink is wrapped when following links would never end
// (seen with directory delta and elsewhere, see microsoft-graph-docs#4263).
var ErrRepeatedLink = errors.New("the listing does not end")

// apiVersion is the only Graph version this client speaks.
const apiVersion = "/v1.0"

// The values of x-ms-throttle-priority that are sent: Graph sheds low before normal
// before high when a tenant is near its limit
// (https://learn.microsoft.com/graph/throttling). Low is for reading a whole tenant,
// high for a change that a person waits for.
const (
	priorityLow  = "low"
	priorityHigh = "high"
)

// Options says how to reach Microsoft Graph.
type Options struct {
	// Cloud gives the Graph host. Required.
	Cloud signin.Cloud
	// Credential supplies access tokens for Cloud.Scope(). Required.
	Credential azcore.TokenCredential
	// HTTPClient carries the requests; see network.NewHTTPClient. Required.
	HTTPClient *http.Client
	// UserAgent is sent with every request.
	UserAgent string
	// Retry bounds the attempts and waits of one request; DefaultRetryPolicy
	// if zero.
	Retry pacing.RetryPolicy
	// ReportsPerWindow is how many requests in 10 s the reports service may be
	// sent; the documented 5 if zero.
	ReportsPerWindow int
	// Rehearsal is told of each write in the place of sending it; nil sends them.
	Rehearsal Rehearsal
}

// Sender sends requests to one Graph. It is safe for concurrent use. Between calls
// it keeps nothing about the tenant but how fast it may be read, and since when
// what is refused.
type Sender struct {
	table     forms.Table
	root      *url.URL
	tokens    *signin.Tokens
	http      *http.Client
	userAgent string
	rehearsal Rehearsal
	retry     pacing.RetryPolicy
	governor  *pacing.Governor
	streaks   *pacing.Streaks
	stats     counters
	tracer    trace.Tracer // OpenTelemetry's global one if nil.
	adapter   abstractions.RequestAdapter
}

// New returns a sender for the Graph endpoint of opts.Cloud, whose requests
// have the forms of a table. It makes no request.
func New(opts Options, table forms.Table) (*Sender, error) {
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
	if retry == (pacing.RetryPolicy{}) {
		retry = pacing.DefaultRetryPolicy()
	}
	s := &Sender{
		table:     table,
		root:      root,
		tokens:    signin.NewTokens(opts.Credential, opts.Cloud.Scope()),
		http:      opts.HTTPClient,
		userAgent: opts.UserAgent,
		rehearsal: opts.Rehearsal,
		retry:     retry,
		governor:  pacing.NewGovernor(time.Now, opts.ReportsPerWindow),
		streaks:   pacing.NewStreaks(time.Now),
	}
	if s.adapter, err = newAdapter(s); err != nil {
		return nil, err
	}
	return s, nil
}

// Host is the host[:port] that all requests go to.
func (s *Sender) Host() string { return s.root.Host }

// Claims gets a token and reads it. Errors: *signin.AuthorityError where the
// login authority refused, signin.ErrOpaqueToken where the token is not a JWT.
func (s *Sender) Claims(ctx context.Context) (*signin.Claims, error) { return s.tokens.Claims(ctx) }

// Renew gets the newest token where somebody else signs in and may have done so
// again: the platform, for a connector it hosts. Other credentials renew their
// tokens by themselves, and nothing happens; a token that Graph has refused is
// not used again in any case. Errors: *signin.AuthorityError.
func (s *Sender) Renew(ctx context.Context) error { return s.tokens.Newest(ctx) }

// urlFor joins a relative reference ("/users?$top=999") to the API root.
// Relative references are what pages and batches deal in, so that nothing a
// server or a stored page token says can move a request to another host.
func (s *Sender) urlFor(ref string) (*url.URL, error) {
	if !strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, "//") {
		return nil, fmt.Errorf("graph: %w: request path %q does not start with a single /", ErrForeignLink, failure.Excerpt(ref, 64))
	}
	u, err := url.Parse(s.root.String() + ref)
	if err != nil {
		return nil, fmt.Errorf("graph: %w: request path is not a URL reference", ErrForeignLink)
	}
	if !s.owns(u) {
		return nil, fmt.Errorf("graph: %w: request path leaves %s", ErrForeignLink, s.root)
	}
	return u, nil
}

// owns reports whether u lies under the API root: same scheme, same host, same
// version prefix, no user info, no dot segments.
func (s *Sender) owns(u *url.URL) bool {
	return u.Scheme == s.root.Scheme &&
		strings.EqualFold(u.Host, s.root.Host) &&
		u.User == nil &&
		strings.HasPrefix(u.Path, s.root.Path+"/") &&
		!strings.Contains(u.Path, "/../") && !strings.HasSuffix(u.Path, "/..")
}

// relative turns an absolute link that Graph gave (nextLink) into a relative
// reference, and refuses one that points anywhere else.
func (s *Sender) relative(link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", fmt.Errorf("graph: %w: the next page's link is not a URL", ErrForeignLink)
	}
	if !s.owns(u) {
		return "", fmt.Errorf("graph: %w: the next page's link points to %q instead of %s; no token was sent there", ErrForeignLink, failure.Excerpt(u.Host, 64), s.root.Host)
	}
	ref, ok := strings.CutPrefix(u.EscapedPath(), s.root.EscapedPath())
	if !ok || strings.HasPrefix(ref, "//") {
		return "", fmt.Errorf("graph: %w: the next page's link is not spelled as a path below %s", ErrForeignLink, s.root)
	}
	if u.RawQuery != "" {
		ref += "?" + u.RawQuery
	}
	return ref, nil
}

// Stats returns the totals so far.
func (s *Sender) Stats() Stats {
	return Stats{
		Requests:      s.stats.requests.Load(),
		BatchItems:    s.stats.batchItems.Load(),
		ResourceUnits: s.stats.resourceUnits.Load(),
		Throttled:     s.stats.throttled.Load(),
		Waited:        time.Duration(s.stats.waited.Load()),
		Retried:       s.stats.retried.Load(),
	}
}

// PausedFor is how long Graph still asks to be left alone; zero if it does not.
func (s *Sender) PausedFor() time.Duration { return s.governor.PausedFor() }

// HeldBack names the services of Graph whose budgets hold requests back at the
// moment ("reports").
func (s *Sender) HeldBack() []string { return s.governor.HeldBack() }

// waited notes a wait for a budget.
func (s *Sender) waited(ctx context.Context, d time.Duration) {
	s.stats.waited.Add(int64(d))
	pacing.NoteWait(ctx, d)
}

// Stats are totals since the client was made. They are for logs and
// benchmarks; nothing is decided on them.
type Stats struct {
	// Requests is how many HTTP requests were sent to Graph, retries included.
	Requests int64
	// BatchItems is how many requests travelled inside $batch envelopes.
	BatchItems int64
	// ResourceUnits is the sum of x-ms-resource-unit.
	ResourceUnits int64
	// Throttled counts 429 and 509 answers, inside batches too.
	Throttled int64
	// Waited is the time that calls spent waiting for budgets, all workers
	// added up.
	Waited time.Duration
	// Retried counts requests and batch items that were sent again.
	Retried int64
}

type counters struct {
	// contacted is whether Graph ever did what it was asked.
	contacted                                                       atomic.Bool
	requests, batchItems, resourceUnits, throttled, retried, waited atomic.Int64
}
