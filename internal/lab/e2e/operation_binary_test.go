package e2e

import (
	"bytes"
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestGrantByHandWouldNotBeMadeOrNotSay(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	env := signInTo(t, tenant)
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	require.Zero(t, runBinary(t, env, "-f", target).exit)
	user := tenant.Tenant().ID(graphsim.KindUser, 3)
	group := tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty)
	entitlement := "group:" + group + ":member"
	grant := func(to string) *run {
		return runBinary(t, env, "-f", target, "--grant-entitlement", entitlement, "--grant-principal", to, "--grant-principal-type", "user")
	}
	for range 2 {
		r := grant(user)
		require.Zero(t, r.exit, r.stderr)
		requireEmpty(t, r.temp)
	}
	require.Zero(t, runBinary(t, env, "-f", target).exit)
	requireExact(t, tenant, readSnapshot(t, target))
	for range 2 {
		r := runBinary(t, env, "-f", target, "--revoke-grant", entitlement+":user:"+user)
		require.Zero(t, r.exit, r.stderr)
	}
	require.Len(t, tenant.Writes(), 2, "a change is made once")

	// The connector is not even asked: the status is the SDK's, or says nothing.
	r := grant("11111111-2222-3333-4444-555555555555")
	require.NotZero(t, r.exit, r.stderr)
	tenant.SetPermissions(graphsim.DefaultPermissions()...)
	r = grant(user)
	require.Equal(t, int(codes.PermissionDenied), r.exit, r.stderr)
	require.Contains(t, r.stderr, "the operation failed")
	requireEmpty(t, r.temp)
}

// There is nothing to remove, and the access stays.
func TestRevocationOfWhatComesThroughAGroupWouldSeemDone(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	env := signInTo(t, tenant)
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	require.Zero(t, runBinary(t, env, "-f", target).exit)
	derived := map[string]string{}
	for _, g := range readSnapshot(t, target).grantRows {
		annos := annotations.Annotations(g.GetAnnotations())
		if annos.Contains(&v2.GrantImmutable{}) && g.GetPrincipal().GetId().GetResourceType() == "user" {
			derived[g.GetEntitlement().GetResource().GetId().GetResourceType()] = g.GetId()
		}
	}
	for _, of := range []string{"group", "role", "scoped_role", "application"} {
		require.NotEmpty(t, derived[of], of)
		r := runBinary(t, env, "-f", target, "--revoke-grant", derived[of])
		require.Equal(t, int(codes.FailedPrecondition), r.exit, r.stderr)
		require.Contains(t, r.stderr, "the grant cannot be revoked by itself")
	}
	require.Empty(t, tenant.Writes())
}

func TestInterruptedOperationSaysSoAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	tenant.SetLatency(2 * time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd, temp := command(ctx, t, signInTo(t, tenant), "--provisioning", "--invoke-action", "disable_user",
		"--invoke-action-args", `{"user_id":"`+tenant.Tenant().Truth().Users[3].UPN+`"}`) // It is looked up first.
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return tenant.Stats().Requests > 0 }, 30*time.Second, 10*time.Millisecond)
	processes := childrenOf(t, cmd.Process.Pid)
	require.NotEmpty(t, processes)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.Error(t, cmd.Wait())
	require.Equal(t, 143, cmd.ProcessState.ExitCode())
	require.Contains(t, stderr.String(), "the operation was interrupted")
	require.Empty(t, tenant.Writes())
	requireEmpty(t, temp)
	for _, pid := range processes {
		require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	}
}
