package export

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// named is what rows of access say of an object.
type named struct {
	name, login string
	// enabled and guest are nil where the snapshot does not tell.
	enabled, guest *bool
}

// names are those of everything that holds and is held: some 200 bytes an object, where
// looking each up for a million memberships would take minutes.
type names struct {
	of map[access.Ref]named
	// apis are the appIds of the APIs whose permissions have a meaning in package powers,
	// by the ids of their applications.
	apis map[string]string
}

var yesno = [2]bool{true, false}

// readNames goes through the objects once.
func readNames(ctx context.Context, s *access.Snapshot) (*names, error) {
	n := &names{of: map[access.Ref]named{}, apis: map[string]string{}}
	types := map[string]string{}
	for _, id := range access.TypeIDs() {
		types[id] = id
	}
	for o, err := range s.Objects(ctx) {
		if err != nil {
			return nil, err
		}
		switch o.Type {
		case access.TypeCredential, access.TypeRisk, access.TypeTenant:
			continue // Nobody can hold them.
		case access.TypeApplication:
			switch app := o.Text("appId"); app {
			case powers.MicrosoftGraph, powers.ExchangeOnline, powers.SharePoint, powers.AzureADGraph:
				n.apis[o.ID] = app
			}
		}
		if shared, ok := types[o.Type]; ok {
			o.Type = shared // Each row brings a copy of its own.
		}
		n.of[o.Ref] = named{name: o.Name, login: o.Login, enabled: enabled(o), guest: guest(o)}
	}
	return n, nil
}

// enabled is whether an object can be used; nil where the snapshot does not tell.
func enabled(o *access.Object) *bool {
	switch o.Status {
	case access.StatusEnabled:
		return &yesno[0]
	case access.StatusDisabled, access.StatusDeleted:
		return &yesno[1]
	default:
		return nil
	}
}

// guest is whether a person is from outside; nil for what is no person, and where the
// snapshot does not tell.
func guest(o *access.Object) *bool {
	switch {
	case o.Type != access.TypeUser || o.Text("userType") == "":
		return nil
	case o.Guest():
		return &yesno[0]
	default:
		return &yesno[1]
	}
}

// told is a flag for a row.
func told(flag *bool) any {
	if flag == nil {
		return nil
	}
	return *flag
}

// power is what an entitlement gives to whoever holds it, where that is much.
func (n *names) power(e *access.Entitlement) string {
	switch e.On.Type {
	case access.TypeRole:
		return powerOfRole(e.On.ID, "")
	case access.TypeScopedRole:
		role, _, _ := strings.Cut(e.On.ID, "@")
		return powerOfRole(role, ", at this scope only")
	case access.TypeApplication:
		if p := powers.PermissionNamed(n.apis[e.On.ID], e.Name); p != nil {
			return p.Why
		}
	}
	return ""
}

func powerOfRole(id, where string) string {
	role, _, privileged := powers.PrivilegedRoleOf(id)
	switch {
	case !privileged:
		return ""
	case role.Tier == 0 && where == "":
		return "privileged directory role, which gives the whole tenant away"
	default:
		return "privileged directory role" + where
	}
}
