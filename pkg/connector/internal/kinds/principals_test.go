package kinds

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestAnObjectWithoutItsTypeIsNotPassedOver(t *testing.T) {
	untyped := []graph.Reference{{ID: "a"}}
	_, err := PrincipalsOf(t.Context(), walk.Index{Store: fake.LostStore{}}, []walk.WorkResult[graph.Reference]{{Rows: untyped}})
	require.ErrorIs(t, err, graph.ErrUntyped)
}
