package attempt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/pprof"
	"testing"

	"github.com/stretchr/testify/require"
)

func rowsOf(rows ...string) rowSet {
	s := rowSet{}
	for _, r := range rows {
		s[r] = struct{}{}
	}
	return s
}

func TestOnlyWhatWasThereThroughoutHasToBeThere(t *testing.T) {
	t.Parallel()
	states := []rowSet{rowsOf("stays", "goes"), rowsOf("stays", "comes")}
	require.Empty(t, differences(states, rowsOf("stays")))
	require.Empty(t, differences(states, rowsOf("stays", "goes", "comes")))
	require.Equal(t, []string{"extra: never", "missing: stays"}, differences(states, rowsOf("goes", "never")))
}

func TestAGoroutineThatATrialLeavesBehindIsSeen(t *testing.T) {
	t.Parallel()
	end, ended := make(chan struct{}), make(chan struct{})
	pprof.Do(context.Background(), pprof.Labels(labelTrial, `7, "a" + b`), func(context.Context) {
		go func() {
			defer close(ended)
			<-end
		}()
	})
	left, err := goroutinesOf(`7, "a" + b`)
	require.NoError(t, err)
	require.Len(t, left, 1)
	others, err := goroutinesOf("8")
	require.NoError(t, err)
	require.Empty(t, others)
	close(end)
	<-ended
	left, err = lingering(`7, "a" + b`)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFileThatATrialLeavesBehindIsSeen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left, err := lyingAbout(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c1z-pebble1"), nil, 0o600))
	left, err = lyingAbout(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"file: c1z-pebble1"}, left)
}

func TestAnErrorThatNobodyCanActOnIsNoCleanFailure(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, unclear(errors.New("sync exited without finishing")))
	require.NotEmpty(t, unclear(errors.New(errPrefix+"goroutine 7 [running]")))
	require.Empty(t, unclear(errors.New("listing failed: "+errPrefix+"GET /users: Microsoft Graph answered 403 Forbidden")))
	require.True(t, noSnapshot(fmt.Errorf("opening: %w", fs.ErrNotExist)))
	require.False(t, noSnapshot(errors.New("damaged")))
}
