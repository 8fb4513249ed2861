package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/conductorone/baton-sdk/pkg/tempdir"
	"github.com/spf13/pflag"

	"github.com/conductorone/baton-azure-ad/internal/console/lockfile"
)

// tempDirFlag is the SDK's flag for the folder in which syncs work.
const tempDirFlag = "c1z-temp-dir"

// The variables that hand a worker its paths. They are internal: a person sets
// --file and --c1z-temp-dir.
const (
	scratchVariable  = "BATON_AZURE_AD_SCRATCH"
	workFileVariable = "BATON_AZURE_AD_WORK_FILE"
	orphanVariable   = "BATON_AZURE_AD_ORPHAN"
)

// scratchPrefix begins the names of the folders that a worker may remove.
const scratchPrefix = "baton-azure-ad-work-"

// lockSuffix ends the name of a folder's lock, which lies beside it.
const lockSuffix = ".lock"

// scratch is the folder in which a worker keeps its temp files. What it holds
// is the directory's, so it must not outlive its worker.
type scratch struct {
	path string
	lock *lockfile.Lock
}

// newScratch makes a folder, and removes those of runs that were killed.
func newScratch(flags *pflag.FlagSet) (*scratch, error) {
	asked, err := flags.GetString(tempDirFlag)
	if err != nil {
		return nil, err
	}
	parent := tempdir.Resolve(asked)
	if err := removeAbandoned(parent); err != nil {
		return nil, err
	}
	s, err := makeScratch(parent)
	if err != nil {
		return nil, fmt.Errorf("making a folder for temp files (--%s names another place): %w", tempDirFlag, err)
	}
	return s, nil
}

// makeScratch locks a name before it makes the folder, so that there is no
// moment at which the folder looks abandoned.
func makeScratch(parent string) (*scratch, error) {
	file, err := os.CreateTemp(parent, scratchPrefix+"*"+lockSuffix)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	lock, err := lockfile.Hold(file.Name())
	if errors.Is(err, lockfile.ErrHeld) {
		return makeScratch(parent) // Another run has just found it abandoned.
	}
	if err != nil {
		return nil, err
	}
	path := strings.TrimSuffix(file.Name(), lockSuffix)
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return &scratch{path: path, lock: lock}, nil
}

// remove ends the folder.
func (s *scratch) remove() error {
	return errors.Join(os.RemoveAll(s.path), s.lock.Release())
}

// removeOrphaned removes the folder of a worker whose parent is gone. Processes
// that are just ending may still write to it. What is left after a while, the
// next run removes.
func removeOrphaned(path string) {
	const attempts, pause = 500, 20 * time.Millisecond
	for range attempts {
		if os.RemoveAll(path) == nil { //nolint:gosec // Its name is one of ours.
			if lock, err := lockfile.Hold(path + lockSuffix); err == nil {
				_ = lock.Release() // What cannot be removed, nobody is left to hear of.
				return
			}
		}
		time.Sleep(pause)
	}
}

// removeAbandoned removes the folders whose runs are gone: rows of the
// directory are in them. Those of other users are theirs to remove.
func removeAbandoned(parent string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("looking for abandoned temp files: %w", err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), scratchPrefix) {
			continue
		}
		path := filepath.Join(parent, strings.TrimSuffix(e.Name(), lockSuffix))
		lock, err := lockfile.Hold(path + lockSuffix)
		if errors.Is(err, lockfile.ErrHeld) || errors.Is(err, os.ErrPermission) {
			continue
		}
		if err != nil {
			return fmt.Errorf("looking for abandoned temp files: %w", err)
		}
		abandoned := &scratch{path: path, lock: lock}
		if err := abandoned.remove(); err != nil && !errors.Is(err, os.ErrPermission) {
			return fmt.Errorf("removing the temp files of a run that was killed: %w", err)
		}
	}
	return nil
}
