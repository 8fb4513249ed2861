package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// answering is a connector that answers with what it is given.
type answering struct {
	types.ConnectorServer
	err    error
	status v2.BatonActionStatus
}

func (a *answering) Grant(context.Context, *v2.GrantManagerServiceGrantRequest) (*v2.GrantManagerServiceGrantResponse, error) {
	return &v2.GrantManagerServiceGrantResponse{}, a.err
}

func (a *answering) InvokeAction(context.Context, *v2.InvokeActionRequest) (*v2.InvokeActionResponse, error) {
	return v2.InvokeActionResponse_builder{Status: a.status}.Build(), a.err
}

func TestOperationThatFailedWouldEndWithZero(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answer")
	requireAnswer := func(want codes.Code) {
		t.Helper()
		got, err := lastAnswer(file)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	requireAnswer(codes.Unknown) // It has not even been asked.

	require.IsType(t, &answering{}, witnessed(&answering{}), "a sync needs no witness")
	t.Setenv(answerVariable, file)
	connector := &answering{}
	w := witnessed(connector)
	grant := func() error {
		_, err := w.Grant(t.Context(), &v2.GrantManagerServiceGrantRequest{})
		return err
	}
	require.NoError(t, grant())
	requireAnswer(codes.OK)
	connector.err = status.Error(codes.PermissionDenied, "no")
	require.ErrorIs(t, grant(), connector.err)
	requireAnswer(codes.PermissionDenied)

	connector.err, connector.status = nil, v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE
	_, err := w.InvokeAction(t.Context(), &v2.InvokeActionRequest{})
	require.NoError(t, err)
	requireAnswer(codes.OK)
	connector.status = v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED
	_, err = w.InvokeAction(t.Context(), &v2.InvokeActionRequest{})
	require.NoError(t, err)
	requireAnswer(codes.Unknown)

	require.NoError(t, os.WriteFile(file, []byte("half a"), 0o600))
	_, err = lastAnswer(file)
	require.Error(t, err)
	t.Setenv(answerVariable, filepath.Join(file, "no folder"))
	w = witnessed(&answering{})
	require.ErrorContains(t, grant(), "writing down how the operation ended")
}
