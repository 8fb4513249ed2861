package decide

import (
	"slices"

	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Filters are what the configuration leaves out of the snapshot, or adds to it.
type Filters struct {
	// Only are the resource types that are synced; empty for all.
	Only []string
	// SkipADGroups leaves groups synchronized from on-premises Active Directory
	// out; ThroughADGroups keeps the access that people have through them.
	SkipADGroups, ThroughADGroups bool
	SkipUnassignedApps            bool
	ExtensionAttributes           bool
	// ContactDetails are where people live or get their mail, and their phones.
	ContactDetails bool
	// ReuseReportsDays is how many days old last sign-ins and registrations may be that
	// are taken from an earlier sync; zero for none.
	ReuseReportsDays int
	// EveryGroupEligibility asks for eligibilities of every group that can have
	// them, and not of role-assignable groups alone.
	EveryGroupEligibility bool
	// Exchange lets groups that Exchange Online manages be changed.
	Exchange bool
	// optional are the data sets that are read only when asked for, and those
	// that are read unless told otherwise.
	Asked, declined []model.DataSet
	// noFeeds are the event feeds that are turned off.
	noFeeds []string
	// Changes are the settings, by name, that are on and let the connector make
	// changes that provisioning alone does not.
	Changes []string
}

func NewFilters(cfg *config.AzureAd, opts *cli.ConnectorOpts) Filters {
	f := Filters{
		Only:                  opts.SyncResourceTypeIDs,
		SkipADGroups:          cfg.SkipAdGroups,
		ThroughADGroups:       cfg.SkipAdGroups && cfg.IncludeOnPremGroupMembers,
		SkipUnassignedApps:    cfg.SkipUnassignedApps,
		ExtensionAttributes:   cfg.OnPremisesExtensionAttributes,
		ContactDetails:        cfg.ContactDetails,
		ReuseReportsDays:      cfg.ReuseReportsDays,
		EveryGroupEligibility: cfg.PimGroups == config.PimGroupsAll,
		Exchange:              cfg.Exchange,
	}
	ask := func(data model.DataSet, asked bool) {
		if asked {
			f.Asked = append(f.Asked, data)
		}
	}
	ask(model.DataMailboxes, cfg.MailboxPurpose)
	ask(model.DataGuestSponsors, cfg.GuestSponsors)
	ask(model.DataUserAttributes, cfg.CustomSecurityAttributes)
	ask(model.DataAppAttributes, cfg.CustomSecurityAttributes)
	channels := cfg.SyncChannels || slices.Contains(opts.SyncResourceTypeIDs, model.TypeChannel)
	ask(model.DataChannels, channels)
	ask(model.DataChannelMembers, channels)
	ask(model.DataResourceConsents, cfg.ResourceSpecificConsents)
	ask(model.DataDeletedUsers, cfg.SyncDeletedUsers)
	ask(model.DataDevices, cfg.SyncDevices || slices.Contains(opts.SyncResourceTypeIDs, model.TypeDevice))
	ask(model.DataRisk, cfg.SyncUserRisk || slices.Contains(opts.SyncResourceTypeIDs, model.TypeUserRisk))
	decline := func(data model.DataSet, declined bool) {
		if declined {
			f.declined = append(f.declined, data)
		}
	}
	decline(model.DataSignIns, cfg.SkipSignInActivity)
	decline(model.DataRegistrations, cfg.SkipMfaRegistration)
	decline(model.DataGroupEligibility, cfg.PimGroups == config.PimGroupsNone)
	decline(model.DataGroupRules, cfg.PimGroups == config.PimGroupsNone)
	if cfg.SkipDirectoryChanges {
		f.noFeeds = append(f.noFeeds, FeedDirectoryChanges)
	}
	if cfg.SkipApplicationUsage {
		f.noFeeds = append(f.noFeeds, FeedApplicationUsage)
	}
	if cfg.Exchange {
		f.Changes = append(f.Changes, config.ExchangeField.FieldName)
	}
	if cfg.ManageGroups {
		f.Changes = append(f.Changes, config.ManageGroupsField.FieldName)
	}
	if cfg.ProvisionAfterGrant {
		f.Changes = append(f.Changes, config.ProvisionAfterGrantField.FieldName)
	}
	return f
}

// everything is for telling what the connector can do.
func AllFilters() Filters {
	return Filters{
		Asked:   optIn,
		Changes: []string{config.ExchangeField.FieldName, config.ManageGroupsField.FieldName, config.ProvisionAfterGrantField.FieldName},
	}
}

// optIn are the data sets that are read only when somebody asks for them.
var optIn = []model.DataSet{
	model.DataMailboxes, model.DataGuestSponsors, model.DataUserAttributes, model.DataAppAttributes, model.DataResourceConsents, model.DataChannels, model.DataChannelMembers, model.DataDeletedUsers, model.DataDevices, model.DataRisk,
}

// Wants reports whether the configuration asks for a data set.
func (f *Filters) Wants(s *Source) bool {
	if slices.Contains(optIn, s.Data) && !slices.Contains(f.Asked, s.Data) || slices.Contains(f.declined, s.Data) {
		return false
	}
	// The tenant is read in every sync, and asks for no data set.
	return slices.ContainsFunc(s.ResourceTypes, func(t string) bool { return t != model.TypeTenant && f.Syncs(t) })
}

// Uses reports whether a sync or an event feed takes the data set. Who chooses
// types means a sync of them alone.
func (f *Filters) Uses(s *Source) bool {
	return f.Wants(s) || s.Feed != "" && len(f.Only) == 0 && f.Feeds(s.Feed)
}

// Syncs reports whether a resource type is part of the snapshot.
func (f *Filters) Syncs(resourceType string) bool {
	switch resourceType {
	case model.TypeDevice:
		return slices.Contains(f.Asked, model.DataDevices) && f.Chosen(resourceType)
	case model.TypeChannel:
		return slices.Contains(f.Asked, model.DataChannels) && f.Chosen(resourceType)
	case model.TypeUserRisk:
		return slices.Contains(f.Asked, model.DataRisk) && f.Chosen(resourceType)
	}
	return f.Chosen(resourceType)
}

// Feeds reports whether an event feed is offered. Usage takes people and
// applications.
func (f *Filters) Feeds(feed string) bool {
	if feed == FeedApplicationUsage && (!f.Syncs(model.TypeUser) || !f.Syncs(model.TypeApplication)) {
		return false
	}
	return !slices.Contains(f.noFeeds, feed)
}

func (f *Filters) Chosen(resourceType string) bool {
	return len(f.Only) == 0 || slices.Contains(f.Only, resourceType)
}

// Makes reports whether a setting that lets the connector make more changes is on.
func (f *Filters) Makes(setting string) bool { return slices.Contains(f.Changes, setting) }
