package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// What the tenant of these tests gives away wherever it can.
const (
	aTenant  = "97e44a79-597a-49ff-ad34-5d71893d14b0"
	anObject = "0b1c2d3e-1111-4222-8333-444455556666"
	aCall    = "deadbeef-1111-4222-8333-444455556666"
	aName    = "Ann Secret"
	aDomain  = "contoso.example"
)

// indiscreetGraph names itself, its people and its requests in every part of its
// answers; refuse decides what it does not answer.
func indiscreetGraph(refuse func(path, query string) (int, string)) http.HandlerFunc {
	row := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.agentIdentity","id":%q,"displayName":%q,"userPrincipalName":"ann@%s","mail":"ann@%s",
		"roleDefinitionId":%q,"directoryScopeId":"/administrativeUnits/%s","memberOf":[{"id":%q}]}`,
		anObject, aName, aDomain, aDomain, anObject, anObject, anObject)
	body := func(path, query string) (int, string) {
		if status, code := refuse(path, query); status != 0 {
			return status, fmt.Sprintf(`{"error":{"code":%q,"message":"%s of %s in %s, %s"}}`, code, aName, aDomain, aTenant, anObject)
		}
		switch {
		case path == "/v1.0/organization":
			return 200, fmt.Sprintf(`{"value":[{"id":%q,"displayName":"Contoso"}]}`, aTenant)
		case strings.HasSuffix(path, anObject):
			return 200, row
		}
		return 200, `{"value":[` + strings.Join(slices.Repeat([]string{row}, 7), ",") + `]}`
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("request-id", aCall)
		if r.URL.Path != "/v1.0/$batch" {
			status, text := body(r.URL.Path, r.URL.RawQuery)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
			return
		}
		var batch struct {
			Requests []struct{ ID, URL string }
		}
		_ = json.NewDecoder(r.Body).Decode(&batch)
		var answers []string
		for _, one := range batch.Requests {
			path, query, _ := strings.Cut(one.URL, "?")
			status, text := body("/v1.0"+path, query)
			answers = append(answers, fmt.Sprintf(`{"id":%q,"status":%d,"headers":{"request-id":%q},"body":%s}`, one.ID, status, aCall, text))
		}
		_, _ = io.WriteString(w, `{"responses":[`+strings.Join(answers, ",")+`]}`)
	}
}

func tryFormsOf(t *testing.T, refuse func(path, query string) (int, string)) *FormsReport {
	t.Helper()
	server := httptest.NewTLSServer(indiscreetGraph(refuse))
	t.Cleanup(server.Close)
	report, err := RunForms(context.Background(), Options{
		Config: &config.AzureAd{
			GraphEndpoint: server.URL,
			CaCertificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
		},
		Opts:    &cli.ConnectorOpts{SelectedAuthMethod: config.AuthMethodOauth, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "opaque"})},
		Version: "v1",
	})
	require.NoError(t, err)
	return report
}

func (r *FormsReport) ladder(t *testing.T, reading, variant string) *LadderReport {
	t.Helper()
	i := slices.IndexFunc(r.Ladders, func(l LadderReport) bool { return l.Reading == reading && l.Variant == variant })
	require.GreaterOrEqual(t, i, 0, reading)
	return &r.Ladders[i]
}

func TestAReportOfFormsTellsTheMaintainersNothingOfTheTenant(t *testing.T) {
	t.Parallel()
	report := tryFormsOf(t, func(path, query string) (int, string) {
		switch {
		case strings.Contains(query, "owners("):
			return 400, aDomain
		case strings.Contains(path, "/devices"):
			return 403, "Authorization_RequestDenied"
		case strings.Contains(query, "%27"+anObject), strings.Contains(query, "members,owners"):
			return 400, "BadRequest"
		}
		return 0, ""
	})
	var text, document bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.WriteJSON(&document))
	require.True(t, json.Valid(document.Bytes()))
	for _, known := range []string{aTenant, anObject, aCall, aName, aDomain, "ann@", "127.0.0.1"} {
		require.NotContains(t, text.String(), known)
		require.NotContains(t, document.String(), known)
	}
	require.NotContains(t, document.String(), `"rows": 7`, "the size of a collection is the tenant's own affair")
	require.Contains(t, text.String(), "7 rows, not enough rows to tell")
	require.Equal(t, privateHosts, report.Cloud)

	require.False(t, report.Whole)
	require.Equal(t, VerdictLeftOut, report.ladder(t, "devices", "").Verdict)
	require.Contains(t, report.ladder(t, "registered owners of a device", "").Sync, "for lack of a permission", "what cannot be looked for is not missing")
	require.Equal(t, sending.OutcomeRefused, report.ladder(t, "owners of app registrations", "").Forms[0].Outcome)
	require.Empty(t, report.ladder(t, "owners of app registrations", "").Forms[0].Code)
	require.Contains(t, report.ladder(t, "owners of app registrations", "").Sync, "with the whole of the relation")
}

func TestADataSetThatNoFormGivesWouldBePromised(t *testing.T) {
	t.Parallel()
	report := tryFormsOf(t, func(path, _ string) (int, string) {
		switch path {
		case "/v1.0/groups", "/v1.0/subscribedSkus":
			return 400, "BadRequest"
		}
		return 0, ""
	})
	require.False(t, report.Whole)
	require.Equal(t, VerdictFails, report.ladder(t, "groups", "").Verdict)
	require.Equal(t, VerdictLeftOut, report.ladder(t, "licences", "").Verdict)
	require.Equal(t, VerdictUntold, report.ladder(t, "members of a group", "").Verdict)
	var text bytes.Buffer
	require.NoError(t, report.WriteText(&text))
	require.Contains(t, text.String(), "A sync would fail on: groups")
	require.Contains(t, text.String(), "A sync would leave out: teams, licences")
}

func TestWhatAFormShowsOfACap(t *testing.T) {
	for want, trial := range map[PageCap]sending.Trial{
		CapNone:    {Rows: 999, Asked: 999, More: true},
		CapLower:   {Rows: 100, Asked: 999, More: true},
		CapGraphs:  {Rows: 100, More: true},
		CapAbove:   {Rows: 101, Asked: 999},
		CapUnknown: {Rows: 100, Asked: 999},
	} {
		trial.Outcome, trial.Listing = sending.OutcomeAnswered, true
		var f FormReport
		f.take(trial)
		require.Equal(t, want, f.Page)
		require.NotEmpty(t, f.describePage())
	}
	for want, trial := range map[PageCap]sending.Trial{
		CapLower:   {Expands: true, Related: true, Relation: 20},
		CapNone:    {Expands: true, Related: true, Relation: 21},
		CapUnknown: {Expands: true, Related: true, Relation: 19},
		CapMissing: {Expands: true},
	} {
		trial.Outcome, trial.Listing, trial.Rows = sending.OutcomeAnswered, true, 500
		var f FormReport
		f.take(trial)
		require.Equal(t, want, f.Relation)
		require.NotEmpty(t, f.describeRelation())
		shown, err := json.Marshal(&f)
		require.NoError(t, err)
		require.Equal(t, want == CapLower, strings.Contains(string(shown), "relation_rows"), "%s", shown)
	}
}

func TestALadderIsGoneDownNoFurtherThanASyncGoes(t *testing.T) {
	for _, c := range []struct {
		outcomes []sending.Outcome
		optional bool
		want     Verdict
	}{
		{[]sending.Outcome{sending.OutcomeRefused, sending.OutcomeUnreadable, sending.OutcomeAnswered}, false, VerdictUsed},
		{[]sending.Outcome{sending.OutcomeRefused, outcomeSame, sending.OutcomeAbsent}, false, VerdictUsed},
		{[]sending.Outcome{sending.OutcomeNoPermission, sending.OutcomeAnswered, sending.OutcomeAnswered}, true, VerdictLeftOut},
		{[]sending.Outcome{sending.OutcomeNoLicence, sending.OutcomeAnswered, sending.OutcomeAnswered}, false, VerdictFails},
		{[]sending.Outcome{sending.OutcomeFailed, sending.OutcomeAnswered, sending.OutcomeAnswered}, true, VerdictFails},
		{[]sending.Outcome{sending.OutcomeRefused, sending.OutcomeRefused, sending.OutcomeRefused}, true, VerdictLeftOut},
	} {
		l := &LadderReport{Optional: c.optional}
		e := &sending.Example{Ladder: &forms.Ladder{Steps: make([]forms.Step, len(c.outcomes))}}
		for _, o := range c.outcomes {
			l.Forms = append(l.Forms, FormReport{Outcome: o})
		}
		l.judge(e)
		require.Equal(t, c.want, l.Verdict, c.outcomes)
		require.NotEmpty(t, l.Sync)
	}
}
