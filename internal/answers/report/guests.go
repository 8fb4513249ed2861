package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// guestRow is a person from outside.
type guestRow struct {
	Who int `json:"who"`
	// State is whether the invitation was accepted, in Microsoft's words.
	State   string `json:"state,omitempty"`
	Created string `json:"created,omitempty"`
	// Idle is how many days before the snapshot the person last signed in; nil for never,
	// or where that was not read.
	Idle *int  `json:"idle,omitempty"`
	MFA  *bool `json:"mfa,omitempty"`
	// Direct and Through are how much the guest holds.
	Direct  int `json:"direct"`
	Through int `json:"through"`
}

// people counts everybody, and collects the guests.
type people struct {
	dir    *directory
	now    time.Time
	counts map[string]int
	guests []guestRow

	enabled, disabled, deleted, synced int
}

func (p *people) visit(number int, o *access.Object) error {
	p.counts[o.Type]++
	if o.Type != access.TypeUser {
		return nil
	}
	switch o.Status {
	case access.StatusDisabled:
		p.disabled++
	case access.StatusDeleted:
		p.deleted++
	default:
		p.enabled++
	}
	if o.Text("source") == "on-premises" {
		p.synced++
	}
	if !o.Guest() {
		return nil
	}
	row := guestRow{Who: number, State: clean(o.Text("externalUserState"), longestName), MFA: o.MFA}
	if !o.Created.IsZero() {
		row.Created = moment(o.Created)
	}
	if !o.LastSignIn.IsZero() {
		days := int(p.now.Sub(o.LastSignIn) / (24 * time.Hour))
		row.Idle = &days
	}
	p.guests = append(p.guests, row)
	return nil
}

// rows are the guests, those with privileged roles first, then by how much they hold.
func (p *people) rows(h *holdings) []guestRow {
	h.room(0)
	for i := range p.guests {
		g := &p.guests[i]
		g.Direct, g.Through = h.direct[g.Who], h.count[g.Who]-h.direct[g.Who]
	}
	rank := func(g *guestRow) int {
		switch flags := p.dir.objects[g.Who].flags; {
		case flags&flagTierZero != 0:
			return 0
		case flags&flagTierOne != 0:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(p.guests, func(a, b guestRow) int {
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), -cmp.Compare(a.Direct+a.Through, b.Direct+b.Through))
	})
	return p.guests
}
