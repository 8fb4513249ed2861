package faults

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASeedChoosesTheSameFaults(t *testing.T) {
	t.Parallel()
	names := func(list []Fault) []string {
		var out []string
		for _, f := range list {
			out = append(out, f.Name)
		}
		return out
	}
	require.Equal(t, names(Mix(41)), names(Mix(41)))
	require.NotEqual(t, names(Mix(41)), names(Mix(43)))
	require.False(t, slices.ContainsFunc(Mix(42), func(f Fault) bool { return f.MayFail }))
	require.True(t, slices.IsSorted(names(Catalogue())), "the order must not be that of a map")
}
