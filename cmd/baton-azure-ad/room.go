package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// probeBytes is the room that a sync has to find. A store that ran out of it
// leaves less.
const probeBytes = 1 << 20

// probe tries whether a folder has room for more: on the disk, and in a file as
// large as its largest, since a limit of a file's size (ulimit -f, LimitFSIZE)
// ends a store's files where the disk has room.
func probe(dir string) error {
	file, err := os.CreateTemp(dir, "room")
	if err != nil {
		return noRoom(err)
	}
	_, err = file.Write(make([]byte, probeBytes))
	if runtime.GOOS != "windows" && err == nil { // It knows no such limit, and fills the gap.
		_, err = file.WriteAt([]byte{0}, largestFile(dir))
	}
	if err := errors.Join(err, file.Close(), os.Remove(file.Name())); err != nil {
		return noRoom(err)
	}
	return nil
}

func noRoom(err error) error {
	return fmt.Errorf("no room for temp files (--%s names another place): %w", tempDirFlag, err)
}

// largestFile is the size of the largest file below a folder, in bytes. Files
// that vanish meanwhile do not count.
func largestFile(dir string) int64 {
	largest := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // It has just been removed.
		}
		if info, err := entry.Info(); err == nil {
			largest = max(largest, info.Size())
		}
		return nil
	})
	return largest
}

// watchRoom tells when a folder has had no room for longer than a moment. The
// SDK's store panics when it cannot write, and where that is recovered it keeps
// its locks, so that a sync may wait for them for ever.
func watchRoom(ctx context.Context, dir string, every time.Duration) <-chan error {
	full := make(chan error, 1)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for before := false; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			err := probe(dir)
			if err != nil && before {
				full <- err
				return
			}
			before = err != nil
		}
	}()
	return full
}
