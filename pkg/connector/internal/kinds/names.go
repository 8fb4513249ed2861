package kinds

import (
	"context"
	"regexp"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// keyName leads to the name of a listed person or service principal, by which
// consents are called.
const keyName = "name/"

// PutNames notes what some listed resources are called.
func PutNames(ctx context.Context, ix walk.Index, resources []*v2.Resource) error {
	names := make(map[string]string, len(resources))
	for _, r := range resources {
		names[r.GetId().GetResource()] = r.GetDisplayName()
	}
	return walk.Put(ctx, ix, keyName, names)
}

// Names are the names of those of some people and service principals that are noted.
func Names(ctx context.Context, ix walk.Index, ids []string) (map[string]string, error) {
	return walk.Get[string](ctx, ix, keyName, ids)
}

// ServicePrincipalName is what a service principal of any kind is called.
func ServicePrincipalName(sp *graph.ServicePrincipal) string {
	return model.DisplayName(sp.DisplayName, sp.AppID, model.ObjectID(sp.ID))
}

// PersonName is what a user is called.
func PersonName(u *graph.User) string {
	return model.DisplayName(u.DisplayName, principalName(u), model.ObjectID(u.ID))
}

// LocalNames are what the user types at sign-in in a customer tenant, addresses
// first. In other tenants there are none: people sign in with their principal
// name.
func LocalNames(u *graph.User) []string {
	var addresses, names []string
	for i := range u.Identities {
		switch identity := &u.Identities[i]; {
		case identity.LocalName() == "":
		case identity.IsAddress():
			addresses = append(addresses, identity.LocalName())
		default:
			names = append(names, identity.LocalName())
		}
	}
	return append(addresses, names...)
}

// madeUpName is a principal name of a customer tenant, which nobody has chosen or
// ever sees.
var madeUpName = regexp.MustCompile(`(?i)^` + model.GUIDForm + `(@|$)`)

// principalName is the name that tells people most of a user without a display
// name.
func principalName(u *graph.User) string {
	if names := LocalNames(u); len(names) > 0 && madeUpName.MatchString(u.UserPrincipalName) {
		return names[0]
	}
	return u.UserPrincipalName
}
