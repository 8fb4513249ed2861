package walk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATotalWouldStartOverWithTheNextSync(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	tally.Add("user", 3)
	require.Equal(t, map[string]int{"user": 3}, tally.Total())
	require.Equal(t, map[string]int{"user": 3}, tally.Take())
	require.Empty(t, tally.Peek())
	require.Equal(t, map[string]int{"user": 3}, tally.Total())
	tally.Add("user", 4)
	tally.Add("group", 1)
	require.Equal(t, map[string]int{"user": 4, "group": 1}, tally.Peek())
	require.Equal(t, map[string]int{"user": 7, "group": 1}, tally.Total())
	tally.Take()
	tally.Take()
	require.Equal(t, map[string]int{"user": 7, "group": 1}, tally.Total())
}
