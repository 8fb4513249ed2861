package e2e

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// triedForms is what the tests read of a report on forms.
type triedForms struct {
	Version int
	Cloud   string
	Whole   bool
	Ladders []struct {
		Reading, Variant, Verdict, Sync string
		Aside                           bool
		Forms                           []struct {
			Form, Outcome, Code, Page string
			Status                    int
			Rows                      int
		}
	}
}

func (f *triedForms) verdicts(verdict string) []string {
	names := []string{}
	for _, l := range f.Ladders {
		if l.Verdict == verdict {
			names = append(names, l.Reading)
		}
	}
	return names
}

// guid is what ids of objects, tenants and requests look like.
var guid = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// tryForms runs the binary and makes sure that what it writes can be handed on:
// nothing in it is the tenant's.
func tryForms(t *testing.T, server *graphsim.Server, args ...string) (*triedForms, string) {
	t.Helper()
	server.Reset()
	r := runBinary(t, signInTo(t, server), append([]string{"doctor", "--forms"}, args...)...)
	require.Empty(t, r.stderr)
	require.NotEmpty(t, r.stdout)
	secrets := []string{server.TenantID(), server.ClientID(), server.ClientSecret(), server.Tenant().Domain(), server.URL(), "127.0.0.1", "@", "eyJ"}
	truth := server.Tenant().Truth()
	for _, user := range truth.Users {
		secrets = append(secrets, user.DisplayName)
	}
	for _, group := range truth.Groups {
		secrets = append(secrets, group.DisplayName)
	}
	asked := 0
	for _, request := range server.Requests() {
		for _, id := range guid.FindAllString(request.Path+"?"+request.Query, -1) {
			secrets = append(secrets, id)
			asked++
		}
		secrets = append(secrets, request.ClientRequestID)
	}
	require.Greater(t, asked, 50, "the test asks about nothing")
	for _, secret := range secrets {
		require.False(t, secret != "" && strings.Contains(r.stdout, secret), "the report shows %q", secret)
	}
	require.NotRegexp(t, guid, r.stdout)
	if !slices.Contains(args, "--json") {
		return nil, r.stdout
	}
	var got triedForms
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got), r.stdout)
	require.Equal(t, 1, got.Version)
	require.Equal(t, "private", got.Cloud)
	want := 1
	if got.Whole {
		want = 0
	}
	require.Equal(t, want, r.exit)
	return &got, r.stdout
}

func TestWhatIsHandedToTheMaintainersNamesTheTenant(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	got, _ := tryForms(t, server, "--json")
	require.Empty(t, got.verdicts("fails"))
	require.Empty(t, got.verdicts("left out"))
	stats := server.Stats()
	require.Empty(t, stats.Unmatched)
	require.Less(t, stats.Requests, 300)
	require.Zero(t, stats.ServiceThrottled, "it outruns a service's budget")
	for _, l := range got.Ladders {
		for _, f := range l.Forms {
			require.NotEqual(t, "failed", f.Outcome, "%s: %s", l.Reading, f.Form)
		}
	}
	_, text := tryForms(t, server)
	require.Contains(t, text, "people (with licences)")
}

func TestARefusedFormWouldNotBeFoundBeforeTheFirstSync(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.Fault(graphsim.Rule{Name: "expand", Regexp: regexp.MustCompile(`/groups\?.*expand=memberOf`), Action: graphsim.Respond(400, "InvalidFilter", "The  filter is invalid.")})
	server.Fault(graphsim.Rule{Name: "consents", Path: "/oauth2PermissionGrants", Action: graphsim.Respond(501, "NotImplemented", "x")})
	server.SetPermissions(slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool { return p == "AuditLog.Read.All" })...)
	got, _ := tryForms(t, server, "--json")
	require.False(t, got.Whole)
	require.ElementsMatch(t, []string{"consents", "sign-in activity", "who signed in lately", "MFA registration"}, got.verdicts("left out"))
	require.Empty(t, got.verdicts("fails"), "a plainer form is answered")
	for _, l := range got.Ladders {
		switch l.Reading {
		case "groups":
			require.Equal(t, "refused", l.Forms[0].Outcome)
			require.Equal(t, "InvalidFilter", l.Forms[0].Code)
			require.Contains(t, l.Sync, "without the relation")
		case "MFA registration":
			require.Equal(t, "no permission", l.Forms[0].Outcome)
			require.Contains(t, l.Sync, "for lack of a permission")
		case "consents":
			require.Contains(t, l.Sync, "no form is answered")
		}
	}
}

func TestFormsOfATenantThatCannotBeReachedEndWithOneSentence(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	r := runBinary(t, append(signInTo(t, server), "BATON_AZURE_CLIENT_SECRET=wrong"), "doctor", "--forms", "--json")
	require.Equal(t, 2, r.exit)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, "no form can be tried")
}
