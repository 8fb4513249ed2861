package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/stretchr/testify/require"
)

const lastGood = "C1ZF\x00the last good snapshot"

func target(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tenant.c1z")
	require.NoError(t, os.WriteFile(path, []byte(lastGood), 0o644)) //nolint:gosec // A snapshot that was readable before.
	return path
}

// syncTo writes a snapshot with one sync, finished or not.
func syncTo(t *testing.T, work string, finished bool) error {
	t.Helper()
	ctx := context.Background()
	store, err := dotc1z.NewStore(ctx, work, dotc1z.WithTmpDir(t.TempDir()))
	require.NoError(t, err)
	_, err = store.StartNewSync(ctx, connectorstore.SyncTypeFull, "")
	require.NoError(t, err)
	if finished {
		require.NoError(t, store.EndSync(ctx))
	}
	return store.Close(ctx)
}

func requireContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

func TestFailedSyncLeavesTheSnapshotAlone(t *testing.T) {
	path := target(t)
	boom := errors.New("boom")
	err := Make(t.Context(), path, nil, t.TempDir(), func(string) error { return boom })
	require.ErrorIs(t, err, boom)
	require.ErrorContains(t, err, "is as it was")
	requireContent(t, path, lastGood)
}

func TestSyncThatEndsWithoutFinishingIsAFailure(t *testing.T) {
	path := target(t)
	err := Make(t.Context(), path, nil, t.TempDir(), func(string) error { return nil })
	require.ErrorIs(t, err, ErrUnfinished)
	err = Make(t.Context(), path, nil, t.TempDir(), func(work string) error { return syncTo(t, work, false) })
	require.ErrorIs(t, err, ErrUnfinished)
	require.ErrorContains(t, err, "the same command carries it on")
	requireContent(t, path, lastGood)
}

func TestFinishedSyncTakesThePlaceAndIsPrivate(t *testing.T) {
	path := target(t)
	require.NoError(t, Make(t.Context(), path, nil, t.TempDir(), func(work string) error {
		require.NotEqual(t, path, work)
		require.Equal(t, filepath.Dir(path), filepath.Dir(work), "a rename must stay on one file system")
		return syncTo(t, work, true)
	}))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(fileMode), info.Mode().Perm())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestUnfinishedWorkIsCarriedOnByTheSameRunOnly(t *testing.T) {
	path := target(t)
	works := map[string]string{}
	for _, fingerprint := range []string{"a", "b", "a"} {
		_ = Make(t.Context(), path, []string{fingerprint}, t.TempDir(), func(work string) error {
			if before, seen := works[fingerprint]; seen {
				require.Equal(t, before, work)
				require.FileExists(t, work)
			}
			works[fingerprint] = work
			return syncTo(t, work, false)
		})
	}
	require.NotEqual(t, works["a"], works["b"])

	require.NoError(t, Make(t.Context(), path, []string{"c"}, t.TempDir(), func(work string) error { return syncTo(t, work, true) }))
	require.NoFileExists(t, works["a"], "a finished snapshot makes older unfinished ones pointless")
	require.NoFileExists(t, works["b"])
}

func TestOtherFilesBesideTheSnapshotAreNotTouched(t *testing.T) {
	path := target(t)
	var others []string
	for _, name := range []string{".tenant.c1z.notes", ".tenant.c1z.new.0123456789ab.partial", ".tenant.c1z.new.0123456789ab.partial.tmp", ".tenant.c1z.mine.partial"} {
		other := filepath.Join(filepath.Dir(path), name)
		require.NoError(t, os.WriteFile(other, []byte("mine"), 0o600))
		others = append(others, other)
	}
	require.NoError(t, Make(t.Context(), path, nil, t.TempDir(), func(work string) error { return syncTo(t, work, true) }))
	for _, other := range others {
		requireContent(t, other, "mine")
	}
}

func TestDirectoryInThePlaceOfTheFileIsRefused(t *testing.T) {
	require.Error(t, Make(t.Context(), t.TempDir(), nil, t.TempDir(), func(string) error {
		t.Fatal("the sync must not start")
		return nil
	}))
}

func TestSecondRunOnOneFileIsRefusedAndDoesNotDisturbTheFirst(t *testing.T) {
	path := target(t)
	require.NoError(t, Make(t.Context(), path, nil, t.TempDir(), func(work string) error {
		err := Make(t.Context(), path, nil, t.TempDir(), func(string) error {
			t.Error("the second sync must not start")
			return nil
		})
		require.ErrorIs(t, err, ErrBusy)
		require.ErrorContains(t, err, path)
		return syncTo(t, work, true)
	}))
	require.NoError(t, Make(t.Context(), path, nil, t.TempDir(), func(work string) error { return syncTo(t, work, true) }))
}

