package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// credentialRow is a secret, a certificate or a federated credential.
type credentialRow struct {
	Owner int    `json:"owner"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
	// Days is how long it still works, from when the snapshot was made; nil where it does
	// not end.
	Days *int `json:"days,omitempty"`
}

// credentials collects them.
type credentials struct {
	dir *directory
	now time.Time
	// rows are those with an owner whose number is known at the end only.
	rows   []credentialRow
	owners []access.Ref
	// valid is how many each owner has that still work.
	valid map[int]int
	// expired and soon are those that have ended, and those that end within 30 days.
	expired, soon int
}

const soonDays = 30

func (c *credentials) visit(_ int, o *access.Object) error {
	if o.Type != access.TypeCredential {
		return nil
	}
	row := credentialRow{Name: nameOf(o.Name), Kind: clean(o.Text("kind"), longestName), Since: o.Text("startDateTime"), Until: o.Text("endDateTime")}
	if days, ends := endsOn(row.Until, c.now); ends {
		row.Days = &days
	}
	c.rows, c.owners = append(c.rows, row), append(c.owners, o.Parent)
	return nil
}

// end sorts them by when they end, and counts.
func (c *credentials) end() {
	c.valid = map[int]int{}
	for i := range c.rows {
		row := &c.rows[i]
		row.Owner = c.dir.number(c.owners[i])
		if row.Days == nil || *row.Days >= 0 {
			c.valid[row.Owner]++
		}
		switch {
		case row.Days == nil:
		case *row.Days < 0:
			c.expired++
		case *row.Days <= soonDays:
			c.soon++
		}
	}
	c.owners = nil
	slices.SortStableFunc(c.rows, func(a, b credentialRow) int {
		if (a.Days == nil) != (b.Days == nil) {
			if a.Days == nil {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Until, b.Until)
	})
}

// endsOn is when something ends, as days from when the snapshot was made; ok is false
// where it does not end.
func endsOn(until string, now time.Time) (int, bool) {
	end, err := time.Parse(time.RFC3339, until)
	if err != nil {
		return 0, false
	}
	const day = 24 * time.Hour
	left := end.Sub(now)
	days := int(left / day)
	if left < 0 && left%day != 0 {
		days--
	}
	return days, true
}
