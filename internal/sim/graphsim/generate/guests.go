package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// manySponsors is more than an expansion shows.
const manySponsors = 23

// generateGuestSponsors gives guests the people and groups who answer for them: most have one, some none, one has many,
// and some are answered for by somebody who has been deleted since.
func generateGuestSponsors(t *directory.Tenant) {
	n := 0
	for i := range t.Shape.Users {
		if !directory.IsGuest(i) {
			continue
		}
		n++
		h := t.Hash(directory.UserRef(i), directory.SaltName)
		var sponsors []directory.Ref
		switch {
		case n == 2:
			sponsors = t.Users(directory.Below(h, t.Shape.Users), manySponsors)
		case n%5 == 0:
			continue
		case n%5 == 1:
			sponsors = append(t.Users(directory.Below(h, t.Shape.Users), 1), directory.GroupRef(directory.GroupMicrosoft365))
		default:
			sponsors = t.Users(directory.Below(h, t.Shape.Users), 1+n%2)
		}
		if n%7 == 3 && t.Quirks.Has(directory.QuirkDeletedPeople) {
			sponsors = append(sponsors, t.DeletedUser(directory.DeletedMember))
		}
		t.Written.Sponsors[i] = sponsors
	}
}
