package report

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// What the table of groups marks them with.
const (
	groupAssignable = 1 << iota
	groupDynamic
	groupSynced
	groupHidden
	groupMicrosoft365
	groupMail
	groupSecurity
)

// groupRow is a group: its number, what it is, and how many direct members, people in
// effect and owners it has. It is a list, as there are tens of thousands.
type groupRow [5]int

// groupCount is what holdings say of a group.
type groupCount struct{ members, people, owners, eligible int }

func (c *groupCount) add(held *access.Holding, person bool) {
	switch held.Slug {
	case access.SlugMember:
		if held.Direct {
			c.members++
		}
		if person {
			c.people++
		}
	case access.SlugOwner:
		c.owners++
	case access.SlugEligibleMember, access.SlugEligibleOwner:
		c.eligible++
	}
}

// groups collects them.
type groups struct {
	rows  []groupRow
	rules map[int]string
	// ownerless are those of the cloud that nobody owns.
	assignable, dynamic, ownerless int
}

func (g *groups) visit(number int, o *access.Object) error {
	if o.Type != access.TypeGroup {
		return nil
	}
	kind := 0
	for flag, is := range map[int]bool{
		groupAssignable: o.Flag("isAssignableToRole"), groupSynced: o.Flag("onPremisesSyncEnabled"), groupHidden: o.Text("visibility") == "HiddenMembership",
		groupMail: o.Flag("mailEnabled"), groupSecurity: o.Flag("securityEnabled"),
		groupMicrosoft365: slices.Contains(o.Texts("groupTypes"), "Unified"), groupDynamic: slices.Contains(o.Texts("groupTypes"), "DynamicMembership"),
	} {
		if is {
			kind |= flag
		}
	}
	if rule := o.Text("membershipRule"); rule != "" && kind&groupDynamic != 0 {
		g.rules[number] = clean(rule, longestValue)
	}
	g.rows = append(g.rows, groupRow{number, kind})
	return nil
}

func (g *groups) end(counts map[int]*groupCount) {
	for i := range g.rows {
		row := &g.rows[i]
		if c := counts[row[0]]; c != nil {
			row[2], row[3], row[4] = c.members, c.people, c.owners
		}
		if row[1]&groupAssignable != 0 {
			g.assignable++
		}
		if row[1]&groupDynamic != 0 {
			g.dynamic++
		}
		if row[1]&groupSynced == 0 && row[4] == 0 {
			g.ownerless++
		}
	}
	slices.SortStableFunc(g.rows, func(a, b groupRow) int { return b[3] - a[3] })
}

// groupTable is the block of the section.
type groupTable struct {
	Rows  []groupRow     `json:"rows"`
	Rules map[int]string `json:"rules"`
}
