package e2e

import (
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// console is the built connector as a person calls it, on a snapshot of a tenant that it
// may change.
type console struct {
	t      *testing.T
	tenant *graphsim.Server
	target string
}

func startConsole(t *testing.T) *console {
	t.Helper()
	c := &console{t: t, tenant: writableTenant(t), target: filepath.Join(t.TempDir(), "tenant.c1z")}
	_, log, code := c.do()
	require.Zero(t, code, log)
	return c
}

// do calls the connector, and gives its output, its log and its exit status.
func (c *console) do(args ...string) (string, string, int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), syncBound)
	defer cancel()
	if len(args) > 0 {
		args = append(args, "--provisioning")
	}
	cmd, _ := command(ctx, c.t, signInTo(c.t, c.tenant), append(args, "-f", c.target)...)
	var out, log strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &log
	err := cmd.Run()
	if _, failed := err.(*exec.ExitError); !failed { //nolint:errorlint // It is what Run gives.
		require.NoError(c.t, err)
	}
	return out.String(), log.String(), cmd.ProcessState.ExitCode()
}

func (c *console) someone() graphsim.TruthUser {
	truth := c.tenant.Tenant().Truth()
	for _, u := range truth.Users {
		if member(u) {
			return u
		}
	}
	require.Fail(c.t, "the tenant has nobody")
	return graphsim.TruthUser{}
}

// Whoever has changed something by hand wants to know what was changed, on whom, and
// whether it was so before; nothing was said at all.
func TestOperationEndsWithOneSentenceThatNamesWhatWasDone(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	u := c.someone()
	group := c.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty)
	who := "user " + u.DisplayName + " <" + u.UPN + "> (" + u.ID + ")"
	grant := []string{"--grant-entitlement", "group:" + group + ":member", "--grant-principal", u.ID, "--grant-principal-type", "user"}
	for _, want := range []string{"Granted member of group ", "Nothing to do: " + who} {
		out, log, code := c.do(grant...)
		require.Zero(t, code, log)
		require.Equal(t, 1, strings.Count(out, "\n"), out)
		require.True(t, strings.HasPrefix(out, want), out)
		require.Contains(t, out, who)
		require.Contains(t, out, group)
	}
	_, log, code := c.do() // A grant can be revoked once a sync has seen it.
	require.Zero(t, code, log)
	out, log, code := c.do("--revoke-grant", "group:"+group+":member:user:"+u.ID)
	require.Zero(t, code, log)
	require.True(t, strings.HasPrefix(out, "Revoked member of group "), out)
	require.Contains(t, out, who)

	for _, want := range []string{"Created user only.mail <only.mail@contoso.com> (", "Nothing to do: there is user only.mail"} {
		out, log, code = c.do("--create-account-email", "only.mail@contoso.com")
		require.Zero(t, code, log)
		require.True(t, strings.HasPrefix(out, want), out)
	}
	gone := (&lifecycle{t: t, tenant: c.tenant}).pick(func(u graphsim.TruthUser) bool { return member(u) && u.ID != c.someone().ID })
	for _, want := range []string{"Deleted user ", "Nothing to do: there is no user " + gone} {
		out, log, code = c.do("--delete-resource", gone, "--delete-resource-type", "user")
		require.Zero(t, code, log)
		require.True(t, strings.HasPrefix(out, want), out)
	}
	out, _, code = c.do("--invoke-action", "check_upn", "--invoke-action-args", `{"userPrincipalName": "only.mail@contoso.com"}`)
	require.Zero(t, code)
	require.Equal(t, "available: false\nmailNickname: only.mail2\nuserPrincipalName: only.mail2@contoso.com\nDone: check_upn.\n", out)
	out, _, code = c.do("--invoke-action", "disable_user", "--invoke-action-args", `{"user_id": "only.mail@contoso.com"}`)
	require.Zero(t, code)
	require.Contains(t, out, "Done: disable_user, user only.mail <only.mail@contoso.com> (")
	out, _, code = c.do("--json", "--invoke-action", "check_upn", "--invoke-action-args", `{"userPrincipalName": "only.mail@contoso.com"}`)
	require.Zero(t, code)
	var told struct {
		Succeeded bool
		Result    map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(out), &told))
	require.True(t, told.Succeeded)
	require.Equal(t, "only.mail2@contoso.com", told.Result["userPrincipalName"])
}

// The reason is the last thing said, once, and none of the SDK's insides.
func TestOperationThatFailsSaysWhyInItsLastLine(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	for want, args := range map[string][]string{
		`there is no action "disable_usr"; the nearest is disable_user`: {"--invoke-action", "disable_usr"},
		"does not hold an entitlement, a principal or a grant with that id": {
			"--grant-entitlement", "group:nope:member", "--grant-principal", "nobody", "--grant-principal-type", "user",
		},
		"no user has the user principal name": {"--invoke-action", "disable_user", "--invoke-action-args", `{"user_id": "nobody@contoso.com"}`},
		"is not one that the tenant has":      {"--create-account-email", "only.mail@elsewhere.example"},
	} {
		out, log, code := c.do(args...)
		require.NotZero(t, code, want)
		require.NotContains(t, out, "Done")
		lines := strings.Split(strings.TrimSpace(log), "\n")
		last := lines[len(lines)-1]
		require.Contains(t, last, want)
		for _, inside := range []string{"pebble", "rpc error", "fields:{", "handler for action", "runner:"} {
			require.NotContains(t, last, inside)
		}
	}
	missing := *c
	missing.target = filepath.Join(t.TempDir(), "missing.c1z")
	_, log, code := missing.do("--revoke-grant", "group:x:member:user:y")
	require.NotZero(t, code)
	require.Contains(t, log, "there is no snapshot "+missing.target)
}

func TestDryRunSaysWhatWouldBeSentAndSendsNothing(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	u := c.someone()
	group := c.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty)
	for want, args := range map[string][]string{
		"would send POST " + c.tenant.URL() + "/v1.0/groups/" + group + "/members/$ref {": {
			"--grant-entitlement", "group:" + group + ":member", "--grant-principal", u.ID, "--grant-principal-type", "user",
		},
		"would send POST " + c.tenant.URL() + "/v1.0/users {":         {"--create-account-email", "dry@contoso.com"},
		"would send DELETE " + c.tenant.URL() + "/v1.0/users/" + u.ID: {"--delete-resource", u.ID, "--delete-resource-type", "user"},
		"/revokeSignInSessions":                                       {"--invoke-action", "offboard_user", "--invoke-action-args", `{"user_id": "` + u.ID + `"}`},
	} {
		out, log, code := c.do(append(args, "--dry-run")...)
		require.Zero(t, code, log)
		require.Contains(t, out, want)
		require.True(t, strings.HasSuffix(out, "Nothing was changed: this was a dry run.\n"), out)
		require.NotContains(t, out, "Granted")
	}
	out, _, code := c.do("--rotate-credentials", u.ID, "--rotate-credentials-type", "user", "--dry-run")
	require.Zero(t, code)
	require.Contains(t, out, `"password":"(not shown)"`)
	require.Empty(t, c.tenant.Writes())
	_, log, code := c.do("--dry-run")
	require.NotZero(t, code)
	require.Contains(t, log, "belong to an operation")
}
