package connector

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestAnObjectWithoutItsTypeIsNotPassedOver(t *testing.T) {
	untyped := []graph.Reference{{ID: "a"}}
	_, err := principalsOf(t.Context(), index{lostStore{}}, []workResult[graph.Reference]{{rows: untyped}})
	require.ErrorIs(t, err, graph.ErrUntyped)
}
