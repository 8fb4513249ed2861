package applications

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// A plan that finds nothing would end a sync without its grants, and well.
func TestOwnersOfALostIndexFailTheSyncInsteadOfEmptyingIt(t *testing.T) {
	_, err := (&ownership{resourceType: model.TypeApplication}).plan(t.Context(), walk.Index{Store: fake.LostStore{}}, walk.Task{Version: walk.TokenVersion, Do: walk.DoPlan}, nil)
	require.ErrorIs(t, err, walk.ErrIndexLost)
}
