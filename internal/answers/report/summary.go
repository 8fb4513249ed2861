package report

import (
	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

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

// perTable is how much shorter a table of the summary is than one that is unpacked
// when somebody looks at it.
const perTable = 10

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
