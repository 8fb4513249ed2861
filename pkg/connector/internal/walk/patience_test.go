package walk

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

func TestStoreThatClosedWithAnotherSyncWouldBeAskedWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		_, err := patiently(t.Context(), writing, func() (bool, error) {
			asked++
			return false, status.Error(codes.Unavailable, "closing")
		})
		require.Equal(t, codes.Aborted, status.Code(model.ToStatus(err)), "the SDK asks an unavailable connector again without end")
		require.ErrorContains(t, err, "writing to the sync's session store")
		require.Equal(t, len(storeWaits)+1, asked)
	})
}

func TestOneLostCallToTheStoreWouldEndTheSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		found, err := patiently(t.Context(), reading, func() (int, error) {
			if asked++; asked < 3 {
				return 0, status.Error(codes.Unavailable, "connection reset")
			}
			return 7, nil
		})
		require.NoError(t, err)
		require.Equal(t, 7, found)
		require.Equal(t, 3, asked)
	})
}

func TestEndedCallWouldWaitForTheStore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := 0
	_, err := patiently(ctx, reading, func() (bool, error) {
		asked++
		return false, status.FromContextError(ctx.Err()).Err()
	})
	require.Equal(t, codes.Canceled, status.Code(err))
	require.Equal(t, 1, asked)
}
