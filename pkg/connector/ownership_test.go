package connector

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A plan that finds nothing would end a sync without its grants, and well.
func TestOwnersOfALostIndexFailTheSyncInsteadOfEmptyingIt(t *testing.T) {
	_, err := (&ownership{resourceType: typeApplication}).plan(t.Context(), index{lostStore{}}, task{Version: tokenVersion, Do: doPlan}, nil)
	require.ErrorIs(t, err, errIndexLost)
}
