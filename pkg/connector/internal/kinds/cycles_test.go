package kinds

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCyclesOfEveryShapeAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		edges map[string][]string
		want  groupCycles
	}{
		"none":            {map[string][]string{"a": {"b"}, "b": {"c"}}, groupCycles{}},
		"two":             {map[string][]string{"a": {"b"}, "b": {"a"}}, groupCycles{{"a", "b"}}},
		"three":           {map[string][]string{"c": {"a"}, "a": {"b"}, "b": {"c"}}, groupCycles{{"a", "b", "c"}}},
		"with a tail":     {map[string][]string{"x": {"a"}, "a": {"b"}, "b": {"a", "y"}, "y": {"z"}}, groupCycles{{"a", "b"}}},
		"two that touch":  {map[string][]string{"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}, groupCycles{{"a", "b"}, {"c", "d"}}},
		"a figure eight":  {map[string][]string{"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}, groupCycles{{"a", "b", "c"}}},
		"itself is none":  {map[string][]string{"a": {"a"}}, groupCycles{}},
		"diamond is none": {map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, groupCycles{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, findCycles(c.edges))
		})
	}
}

// reaches follows edges the plain way.
func reaches(edges map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	queue := slices.Clone(edges[from])
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n == to {
			return true
		}
		if !seen[n] {
			seen[n] = true
			queue = append(queue, edges[n]...)
		}
	}
	return false
}

func TestCyclesAreExactlyTheGroupsThatReachEachOther(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // Repeatable on purpose.
	for round := range 300 {
		n := 2 + random.IntN(12)
		edges := map[string][]string{}
		for range random.IntN(3 * n) {
			from, to := fmt.Sprint(random.IntN(n)), fmt.Sprint(random.IntN(n))
			edges[from] = append(edges[from], to)
		}
		cycleOf := map[string]int{}
		for i, c := range findCycles(edges) {
			for _, id := range c {
				cycleOf[id] = i + 1
			}
		}
		for a := range n {
			for b := range n {
				x, y := fmt.Sprint(a), fmt.Sprint(b)
				if a == b {
					continue
				}
				same := cycleOf[x] != 0 && cycleOf[x] == cycleOf[y]
				require.Equal(t, reaches(edges, x, y) && reaches(edges, y, x), same, "round %d: %s and %s in %v", round, x, y, edges)
			}
		}
	}
}

func TestALongChainDoesNotOverflowTheStack(t *testing.T) {
	edges := map[string][]string{}
	const n = 100_000
	for i := range n {
		edges[fmt.Sprint(i)] = []string{fmt.Sprint((i + 1) % n)}
	}
	cycles := findCycles(edges)
	require.Len(t, cycles, 1)
	require.Len(t, cycles[0], n)
}
