// Package snapshot keeps a person's last good snapshot safe while a new one is
// made: the sync works in a file beside it, which takes its place only when it
// holds a finished sync. On its own the SDK writes an unfinished sync over the
// snapshot when a sync fails.
package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"
)

// workSuffix ends the name of a work file. The name carries a fingerprint of
// what the sync was asked to do, so that a run carries on an unfinished sync
// only if it would have done the same itself.
const workSuffix = ".partial"

// fileMode keeps a directory's contents from other users of the machine.
const fileMode = 0o600

// ErrUnfinished says that the sync ended without an error and without being
// finished. The SDK's process can end so when it is interrupted, and, by a race of
// its own, when the sync failed.
var ErrUnfinished = errors.New("the sync ended before it was finished")

// Make runs sync so that it writes to a work file, and puts the work file in
// the place of target if the sync finished. Where it did not, target is as it
// was; the error says whether there is unfinished work that a further run with
// the same fingerprint carries on.
func Make(ctx context.Context, target string, fingerprint []string, sync func(work string) error) error {
	if info, err := os.Stat(target); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("the snapshot cannot be written to %s: it is not a file", target)
	}
	work := workFile(target, fingerprint)
	start := time.Now().Truncate(time.Second) // The store may keep no fractions.
	if err := sync(work); err != nil {
		return errors.Join(err, keep(work, target))
	}
	if err := verify(ctx, work, start); err != nil {
		return errors.Join(fmt.Errorf("no new snapshot was made: %w", err), keep(work, target))
	}
	if err := publish(work, target); err != nil {
		return fmt.Errorf("the finished snapshot could not take the place of %s: %w", target, err)
	}
	return removeStale(target)
}

func workFile(target string, fingerprint []string) string {
	sum := sha256.Sum256([]byte(strings.Join(fingerprint, "\x00")))
	return filepath.Join(filepath.Dir(target), workPrefix(target)+hex.EncodeToString(sum[:6])+workSuffix)
}

func workPrefix(target string) string { return "." + filepath.Base(target) + "." }

// keep says what there is after a sync that did not finish.
func keep(work, target string) error {
	unchanged := "no snapshot was written to " + target
	if _, err := os.Stat(target); err == nil {
		unchanged = target + " is as it was"
	}
	switch err := os.Chmod(work, fileMode); {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New(unchanged)
	case err != nil:
		return fmt.Errorf("%s; protecting the unfinished sync: %w", unchanged, err)
	}
	return fmt.Errorf("%s; the unfinished sync is kept in %s, and the same command carries it on", unchanged, work)
}

// verify makes sure that the work file holds a sync that finished after start.
func verify(ctx context.Context, work string, start time.Time) error {
	if _, err := os.Stat(work); errors.Is(err, fs.ErrNotExist) {
		return ErrUnfinished
	}
	store, err := dotc1z.NewStore(ctx, work, dotc1z.WithReadOnly(true))
	if err != nil {
		return fmt.Errorf("opening it to check: %w", err)
	}
	latest, err := store.SyncMeta().LatestFinishedSyncOfAnyType(ctx)
	err = errors.Join(err, store.Close(ctx))
	switch {
	case err != nil:
		return fmt.Errorf("checking it: %w", err)
	case latest == nil || latest.EndedAt == nil || latest.EndedAt.Before(start):
		return ErrUnfinished
	}
	return nil
}

// publish moves the work file into place, in one step and onto the disk.
func publish(work, target string) error {
	if err := os.Chmod(work, fileMode); err != nil {
		return err
	}
	file, err := os.OpenFile(work, os.O_RDWR, fileMode)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(work, target)
}

// removeStale removes the work files of other syncs to the same target: what
// they were to make, target now holds in a newer state.
func removeStale(target string) error {
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return fmt.Errorf("looking for outdated work files: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), workPrefix(target)) && strings.HasSuffix(e.Name(), workSuffix) {
			if err := os.Remove(filepath.Join(filepath.Dir(target), e.Name())); err != nil {
				return fmt.Errorf("removing an outdated work file: %w", err)
			}
		}
	}
	return nil
}
