package access

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Names of data sets, as summaries of syncs and docs/data-model.md have them.
const (
	DataHiddenMembers    = "hidden memberships"
	DataRoleTimes        = "role assignment times"
	DataRoleEligibility  = "role eligibilities"
	DataGroupEligibility = "group eligibilities"
	DataRoleRules        = "PIM rules of roles"
	DataGroupRules       = "PIM rules of groups"
	DataFederated        = "federated credentials"
	DataSponsors         = "agent sponsors"
	DataInherited        = "inherited permissions of agents"
	DataChannels         = "private and shared channels"
	DataChannelMembers   = "members of channels"
	DataResourceConsents = "resource-specific consents"
	DataUnits            = "administrative units"
	DataLicences         = "licences"
	DataConsents         = "consents"
	DataSignIns          = "sign-in activity"
	DataRegistrations    = "MFA registration"
	DataCatalogs         = "access package catalogues"
	DataPackages         = "access packages"
)

// About is what a snapshot says of itself.
type About struct {
	// Told is false for snapshots that do not say it: those of builds before there was
	// a resource of the type "tenant", and of syncs limited to other types.
	Told bool
	// Tenant is the tenant's name, and TenantID its id.
	Tenant, TenantID string
	Domains          []string
	Cloud            string
	Plans            []string
	Build            string
	// ReadAt is when the sync began, and EndedAt when it was finished.
	ReadAt, EndedAt time.Time
	// Read are the data sets that were read, and LeftOut those that were not, with the
	// reason.
	Read    []string
	LeftOut map[string]string
	// Earlier is when data sets were read that the sync took from one before it; nothing
	// of them is older. All others are as old as the snapshot.
	Earlier map[string]time.Time
	// Settings are those that shape what is read.
	Settings map[string]any
}

// About says what the snapshot says of itself.
func (s *Snapshot) About() *About { return s.about }

func (s *Snapshot) readAbout(ctx context.Context) (*About, error) {
	about := &About{EndedAt: s.file.EndedAt(), LeftOut: map[string]string{}, Earlier: map[string]time.Time{}}
	if !s.Has(TypeTenant) {
		return about, nil
	}
	for o, err := range s.Objects(ctx, TypeTenant) {
		if err != nil {
			return nil, err
		}
		about.Told = true
		about.Tenant, about.TenantID, about.Cloud, about.Build = o.Name, o.ID, o.Text("cloud"), o.Text("build")
		about.Domains, about.Plans, about.Read = o.Texts("domains"), o.Texts("plans"), o.Texts("dataSets")
		about.ReadAt, _ = time.Parse(time.RFC3339, o.Text("readAt"))
		left, _ := o.Profile["leftOut"].(map[string]any)
		for data, reason := range left {
			about.LeftOut[data], _ = reason.(string)
		}
		earlier, _ := o.Profile["earlier"].(map[string]any)
		for data, at := range earlier {
			text, _ := at.(string)
			if about.Earlier[data], _ = time.Parse(time.RFC3339, text); about.Earlier[data].IsZero() {
				return nil, fmt.Errorf("the snapshot does not say when its %s was read: %q is no time", data, text)
			}
		}
		about.Settings, _ = o.Profile["settings"].(map[string]any)
	}
	return about, nil
}

// ReadOf is when a data set was read: what came after that the snapshot cannot know. A
// snapshot that does not tell the beginning of its sync has its end.
func (a *About) ReadOf(data string) time.Time {
	switch at, earlier := a.Earlier[data]; {
	case earlier:
		return at
	case !a.ReadAt.IsZero():
		return a.ReadAt
	default:
		return a.EndedAt
	}
}

// Knowledge is whether a snapshot has a data set.
type Knowledge int

// The kinds of knowledge.
const (
	// Unknown means that the snapshot does not say what was read.
	Unknown Knowledge = iota
	// Known means that the data set was read whole.
	Known
	// NotRead means that it was not read.
	NotRead
)

// Knows tells whether a data set was read, and why not.
func (a *About) Knows(data string) (Knowledge, string) {
	switch why, left := a.LeftOut[data]; {
	case !a.Told:
		return Unknown, ""
	case slices.Contains(a.Read, data) && !left:
		return Known, ""
	default:
		return NotRead, why
	}
}
