package lockfile

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLockHasOneHolderAndLeavesNoFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	lock, err := Hold(name)
	require.NoError(t, err)
	_, err = Hold(name)
	require.ErrorIs(t, err, ErrHeld)
	require.NoError(t, lock.Release())
	require.NoFileExists(t, name)
	again, err := Hold(name)
	require.NoError(t, err)
	require.NoError(t, again.Release())
}

func TestFileOfAHolderThatWasKilledIsNoLock(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	require.NoError(t, os.WriteFile(name, nil, mode))
	lock, err := Hold(name)
	require.NoError(t, err)
	require.NoError(t, lock.Release())
}

func TestPlaceThatCannotBeLockedIsNamed(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "missing", "lock")
	_, err := Hold(name)
	require.ErrorContains(t, err, name)
	require.NotErrorIs(t, err, ErrHeld)
}

// The holder removes the file, so the one that comes next may lock a file that
// has no name any more.
func TestLockThatGoesFromHandToHandHasOneHolderAtATime(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	var holders, turns atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 300 {
				lock, err := Hold(name)
				if err != nil {
					assert.ErrorIs(t, err, ErrHeld)
					continue
				}
				turns.Add(1)
				assert.Equal(t, int32(1), holders.Add(1), "two hold the lock")
				holders.Add(-1)
				assert.NoError(t, lock.Release())
			}
		})
	}
	all.Wait()
	require.Positive(t, turns.Load())
}
