package doctor

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// The bounds of what may hang. A sign-in has its own: a person may be part of
// it.
const (
	contactLimit = 20 * time.Second
	tenantLimit  = 40 * time.Second
	dataLimit    = 90 * time.Second
)

// patience is for somebody who waits: one more attempt, and soon.
var patience = pacing.RetryPolicy{Attempts: 2, BaseDelay: 500 * time.Millisecond, MaxDelay: 10 * time.Second, AttemptTimeout: 15 * time.Second}

// Options are what to examine.
type Options struct {
	Config *config.AzureAd
	Opts   *cli.ConnectorOpts
	// Changes asks about the permissions of changes too.
	Changes bool
	// Version is the build's version.
	Version string
}

// examination is a report while it is made.
type examination struct {
	report    *Report
	cloud     signin.Cloud
	tenant    string
	client    *http.Client
	connector *connector.Connector
	options   Options
}

// Run examines. The error says that it could not begin: a setting is missing or
// wrong. What it finds is in the report, which is whole unless the context ended
// before.
func Run(ctx context.Context, o Options) (*Report, error) {
	cloud, err := connector.Cloud(o.Config)
	if err != nil {
		return nil, err
	}
	c, err := connector.New(o.Config, o.Opts, connector.Options{Version: o.Version, Retry: patience})
	if err != nil {
		return nil, err
	}
	client, err := network.NewHTTPClient(signin.DecodeUpload(o.Config.CaCertificate))
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	configured := Configured{AuthMethod: o.Opts.SelectedAuthMethod, TenantID: strings.TrimSpace(o.Config.AzureTenantId), ClientID: strings.TrimSpace(o.Config.AzureClientId)}
	e := &examination{
		report: newReport(o.Version, time.Now(), cloud, configured), cloud: cloud, tenant: configured.TenantID,
		client: client, connector: c, options: o,
	}
	e.examine(ctx)
	e.report.finish(time.Now())
	return e.report, ctx.Err()
}

// examine goes from the outside to the inside, and no further than it gets.
func (e *examination) examine(ctx context.Context) {
	login := true
	if e.signsInItself() {
		login = e.contact(ctx, "network.login", "sign-in service", e.cloud.AuthorityHost, e.cloud.TenantDocumentURL(e.tenant))
	}
	reached := e.contact(ctx, "network.graph", "Microsoft Graph", e.cloud.GraphEndpoint, e.cloud.GraphEndpoint+"/v1.0/organization")
	if login && e.signsInItself() {
		login = e.lookUpTenant(ctx)
	}
	if !login {
		e.skip("signin.token", groupSignIn, "token", "the sign-in service has to answer for this tenant first")
		e.skipRest("no token could be asked for")
		return
	}
	claims, signedIn := e.signIn(ctx)
	switch {
	case !signedIn:
		e.skipRest("there is no token")
		return
	case !reached:
		e.skipRest("Microsoft Graph could not be reached")
		return
	}
	e.examineTenant(ctx, claims)
}

// signsInItself is whether the connector talks to the sign-in service. Managed
// identities, the Azure CLI and the platform do it in its place.
func (e *examination) signsInItself() bool {
	return slices.Contains([]string{
		config.AuthMethodClientSecret, config.AuthMethodCertificate, config.AuthMethodWorkloadIdentity, config.AuthMethodDeviceCode,
	}, e.options.Opts.SelectedAuthMethod)
}

func (e *examination) skip(id, group, name, why string) {
	e.report.add(Check{ID: id, Group: group, Name: name, Status: StatusSkipped, Detail: why})
}

// skipRest says that nothing was found out about the inside.
func (e *examination) skipRest(why string) {
	e.skip("tenant.name", groupTenant, "tenant", why)
	e.skip("data", groupData, "data sets", why)
}

// splitAdvice takes the sentence of an error apart: what is wrong, and what to
// do.
func splitAdvice(sentence string) (string, string) {
	problem, advice, _ := strings.Cut(sentence, "; ")
	return problem, advice
}
