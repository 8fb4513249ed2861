package walk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestATotalIsTakenOnlyFromAWalkThatWasSeenWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		beginning bool
		of        int
	}{"from its beginning": {true, 1300}, "gone on with in this process": {false, 0}} {
		at := time.Unix(0, 0)
		p := &Pace{now: func() time.Time { return at }}
		p.Begin("sign-in activity", c.beginning)
		require.Equal(t, Step{Data: "sign-in activity"}, p.Step(), name)
		p.Add(500, false)
		require.Equal(t, Step{Data: "sign-in activity", Rows: 500}, p.Step(), name)
		at = at.Add(10 * time.Second)
		p.Begin("sign-in activity", false)
		p.Add(500, false)
		require.Equal(t, Step{Data: "sign-in activity", Rows: 1000, PerSecond: 50}, p.Step(), "the first page says nothing of the speed")
		p.Add(300, true)
		require.Empty(t, p.Step().Data, name)

		p.Begin("MFA registration", true)
		p.Add(100, false)
		require.Equal(t, c.of, p.Step().Of, name)
		p.Add(1300, false)
		require.Zero(t, p.Step().Of, "more came than there were to be")
	}
	var none *Pace
	none.Begin("x", true)
	none.Add(1, true)
	require.Empty(t, none.Step().Data)
}
