package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestReasonIsNotBuriedUnderThoseWhoWereStoppedForIt(t *testing.T) {
	denied := status.Error(codes.PermissionDenied, "baton-azure-ad: GET /users: 403")
	broken := errors.New("the disk is full")
	stopped := fmt.Errorf("listing: %w", status.Error(codes.Canceled, "context canceled"))
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"alone":            {denied, []string{"GET /users: 403"}},
		"among stopped":    {errors.Join(stopped, context.Canceled, denied, stopped), []string{"GET /users: 403"}},
		"wrapped":          {fmt.Errorf("sync: %w", errors.Join(stopped, denied)), []string{"GET /users: 403"}},
		"two of their own": {errors.Join(denied, stopped, broken, denied), []string{"GET /users: 403", "the disk is full"}},
		"stopped only":     {errors.Join(stopped, stopped), []string{stopped.Error()}},
		"one sentence":     {fmt.Errorf("%w, then %w", broken, broken), []string{"the disk is full, then the disk is full"}},
	} {
		require.Equal(t, c.want, reasonsOf(c.err), name)
	}
}

func TestReasonsReachTheProcessThatStartedTheWorker(t *testing.T) {
	scratch := filepath.Join(t.TempDir(), scratchPrefix+"1")
	require.NoError(t, os.Mkdir(scratch, 0o700))
	t.Setenv(scratchVariable, "")
	require.False(t, leaveReasons(errors.New("x")), "nobody else would say it")
	t.Setenv(scratchVariable, scratch)
	require.True(t, leaveReasons(errors.Join(context.Canceled, errors.New("first\nin two lines"))))
	require.True(t, leaveReasons(errors.New("second")))
	require.Equal(t, []string{"first\nin two lines", "second"}, reasonsIn(scratch))
	t.Setenv(scratchVariable, filepath.Join(scratch, scratchPrefix+"gone"))
	require.False(t, leaveReasons(errors.New("x")))
	require.Empty(t, reasonsIn(t.TempDir()))
}
