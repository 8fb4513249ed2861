package attempt

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// What the log names things that are left out with (docs/troubleshooting.md).
const (
	messageLeftOut = "azure-ad: left out of the sync"
	messageOfOne   = "azure-ad: Microsoft Graph does not give this of one object in any form; it is left out"
	messageDenied  = "azure-ad: Microsoft Graph denies this of one object, to who may read it of others; it is left out"
	messageForm    = "azure-ad: read in a plainer form"
)

// The ladders whose plainer forms lack properties that are looked at, as logs name
// them.
const (
	readingManagers = "managers"
	readingDetails  = "further properties of people"
	readingRoles    = "directory role assignments"
)

// The data sets that have no option of their own in package expect: what they
// give are values of rows.
const (
	dataSignIns        = "sign-in activity"
	dataRegistrations  = "MFA registration"
	dataMailboxes      = "mailbox purposes"
	dataRoleTimes      = "role assignment times"
	dataInherited      = "inherited permissions of agents"
	dataLeaveDates     = "leave dates"
	dataGuestSponsors  = "guest sponsors"
	dataUserAttributes = "security attributes of people"
	dataAppAttributes  = "security attributes of applications"
	dataChannels       = "private and shared channels"
	dataChannelMembers = "members of channels"
	dataConsented      = "resource-specific consents"
	dataPackages       = "access packages" // Of single ones what they give is left out.
)

// leftOut is what a log says that was left out.
type leftOut struct {
	// data are the data sets that were left out whole.
	data map[string]bool
	// objects are the objects that were left out of a data set.
	objects map[string]map[string]bool
	// lacks are the ladders that ended at a form which lacks something.
	lacks map[string]bool
}

// leftIn reads a log.
func leftIn(logs []observer.LoggedEntry) leftOut {
	left := leftOut{data: map[string]bool{}, objects: map[string]map[string]bool{}, lacks: map[string]bool{}}
	for _, entry := range logs {
		fields := entry.ContextMap()
		data, _ := fields["data"].(string)
		switch entry.Message {
		case messageLeftOut:
			left.data[data] = true
		case messageOfOne, messageDenied:
			if left.objects[data] == nil {
				left.objects[data] = map[string]bool{}
			}
			id, _ := fields["object_id"].(string)
			left.objects[data][id] = true
		case messageForm:
			reading, _ := fields["reading"].(string)
			left.lacks[reading] = fields["lacks"] != ""
		}
	}
	return left
}

// missed are the data sets that the snapshot lacks something of. An object can be
// named of which the tenant itself cannot give more (A4 of graphsim), which its
// truth knows.
func (l leftOut) missed(truth *graphsim.Truth, cfg *config.AzureAd) []string {
	names := slices.Collect(maps.Keys(l.data))
	whole, _ := leftOut{}.expected(truth, cfg)
	for data, gone := range l.objects {
		if seen, err := (leftOut{objects: map[string]map[string]bool{data: gone}}).expected(truth, cfg); err == nil && len(seen) < len(whole) {
			names = append(names, data)
		}
	}
	return names
}

// expected is what a snapshot of the tenant has to hold without what was left
// out. The error says that nobody may leave that out.
func (l leftOut) expected(truth *graphsim.Truth, cfg *config.AzureAd) (rowSet, error) {
	options := expect.Options{
		Devices: cfg.SyncDevices, DeletedUsers: cfg.SyncDeletedUsers, Risk: cfg.SyncUserRisk, AllGroups: cfg.PimGroups == config.PimGroupsAll,
		ResourceConsents: cfg.ResourceSpecificConsents, Channels: cfg.SyncChannels,
		SkipADGroups: cfg.SkipAdGroups, ThroughADGroups: cfg.IncludeOnPremGroupMembers,
	}
	if cfg.SkipUnassignedApps {
		unused := expect.Unused(truth)
		options.SkipApp = func(id string) bool { return unused[id] }
	}
	switches := map[string]func(){
		"hidden memberships":    func() { options.NoHidden = true },
		"role eligibilities":    func() { options.NoRoleEligibility = true },
		"group eligibilities":   func() { options.NoGroupEligibility = true },
		"PIM rules of roles":    func() { options.NoRoleRules = true },
		"PIM rules of groups":   func() { options.NoGroupRules = true },
		"federated credentials": func() { options.NoFederated = true },
		"agent sponsors":        func() { options.NoSponsors = true },
		dataInherited:           func() { options.NoInherited = true },
		"administrative units":  func() { options.NoUnits = true },
		"licences":              func() { options.NoLicenses = true },
		"consents":              func() { options.NoConsents = true },
		"deleted users":         func() { options.DeletedUsers = false },
		"devices":               func() { options.Devices = false },
		dataChannels:            func() { options.Channels = false },
		dataChannelMembers:      func() { options.NoChannelMembers = true },
		dataConsented:           func() { options.ResourceConsents = false },
		"user risk":             func() { options.Risk = false },

		"access package catalogues": func() { options.NoCatalogs = true },
		dataPackages:                func() { options.NoPackages = true },

		dataSignIns:        func() {},
		dataRegistrations:  func() {},
		dataMailboxes:      func() {},
		dataRoleTimes:      func() {},
		dataLeaveDates:     func() {},
		dataGuestSponsors:  func() {},
		dataUserAttributes: func() {},
		dataAppAttributes:  func() {},
	}
	options.NoPartners = l.lacks[readingRoles]
	for data := range l.data {
		leave, optional := switches[data]
		if !optional {
			return nil, fmt.Errorf("%q was left out, which a sync cannot do without", data)
		}
		leave()
	}
	seen := *truth
	if err := l.withoutObjects(&seen); err != nil {
		return nil, err
	}
	rows := rowSet{}
	expect.Snapshot(&seen, options, rows.add)
	l.values(truth, cfg, rows)
	return rows, nil
}

