package report

import (
	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// summary is the data that the page begins with.
type summary struct {
	Snapshot string              `json:"snapshot"`
	Build    string              `json:"build"`
	Now      string              `json:"now"`
	Overview *overview           `json:"overview"`
	Findings findings            `json:"findings"`
	Gaps     map[string][]string `json:"gaps"`
	Roles    []roleRow           `json:"roles"`
	Paths    []rolePaths         `json:"paths"`
	// Unknown is what the snapshot cannot know of ways to the roles.
	Unknown      []string          `json:"unknown"`
	Applications []*applicationRow `json:"applications"`
	// MoreApplications is how many are left out.
	MoreApplications int `json:"moreApplications,omitempty"`
	// Known are the objects that the summary names.
	Known []known    `json:"known"`
	Types [][]string `json:"types"`
	Parts parts      `json:"parts"`
}

// findings are the numbers that the overview leads with.
type findings struct {
	Privileged counted `json:"privileged"`
	Takeover   int     `json:"takeover"`
	Expired    int     `json:"expired"`
	Soon       int     `json:"soon"`
	Guests     int     `json:"guests"`
	Failed     int     `json:"failed"`
	Assignable int     `json:"assignable"`
	Ownerless  int     `json:"ownerless"`
}

// parts says how the blocks are to be read, and what is not in them.
type parts struct {
	PerBlock int `json:"perBlock"`
	Details  int `json:"details"`
	// HolderStarts are the first entitlements of the blocks of holders.
	HolderStarts []int `json:"holderStarts"`
	// Unlisted is of how many people the page does not say what they hold, Short how many
	// entitlements have more holders than are listed, and Undetailed how many objects come
	// without the facts of their profile.
	Unlisted   int `json:"unlisted"`
	Short      int `json:"short"`
	Undetailed int `json:"undetailed"`
}

func (m *maker) summary(p parts) *summary {
	s := &summary{
		Snapshot: clean(m.options.Snapshot, longestValue), Build: clean(m.options.Build, longestName), Now: moment(m.now),
		Overview: overviewOf(m.snapshot.About(), m.people, m.total()), Gaps: gaps(m.snapshot),
		Roles: m.privileged.roles, Paths: m.paths, Unknown: m.unknown, Parts: p,
	}
	apps := limited(m.applications.sorted(), m.options.Limits.Rows/perTable)
	s.Applications, s.MoreApplications = apps.Rows, apps.More
	s.Findings = m.findings()
	for _, t := range m.dir.types {
		s.Types = append(s.Types, []string{t, access.TypeName(t, false), access.TypeName(t, true)})
	}
	s.Known = m.known(s)
	return s
}

func (m *maker) findings() findings {
	f := findings{
		Privileged: m.privileged.counts(), Expired: m.credentials.expired, Soon: m.credentials.soon,
		Guests: len(m.people.guests), Failed: len(m.licences.errors), Assignable: m.groups.assignable, Ownerless: m.groups.ownerless,
	}
	for _, row := range m.applications.rows {
		if row.Takeover {
			f.Takeover++
		}
	}
	return f
}

// known are the objects that the summary names, each once.
func (m *maker) known(s *summary) []known {
	seen := map[int]bool{}
	var found []known
	add := func(numbers ...int) {
		for _, n := range numbers {
			if n >= 0 && !seen[n] {
				seen[n] = true
				found = append(found, m.dir.known(n))
			}
		}
	}
	for i := range s.Roles {
		add(s.Roles[i].Role)
		for j := range s.Roles[i].Holders {
			add(s.Roles[i].Holders[j].Who)
			for _, w := range s.Roles[i].Holders[j].Ways {
				add(w.Through...)
				for _, g := range w.Packages {
					add(g.On)
				}
			}
		}
	}
	for _, a := range s.Applications {
		add(a.Application, a.Registration)
		add(a.Owners...)
		for _, list := range [][]permissionRow{a.Permissions, a.Everybody, a.Some} {
			for i := range list {
				add(list[i].API)
			}
		}
	}
	for i := range s.Paths {
		add(s.Paths[i].numbers()...)
	}
	return found
}
