// Package connector makes a Baton snapshot of a Microsoft Entra ID tenant: what
// there is (users, groups, directory roles, applications and all that belongs to
// them), what access each thing gives, and who holds it.
//
// It joins the packages below it, each of which may use those above it in this list
// and none of the others: model, walk, decide, change, kinds and a package for each
// family of resource types, then lifecycle, actions and events. Nothing is kept
// between calls: a page token, and the index in the SDK's session store, are all
// that a call builds on, so that a sync can go on in another process.
package connector

import (
	"context"
	"fmt"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/applications"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/exchange"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// TypeTenant is the resource type by which a snapshot says what it is.
const TypeTenant = model.TypeTenant

// Name is the name of the connector and of its binary.
const Name = model.Name

// Connector is the connector as the SDK's builder takes it.
type Connector struct {
	client     *graph.Client
	cloud      signin.Cloud
	tenantID   string
	version    string
	earlier    string
	atOnce     int
	filter     decide.Filters
	decider    *decide.Decider
	left       *walk.Tally
	people     *kinds.PeopleCache
	given      *given
	reporter   *reporter
	immutables model.Immutables
	provision  *change.Provisioner
	// downstream carries changes of access over to applications; nil for not at all.
	downstream *applications.Downstream
	// provisioning lets actions change the tenant.
	provisioning bool
	stop         context.Context
	// waiting is what is still to be given of large answers.
	waiting walk.Remainders
	sizes   model.Sizes
}

// Options are what the caller decides, not the configuration.
type Options struct {
	// Version is the build's version, which Graph sees in the User-Agent, and
	// whoever reads the snapshot in the tenant's profile.
	Version string
	// Retry bounds the attempts of one Graph request; the client's default if
	// zero.
	Retry pacing.RetryPolicy
	// CreatePatience is how long a change waits for an object that Graph does
	// not know yet; 90 s if zero.
	CreatePatience time.Duration
	// ReportsPerWindow is sending.Options.ReportsPerWindow.
	ReportsPerWindow int
	// Progress is how often to log how far a sync is; never if zero.
	Progress time.Duration
	// Provisioning lets actions change the tenant. All other changes wait for
	// the SDK's own switch, which actions do not know.
	Provisioning bool
	// Rehearsal is told of each change in the place of Microsoft Graph: its method,
	// its address and its body, without passwords. Nil sends changes.
	Rehearsal func(method, address, body string)
	// Earlier is a file that WriteEarlier made from the snapshot before; empty for none.
	Earlier string
	// ReportsAtOnce is how many people's last sign-ins and registrations are read in
	// full however young those of the snapshot before are; 2,000 if zero.
	ReportsAtOnce int
	// Stop ends when a sync is to be left where it is: what is being read is
	// given up, and nothing more is read. Nil for never.
	Stop context.Context
}

var _ connectorbuilder.ConnectorBuilderV2 = (*Connector)(nil)

// New makes a connector from its configuration. It makes no request and gets no
// token: the SDK constructs the connector in processes that only pass calls on.
// Errors say which setting is missing or wrong.
func New(cfg *config.AzureAd, opts *cli.ConnectorOpts, o Options) (*Connector, error) {
	if err := config.Validate(cfg, opts.SelectedAuthMethod); err != nil {
		return nil, err
	}
	cloud, err := Cloud(cfg)
	if err != nil {
		return nil, err
	}
	httpClient, err := network.NewHTTPClient(signin.DecodeUpload(cfg.CaCertificate))
	if err != nil {
		return nil, err
	}
	credential, err := newCredential(cfg, opts, signin.Options{
		Cloud:      cloud,
		TenantID:   cfg.AzureTenantId,
		HTTPClient: httpClient,
	})
	if err != nil {
		return nil, err
	}
	client, err := graph.New(sending.Options{
		Cloud:      cloud,
		Credential: credential,
		HTTPClient: httpClient,
		UserAgent:  Name + "/" + o.Version,
		Retry:      o.Retry,

		ReportsPerWindow: o.ReportsPerWindow,
		Rehearsal:        o.Rehearsal,
	})
	if err != nil {
		return nil, err
	}
	c, err := newConnector(client, cloud, cfg.AzureTenantId, decide.NewFilters(cfg, opts))
	if err != nil {
		return nil, err
	}
	c.version, c.reporter.every, c.stop = o.Version, o.Progress, o.Stop
	c.earlier, c.atOnce = o.Earlier, o.ReportsAtOnce
	c.provisioning, c.provision.Patience = o.Provisioning, o.CreatePatience
	if cfg.Exchange {
		c.provision.Exchange, err = exchange.New(exchange.Options{
			Cloud: cloud, TenantID: cfg.AzureTenantId, Credential: credential, HTTPClient: httpClient, UserAgent: Name + "/" + o.Version, Retry: o.Retry, Rehearsal: o.Rehearsal,
		})
		if err != nil {
			return nil, err
		}
	}
	c.provision.Schedule, err = change.ConfiguredSchedule(cfg)
	return c, err
}

// Cloud is where a configuration says that Microsoft Entra ID and Microsoft
// Graph are.
func Cloud(cfg *config.AzureAd) (signin.Cloud, error) {
	cloud, err := signin.CloudByName(cfg.AzureCloud)
	if err != nil {
		return signin.Cloud{}, err
	}
	return cloud.WithOverrides(cfg.AuthorityHost, cfg.GraphEndpoint)
}

// newConnector makes a connector over a client; a nil client is enough to tell
// what the connector can do.
func newConnector(client *graph.Client, cloud signin.Cloud, tenantID string, filter decide.Filters) (*Connector, error) {
	fixed, err := model.NewImmutables()
	if err != nil {
		return nil, err
	}
	rows := &given{}
	provision := &change.Provisioner{Client: client, Locks: &change.KeyedLocks{}, Schedule: pim.Request{Justification: change.DefaultJustification}}
	var downstream *applications.Downstream
	if filter.Makes(config.ProvisionAfterGrantField.FieldName) {
		downstream = applications.NewDownstream(client, provision)
	}
	return &Connector{
		client:     client,
		cloud:      cloud,
		tenantID:   tenantID,
		filter:     filter,
		decider:    &decide.Decider{Client: client, Filter: filter},
		left:       &walk.Tally{},
		people:     &kinds.PeopleCache{},
		given:      rows,
		reporter:   newReporter(client, rows),
		provision:  provision,
		downstream: downstream,
		immutables: fixed,
	}, nil
}

// Capabilities is a connector without configuration, for telling what it can do.
func Capabilities() (*Connector, error) {
	cloud, err := signin.CloudByName("")
	if err != nil {
		return nil, err
	}
	return newConnector(nil, cloud, "", decide.AllFilters())
}

// Metadata describes the connector. It asks nobody.
func (c *Connector) Metadata(context.Context) (*v2.ConnectorMetadata, error) {
	return v2.ConnectorMetadata_builder{
		DisplayName: "Microsoft Entra ID",
		Description: "Reads the users, groups, directory roles, applications and licenses of a Microsoft Entra ID tenant, and who has access to what, through what and until when.",

		AccountCreationSchema: lifecycle.AccountCreationSchema(),
	}.Build(), nil
}

// Server is the connector as the SDK serves it.
func (c *Connector) Server(ctx context.Context, opts cli.RunTimeOpts) (*Server, error) {
	inner, err := connectorbuilder.NewConnector(ctx, c, connectorbuilder.WithSessionStore(opts.SessionStore))
	if err != nil {
		return nil, fmt.Errorf("%ssetting up the connector: %w", model.ErrorPrefix, err)
	}
	return &Server{ConnectorServer: inner, connector: c, store: opts.SessionStore, offers: c.offerTypes(ctx)}, nil
}