func TestWorkFileThatIsDamagedDoesNotFailEveryFurtherRun(t *testing.T) {
	for _, damage := range []string{"", "garbage", "C1ZF\x00", "C1Z3\x00\x00\x00\x00"} {
		path := target(t)
		require.NoError(t, os.WriteFile(workFile(path, nil), []byte(damage), fileMode))
		require.NoError(t, Make(t.Context(), path, nil, t.TempDir(), func(work string) error { return syncTo(t, work, true) }))
	}
}

func TestWorkFileThatTheSystemCannotReadIsKept(t *testing.T) {
	path := target(t)
	require.NoError(t, syncTo(t, workFile(path, nil), false))
	missing := filepath.Join(t.TempDir(), "missing")
	err := Make(t.Context(), path, nil, missing, func(string) error {
		t.Error("the sync must not start")
		return nil
	})
	require.ErrorContains(t, err, "reading the unfinished sync")
	require.FileExists(t, workFile(path, nil))
}

// A process that is killed while it packs a sync leaves the packed part behind,
// under a name of its own.
func TestTornFileOfAKilledRunIsRemovedByTheNext(t *testing.T) {
	for name, sync := range map[string]func(*testing.T, string) error{
		"that succeeds": func(t *testing.T, work string) error { return syncTo(t, work, true) },
		"that fails":    func(*testing.T, string) error { return errors.New("boom") },
	} {
		t.Run(name, func(t *testing.T) {
			path := target(t)
			torn := workFile(path, []string{"another tenant"}) + ".tmp"
			require.NoError(t, os.WriteFile(torn, []byte("half"), fileMode))
			_ = Make(t.Context(), path, nil, t.TempDir(), func(work string) error {
				require.NoFileExists(t, torn)
				require.NoError(t, os.WriteFile(work+".tmp", []byte("half"), fileMode))
				return sync(t, work)
			})
			entries, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, entries, 1)
		})
	}
}

// A sync is unpacked to be checked, and whoever ends the process then must find
// everything in the folder that is removed afterwards.
func TestCheckOfASyncLeavesNothingInTheSystemsTempFolder(t *testing.T) {
	path, temp := target(t), t.TempDir()
	require.NoError(t, syncTo(t, workFile(path, nil), true))
	t.Setenv("TMPDIR", filepath.Join(temp, "missing"))
	require.NoError(t, verify(t.Context(), workFile(path, nil), temp, time.Now().Add(-time.Hour)))
}

// A slip of the pen, and the credentials are gone.
func TestFileThatIsNoSnapshotIsNotReplaced(t *testing.T) {
	neverSync := func(string) error {
		t.Error("the sync has run")
		return nil
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"settings.json": `{"name": "x"}`, "short": "C1", "old.txt": "the last good snapshot"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		require.ErrorContains(t, Make(t.Context(), path, nil, t.TempDir(), neverSync), "is no snapshot")
		requireContent(t, path, content)
	}
	require.ErrorContains(t, Make(t.Context(), folder, nil, t.TempDir(), neverSync), "it is a folder")
	require.ErrorContains(t, Make(t.Context(), os.DevNull, nil, t.TempDir(), neverSync), "it is not a file")
	empty := filepath.Join(folder, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	require.NoError(t, Make(t.Context(), empty, nil, t.TempDir(), func(work string) error { return syncTo(t, work, true) }))
	require.NoError(t, replaceable(empty), "it is a snapshot now")
}

// Whoever keeps snapshots behind a link wants the link to stay.
func TestLinkIsFollowedAndNotReplaced(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	link := filepath.Join(folder, "tenant.c1z")
	if err := os.Symlink(filepath.Join(elsewhere, "today.c1z"), link); err != nil {
		t.Skip("this system makes no links")
	}
	for range 2 { // Into nothing, and over what is there.
		require.NoError(t, Make(t.Context(), link, nil, t.TempDir(), func(work string) error {
			require.Equal(t, elsewhere, filepath.Dir(work))
			return syncTo(t, work, true)
		}))
		info, err := os.Lstat(link)
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&os.ModeSymlink, "the link was replaced")
		require.NoError(t, replaceable(filepath.Join(elsewhere, "today.c1z")))
	}
	circle := filepath.Join(folder, "circle")
	require.NoError(t, os.Symlink(circle, circle))
	require.ErrorContains(t, Make(t.Context(), circle, nil, t.TempDir(), nil), "circle")
}
