package connector

import (
	"context"

	"github.com/conductorone/baton-sdk/pkg/actions"

	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
)

var (
	_ connectorbuilder.EventFeedsLimited    = (*Connector)(nil)
	_ connectorbuilder.GlobalActionProvider = (*Connector)(nil)
)

// Every resource type can read one of its resources by id (targeted sync), and
// gives it as listing does.
var (
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*userSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*userRiskSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*groupSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*roleSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*scopedRoleSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*administrativeUnitSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*applicationSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*managedIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*agentIdentitySyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*appRegistrationSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*credentialSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*licenseSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*consentSyncer)(nil)
	_ connectorbuilder.ResourceTargetedSyncerLimited = (*deviceSyncer)(nil)
)

// ResourceSyncers are the resource types that the connector reads. Those that
// have to be asked for are there if they are.
func (c *Connector) ResourceSyncers(context.Context) []connectorbuilder.ResourceSyncerV2 {
	k := kit{
		client: c.client, portal: portal{root: c.cloud.PortalURL}, left: c.left, decider: c.decider, filter: c.filter, expand: newExpander(&c.filter),
		provision: c.provision, immutables: c.immutables,
	}
	syncers := []connectorbuilder.ResourceSyncerV2{
		newAccounts(k), newGroupSyncer(k), newRoleSyncer(k), newScopedRoleSyncer(k), newAdministrativeUnitSyncer(k),
		newApplicationSyncer(k), newManagedIdentitySyncer(k), newAgentIdentitySyncer(k), newAppRegistrationSyncer(k),
		newCredentialSyncer(k), newLicenseSyncer(k), newConsentSyncer(k),
	}
	if c.filter.syncs(typeDevice) {
		syncers = append(syncers, newDeviceSyncer(k))
	}
	if c.filter.syncs(typeUserRisk) {
		syncers = append(syncers, newUserRiskSyncer(k))
	}
	return syncers
}

// EventFeeds are the feeds that the configuration leaves on.
func (c *Connector) EventFeeds(context.Context) []connectorbuilder.EventFeed {
	return newFeeds(c.client, c.tenantID, c.filter)
}

// GlobalActions are the actions that the connector offers.
func (c *Connector) GlobalActions(ctx context.Context, registry actions.ActionRegistry) error {
	return newActions(c.client, c.provision, c.provisioning).GlobalActions(ctx, registry)
}
