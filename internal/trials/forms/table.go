package forms

import (
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// ladderBatches is the ladder whose requests carry others, and ladderRisky the one
// that can end in a refusal.
const (
	ladderBatches = "batches"
	ladderRisky   = "risky people"
)

// gives is the optional data set that a ladder belongs to, as logs name it. A sync
// cannot do without the others.
var gives = map[string]string{
	"sign-in activity":                             "sign-in activity",
	"people with mailboxes":                        "mailbox purposes",
	"purpose of a mailbox":                         "mailbox purposes",
	"directory role by its id":                     "role assignment times",
	"deleted people":                               "deleted users",
	"devices":                                      "devices",
	"registered owners of a device":                "devices",
	"scopes of role eligibilities":                 "role eligibilities",
	"role eligibilities":                           "role eligibilities",
	"role assignment times":                        "role assignment times",
	"eligibilities for a group":                    "group eligibilities",
	"licences":                                     "licences",
	"administrative units":                         "administrative units",
	"what is in an administrative unit":            "administrative units",
	"consents":                                     "consents",
	"MFA registration":                             "MFA registration",
	"risky people":                                 "user risk",
	"sponsors of an agent identity":                "agent sponsors",
	"sponsors of a blueprint":                      "agent sponsors",
	"federated credentials of an app registration": "federated credentials",
}

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
	"owners of an app registration":                {"owners of app registrations"},
	"registered owners of a device":                {"devices"},
	"federated credentials of an app registration": {"credentials of app registrations"},
}

// endsElsewhere are the ladders whose plainest form is that of another ladder.
var endsElsewhere = map[string]bool{graph.GroupMemberships.Name: true, ladderBatches: true}

// notInSyncs are the ladders that a sync of this tenant does not get to: every
// scope at which somebody may activate a role is one at which somebody holds one,
// and names its object there.
var notInSyncs = map[string]bool{"scopes of role eligibilities": true}

// askedWith are the settings without which a ladder is not asked for.
var askedWith = map[string]func(*config.AzureAd){
	"who is assigned to applications":   skipUnassigned,
	"what applications are assigned to": skipUnassigned,
	"all members of a group":            throughADGroups,
}

func skipUnassigned(cfg *config.AzureAd) { cfg.SkipUnassignedApps = true }
func throughADGroups(cfg *config.AzureAd) {
	cfg.SkipAdGroups, cfg.IncludeOnPremGroupMembers = true, true
}
