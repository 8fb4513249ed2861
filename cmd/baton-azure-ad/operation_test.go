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
	more   bool
}

func (a *answering) Grant(context.Context, *v2.GrantManagerServiceGrantRequest) (*v2.GrantManagerServiceGrantResponse, error) {
	return &v2.GrantManagerServiceGrantResponse{}, a.err
}

func (a *answering) GetResource(context.Context, *v2.ResourceGetterServiceGetResourceRequest) (*v2.ResourceGetterServiceGetResourceResponse, error) {
	return nil, status.Error(codes.Unimplemented, "nobody knows names here")
}

func (a *answering) InvokeAction(context.Context, *v2.InvokeActionRequest) (*v2.InvokeActionResponse, error) {
	return v2.InvokeActionResponse_builder{Status: a.status}.Build(), a.err
}

func (a *answering) ListEvents(context.Context, *v2.ListEventsRequest) (*v2.ListEventsResponse, error) {
	return v2.ListEventsResponse_builder{HasMore: a.more}.Build(), a.err
}

func (a *answering) Revoke(context.Context, *v2.GrantManagerServiceRevokeRequest) (*v2.GrantManagerServiceRevokeResponse, error) {
	panic("it breaks down")
}

func TestOperationThatFailedWouldEndWithZero(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answer")
	requireAnswer := func(want codes.Code) {
		t.Helper()
		got, err := readAnswer(file)
		require.NoError(t, err)
		require.Equal(t, want, got.Code)
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
	for _, connector.status = range []v2.BatonActionStatus{
		v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, v2.BatonActionStatus_BATON_ACTION_STATUS_RUNNING, v2.BatonActionStatus_BATON_ACTION_STATUS_PENDING,
	} {
		_, err = w.InvokeAction(t.Context(), &v2.InvokeActionRequest{})
		require.NoError(t, err)
		requireAnswer(codes.Unknown)
	}
	for _, connector.more = range []bool{true, false} {
		_, err = w.ListEvents(t.Context(), &v2.ListEventsRequest{})
		require.NoError(t, err)
		requireAnswer(map[bool]codes.Code{true: codes.Unknown, false: codes.OK}[connector.more])
	}
	require.Panics(t, func() { _, _ = w.Revoke(t.Context(), &v2.GrantManagerServiceRevokeRequest{}) })
	requireAnswer(codes.Unknown) // The answer before was a success.

	require.NoError(t, os.WriteFile(file, []byte("half a"), 0o600))
	_, err = readAnswer(file)
	require.Error(t, err)
	t.Setenv(answerVariable, filepath.Join(file, "no folder"))
	w = witnessed(&answering{})
	require.ErrorContains(t, grant(), "writing down how the operation ended")
}
