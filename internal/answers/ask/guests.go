package ask

import (
	"context"
	"fmt"
	"strconv"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var guests = &Question{
	Name: "guests", Short: "People from outside: since when, last seen, and what they hold", ask: askGuests,
	needs: []need{{data: access.DataSignIns, lacking: "when somebody last signed in does not show"}},
}

func askGuests(ctx context.Context, q *query) error {
	q.columns(columns([]Column{
		{Key: "who", Title: "Who"}, {Key: "state", Title: "State"}, {Key: "created", Title: "Since"}, {Key: "last_sign_in", Title: "Last sign-in"},
		{Key: "roles", Title: "Roles"}, {Key: "applications", Title: "Apps"}, {Key: "groups", Title: "Groups"},
	}, principalDetails)...)
	withRoles := 0
	for o, err := range q.s.Objects(ctx, access.TypeUser) {
		if err != nil {
			return err
		}
		if !o.Guest() {
			continue
		}
		held := map[string]map[access.Ref]bool{}
		for h, err := range q.s.HeldBy(ctx, o.Ref) {
			if err != nil {
				return err
			}
			kind := h.On.Type
			if kind == access.TypeScopedRole {
				kind = access.TypeRole
			}
			if held[kind] == nil {
				held[kind] = map[access.Ref]bool{}
			}
			held[kind][h.On] = true
		}
		if len(held[access.TypeRole]) > 0 {
			withRoles++
		}
		q.row(cells([]string{
			o.Called(), stateOf(o), dayOf(o.Created), q.lastSignIn(o),
			strconv.Itoa(len(held[access.TypeRole])), strconv.Itoa(len(held[access.TypeApplication])), strconv.Itoa(len(held[access.TypeGroup])),
		}, whoDetails(o))...)
	}
	q.sort(0)
	q.Headline = fmt.Sprintf("%s; %d of them with a directory role, held or to be activated.", count(len(q.Rows), "guest", "guests"), withRoles)
	return nil
}

// stateOf is whether a guest may sign in, and has taken up the invitation.
func stateOf(o *access.Object) string {
	switch {
	case o.Status == access.StatusDisabled:
		return "disabled"
	case o.Text("externalUserState") == "PendingAcceptance":
		return "invited"
	default:
		return "accepted"
	}
}