// withoutObjects takes what was not given of some objects out of the truth.
func (l leftOut) withoutObjects(truth *graphsim.Truth) error {
	for data, gone := range l.objects {
		of := func(e graphsim.TruthEdge) bool { return gone[e.ObjectID] }
		switch data {
		case "federated credentials":
			truth.Credentials = slices.DeleteFunc(slices.Clone(truth.Credentials), func(c graphsim.TruthCredential) bool {
				return c.Kind == "federated" && gone[c.OwnerID]
			})
		case dataInherited: // The objects are the blueprints' registrations.
			owned := map[string]bool{}
			for _, a := range truth.Applications {
				owned[a.AppID] = gone[a.ID]
			}
			lost := map[string]bool{}
			for i := range truth.ServicePrincipals {
				lost[truth.ServicePrincipals[i].ID] = owned[truth.ServicePrincipals[i].AppID]
			}
			truth.Inherited = slices.DeleteFunc(slices.Clone(truth.Inherited), func(p graphsim.TruthInherited) bool { return lost[p.BlueprintID] })
		case "agent sponsors":
			truth.Sponsors = slices.DeleteFunc(slices.Clone(truth.Sponsors), of)
		case "PIM rules of roles", "PIM rules of groups":
			truth.Activations = slices.DeleteFunc(slices.Clone(truth.Activations), func(a graphsim.TruthActivation) bool {
				return gone[a.GroupID] && a.GroupID != "" || slices.ContainsFunc(slices.Collect(maps.Keys(gone)), func(policy string) bool {
					return a.RoleID != "" && strings.HasSuffix(policy, "_"+a.RoleID) || a.GroupID != "" && strings.HasSuffix(policy, a.GroupID+"_"+a.Access)
				})
			})
		case "administrative units":
			truth.UnitMembers = slices.DeleteFunc(slices.Clone(truth.UnitMembers), of)
		case "group eligibilities":
			truth.GroupEligibilities = slices.DeleteFunc(slices.Clone(truth.GroupEligibilities), func(e graphsim.TruthGroupEligibility) bool { return gone[e.GroupID] })
			truth.EffectiveGroupEligibilities = slices.DeleteFunc(slices.Clone(truth.EffectiveGroupEligibilities), func(a graphsim.TruthAccess) bool { return gone[a.ObjectID] })
		case dataChannels: // The objects are the teams.
			truth.Channels = slices.DeleteFunc(slices.Clone(truth.Channels), func(c graphsim.TruthChannel) bool { return gone[c.TeamID] })
			truth.ChannelMembers = slices.DeleteFunc(slices.Clone(truth.ChannelMembers), func(m graphsim.TruthChannelMember) bool { return gone[m.TeamID] })
		case dataChannelMembers: // With nobody in it a channel would look empty.
			truth.Channels = slices.DeleteFunc(slices.Clone(truth.Channels), func(c graphsim.TruthChannel) bool { return gone[c.TeamID+":"+c.ID] })
			truth.ChannelMembers = slices.DeleteFunc(slices.Clone(truth.ChannelMembers), func(m graphsim.TruthChannelMember) bool { return gone[m.TeamID+":"+m.ChannelID] })
		case dataConsented:
			truth.ResourceConsents = slices.DeleteFunc(slices.Clone(truth.ResourceConsents), func(c graphsim.TruthResourceConsent) bool { return gone[c.GroupID] })
		case "devices":
			truth.DeviceOwners = slices.DeleteFunc(slices.Clone(truth.DeviceOwners), of)
		case dataMailboxes, dataGuestSponsors, dataPackages: // Values: see values.
		default:
			return fmt.Errorf("objects were left out of %q, which a sync cannot do without", data)
		}
	}
	return nil
}
