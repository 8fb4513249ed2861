package connector

import (
	"context"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/stretchr/testify/require"
)

// syncReading is a session store of a sync that reads some data sets.
func syncReading(t *testing.T, reads ...dataSet) *memoryStore {
	t.Helper()
	store := &memoryStore{values: map[string][]byte{}}
	require.NoError(t, session.SetJSON(t.Context(), store, keyDecision, decision{Reads: reads}))
	return store
}

// callOf is the context of a call of the sync that a store belongs to.
func callOf(t *testing.T, ix index) (context.Context, *course) {
	t.Helper()
	ctx, c, err := withCourse(t.Context(), ix.store)
	require.NoError(t, err)
	return ctx, c
}
