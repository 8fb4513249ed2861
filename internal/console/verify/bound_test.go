package verify

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The figures are those of statistical tables: the "rule of three" for none wrong, and
// Clopper and Pearson's for some.
func TestABoundWouldPromiseTooMuch(t *testing.T) {
	for _, c := range []struct {
		wrong, sampled, population int
		want                       float64
	}{
		{0, 1000, 100_000, 0.002991}, {0, 100, 100_000, 0.029513}, {0, 1, 10, 0.95}, {1, 100, 100_000, 0.046559}, {5, 50, 1000, 0.198833},
		{0, 10, 10, 0}, {3, 10, 10, 0.3}, {10, 10, 100, 1}, {0, 0, 100, 1},
	} {
		require.InDelta(t, c.want, upperBound(c.wrong, c.sampled, c.population), 0.0001, "%d of %d", c.wrong, c.sampled)
	}
}

func TestWhatWasTriedInVainWouldExplainADifference(t *testing.T) {
	f := fact{entitlement: "group:g:member", principal: "p"}
	circle := map[string]bool{"g": true, "h": true}
	targets := func(ids ...string) *entry {
		e := &entry{Category: "GroupManagement", Operation: "Assign", Result: "success"}
		for _, id := range ids {
			e.Targets = append(e.Targets, target{ID: id})
		}
		return e
	}
	failed := targets("p", "g")
	failed.Result = "failure"
	made := targets("g")
	made.Operation = "Add"
	role := targets("p")
	role.Category = categoryRoles
	for name, c := range map[string]struct {
		entry *entry
		role  bool
		want  bool
	}{
		"the pair itself":           {targets("p", "g"), false, true},
		"a group between":           {targets("p", "h"), false, true},
		"two groups of the circle":  {targets("h", "g"), false, true},
		"another group":             {targets("p", "x"), false, false},
		"somebody else":             {targets("q", "g"), false, false},
		"a change of the group":     {targets("g"), false, false},
		"the group was made":        {made, false, true},
		"it failed":                 {failed, false, false},
		"a role of the person":      {role, true, true},
		"a role, but not in a role": {role, false, false},
		"in other letters":          {targets("P", "G"), false, true},
	} {
		log := newChanges()
		log.take(c.entry)
		require.Equal(t, c.want, log.explains(f, "g", c.role, circle), name)
	}
}
