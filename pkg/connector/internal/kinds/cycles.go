package kinds

import (
	"context"
	"fmt"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// groupCycles are the sets of groups that contain each other, directly or
// through others. Everybody in one group of a set is in all of them.
//
// They are found before any grant is given, because the SDK's expansion merges
// the groups of a cycle into one and is then inexact in both directions: members
// of one do not reach the others, and what reaches direct members only reaches
// too many.
type groupCycles [][]string

// Members are the groups that are in any cycle.
func (cs groupCycles) Members() map[string]bool {
	all := map[string]bool{}
	for _, c := range cs {
		for _, id := range c {
			all[id] = true
		}
	}
	return all
}

// CyclesOf reads the cycles of the listed groups from the index; with find it
// works them out first. Only groups that are in other groups are looked at.
func CyclesOf(ctx context.Context, ix walk.Index, find bool) (groupCycles, error) {
	if !find {
		cycles, found, err := walk.GetValue[groupCycles](ctx, ix, walk.KeyCycles)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("%w (%s)", walk.ErrIndexLost, walk.KeyCycles)
		}
		return cycles, nil
	}
	parents := map[string][]string{}
	for page, more := 0, true; more; page++ {
		var entries []walk.NestingEntry
		var err error
		entries, more, err = walk.GetPage[walk.NestingEntry](ctx, ix, walk.KeyNesting, page)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			parents[e.Child] = e.Parents
		}
	}
	cycles := findCycles(parents)
	return cycles, walk.PutValue(ctx, ix, walk.KeyCycles, cycles)
}

// findCycles are the strongly connected components of more than one node, each
// sorted, in a stable order (Tarjan's algorithm, without recursion: nesting can
// be deep). edges leads from a node to its neighbours.
func findCycles(edges map[string][]string) groupCycles {
	type frame struct {
		node string
		next int
	}
	var (
		order   = map[string]int{} // when a node was first seen, from 1
		low     = map[string]int{} // the earliest node that it leads back to
		onStack = map[string]bool{}
		stack   []string
		cycles  = groupCycles{}
	)
	visit := func(node string) frame {
		order[node] = len(order) + 1
		low[node] = order[node]
		stack = append(stack, node)
		onStack[node] = true
		return frame{node: node}
	}
	starts := make([]string, 0, len(edges))
	for node := range edges {
		starts = append(starts, node)
	}
	slices.Sort(starts)
	for _, start := range starts {
		if order[start] != 0 {
			continue
		}
		path := []frame{visit(start)}
		for len(path) > 0 {
			f := &path[len(path)-1]
			if f.next < len(edges[f.node]) {
				to := edges[f.node][f.next]
				f.next++
				switch {
				case order[to] == 0:
					path = append(path, visit(to))
				case onStack[to]:
					low[f.node] = min(low[f.node], order[to])
				}
				continue
			}
			node := f.node
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1].node
				low[parent] = min(low[parent], low[node])
			}
			if low[node] != order[node] {
				continue
			}
			at := lastIndex(stack, node)
			component := slices.Clone(stack[at:])
			stack = stack[:at]
			for _, n := range component {
				onStack[n] = false
			}
			if len(component) > 1 {
				slices.Sort(component)
				cycles = append(cycles, component)
			}
		}
	}
	slices.SortFunc(cycles, slices.Compare)
	return cycles
}

// lastIndex looks from the top of the stack, where a finished node nearly
// always is.
func lastIndex(stack []string, node string) int {
	for i := len(stack) - 1; i >= 0; i-- {
		if stack[i] == node {
			return i
		}
	}
	return -1
}
