// Package decidetest is for tests that take a sync whose data sets are decided.
package decidetest

import (
	"context"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/session"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// SyncReading is a session store of a sync that reads some data sets.
func SyncReading(t *testing.T, reads ...model.DataSet) *fake.Store {
	t.Helper()
	store := &fake.Store{Values: map[string][]byte{}}
	require.NoError(t, session.SetJSON(t.Context(), store, decide.KeyDecision, decide.Decision{Reads: reads}))
	return store
}

// CallOf is the context of a call of the sync that a store belongs to.
func CallOf(t *testing.T, ix walk.Index) (context.Context, *decide.Course) {
	t.Helper()
	ctx, c, err := decide.WithCourse(t.Context(), ix.Store)
	require.NoError(t, err)
	return ctx, c
}
