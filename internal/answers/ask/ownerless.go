package ask

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var ownerless = &Question{
	Name: "ownerless", Short: "Groups and app registrations that nobody answers for, and agents without a sponsor", ask: askOwnerless,
	needs: []need{{data: access.DataSponsors, lacking: "agents without a sponsor are not among them", gap: true}},
}

// answerable are the entitlements whose holders answer for an object, by its type.
var answerable = map[string]string{
	access.TypeGroup: access.SlugOwner, access.TypeRegistration: access.SlugOwner, access.TypeAgentIdentity: access.SlugSponsor,
}

func askOwnerless(ctx context.Context, q *query) error {
	q.columns(whatColumn, Column{Key: "is", Title: "Is"}, Column{Key: "owners", Title: "Owners"}, typeDetail, Column{Key: "id", Detail: true})
	unknown := 0
	for o, err := range q.s.Objects(ctx, slices.Sorted(maps.Keys(answerable))...) {
		if err != nil {
			return err
		}
		if knowledge, _ := q.s.About().Knows(access.DataSponsors); o.Type == access.TypeAgentIdentity && knowledge == access.NotRead {
			continue
		}
		if ownersElsewhere(o) {
			unknown++
			continue
		}
		active, disabled, err := q.answering(ctx, access.EntitlementID(o.Ref, answerable[o.Type]))
		if err != nil {
			return err
		}
		if active > 0 {
			continue
		}
		owners := "none"
		if disabled > 0 {
			owners = count(disabled, "disabled owner", "disabled owners")
		}
		q.row(o.Called(), access.TypeName(o.Type, false), owners, o.Type, o.ID)
	}
	q.sort(1, 0)
	q.Headline = fmt.Sprintf("%s without anybody who can sign in and answers for it.", count(len(q.Rows), "object", "objects"))
	if unknown > 0 {
		q.Notes = append(q.Notes, count(unknown, "group is", "groups are")+" managed by Exchange or synchronized from Active Directory, where the owners are: Microsoft Graph does not tell them")
	}
	return nil
}

// ownersElsewhere reports whether a group's owners are not Graph's to tell.
func ownersElsewhere(o *access.Object) bool {
	if o.Type != access.TypeGroup {
		return false
	}
	exchange := o.Flag("mailEnabled") && !slices.ContainsFunc(o.Texts("groupTypes"), func(t string) bool { return strings.EqualFold(t, "Unified") })
	return o.Flag("onPremisesSyncEnabled") || exchange
}

// answering counts who holds an entitlement: those who can sign in, and those who
// cannot.
func (q *query) answering(ctx context.Context, entitlement string) (active, disabled int, err error) { //nolint:nonamedreturns // Two numbers need names.
	for h, err := range q.s.Holders(ctx, entitlement) {
		if err != nil {
			return 0, 0, err
		}
		o, err := q.s.Object(ctx, h.Principal)
		if err != nil {
			return 0, 0, err
		}
		if o.Status == access.StatusDisabled || o.Status == access.StatusDeleted {
			disabled++
		} else {
			active++
		}
	}
	return active, disabled, nil
}
