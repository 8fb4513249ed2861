package directory

import (
	"fmt"
)

// RestrictingUnit is the restricted unit an object is a member of, or zero.
func (t *Tenant) RestrictingUnit(r Ref) Ref {
	for _, u := range t.UnitsOf[r] {
		if t.Units[u].Flags&UnitFlagRestricted != 0 && t.Live(UnitRef(int(u))) {
			return UnitRef(int(u))
		}
	}
	return 0
}

// DisplayName of a user, group or service principal.
func (t *Tenant) DisplayName(r Ref) string {
	switch r.Kind() {
	case KindUser:
		return t.TextOf(r, "displayName")
	case KindGroup:
		return t.GroupName(r.Index())
	case KindApplication:
		return t.RegistrationName(r.Index())
	default:
		return t.SPName(r.Index())
	}
}

// Users gives n users starting at from, all ordinary ones, or as many as there are.
func (t *Tenant) Users(from, n int) []Ref {
	ordinary := t.Shape.Users - FirstOrdinaryUser
	n = min(n, ordinary)
	out := make([]Ref, 0, n)
	for i := range n {
		out = append(out, UserRef(FirstOrdinaryUser+(from+i)%ordinary))
	}
	return out
}

// RandomGroupName is the name of a group that exists for no reason.
func (t *Tenant) RandomGroupName(i int) string {
	h := t.Hash(GroupRef(i), SaltCity)
	return fmt.Sprintf("%s %s", Pick(GroupTopics, h), Pick(groupSuffixes, h>>16))
}

// GroupName is the display name of a group before any write.
func (t *Tenant) GroupName(i int) string {
	if label := t.Groups[i].Label; label != "" {
		return label
	}
	return t.lengthened(GroupRef(i), t.RandomGroupName(i))
}

// UnitName is the display name of an administrative unit.
func (t *Tenant) UnitName(i int) string {
	if label := t.Units[i].Label; label != "" {
		return label
	}
	return Pick(cities, uint64(i)).Shown + fmt.Sprintf(" Unit %d", i) //nolint:gosec // Not negative.
}

// MailboxPurpose is what a mailbox is for, or empty where there is none: guests and customers have an address elsewhere.
func (t *Tenant) MailboxPurpose(i int) string {
	if !userHasMail(i) || IsGuest(i) || t.MadeUser(i) || t.IsCustomer(i) {
		return ""
	}
	h := t.Hash(UserRef(i), saltMailbox)
	if !UserEnabled(i) && i >= FirstOrdinaryUser {
		return Pick([]string{"shared", "room", "user", "equipment", "shared"}, h)
	}
	switch h % 60 {
	case 0:
		return "shared" // Somebody left its account enabled.
	case 1:
		return "linked"
	case 2:
		return "others"
	default:
		return "user"
	}
}
