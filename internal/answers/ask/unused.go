package ask

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var unusedApplications = &Question{
	Name: "unused-applications", Short: "Applications that nobody is assigned to and that hold nothing", ask: askUnused,
	needs: []need{{data: access.DataConsents, lacking: "an application that is used by consent looks unused", gap: true}},
}

func askUnused(ctx context.Context, q *query) error {
	q.columns(whatColumn, Column{Key: "is", Title: "Is"}, Column{Key: "entry", Title: "Who may sign in"}, Column{Key: "id", Detail: true}, Column{Key: "app_id", Detail: true})
	signsIn := map[string]bool{}
	for o, err := range q.s.Objects(ctx, access.TypeCredential) {
		if err != nil {
			return err
		}
		signsIn[o.Parent.ID] = true
	}
	for o, err := range q.s.Objects(ctx, access.TypeApplication) {
		if err != nil {
			return err
		}
		if signsIn[o.ID] {
			continue
		}
		used, err := q.takesPart(ctx, o)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		entry := "everybody, without being assigned"
		switch {
		case o.Status == access.StatusDisabled:
			entry = "nobody: it is disabled"
		case o.Flag("appRoleAssignmentRequired"):
			entry = "nobody: an assignment is required"
		}
		q.row(o.Called(), isWhat(o), entry, o.ID, o.Text("appId"))
	}
	q.sort(2, 0)
	q.Headline = count(len(q.Rows), "application takes", "applications take") + " part in nothing: nobody is assigned, and it holds no role, permission, consent, membership or credential."
	q.Notes = append(q.Notes, "an application that requires no assignment can be signed in to all the same; who does so is in the sign-in log, and not in a snapshot")
	return nil
}

// takesPart reports whether anybody is assigned to an application, or it holds
// anything.
func (q *query) takesPart(ctx context.Context, o *access.Object) (bool, error) {
	for _, err := range q.s.HeldBy(ctx, o.Ref) {
		return err == nil, err
	}
	for e, err := range q.s.EntitlementsOf(ctx, o.Ref) {
		if err != nil {
			return false, err
		}
		if e.Slug == access.SlugOwner {
			continue
		}
		for _, err := range q.s.Holders(ctx, e.ID) {
			return err == nil, err
		}
	}
	return false, nil
}
