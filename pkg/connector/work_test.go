package connector

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

func TestARelationThatWasGivenInPartWouldPassForLeftOut(t *testing.T) {
	client := graphThat(t, func(string) (int, string) { return http.StatusBadRequest, refusalBody("BadRequest") })
	left := &tally{}
	first := func(w workItem) string { return graph.FederatedCredentialsRef(w.ID) }
	for rows, fails := range map[int]bool{0: false, 1: true} {
		item := workItem{ID: "a", Next: "/applications/a/federatedIdentityCredentials?$skiptoken=x"}
		require.NoError(t, item.Trail.follow(rows, item.Next))
		ctx := forms.WithRefused(t.Context(), forms.NewRefused(nil, nil))
		var err error
		for work := []workItem{item}; len(work) > 0 && err == nil; { // Begun again at first: the link may be what is refused.
			_, work, err = readWorkOf[graph.FederatedIdentityCredential](ctx, client, left, dataFederatedCredentials, work, first, 1)
		}
		require.Equal(t, fails, err != nil, "after a page of %d rows", rows)
	}
	require.Equal(t, map[string]int{leftUnreadable(dataFederatedCredentials): 1}, left.peek())
}

// The largest relation of a listing tells which ones may have been cut.
func TestExpansionCutBelowItsDocumentedLimitWouldBeTakenForWhole(t *testing.T) {
	row := func(id string, n int) graph.ObjectOwners {
		return graph.ObjectOwners{ID: id, Owners: make(graph.Expanded, n)}
	}
	relation := func(o *graph.ObjectOwners) (string, graph.Expanded) { return o.ID, o.Owners }
	page := &listed[graph.ObjectOwners]{rows: []graph.ObjectOwners{row("a", 5), row("b", 4), row("c", 0), {ID: "d"}}, next: &cursor{}}
	require.Equal(t, []string{"a", "d"}, maybeCut(page, relation))
	page = &listed[graph.ObjectOwners]{rows: []graph.ObjectOwners{row("e", 5), row("f", 3), row("g", 4)}, largest: page.next.Largest}
	require.Equal(t, []string{"e"}, maybeCut(page, relation))
}
