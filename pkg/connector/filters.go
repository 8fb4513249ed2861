package connector

import (
	"slices"

	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// filters are what the configuration leaves out of the snapshot, or adds to it.
type filters struct {
	// only are the resource types that are synced; empty for all.
	only []string
	// skipADGroups leaves groups synchronized from on-premises Active Directory
	// out; throughADGroups keeps the access that people have through them.
	skipADGroups, throughADGroups bool
	skipUnassignedApps            bool
	extensionAttributes           bool
	// everyGroupEligibility asks for eligibilities of every group that can have
	// them, and not of role-assignable groups alone.
	everyGroupEligibility bool
	// optional are the data sets that are read only when asked for, and those
	// that are read unless told otherwise.
	asked, declined []dataSet
	// noFeeds are the event feeds that are turned off.
	noFeeds []string
}

func newFilters(cfg *config.AzureAd, opts *cli.ConnectorOpts) filters {
	f := filters{
		only:                  opts.SyncResourceTypeIDs,
		skipADGroups:          cfg.SkipAdGroups,
		throughADGroups:       cfg.SkipAdGroups && cfg.IncludeOnPremGroupMembers,
		skipUnassignedApps:    cfg.SkipUnassignedApps,
		extensionAttributes:   cfg.OnPremisesExtensionAttributes,
		everyGroupEligibility: cfg.PimGroups == config.PimGroupsAll,
	}
	ask := func(data dataSet, asked bool) {
		if asked {
			f.asked = append(f.asked, data)
		}
	}
	ask(dataMailboxes, cfg.MailboxPurpose)
	ask(dataDeletedUsers, cfg.SyncDeletedUsers)
	ask(dataDevices, cfg.SyncDevices || slices.Contains(opts.SyncResourceTypeIDs, typeDevice))
	ask(dataRisk, cfg.SyncUserRisk || slices.Contains(opts.SyncResourceTypeIDs, typeUserRisk))
	decline := func(data dataSet, declined bool) {
		if declined {
			f.declined = append(f.declined, data)
		}
	}
	decline(dataSignIns, cfg.SkipSignInActivity)
	decline(dataRegistrations, cfg.SkipMfaRegistration)
	decline(dataGroupEligibility, cfg.PimGroups == config.PimGroupsNone)
	if cfg.SkipDirectoryChanges {
		f.noFeeds = append(f.noFeeds, feedDirectoryChanges)
	}
	if cfg.SkipApplicationUsage {
		f.noFeeds = append(f.noFeeds, feedApplicationUsage)
	}
	return f
}

// everything is for telling what the connector can do.
func allFilters() filters {
	return filters{asked: []dataSet{dataMailboxes, dataDeletedUsers, dataDevices, dataRisk}}
}

// optIn are the data sets that are read only when somebody asks for them.
var optIn = []dataSet{dataMailboxes, dataDeletedUsers, dataDevices, dataRisk}

// wants reports whether the configuration asks for a data set.
func (f *filters) wants(s *source) bool {
	if slices.Contains(optIn, s.Data) && !slices.Contains(f.asked, s.Data) || slices.Contains(f.declined, s.Data) {
		return false
	}
	return slices.ContainsFunc(s.ResourceTypes, f.syncs)
}

// uses reports whether a sync or an event feed takes the data set. Who chooses
// types means a sync of them alone.
func (f *filters) uses(s *source) bool {
	return f.wants(s) || s.Feed != "" && len(f.only) == 0 && f.feeds(s.Feed)
}

// syncs reports whether a resource type is part of the snapshot.
func (f *filters) syncs(resourceType string) bool {
	switch resourceType {
	case typeDevice:
		return slices.Contains(f.asked, dataDevices) && f.chosen(resourceType)
	case typeUserRisk:
		return slices.Contains(f.asked, dataRisk) && f.chosen(resourceType)
	}
	return f.chosen(resourceType)
}

// feeds reports whether an event feed is offered. Usage takes people and
// applications.
func (f *filters) feeds(feed string) bool {
	if feed == feedApplicationUsage && (!f.syncs(typeUser) || !f.syncs(typeApplication)) {
		return false
	}
	return !slices.Contains(f.noFeeds, feed)
}

func (f *filters) chosen(resourceType string) bool {
	return len(f.only) == 0 || slices.Contains(f.only, resourceType)
}
