package truth

import (
	"cmp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/teams"
)

// ResourceConsent is a permission that an application has in one group. Kind is application or delegated.
type ResourceConsent struct {
	GroupID    string    `json:"groupId"`
	Kind       string    `json:"kind"`
	Permission string    `json:"permission"`
	Principal  Principal `json:"principal"`
}

// truthConsented states what applications may do in single groups: each once, and none of a kind that nobody knows.
func truthConsented(t *directory.Tenant, out *Statement) {
	each(t, directory.KindGroup, func(g int, id string) {
		for _, c := range teams.ConsentsOf(t, g) {
			known := strings.EqualFold(c.Type, teams.Application) || strings.EqualFold(c.Type, teams.Delegated)
			if c.Client == 0 || !t.Live(c.Client) || !known || c.Permission == "" || strings.ContainsAny(c.Permission, " :") {
				continue
			}
			out.ResourceConsents = append(out.ResourceConsents, ResourceConsent{
				GroupID: id, Kind: strings.ToLower(c.Type), Permission: c.Permission, Principal: PrincipalOf(t, c.Client),
			})
		}
	})
	slices.SortFunc(out.ResourceConsents, func(a, b ResourceConsent) int {
		return cmp.Or(cmp.Compare(a.GroupID, b.GroupID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Permission, b.Permission), comparePrincipals(a.Principal, b.Principal))
	})
	out.ResourceConsents = slices.Compact(out.ResourceConsents)
}
