package export

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// entries are the names in a folder.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range found {
		names = append(names, e.Name())
	}
	return names
}

func TestInterruptedExportLeavesNothingAndKeepsTheOneBefore(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "tenant")
			interrupted, last := 0, 0
			for left := 0; ; left += 3 {
				_, err := written(&runsOut{Context: context.Background(), left: left}, t, snapshot, Options{Format: format, Out: out})
				if err == nil {
					break
				}
				interrupted, last = interrupted+1, left
				require.EqualError(t, err, "the export was interrupted: nothing was written")
				require.Empty(t, entries(t, dir), "after %d looks at the context", left)
			}
			require.Greater(t, interrupted, 5)
			require.Equal(t, []string{"tenant"}, entries(t, dir))
			before, err := os.Stat(out)
			require.NoError(t, err)
			_, err = written(&runsOut{Context: context.Background(), left: last}, t, snapshot, Options{Format: format, Out: out})
			require.Error(t, err)
			after, err := os.Stat(out)
			require.NoError(t, err)
			require.Equal(t, []string{"tenant"}, entries(t, dir))
			require.True(t, os.SameFile(before, after), "the export before is gone")
		})
	}
}

func TestExportIsForNobodyElseOnTheMachine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its files have no such modes")
	}
	snapshot := exampleTenant(t).write(t)
	for _, format := range Formats() {
		dir := t.TempDir()
		out := filepath.Join(dir, "tenant")
		_, err := written(context.Background(), t, snapshot, Options{Format: format, Out: out})
		require.NoError(t, err)
		require.NoError(t, filepath.WalkDir(out, func(path string, e os.DirEntry, err error) error {
			require.NoError(t, err)
			info, err := e.Info()
			require.NoError(t, err)
			require.Zero(t, info.Mode().Perm()&0o077, path)
			return nil
		}))
	}
}

func TestExportTakesThePlaceOfExportsOnly(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "tenant")
			write := func(path string) error {
				_, err := written(context.Background(), t, snapshot, Options{Format: format, Out: path})
				return err
			}
			require.NoError(t, write(out))
			require.NoError(t, write(out), "an export of ours")
			require.Equal(t, []string{"tenant"}, entries(t, dir))

			foreign := filepath.Join(dir, "foreign")
			if format == CSV {
				require.NoError(t, os.Mkdir(foreign, 0o700))
				foreign = filepath.Join(foreign, "thesis.txt")
			}
			require.NoError(t, os.WriteFile(foreign, []byte("years of work"), 0o600))
			if format == CSV {
				require.ErrorContains(t, write(filepath.Dir(foreign)), "it is there and is no unchanged csv export")
				require.ErrorContains(t, write(foreign), "this is none")
			} else {
				require.ErrorContains(t, write(foreign), "it is there and is no unchanged")
				require.ErrorContains(t, write(dir), "it is a folder")
			}
			kept, err := os.ReadFile(foreign)
			require.NoError(t, err)
			require.Equal(t, "years of work", string(kept))

			require.ErrorContains(t, write(filepath.Join(dir, "not", "there")), "the export cannot be written to")
			require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "link")))
			require.Error(t, write(filepath.Join(dir, "link")))
			require.NoFileExists(t, filepath.Join(dir, "nowhere"))
		})
	}
}

func TestSnapshotIsNeverTakenForAnExport(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	for _, format := range Formats() {
		_, err := written(context.Background(), t, snapshot, Options{Format: format, Out: snapshot})
		require.ErrorContains(t, err, "the export cannot be written to")
	}
}

func TestWorkbookWithSomebodysNotesIsKept(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	out := filepath.Join(t.TempDir(), "tenant.xlsx")
	_, err := written(context.Background(), t, snapshot, Options{Format: XLSX, Out: out})
	require.NoError(t, err)
	book, err := excelize.OpenFile(out)
	require.NoError(t, err)
	require.NoError(t, book.SetCellStr("access", "Z2", "asked Bo on Monday"))
	properties, err := book.GetDocProps()
	require.NoError(t, err)
	properties.LastModifiedBy = "Somebody" // As Excel does.
	require.NoError(t, book.SetDocProps(properties))
	require.NoError(t, book.Save())
	require.NoError(t, book.Close())
	_, err = written(context.Background(), t, snapshot, Options{Format: XLSX, Out: out})
	require.ErrorContains(t, err, "no unchanged xlsx export")
}

func TestFolderWithSomebodysFilesIsKept(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	out := filepath.Join(t.TempDir(), "tenant")
	_, err := written(context.Background(), t, snapshot, Options{Format: CSV, Out: out})
	require.NoError(t, err)
	notes := filepath.Join(out, "notes.txt")
	require.NoError(t, os.WriteFile(notes, []byte("asked Bo"), 0o600))
	_, err = written(context.Background(), t, snapshot, Options{Format: CSV, Out: out})
	require.ErrorContains(t, err, "no unchanged csv export")
	require.FileExists(t, notes)
}

func TestTwoExportsToOnePlaceDoNotMix(t *testing.T) {
	out := filepath.Join(t.TempDir(), "tenant.sqlite")
	first, err := openTarget(out, SQLite)
	require.NoError(t, err)
	_, err = openTarget(out, SQLite)
	require.ErrorContains(t, err, "another run is writing")
	require.NoError(t, first.close())
	require.Empty(t, entries(t, filepath.Dir(out)))
}

func TestWorkOfARunThatWasKilledIsNotCarriedOn(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "tenant.sqlite")
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".tenant.sqlite.partial"), []byte("half"), 0o600))
	_, err := written(context.Background(), t, exampleTenant(t).write(t), Options{Format: SQLite, Out: out})
	require.NoError(t, err)
	require.Equal(t, []string{"tenant.sqlite"}, entries(t, dir))
}

func TestDefaultPathIsBesideTheSnapshot(t *testing.T) {
	require.Equal(t, "a/tenant.sqlite", DefaultPath("a/tenant.c1z", SQLite))
	require.Equal(t, "a/tenant.xlsx", DefaultPath("a/tenant.c1z", XLSX))
	require.Equal(t, "a/tenant-csv", DefaultPath("a/tenant.c1z", CSV))
}
