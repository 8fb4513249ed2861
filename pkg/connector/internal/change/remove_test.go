package change

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// What this process has given is waited for, for long, and what another change of it
// has taken away meanwhile is not.
func TestARemovalDoesNotWaitForWhatTheProcessHasTakenAway(t *testing.T) {
	p := &Provisioner{Patience: time.Minute}
	_, err := p.Add(t.Context(), "edge", func(context.Context) error { return nil })
	require.NoError(t, err)
	asked := 0
	began := time.Now()
	outcome, err := p.Remove(t.Context(), "edge", func(context.Context) error {
		if asked++; asked == 1 {
			p.Taken("edge")
		}
		return failure.ErrAlreadyGone
	}, Always)
	require.NoError(t, err)
	require.Equal(t, Unchanged, outcome)
	require.Equal(t, 1, asked)
	require.Less(t, time.Since(began), 10*time.Second)
}
