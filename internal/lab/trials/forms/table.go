package forms

import (
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// ladderBatches is the ladder whose requests carry others, ladderRisky the one that
// can end in a refusal, and ladderDevices one that gives a relation of another.
const (
	ladderBatches = "batches"
	ladderRisky   = "risky people"
	ladderDevices = "devices"
)

// The optional data sets, as logs name them.
const (
	dataConsents           = "consents"
	dataDeletedUsers       = "deleted users"
	dataDevices            = "devices"
	dataFederated          = "federated credentials"
	dataUserAttributes     = "security attributes of people"
	dataAppAttributes      = "security attributes of applications"
	dataChannels           = "private and shared channels"
	dataChannelMembers     = "members of channels"
	dataConsented          = "resource-specific consents"
	dataGroupEligibilities = "group eligibilities"
	dataGuestSponsors      = "guest sponsors"
	dataLicences           = "licences"
	dataMailboxes          = "mailbox purposes"
	dataRegistrations      = "MFA registration"
	dataRisk               = "user risk"
	dataGroupRules         = "PIM rules of groups"
	dataRoleRules          = "PIM rules of roles"
	dataRoleEligibilities  = "role eligibilities"
	dataRoleTimes          = "role assignment times"
	dataSignIns            = "sign-in activity"
	dataSponsors           = "agent sponsors"
	dataInherited          = "inherited permissions of agents"
	dataUnits              = "administrative units"
	dataCatalogs           = "access package catalogues"
	dataPackages           = "access packages"
)

// gives is the optional data set that a ladder belongs to. A sync cannot do without
// the others.
var gives = map[string]string{
	"sign-in activity":                             dataSignIns,
	"people with mailboxes":                        dataMailboxes,
	"purpose of a mailbox":                         dataMailboxes,
	"directory role by its id":                     dataRoleTimes,
	"deleted people":                               dataDeletedUsers,
	ladderDevices:                                  dataDevices,
	"registered owners of a device":                dataDevices,
	"scopes of role eligibilities":                 dataRoleEligibilities,
	"role eligibilities":                           dataRoleEligibilities,
	"role assignment times":                        dataRoleTimes,
	"eligibilities for a group":                    dataGroupEligibilities,
	"PIM rules of roles":                           dataRoleRules,
	"PIM rules of a group":                         dataGroupRules,
	"PIM rules of a policy":                        dataRoleRules,
	"security attributes of people":                dataUserAttributes,
	"security attributes of applications":          dataAppAttributes,
	"teams":                                        dataChannels,
	"channels of a team":                           dataChannels,
	"members of a channel":                         dataChannelMembers,
	"applications in a group":                      dataConsented,
	"licences":                                     dataLicences,
	"administrative units":                         dataUnits,
	"what is in an administrative unit":            dataUnits,
	"consents":                                     dataConsents,
	"MFA registration":                             dataRegistrations,
	"risky people":                                 dataRisk,
	"sponsors of guests":                           dataGuestSponsors,
	"sponsors of a guest":                          dataGuestSponsors,
	"sponsors of an agent identity":                dataSponsors,
	"sponsors of a blueprint":                      dataSponsors,
	"what the agents of a blueprint inherit":       dataInherited,
	"federated credentials of an app registration": dataFederated,
	"catalogues of access packages":                dataCatalogs,
	"catalogue roles":                              dataCatalogs,
	"access packages":                              dataPackages,
	"what an access package contains":              dataPackages,
	"policies of access packages":                  dataPackages,
	"assignments of access packages":               dataPackages,
}

// givesProperties are the ladders of what a sync does without, and says so with the
// form that it came down to.
var givesProperties = map[string]bool{"further properties of people": true}

// reachedWithout are the ladders of listings that give a relation together with
// its objects: the relation itself is asked for only where they do not.
var reachedWithout = map[string][]string{
	"members of a group":                           {graph.GroupMemberships.Name},
	"owners of a group":                            {graph.GroupMemberships.Name},
	"what a group is in":                           {"groups"},
	"what an application is in":                    {"applications with what they are in"},
	"what an application owns":                     {"what applications own"},
	"owners of an application":                     {"owners of applications"},
	"assignments to an application":                {"who is assigned to applications"},
	"what an application is assigned to":           {"what applications are assigned to"},
	"owners of an app registration":                {"owners of app registrations"},
	"registered owners of a device":                {ladderDevices},
	"PIM rules of a policy":                        {"PIM rules of roles"},
	"sponsors of a guest":                          {"sponsors of guests"},
	"federated credentials of an app registration": {"credentials of app registrations"},
	"further properties of people":                 {graph.Managers.Name},
}

// endsElsewhere are the ladders whose plainest form is that of another ladder.
var endsElsewhere = map[string]bool{graph.GroupMemberships.Name: true, ladderBatches: true}

// notInSyncs are the ladders that a sync of this tenant does not get to: every
// scope at which somebody may activate a role is one at which somebody holds one,
// and names its object there; and it has no sync before it from which to take sign-ins.
var notInSyncs = map[string]bool{"scopes of role eligibilities": true, "who signed in lately": true}

// askedWith are the settings without which a ladder is not asked for.
var askedWith = map[string]func(*config.AzureAd){
	"who is assigned to applications":    skipUnassigned,
	"what applications are assigned to":  skipUnassigned,
	"what an application is assigned to": skipUnassigned,
	"what an application is in":          skipUnassigned, // What is in nothing shows there alone.
	"all members of a group":             throughADGroups,
}

func skipUnassigned(cfg *config.AzureAd) { cfg.SkipUnassignedApps = true }
func throughADGroups(cfg *config.AzureAd) {
	cfg.SkipAdGroups, cfg.IncludeOnPremGroupMembers = true, true
}
