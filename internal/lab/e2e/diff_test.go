package e2e

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// difference is what the tests read of the JSON that diff writes.
type difference struct {
	Resources []struct {
		Change, Type, ID string
	}
	Access []struct {
		Old, New    string
		Principal   struct{ Type, ID string }
		Entitlement struct{ ID string }
	}
}

// TestDifferenceOfTwoSnapshotsIsWhatWasDeletedBetweenThem makes two snapshots of
// a tenant that loses a person, a group and an application, and compares what
// diff reports with the rows themselves.
func TestDifferenceOfTwoSnapshotsIsWhatWasDeletedBetweenThem(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	dir := t.TempDir()
	snapshot := func(name string) (string, *contents) {
		path := filepath.Join(dir, name)
		r := runBinary(t, signInTo(t, server), "-f", path)
		require.Zero(t, r.exit, r.stderr)
		return path, readSnapshot(t, path)
	}
	oldPath, old := snapshot("old.c1z")
	tenant := server.Tenant()
	var administrator string
	for _, a := range tenant.Truth().RoleAssignments {
		if a.RoleID == "62e90394-69f5-4237-9190-012177145e10" && old.resourceRows["user:"+a.Principal.ID] != nil {
			administrator = a.Principal.ID
			break
		}
	}
	require.NotEmpty(t, administrator)
	require.NoError(t, server.Delete(graphsim.KindUser, administrator))
	require.NoError(t, server.Delete(graphsim.KindGroup, tenant.ID(graphsim.KindGroup, graphsim.GroupRoleAssignableApps)))
	require.NoError(t, server.Delete(graphsim.KindServicePrincipal, tenant.ID(graphsim.KindServicePrincipal, graphsim.SPDisabled)))
	newPath, recent := snapshot("new.c1z")

	r := runBinary(t, nil, "diff", "--json", oldPath, newPath)
	require.Equal(t, 1, r.exit, r.stderr)
	require.Empty(t, r.stderr, "a difference is not trouble")
	requireEmpty(t, r.temp)
	var got difference
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	removed, lost, gained := set{}, set{}, set{}
	for _, c := range got.Resources {
		require.Equal(t, "removed", c.Change)
		removed.add(c.Type + ":" + c.ID)
	}
	lostDirect := set{}
	for _, c := range got.Access {
		e := edge(c.Entitlement.ID, c.Principal.Type, c.Principal.ID)
		if c.New == "none" {
			lost.add(e)
		}
		if c.Old == "none" {
			gained.add(e)
		}
		if c.Old == "direct" {
			lostDirect.add(e)
		}
	}
	rows := func(c *contents) set {
		all := set{}
		for e := range c.grantRows {
			all.add(e)
		}
		return all
	}
	minus := func(a, b set) set {
		left := set{}
		for _, item := range a.minus(b) {
			left.add(item)
		}
		return left
	}
	requireSame(t, "removed objects", minus(old.resources, recent.resources), removed)
	requireSame(t, "lost access", minus(rows(old), rows(recent)), lost)
	requireSame(t, "lost direct access", minus(old.direct, recent.direct), lostDirect)
	requireSame(t, "gained access", minus(rows(recent), rows(old)), gained)
	require.NotEmpty(t, lost)

	r = runBinary(t, nil, "diff", oldPath, newPath)
	require.Equal(t, 1, r.exit)
	require.Contains(t, r.stdout, "Privileged access\n  Global Administrator (directory role): gives the whole tenant away, directly or in one step\n    - ")

	// Neither a member who holds the group's role nor anybody else is told twice.
	lines := map[string]bool{}
	r = runBinary(t, nil, "diff", "--all", oldPath, newPath)
	for line := range strings.Lines(r.stdout) {
		if strings.HasPrefix(line, "    - ") && strings.Contains(line, "@") {
			require.False(t, lines[line] && strings.Contains(line, "Assigned"), line)
			lines[line] = true
		}
	}
	require.NotEmpty(t, lines)

	// A pipeline that waits for privileged changes.
	r = runBinary(t, nil, "diff", "--fail-on", "privileged", oldPath, newPath)
	require.Equal(t, 1, r.exit, "a Global Administrator is gone")
	other := tenant.ID(graphsim.KindGroup, graphsim.GroupPairA)
	require.NoError(t, server.Delete(graphsim.KindGroup, other))
	lastPath, _ := snapshot("last.c1z")
	r = runBinary(t, nil, "diff", "--fail-on", "privileged", newPath, lastPath)
	require.Zero(t, r.exit, r.stdout)
	require.Contains(t, r.stdout, "\nGroups\n  - ", "the change is shown all the same")
	server.SetPlans(true, false)
	blindPath, _ := snapshot("blind.c1z")
	r = runBinary(t, nil, "diff", "--fail-on", "privileged", lastPath, blindPath)
	require.Equal(t, 2, r.exit, "eligibilities were not read, and a pipeline would go on")
	require.Contains(t, r.stderr, "privileged changes may be missing: role eligibilities")
	r = runBinary(t, nil, "diff", "--fail-on", "anything", newPath, lastPath)
	require.Equal(t, 2, r.exit)
	require.Contains(t, r.stderr, `--fail-on takes "privileged"`)

	r = runBinary(t, nil, "diff", oldPath, oldPath)
	require.Zero(t, r.exit)
	require.Empty(t, r.stderr)
	require.Contains(t, r.stdout, "No change.")
}

func TestDiffSaysWhatIsWrongInOneSentenceAndExitsWithTwo(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.c1z")
	require.NoError(t, os.WriteFile(text, []byte("not a snapshot at all"), 0o600))
	missing := filepath.Join(dir, "missing.c1z")
	for says, args := range map[string][]string{
		"there is no file " + missing:        {missing, text},
		text + " is not a snapshot":          {text, missing},
		"diff takes two snapshots":           {text},
		"unknown flag: --colour":             {"--colour", text, text},
		"invalid argument \"x\" for \"--all": {"--all=x", text, text},
	} {
		r := runBinary(t, nil, append([]string{"diff"}, args...)...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, says)
		require.NotContains(t, r.stderr, "goroutine ")
		requireEmpty(t, r.temp)
		require.NoFileExists(t, missing, "the file is not made")
	}
}

func TestDiffWhoseReaderIsGoneLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	needsBinary(t)
	server := startTenant(t, graphsim.Small)
	path := runSync(t, server, options{workers: 4}).path
	require.NoError(t, server.Delete(graphsim.KindGroup, server.Tenant().ID(graphsim.KindGroup, graphsim.GroupPairA)))
	other := runSync(t, server, options{workers: 4}).path
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd, temp := command(ctx, t, nil, "diff", "--json", path, other)
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	cmd.Stdout = writer
	require.NoError(t, reader.Close())
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	require.NoError(t, writer.Close())
	said, err := io.ReadAll(stderr)
	require.NoError(t, err)
	require.Error(t, cmd.Wait())
	require.Equal(t, 2, cmd.ProcessState.ExitCode())
	require.Contains(t, string(said), "writing the comparison")
	requireEmpty(t, temp)
}
