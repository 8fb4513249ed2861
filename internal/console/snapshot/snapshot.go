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
	"syscall"
	"time"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"

	"github.com/conductorone/baton-azure-ad/internal/console/lockfile"
)

// workSuffix ends the name of a work file. The name carries a fingerprint of
// what the sync was asked to do, so that a run carries on an unfinished sync
// only if it would have done the same itself.
const workSuffix = ".partial"

// sumBytes is how much of the fingerprint's hash is in the name.
const sumBytes = 6

// tornSuffix ends the name of the file that the SDK packs a sync into before it
// takes the name of the work file. Who is killed in the middle leaves it behind.
const tornSuffix = workSuffix + ".tmp"

// lockName ends the name of the file that keeps two runs from one target.
const lockName = "lock"

// fileMode keeps a directory's contents from other users of the machine.
const fileMode = 0o600

// ErrUnfinished says that the sync ended without an error and without being
// finished. The SDK's process can end so when it is interrupted, and, by a race of
// its own, when the sync failed.
var ErrUnfinished = errors.New("the sync ended before it was finished")

// ErrBusy says that another run makes the same snapshot.
var ErrBusy = errors.New("another run is making this snapshot: wait for its end, or name another file with --file")

// Make runs sync so that it writes to a work file, and puts the work file in
// the place of target if the sync finished. Where it did not, target is as it
// was; the error says whether there is unfinished work that a further run with
// the same fingerprint carries on. Snapshots are unpacked in temp, and removed
// from there. One run at a time makes a target, others get ErrBusy. Links are followed;
// what is there and is no snapshot is refused.
func Make(ctx context.Context, target string, fingerprint []string, temp string, sync func(work string) error) error {
	target, err := behindLinks(target)
	if err == nil {
		err = replaceable(target)
	}
	if err != nil {
		return err
	}
	lock, err := lockfile.Hold(filepath.Join(filepath.Dir(target), workPrefix(target)+lockName))
	switch {
	case errors.Is(err, lockfile.ErrHeld):
		return fmt.Errorf("%s: %w", target, ErrBusy)
	case err != nil:
		return fmt.Errorf("the snapshot cannot be written to %s: %w", target, err)
	}
	return errors.Join(makeAlone(ctx, target, fingerprint, temp, sync), lock.Release())
}

// makeAlone is Make for who holds the lock.
func makeAlone(ctx context.Context, target string, fingerprint []string, temp string, sync func(work string) error) error {
	work := workFile(target, fingerprint)
	start := time.Now().Truncate(time.Second) // The store may keep no fractions.
	if err := removeAll(target, tornSuffix); err != nil {
		return err
	}
	if err := discardDamaged(ctx, work, temp); err != nil {
		return err
	}
	if err := sync(work); err != nil {
		// Why is the last thing that a person reads.
		return errors.Join(keep(work, target), removeAll(target, tornSuffix), err)
	}
	if err := verify(ctx, work, temp, start); err != nil {
		return errors.Join(keep(work, target), removeAll(target, tornSuffix), fmt.Errorf("no new snapshot was made: %w", err))
	}
	if err := publish(work, target); err != nil {
		return fmt.Errorf("the finished snapshot could not take the place of %s: %w", target, err)
	}
	// What other syncs to the same target were to make, target now holds in a
	// newer state.
	return removeAll(target, workSuffix)
}

func workFile(target string, fingerprint []string) string {
	sum := sha256.Sum256([]byte(strings.Join(fingerprint, "\x00")))
	return filepath.Join(filepath.Dir(target), workPrefix(target)+hex.EncodeToString(sum[:sumBytes])+workSuffix)
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
		return fmt.Errorf("protecting the unfinished sync: %w; %s", err, unchanged)
	}
	return fmt.Errorf("the unfinished sync is kept in %s, and the same command carries it on; %s", work, unchanged)
}

// discardDamaged removes a work file that is none, and says so. The SDK would
// refuse it, now and with every further run. Where it is the system that cannot
// read it, the file stays.
func discardDamaged(ctx context.Context, work, temp string) error {
	if _, err := os.Stat(work); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	store, err := dotc1z.NewStore(ctx, work, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(temp))
	if err == nil {
		return store.Close(ctx)
	}
	var system syscall.Errno
	if errors.As(err, &system) {
		return fmt.Errorf("reading the unfinished sync in %s: %w", work, err)
	}
	if err := os.Remove(work); err != nil {
		return fmt.Errorf("removing a damaged work file: %w", err)
	}
	_, err = fmt.Fprintf(os.Stderr, "the unfinished sync in %s was damaged, and is removed: %v\n", work, err)
	return err
}

// verify makes sure that the work file holds a sync that finished after start.
func verify(ctx context.Context, work, temp string, start time.Time) error {
	if _, err := os.Stat(work); errors.Is(err, fs.ErrNotExist) {
		return ErrUnfinished
	}
	store, err := dotc1z.NewStore(ctx, work, dotc1z.WithReadOnly(true), dotc1z.WithTmpDir(temp))
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

// removeAll removes the files beside target that are its work and whose names
// end so.
func removeAll(target, suffix string) error {
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return fmt.Errorf("looking for outdated work files: %w", err)
	}
	for _, e := range entries {
		sum, ours := strings.CutPrefix(e.Name(), workPrefix(target))
		sum, ended := strings.CutSuffix(sum, suffix)
		// Not ".tenant.c1z.new.….partial", which is the work of another snapshot.
		if ours && ended && len(sum) == hex.EncodedLen(sumBytes) && strings.Trim(sum, "0123456789abcdef") == "" {
			if err := os.Remove(filepath.Join(filepath.Dir(target), e.Name())); err != nil {
				return fmt.Errorf("removing an outdated work file: %w", err)
			}
		}
	}
	return nil
}
