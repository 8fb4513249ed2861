package ask

import (
	"context"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

const usualStaleDays = 90

var stale = &Question{
	Name: "stale", Short: "People who have not signed in for --days and are still privileged", Days: usualStaleDays, ask: askStale,
	needs: []need{
		{data: access.DataSignIns, lacking: "nobody can be called stale", gap: true},
		{data: access.DataRoleEligibility, lacking: "who may activate a role is not among them", gap: true},
	},
}

// askStale reckons from the moment that sign-ins were read: somebody may have signed in
// since.
func askStale(ctx context.Context, q *query) error {
	q.columns(columns([]Column{{Key: "last_sign_in", Title: "Last sign-in"}}, principalColumns, []Column{whatColumn, howColumn}, principalDetails, []Column{entitlementDetail})...)
	if knowledge, _ := q.s.About().Knows(access.DataSignIns); knowledge == access.NotRead {
		q.Headline = "Whether anybody is stale cannot be told."
		return nil
	}
	since := q.s.About().ReadOf(access.DataSignIns).AddDate(0, 0, -q.o.Days)
	people, unsure := map[access.Ref]bool{}, map[access.Ref]bool{}
	known, _ := q.s.About().Knows(access.DataSignIns)
	err := q.eachPrivilegedRole(ctx, func(_ int, o *access.Object, what string, way []string, entitlement string) {
		// Somebody who was created within the days had no more time to sign in.
		if o.Type != access.TypeUser || o.LastSignIn.After(since) || o.Created.After(since) {
			return
		}
		if o.LastSignIn.IsZero() && (known != access.Known || o.SignInUnknown()) {
			unsure[o.Ref] = true
			return
		}
		people[o.Ref] = true
		q.row(cells([]string{q.lastSignIn(o)}, whoCells(o), []string{what, way[0]}, whoDetails(o), []string{entitlement})...)
	})
	if err != nil {
		return err
	}
	q.sort(0, 1, 3)
	q.Headline = fmt.Sprintf("%s no sign-in since %s and privileged access.", count(len(people), "person has", "people have"), dayOf(since))
	if len(unsure) > 0 {
		q.Gaps = append(q.Gaps, count(len(unsure), "privileged person has", "privileged people have")+" no sign-in in the snapshot, which does not say that they never had one")
	}
	q.Notes = append(q.Notes, "a service account that signs in without a person, or somebody who was never seen by the sign-in log, looks the same")
	return nil
}
