package graph

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

var someSubject = sending.Subject{ID: "11111111-2222-3333-4444-555555555555", IDs: []string{"11111111-2222-3333-4444-555555555555"}, Names: []string{"a@x", "b@x"}}

// exampleOf is the example of a ladder.
func exampleOf(t *testing.T, ladder, variant string) *sending.Example {
	t.Helper()
	i := slices.IndexFunc(Examples(), func(e *sending.Example) bool { return e.Ladder.Name == ladder && e.Variant == variant })
	require.GreaterOrEqual(t, i, 0, ladder)
	return Examples()[i]
}

func TestALadderWouldBeTriedWithARequestThatIsNotOnIt(t *testing.T) {
	seen := map[*forms.Ladder]bool{}
	for _, e := range Examples() {
		require.NotNil(t, e.Ladder)
		seen[e.Ladder] = seen[e.Ladder] || !e.Aside
		if e.Ladder.Path == "" {
			continue
		}
		ref := forms.Parse(e.At(0, someSubject))
		require.Same(t, e.Ladder, ladders.Of(ref), "%s: %s", e.Ladder.Name, ref)
		require.Equal(t, []string{ref.String()}, e.Refs(0, someSubject), "the first form is the request as it is made")
	}
	for _, l := range Ladders() {
		require.True(t, seen[l], "nothing tries %q", l.Name)
	}
}

func TestADoctorWouldTryOtherFormsThanASyncSends(t *testing.T) {
	for _, e := range Examples() {
		for step := range e.Ladder.Steps {
			if e.Together != nil || e.Ladder.Path == "" {
				continue
			}
			k := ladders.Climb(forms.WithRefused(context.Background(), forms.NewRefused(map[string]int{e.Ladder.Name: step}, nil)), e.At(step, someSubject))
			require.Equal(t, k.Current(), e.Refs(step, someSubject)[0], "%s: %d", e.Ladder.Name, step)
		}
	}
}

func TestAFormThatIsRefusedWouldLookAnsweredBecauseThePlainerOneIs(t *testing.T) {
	r := graphtest.NewServer(t, refusingForms(400, "InvalidFilter", "$expand"))
	groups := exampleOf(t, "groups", "")
	trial, err := groups.Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
	require.NoError(t, err)
	require.Equal(t, sending.OutcomeRefused, trial.Outcome)
	require.Equal(t, 400, trial.Status)
	require.Equal(t, "InvalidFilter", trial.Code)
	require.Equal(t, 1, r.Count(), "a refusal of a form is not asked for again, nor stepped down from")
	trial, err = groups.Try(context.Background(), newTestClient(t, r).Sender, 3, sending.Subject{})
	require.NoError(t, err)
	require.Equal(t, sending.OutcomeAnswered, trial.Outcome)
}

func TestLackOfAPermissionOrALicenceIsNotARefusedForm(t *testing.T) {
	for code, want := range map[string]sending.Outcome{
		failure.CodeAccessDenied: sending.OutcomeNoPermission, failure.CodePremiumRequired: sending.OutcomeNoLicence,
		failure.CodeResourceNotFound: sending.OutcomeAbsent,
	} {
		status := map[sending.Outcome]int{sending.OutcomeNoPermission: 403, sending.OutcomeNoLicence: 400, sending.OutcomeAbsent: 404}[want]
		r := graphtest.NewServer(t, graphtest.Refusal(status, code))
		trial, err := exampleOf(t, "groups", "").Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
		require.NoError(t, err)
		require.Equal(t, want, trial.Outcome, code)
	}
}

func TestACapWouldNotShow(t *testing.T) {
	row := func(relation int) string {
		return `{"id":"1","memberOf":[` + strings.TrimSuffix(strings.Repeat(`{"id":"2"},`, relation), ",") + `]}`
	}
	var host string
	var requests []string
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		requests = append(requests, req.URL.RawQuery)
		w.Header().Set("x-ms-resource-unit", "7")
		graphtest.Answer(200, fmt.Sprintf(`{"@odata.nextLink":"https://%s/v1.0/groups?$skiptoken=x","value":[%s,%s]}`, host, row(3), row(20)))(w, req)
	})
	c := newTestClient(t, r)
	host = c.Host()
	trial, err := exampleOf(t, "groups", "").Try(context.Background(), c.Sender, 0, sending.Subject{})
	require.NoError(t, err)
	require.Contains(t, requests[0], "$top=999", "a cap shows only where more is asked for")
	require.Equal(t, 1, r.Count(), "one page is enough")
	trial.Took = 0
	require.Equal(t, sending.Trial{
		Outcome: sending.OutcomeAnswered, Status: 200, Rows: 2, Asked: 999, More: true, Listing: true, Expands: true, Related: true, Relation: 20, Units: 7,
	}, trial)
}

func TestARelationThatIsLeftOutOfTheAnswerWouldLookEmpty(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, `{"value":[{"id":"1"}]}`))
	trial, err := exampleOf(t, "groups", "").Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
	require.NoError(t, err)
	require.True(t, trial.Expands)
	require.False(t, trial.Related)
}

func TestAnAnswerThatASyncCouldNotReadIsNotAnswered(t *testing.T) {
	for _, body := range []string{`{"value":[{"id":"1","groupTypes":"x"}]}`, `{"value":[{}]}`, `{}`, `{"value":[`} {
		r := graphtest.NewServer(t, graphtest.Answer(200, body))
		trial, err := exampleOf(t, "groups", "").Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
		require.NoError(t, err)
		require.Equal(t, sending.OutcomeUnreadable, trial.Outcome, body)
	}
}

func TestACodeThatIsNoWordIsNotHandedOn(t *testing.T) {
	for _, code := range []string{"contoso.onmicrosoft.com", "11111111-2222-3333-4444-555555555555", "no such user: ann", strings.Repeat("x", 90)} {
		r := graphtest.NewServer(t, graphtest.Refusal(400, code))
		trial, err := exampleOf(t, "groups", "").Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
		require.NoError(t, err)
		require.Empty(t, trial.Code)
	}
}

func TestADeltaQueryThatABatchRefusesWouldLookAnsweredByItsEnvelope(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, _ int) string {
		if strings.Contains(url, "delta") {
			return `"status":400,"body":{"error":{"code":"BadRequest","message":"no"}}`
		}
		return graphtest.ItemOK
	}))
	c := newTestClient(t, r)
	trial, err := exampleOf(t, "batches", "with a delta query").Try(context.Background(), c.Sender, 0, someSubject)
	require.NoError(t, err)
	require.Equal(t, sending.OutcomeRefused, trial.Outcome)
	trial, err = exampleOf(t, "batches", "two requests").Try(context.Background(), c.Sender, 0, someSubject)
	require.NoError(t, err)
	require.Equal(t, sending.OutcomeAnswered, trial.Outcome)
}

func TestAnItemThatIsThrottledWouldPassForOneThatFails(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(_ string, n int) string {
		if n <= 2 {
			return `"status":429,"body":{"error":{"code":"TooManyRequests","message":"later"}}`
		}
		return graphtest.ItemOK
	}))
	trial, err := exampleOf(t, "batches", "two requests").Try(context.Background(), newTestClient(t, r).Sender, 0, sending.Subject{})
	require.NoError(t, err)
	require.Equal(t, sending.OutcomeAnswered, trial.Outcome)
}
