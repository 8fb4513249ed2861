package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func TestAClockThatNobodySignsInWithIsAFailure(t *testing.T) {
	for off, want := range map[time.Duration]Status{
		time.Second:       StatusOK,
		-30 * time.Second: StatusOK,
		2 * time.Minute:   StatusWarning,
		-6 * time.Minute:  StatusFailed,
		time.Hour:         StatusFailed,
	} {
		check := checkClock("network.graph", "Microsoft Graph", &network.Contact{KnowsTime: true, Ahead: off})
		require.Equal(t, want, check.Status, off)
		require.Equal(t, want != StatusOK, check.Fix != "", off)
	}
	require.Contains(t, checkClock("x", "y", &network.Contact{KnowsTime: true, Ahead: -6 * time.Minute}).Detail, "6m0s behind")
	require.Equal(t, StatusSkipped, checkClock("x", "y", &network.Contact{}).Status)
}

func TestInspectionOfMicrosoftsHostsWouldGoUnnoticed(t *testing.T) {
	from := func(organizations ...string) *network.Contact {
		return &network.Contact{Chain: []network.Certificate{{Issuer: "CN=x", Organizations: organizations}}}
	}
	const host = "https://graph.microsoft.com"
	require.Empty(t, interception(host, from("Microsoft Corporation")))
	require.Empty(t, interception(host, from("DigiCert Inc")))
	require.Contains(t, interception(host, from("Contoso Security")), "a proxy seems to open the connection")
	require.NotEmpty(t, interception(host, from()))
	require.Empty(t, interception("https://graph.example.com", from("Contoso Security")), "a private host has whom it likes")
}

func TestATenantInAnotherCloudNamesTheSetting(t *testing.T) {
	in := func(name, host string) Check {
		cloud, err := signin.CloudByName(name)
		require.NoError(t, err)
		return (&examination{cloud: cloud}).checkCloud(&signin.TenantDocument{GraphHost: host})
	}
	require.Equal(t, StatusOK, in("public", "graph.microsoft.com").Status)
	wrong := in("public", "graph.microsoft.us")
	require.Equal(t, StatusFailed, wrong.Status)
	require.Equal(t, "set --azure-cloud usgov", wrong.Fix)
	require.Equal(t, StatusSkipped, in("public", "").Status)
}

func TestWhatWasAskedForByNameAndIsMissingIsAFailure(t *testing.T) {
	state := connector.DataState{
		Use:    connector.Use{Name: "devices", Purpose: "devices and who registered them", Need: connector.NeedOptional, Setting: "--sync-devices"},
		Wanted: true, Permission: "Device.Read.All", Lacks: connector.LacksPermission,
	}
	check := checkData(&state, true)
	require.Equal(t, StatusWarning, check.Status)
	require.Contains(t, check.Fix, "go without")
	state.Named = true
	check = checkData(&state, true)
	require.Equal(t, StatusFailed, check.Status)
	require.Contains(t, check.Fix, "leave out --sync-devices")
	require.Equal(t, []string{"Device.Read.All"}, check.Permissions)
	state.Named, state.Use.Need = false, connector.NeedRequired
	require.Equal(t, StatusFailed, checkData(&state, true).Status)
	state.Wanted = false
	require.Equal(t, StatusNotAsked, checkData(&state, true).Status)
}

func TestWhatGraphRefusesThoughTheTokenPromisedItIsAFailure(t *testing.T) {
	state := connector.DataState{
		Use: connector.Use{Name: "consents", Purpose: "consents", Need: connector.NeedOptional}, Wanted: true, Permission: "Directory.Read.All", Tried: true,
	}
	require.Equal(t, StatusOK, checkData(&state, true).Status)
	for name, err := range map[string]error{
		"refused":    &failure.Error{Operation: "GET /x", StatusCode: 403, Code: failure.CodeAccessDenied},
		"unlicensed": &failure.Error{Operation: "GET /x", StatusCode: 403, Code: failure.CodeNonPremiumTenant},
		"broken":     &failure.Error{Operation: "GET /x", StatusCode: 500},
		"other":      errors.New("it broke; mend it"),
	} {
		state.Err = err
		check := checkData(&state, true)
		require.Equal(t, StatusFailed, check.Status, name)
		require.NotEmpty(t, check.Fix, name)
	}
}

func TestATokenThatCannotBeReadIsNotTakenForPermission(t *testing.T) {
	state := connector.DataState{Use: connector.Use{Name: "hidden memberships"}, Wanted: true}
	require.Equal(t, StatusSkipped, checkData(&state, false).Status)
	require.Contains(t, checkData(&state, true).Detail, "going by the token")
}

func TestNamesOfATenantDoNotReachTheTerminalAsTheyAre(t *testing.T) {
	r := newReport("dev", time.Now(), signin.Cloud{}, Configured{})
	r.add(Check{ID: "tenant.name", Group: groupTenant, Name: "tenant", Status: StatusOK, Detail: "Con\x1b[31mtoso\u202e\n  FAILED   token: forged", Fix: "\u009b2J\r"})
	r.finish(time.Now())
	var text, document bytes.Buffer
	require.NoError(t, r.WriteText(&text))
	require.NoError(t, r.WriteJSON(&document))
	require.True(t, json.Valid(document.Bytes()))
	for _, out := range []string{text.String(), document.String()} {
		for _, hidden := range []string{"\x1b", "\u202e", "\u009b", "\r"} {
			require.NotContains(t, out, hidden)
		}
	}
	require.NotContains(t, text.String(), "\n  FAILED", "a name forges a line of the report")
	require.Contains(t, text.String(), "All is well")
}

func TestReportSaysUnhealthyIfAndOnlyIfSomethingFailed(t *testing.T) {
	for status, healthy := range map[Status]bool{StatusOK: true, StatusWarning: true, StatusSkipped: true, StatusNotAsked: true, StatusFailed: false} {
		r := newReport("dev", time.Now(), signin.Cloud{}, Configured{})
		r.add(Check{ID: "x", Group: groupData, Status: status})
		r.finish(time.Now())
		require.Equal(t, healthy, r.Healthy, status)
		var document bytes.Buffer
		require.NoError(t, r.WriteJSON(&document))
		var got struct {
			Healthy bool
			Summary map[string]int
		}
		require.NoError(t, json.Unmarshal(document.Bytes(), &got))
		require.Equal(t, healthy, got.Healthy)
		require.Equal(t, 1, got.Summary[string(status)])
	}
}

func TestAdviceIsTakenApartWithoutLosingAnything(t *testing.T) {
	problem, fix := explain(&signin.AuthorityError{Code: 7000215, Problem: "the client secret is wrong", Advice: "paste the Value"})
	require.Contains(t, problem, "AADSTS7000215")
	require.NotContains(t, problem, "paste")
	require.Equal(t, "paste the Value", fix)
	problem, fix = explain(&network.ConnectionError{Operation: "GET /x", Explanation: "h refused the connection; check host and port"})
	require.True(t, strings.HasSuffix(problem, "h refused the connection"))
	require.Equal(t, "check host and port", fix)
}
