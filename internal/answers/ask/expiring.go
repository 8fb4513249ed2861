package ask

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

const usualDays = 30

var expiring = &Question{
	Name: "expiring", Short: "Credentials and time-bound access that end within --days", Days: usualDays, ask: askExpiring,
	needs: []need{
		{data: access.DataRoleTimes, lacking: "ends of role assignments do not show", gap: true},
		{data: access.DataRoleEligibility, lacking: "ends of eligibilities for roles do not show", gap: true},
		{data: access.DataGroupEligibility, lacking: "ends of eligibilities for groups do not show", gap: true},
		{data: access.DataPackages, lacking: "ends of access packages do not show", gap: true},
	},
}

func askExpiring(ctx context.Context, q *query) error {
	q.columns(columns([]Column{
		{Key: "ends", Title: "Ends"}, {Key: "days", Title: "Days"}, whatColumn, {Key: "whose", Title: "Whose"},
	}, []Column{typeDetail, {Key: "id", Detail: true}, {Key: "principal_type", Detail: true}, {Key: "principal_id", Detail: true}, entitlementDetail})...)
	expired, err := q.expiringCredentials(ctx)
	if err != nil {
		return err
	}
	credentials := len(q.Rows)
	if err := q.expiringAccess(ctx); err != nil {
		return err
	}
	q.sort(0, 3, 2)
	q.Headline = fmt.Sprintf("%s and %s between %s and %s; %s already.",
		count(credentials, "credential ends", "credentials end"), count(len(q.Rows)-credentials, "time-bound hold", "time-bound holds"),
		dayOf(q.o.At), dayOf(q.o.At.AddDate(0, 0, q.o.Days)), count(expired, "credential has expired", "credentials have expired"))
	return nil
}

// expiringCredentials adds the credentials that end, and counts those that have.
func (q *query) expiringCredentials(ctx context.Context) (int, error) {
	expired := 0
	for o, err := range q.s.Objects(ctx, access.TypeCredential) {
		if err != nil {
			return 0, err
		}
		end, within := q.ends(o.Text("endDateTime"))
		if !within {
			if !end.IsZero() && end.Before(q.o.At) {
				expired++
			}
			continue
		}
		owner, err := q.s.Object(ctx, o.Parent)
		if err != nil {
			return 0, err
		}
		q.ending(end, credentialKind(o)+" "+strconv.Quote(o.Name), owner.Called(), o.Ref, owner.Ref, "")
	}
	return expired, nil
}

// credentialKind is what a credential is called.
func credentialKind(o *access.Object) string {
	switch kind := o.Text("kind"); {
	case kind == "clientSecret":
		return "secret"
	case strings.Contains(kind, "X509"):
		return "certificate"
	default:
		return kind
	}
}

func (q *query) ending(end time.Time, what, whose string, ref, principal access.Ref, entitlement string) {
	days := int(end.Sub(q.o.At) / (24 * time.Hour))
	q.row(end.UTC().Format("2006-01-02 15:04"), strconv.Itoa(days), what, whose, ref.Type, ref.ID, principal.Type, principal.ID, entitlement)
}

// expiringAccess adds the holds that end: on roles, on what Privileged Identity Management
// gives of groups, and on access packages. Only direct ones: the others end with them.
func (q *query) expiringAccess(ctx context.Context) error {
	for role, err := range q.s.Objects(ctx, roleTypes...) {
		if err != nil {
			return err
		}
		for _, slug := range []string{access.SlugAssigned, access.SlugEligible} {
			if err := q.expiringHolds(ctx, access.EntitlementID(role.Ref, slug), slug); err != nil {
				return err
			}
		}
	}
	for e, err := range q.s.Entitlements(ctx) {
		if err != nil {
			return err
		}
		called := ""
		switch {
		case e.On.Type == access.TypePackage:
			called = e.Name
		case e.On.Type == access.TypeGroup && strings.HasPrefix(e.Slug, "eligible_"):
			called = strings.ReplaceAll(e.Slug, "_", " ")
		default:
			continue
		}
		if err := q.expiringHolds(ctx, e.ID, called); err != nil {
			return err
		}
	}
	return nil
}

// expiringHolds adds those who hold an entitlement for a while.
func (q *query) expiringHolds(ctx context.Context, entitlement, called string) error {
	for h, err := range q.s.Holders(ctx, entitlement) {
		if err != nil {
			return err
		}
		end, within := q.ends(h.Until)
		if !within || !h.Direct {
			continue
		}
		on, err := q.s.Object(ctx, h.On)
		if err != nil {
			return err
		}
		who, err := q.s.Object(ctx, h.Principal)
		if err != nil {
			return err
		}
		q.ending(end, on.Called()+", "+called, who.Called(), h.On, h.Principal, h.Entitlement)
	}
	return nil
}
