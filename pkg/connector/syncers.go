package connector

import (
	"context"
	"io"
	"iter"

	sdkactions "github.com/conductorone/baton-sdk/pkg/actions"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/actions"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/events"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/accesspackages"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/applications"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/groups"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/licenses"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/places"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/roles"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/teams"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/tenant"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/users"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

var (
	_ connectorbuilder.EventFeedsLimited    = (*Connector)(nil)
	_ connectorbuilder.GlobalActionProvider = (*Connector)(nil)
)

// Every resource type can read one of its resources by id (targeted sync), and
// gives it as listing does.
var (
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*tenant.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*users.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*users.RiskSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*groups.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*roles.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*roles.ScopedSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*roles.PartnerSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*places.UnitSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.ManagedIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.AgentIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.RegistrationSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.CredentialSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*licenses.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applications.ConsentSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*places.DeviceSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*teams.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*accesspackages.Syncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*accesspackages.CatalogSyncer)(nil)
)

func (c *Connector) kit() kinds.Kit {
	return kinds.Kit{
		Client: c.client, Portal: model.Portal{Root: c.cloud.PortalURL}, Left: c.left, Pace: &c.given.pace, Decider: c.decider, Filter: c.filter, Expand: kinds.NewExpander(&c.filter),
		Provision: c.provision, Immutables: c.immutables, Earlier: c.earlier, ReportsAtOnce: c.atOnce,
	}
}

func (c *Connector) tenant() *tenant.Syncer { return tenant.New(c.kit(), c.cloud.Name, c.version) }

// ResourceSyncers are the resource types that the connector reads. Those that
// have to be asked for are there if they are.
func (c *Connector) ResourceSyncers(context.Context) []connectorbuilder.ResourceSyncerV2 {
	k := c.kit()
	syncers := []connectorbuilder.ResourceSyncerV2{
		c.tenant(),
		lifecycle.New(k), groups.New(k), roles.New(k), roles.NewScoped(k), roles.NewPartners(k), places.NewUnits(k),
		applications.New(k, c.downstream), applications.NewManagedIdentities(k), applications.NewAgentIdentities(k), applications.NewRegistrations(k),
		applications.NewCredentials(k), licenses.New(k), applications.NewConsents(k),
		accesspackages.NewCatalogs(k), accesspackages.New(k),
	}
	if c.filter.Syncs(model.TypeChannel) {
		syncers = append(syncers, teams.New(k))
	}
	if c.filter.Syncs(model.TypeDevice) {
		syncers = append(syncers, places.NewDevices(k))
	}
	if c.filter.Syncs(model.TypeUserRisk) {
		syncers = append(syncers, users.NewRisk(k))
	}
	return syncers
}

// EventFeeds are the feeds that the configuration leaves on.
func (c *Connector) EventFeeds(context.Context) []connectorbuilder.EventFeed {
	return events.Feeds(c.client, c.tenantID, c.filter)
}

// GlobalActions are the actions that the connector offers.
func (c *Connector) GlobalActions(ctx context.Context, registry sdkactions.ActionRegistry) error {
	do := actions.New(c.client, c.provision, c.provisioning)
	do.ManageGroups = c.filter.Makes(config.ManageGroupsField.FieldName)
	return do.GlobalActions(ctx, registry)
}

// Actions are what can be done beside granting and revoking, with their arguments and
// permissions.
func Actions() []*v2.BatonActionSchema { return actions.Schemas() }

// WriteEarlier writes what a snapshot says of people's last sign-ins and registrations,
// as Options.Earlier takes it. It takes the snapshot's resources, of which the tenant
// and the people count, and reports whether there is something to take from it.
func WriteEarlier(resources iter.Seq2[*v2.Resource, error], to io.Writer) (bool, error) {
	return users.WriteEarlier(resources, to)
}
