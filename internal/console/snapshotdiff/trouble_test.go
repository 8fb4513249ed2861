package snapshotdiff

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	"github.com/conductorone/baton-sdk/pkg/dotc1z"
	"github.com/conductorone/baton-sdk/pkg/dotc1z/c1zstore"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

func TestFileThatCannotBeComparedIsNotTakenForAnEmptySnapshot(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600)) //nolint:gosec // A file of this test.
		return path
	}
	good, err := os.ReadFile(office(t).write(t))
	require.NoError(t, err)
	unfinished, partial := office(t), office(t)
	unfinished.unfinished = true
	partial.kind = connectorstore.SyncTypeResourcesOnly
	for path, says := range map[string]string{
		filepath.Join(dir, "missing"):        "there is no file",
		dir:                                  "is not a file",
		file("empty", nil):                   "is not a snapshot",
		file("short", []byte("C1")):          "is not a snapshot",
		file("text", []byte("hello, world")): "is not a snapshot",
		file("broken", good[:len(good)/2]):   "cannot be opened",
		file("header", good[:6]):             "cannot be opened",
		sqliteSnapshot(t):                    "older SQLite format",
		unfinished.write(t):                  "holds no finished sync",
		partial.write(t):                     `"resources_only": only whole snapshots`,
	} {
		scratch := t.TempDir()
		_, err := Open(context.Background(), path, scratch)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, path, "the error names the file")
		requireEmpty(t, scratch)
	}
}

func sqliteSnapshot(t *testing.T) string {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "old.c1z")
	store, err := dotc1z.NewStore(ctx, path, dotc1z.WithEngine(c1zstore.EngineSQLite), dotc1z.WithTmpDir(t.TempDir()))
	require.NoError(t, err)
	_, err = store.StartNewSync(ctx, connectorstore.SyncTypeFull, "")
	require.NoError(t, err)
	require.NoError(t, store.PutResourceTypes(ctx, v2.ResourceType_builder{Id: typeUser}.Build()))
	require.NoError(t, store.EndSync(ctx))
	require.NoError(t, store.Close(ctx))
	return path
}

func TestComparingLeavesTheSnapshotsAsTheyAre(t *testing.T) {
	path := office(t).write(t)
	require.NoError(t, os.Chmod(path, 0o400))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	compareFiles(t, path, office(t).write(t), Options{})
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestRowsOutOfOrderAreAnErrorAndNotAWrongAnswer(t *testing.T) {
	rows := func(ids ...string) *cursor[*v2.Resource] {
		return newCursor(func(yield func(*v2.Resource, error) bool) {
			for _, id := range ids {
				if !yield(handmade.Ref(typeUser, id), nil) {
					return
				}
			}
		}, resourceKey, "x.c1z")
	}
	nothing := func(*v2.Resource, *v2.Resource) error { return nil }
	require.NoError(t, join(rows("a", "b"), rows("a", "c"), nothing))
	require.ErrorContains(t, join(rows("b", "a"), rows("a"), nothing), "x.c1z cannot be compared")
	require.ErrorContains(t, join(rows("a"), rows("a", "a"), nothing), "x.c1z cannot be compared")
}

func TestFailedReadIsNotTakenForTheEndOfTheRows(t *testing.T) {
	var rows iter.Seq2[*v2.Resource, error] = func(yield func(*v2.Resource, error) bool) {
		if yield(handmade.Ref(typeUser, "a"), nil) {
			yield(nil, errors.New("disk gone"))
		}
	}
	none := newCursor(func(func(*v2.Resource, error) bool) {}, resourceKey, "y.c1z")
	err := join(newCursor(rows, resourceKey, "x.c1z"), none, func(*v2.Resource, *v2.Resource) error { return nil })
	require.ErrorContains(t, err, "reading x.c1z: disk gone")
}

// crowded is a tenant with many changes against an empty one.
func crowded(t *testing.T) *tenant {
	t.Helper()
	n := newTenant()
	for i := range 400 {
		n.user(t, fmt.Sprintf("u%04d", i), fmt.Sprintf("Person %d", i), "", enabled)
	}
	for i := range 10 {
		group := fmt.Sprintf("g%d", i)
		n.resource("group", group, "Group "+group)
		n.entitlement("group", group, "member", "Member")
		for j := range 400 {
			n.grant(entitlementOf("group", group, "member"), typeUser, fmt.Sprintf("u%04d", j))
		}
	}
	return n
}

func TestMemoryDoesNotGrowWithTheChanges(t *testing.T) {
	old, recent := newTenant().write(t), crowded(t).write(t)
	roomy := compareFiles(t, old, recent, Options{})
	require.Empty(t, roomy.diff.access.runs, "few changes stay in memory")
	require.Equal(t, 4000, roomy.diff.access.most)

	tight := compareFiles(t, old, recent, Options{runBytes: 16 << 10})
	require.Equal(t, 4000, tight.diff.access.count)
	require.Less(t, tight.diff.access.most, 200, "rows held in memory")
	require.Less(t, tight.diff.resources.most, 200, "rows held in memory")
	skipHead := func(c *compared) string { return c.whole[len(c.whole)/2:] }
	require.Equal(t, skipHead(roomy), skipHead(tight), "what is on disk reads like what is in memory")
	require.Equal(t, roomy.document, tight.document)
}

// fullDisk takes some bytes and then no more.
type fullDisk struct{ room int }

func (f *fullDisk) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func TestReportThatCannotBeWrittenIsAnErrorAndLeavesNothingBehind(t *testing.T) {
	ctx := context.Background()
	scratch := t.TempDir()
	old, err := Open(ctx, newTenant().write(t), scratch)
	require.NoError(t, err)
	recent, err := Open(ctx, crowded(t).write(t), scratch)
	require.NoError(t, err)
	d, err := Compare(ctx, old, recent, scratch, Options{runBytes: 16 << 10})
	require.NoError(t, err)
	require.ErrorContains(t, d.WriteText(ctx, &fullDisk{room: 100}, true), "no space left")
	require.ErrorContains(t, d.WriteJSON(ctx, &fullDisk{room: 100}), "no space left")

	ended, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, d.WriteText(ended, &fullDisk{room: 1 << 30}, true), context.Canceled)
	require.ErrorIs(t, d.WriteJSON(ended, &fullDisk{room: 1 << 30}), context.Canceled)
	_, err = Compare(ended, old, recent, scratch, Options{})
	require.ErrorIs(t, err, context.Canceled)

	require.NoError(t, d.Close())
	require.NoError(t, old.Close(ctx))
	require.NoError(t, recent.Close(ctx))
	requireEmpty(t, scratch)
}
