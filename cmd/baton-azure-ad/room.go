package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// probeBytes is the room that a sync has to find. A store that ran out of it
// leaves less.
const probeBytes = 1 << 20

// probe tries whether a folder has room for more.
func probe(dir string) error {
	file, err := os.CreateTemp(dir, "room")
	if err != nil {
		return fmt.Errorf("no room for temp files (--%s names another place): %w", tempDirFlag, err)
	}
	_, err = file.Write(make([]byte, probeBytes))
	if err := errors.Join(err, file.Close(), os.Remove(file.Name())); err != nil {
		return fmt.Errorf("no room for temp files (--%s names another place): %w", tempDirFlag, err)
	}
	return nil
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
