package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// checks calls the built connector as ConductorOne's checks of connectors do: in a folder
// of its own, with nothing but what an operation takes
// (https://github.com/ConductorOne/github-workflows/tree/main/actions).
type checks struct {
	t      *testing.T
	tenant *graphsim.Server
	env    []string
	dir    string
	said   string
}

func startChecks(t *testing.T) *checks {
	t.Helper()
	tenant := writableTenant(t)
	return &checks{t: t, tenant: tenant, env: signInTo(t, tenant)}
}

func (c *checks) call(args ...string) int {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), syncBound)
	defer cancel()
	cmd, _ := command(ctx, c.t, c.env, args...)
	if c.dir == "" {
		c.dir = cmd.Dir
	}
	cmd.Dir = c.dir
	raw, err := cmd.CombinedOutput()
	c.said = string(raw)
	if _, failed := err.(*exec.ExitError); !failed { //nolint:errorlint // It is what Run gives.
		require.NoError(c.t, err)
	}
	return cmd.ProcessState.ExitCode()
}

func (c *checks) must(args ...string) {
	c.t.Helper()
	require.Zero(c.t, c.call(args...), "%v:\n%s", args, c.said)
}

// synced is a sync without any argument, and what it has written where the SDK does.
func (c *checks) synced() *contents {
	c.t.Helper()
	c.must()
	return readSnapshot(c.t, filepath.Join(c.dir, "sync.c1z"))
}

func TestChecksOfSyncGrantAndRevokeFindWhatTheyLookFor(t *testing.T) {
	t.Parallel()
	c := startChecks(t)
	c.must("capabilities")
	c.synced()
	group := c.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty)
	user := (&lifecycle{t: t, tenant: c.tenant}).pick(member)
	entitlement := "group:" + group + ":member"
	grant := []string{"--grant-entitlement=" + entitlement, "--grant-principal=" + user, "--grant-principal-type=user"}
	row := edge(entitlement, "user", user)
	c.must(grant...)
	requireIn(t, c.synced().direct, row)
	c.must(grant...)
	for range 2 {
		c.must("--revoke-grant=" + entitlement + ":user:" + user)
	}
	requireNotIn(t, c.synced().direct, row)
	c.must(grant...)
	requireIn(t, c.synced().direct, row)
}

func TestChecksOfAccountsFindWhatTheyLookFor(t *testing.T) {
	t.Parallel()
	c := startChecks(t)
	logins := func() map[string]string {
		found := map[string]string{}
		for id, r := range c.synced().resourceRows {
			if trait, err := rs.GetUserTrait(r); err == nil && strings.HasPrefix(id, "user:") {
				found[trait.GetLogin()] = r.GetId().GetResource()
			}
		}
		return found
	}
	for login, create := range map[string][]string{
		"only.email@contoso.com": {"--create-account-email=only.email@contoso.com"},
		"with.login@contoso.com": {"--create-account-login=with.login@contoso.com", "--create-account-email=with.login@contoso.com"},
		"profile@contoso.com":    {"--create-account-email=profile@contoso.com", `--create-account-profile={"displayName": "Of a profile"}`},
		"everything@contoso.com": {
			"--create-account-login=everything@contoso.com", "--create-account-email=everything@contoso.com", `--create-account-profile={"displayName": "Everything"}`,
		},
	} {
		c.must(create...)
		id := logins()[login]
		require.NotEmpty(t, id, login)
		for range 2 {
			c.must("--delete-resource", id, "--delete-resource-type", "user")
		}
		require.NotContains(t, logins(), login)
	}
}

func TestChecksOfAccountStatusFindWhatTheyLookFor(t *testing.T) {
	t.Parallel()
	c := startChecks(t)
	user := (&lifecycle{t: t, tenant: c.tenant}).pick(member)
	for action, want := range map[string]v2.UserTrait_Status_Status{"disable_user": v2.UserTrait_Status_STATUS_DISABLED, "enable_user": v2.UserTrait_Status_STATUS_ENABLED} {
		c.must("--invoke-action="+action, `--invoke-action-args={"user_id": "`+user+`"}`)
		trait, err := rs.GetUserTrait(c.synced().resourceRows["user:"+user])
		require.NoError(t, err)
		require.Equal(t, want, trait.GetStatus().GetStatus(), action) //nolint:staticcheck // It is what the check reads.
	}
}

// Seven and sixteen are the gRPC codes that the check of wrong credentials takes.
func TestChecksOfWrongCredentialsSeeTheirCode(t *testing.T) {
	t.Parallel()
	c := startChecks(t)
	c.env = append(c.env, "BATON_AZURE_CLIENT_SECRET=invalid")
	require.Contains(t, []int{7, 16}, c.call())
}
