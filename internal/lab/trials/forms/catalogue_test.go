package forms

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

func TestAFormIsNotTriedRefused(t *testing.T) {
	names := map[string]bool{}
	for _, r := range Catalogue() {
		require.False(t, names[r.Name], "%q comes twice", r.Name)
		names[r.Name] = true
		require.NotEmpty(t, r.Good, r.Name)
	}
	for _, l := range graph.Ladders() {
		if !notInSyncs[l.Name] && !endsElsewhere[l.Name] {
			require.True(t, names[l.Name+": no form answered"], l.Name)
		}
		for step := range l.Steps {
			if below, more := nextForm(l, step); more && !notInSyncs[l.Name] {
				require.True(t, names[l.Name+": "+below], "%s: %s", l.Name, below)
			}
		}
	}
	for _, table := range [][]string{keys(gives), keys(reachedWithout), keys(askedWith), keys(notInSyncs), keys(endsElsewhere)} {
		for _, name := range table {
			require.True(t, slices.ContainsFunc(graph.Ladders(), func(l *forms.Ladder) bool { return l.Name == name }), name)
		}
	}
}

func keys[V any](table map[string]V) []string {
	var found []string
	for name := range table {
		found = append(found, name)
	}
	return found
}

func TestRefusingAFormRefusesAPlainerOneToo(t *testing.T) {
	for _, l := range graph.Ladders() {
		seen := map[string]int{}
		for step := range l.Steps {
			if l.Name == ladderBatches {
				continue
			}
			for _, s := range shapesAt(l, step) {
				at, known := seen[s]
				require.False(t, known && at != step, "%s: %s", l.Name, s)
				seen[s] = step
			}
		}
	}
}

func TestARequestHasTheShapeOfItsForm(t *testing.T) {
	of := func(ref string) string {
		path, query, _ := strings.Cut(ref, "?")
		s, ok := shape(path, query)
		require.True(t, ok)
		return s
	}
	other := "99999999-8888-7777-6666-555555555555"
	require.Equal(t, of("/v1.0"+graph.GroupMembersRef(anyID, sending.MaxPageSize)), of(graph.GroupMembersRef(other, sending.MaxPageSize)))
	require.NotEqual(t, of(graph.GroupMembersRef(anyID, sending.MaxPageSize)), of(graph.GroupMembersRef(anyID, 1)))
	about := func(ids ...string) string { return graph.ManagersSubject(graph.IDFilter(ids), graph.UserOptions{}) }
	require.Equal(t, of(graph.Managers.Ref(graph.ManagersByIDs, about(anyID))), of(graph.Managers.Ref(graph.ManagersByIDs, about(anyID, other))))
	require.Equal(t, of(graph.GroupMemberships.Ref(0, anyID)), of(graph.GroupMemberships.Ref(0, graph.DeltaSubject([]string{anyID, other, other}))))
	require.NotEqual(t, of("/users?$select=id&$top=9"), of("/users?$select=id&$top=9&$skiptoken=x"))
	require.Equal(t, of("/users?$top=9&%24select=id%2Cmail"), of("/users?$select=id,mail&$top=9"))
}

func TestARowWhoseRefusalNeverStruckCounts(t *testing.T) {
	r := &Result{Row: &Row{Good: truth}, Outcome: attempt.Truth, Idle: []string{"groups: with ids of the relation"}}
	r.judge()
	require.False(t, r.Allowed)
	r = &Result{Row: &Row{Good: leftOut, Without: []string{"devices"}}, Outcome: attempt.LeftOut, Left: []string{"consents"}}
	r.judge()
	require.False(t, r.Allowed, "another data set was left out")
}
