package teams

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// The kinds of channels.
const (
	Standard = "standard"
	Private  = "private"
	Shared   = "shared"
)

// Channel is a channel of a team. All members of the team are in a standard one, which has no members of its own here.
type Channel struct {
	ID, Name, About, Kind, Created string
	Archived                       bool
	Members                        []Member
}

// Member is somebody in a channel.
type Member struct {
	Who           directory.Ref // Zero for who is not of this tenant.
	Owner, Guest  bool
	UserID        string // As Graph gives it; empty for a bot.
	TenantID      string // Of who is not of this tenant.
	DisplayedName string
}

// IsTeam is whether there is a team to a group, by what the group says of itself.
func IsTeam(t *directory.Tenant, g int) bool {
	return t.Groups[g].Flags&directory.FlagUnified != 0 && g%2 == 1
}

// Gone is whether the team of a group was deleted, which the group does not tell.
func Gone(g int) bool {
	return g%7 == 3 && g != directory.GroupMicrosoft365 || g == directory.GroupHiddenUnified
}

// firstChannel keeps ids of channels, and of people from elsewhere, apart from what else has no kind of its own.
const firstChannel = 6_000_000

// ChannelsOf is the channels of a team.
func ChannelsOf(t *directory.Tenant, g int) []Channel {
	if !IsTeam(t, g) || Gone(g) {
		return nil
	}
	of := builder{t: t, group: g}
	of.add("General", Standard, false)
	h := t.Hash(directory.GroupRef(g), directory.SaltStep)
	if g == directory.GroupMicrosoft365 {
		h = 0
		of.wellKnown()
	}
	for n := range directory.Below(h, 3) { // No other channel in one of three.
		kind := []string{Standard, Private, Shared}[h>>(8+2*n)%3]
		of.add(fmt.Sprintf("Topic %d", n), kind, h>>(20+n)%8 == 0)
		if kind != Standard {
			of.people(h>>(24+4*n), kind)
		}
	}
	return of.list
}

type builder struct {
	t     *directory.Tenant
	group int
	list  []Channel
}

func (b *builder) ref(n int) directory.Ref {
	return directory.MakeRef(directory.KindMisc, firstChannel+b.group*256+n)
}

func (b *builder) add(name, kind string, archived bool) {
	at := b.ref(len(b.list))
	b.list = append(b.list, Channel{
		ID: fmt.Sprintf("19:%016x%016x@thread.tacv2", b.t.Hash(at, directory.SaltName), b.t.Hash(at, directory.SaltShape)), Name: name, Kind: kind, Archived: archived,
		About: "About " + name, Created: b.t.Timestamp(at, directory.SaltCreated),
	})
}

func (b *builder) member(m Member) {
	if m.Who != 0 {
		m.UserID, m.DisplayedName = b.t.IDOf(m.Who), b.t.TextOf(m.Who, "displayName")
	}
	c := &b.list[len(b.list)-1]
	c.Members = append(c.Members, m)
}

// people fills a channel: a private one with some of the team, a shared one with others too.
func (b *builder) people(h uint64, kind string) {
	var from []directory.Ref
	for _, r := range b.t.Groups[b.group].Members {
		if r.Kind() == directory.KindUser {
			from = append(from, r)
		}
	}
	if kind == Shared {
		from = append(from, b.t.Users(directory.Below(h, 1_000), 3)...)
		b.member(Member{UserID: b.t.GUIDOf(b.ref(200)).String(), TenantID: directory.GalleryTenant, DisplayedName: "Partner"})
	}
	for i, r := range from {
		if i > 12 {
			break
		}
		b.member(Member{Who: r, Owner: i == 0, Guest: directory.IsGuest(r.Index())})
	}
}

// wellKnown are channels with everything that a channel can have.
func (b *builder) wellKnown() {
	people := b.t.Users(190, 6)
	b.add("Mergers", Private, false)
	for i, r := range people {
		b.member(Member{Who: r, Owner: i < 2})
	}
	b.member(Member{Who: people[3]})              // Twice.
	b.member(Member{Who: people[4], Owner: true}) // Twice, once as an owner.
	b.member(Member{Who: b.t.DeletedUser(0)})
	b.member(Member{DisplayedName: "Bot"})
	b.add("Partners", Shared, false)
	b.member(Member{Who: people[0], Owner: true})
	b.member(Member{Who: b.t.Users(900, 1)[0]}) // In none of the team's other channels.
	for n, tenant := range []string{directory.GalleryTenant, directory.GalleryTenant, directory.MicrosoftTenant} {
		b.member(Member{UserID: b.t.GUIDOf(b.ref(210 + n)).String(), TenantID: tenant, DisplayedName: "Partner", Owner: n == 0})
	}
	b.add("Nobody", Private, true)
	b.add("Elsewhere", Shared, false)
	b.member(Member{UserID: b.t.GUIDOf(b.ref(220)).String(), TenantID: directory.GalleryTenant, DisplayedName: "Partner"})
}
