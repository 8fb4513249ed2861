package walk

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

func TestARelationThatWasGivenInPartWouldPassForLeftOut(t *testing.T) {
	client := fake.GraphThat(t, func(string) (int, string) { return http.StatusBadRequest, fake.RefusalBody("BadRequest") })
	left := &Tally{}
	first := func(w WorkItem) string { return graph.FederatedCredentialsRef(w.ID) }
	for rows, fails := range map[int]bool{0: false, 1: true} {
		item := WorkItem{ID: "a", Next: "/applications/a/federatedIdentityCredentials?$skiptoken=x"}
		require.NoError(t, item.Trail.Follow(rows, item.Next))
		ctx := forms.WithRefused(t.Context(), forms.NewRefused(nil, nil))
		var err error
		for work := []WorkItem{item}; len(work) > 0 && err == nil; { // Begun again at first: the link may be what is refused.
			_, work, err = ReadWorkOf[graph.FederatedIdentityCredential](ctx, client, left, model.DataFederatedCredentials, work, first, 1)
		}
		require.Equal(t, fails, err != nil, "after a page of %d rows", rows)
	}
	require.Equal(t, map[string]int{LeftUnreadable(model.DataFederatedCredentials): 1}, left.Peek())
}

func TestAnObjectThatIsGoneBetweenTwoPagesWouldPassForWhole(t *testing.T) {
	calls := 0
	client := fake.GraphOver(t, func(*http.Request) string {
		if calls++; calls == 1 {
			return `{"responses":[{"id":"0","status":200,"body":{"value":[{"id":"1"}],"@odata.nextLink":"ROOT/devices/a/registeredOwners?$skiptoken=x"}},` +
				`{"id":"1","status":200,"body":{"value":[]}}]}`
		}
		return `{"responses":[{"id":"0","status":404,"body":` + fake.RefusalBody("Request_ResourceNotFound") + `}]}`
	})
	left := &Tally{}
	found, err := ReadRows[graph.Reference](t.Context(), client, left, model.DataDevices, []string{"a", "b"}, graph.DeviceOwnersRef)
	require.NoError(t, err)
	require.Equal(t, map[string][]graph.Reference{"b": nil}, found)
	require.Equal(t, map[string]int{LeftVanished: 1}, left.Peek())
}

// The largest relation of a listing tells which ones may have been cut.
func TestExpansionCutBelowItsDocumentedLimitWouldBeTakenForWhole(t *testing.T) {
	row := func(id string, n int) graph.ObjectOwners {
		return graph.ObjectOwners{ID: id, Owners: make(graph.Expanded, n)}
	}
	relation := func(o *graph.ObjectOwners) (string, graph.Expanded) { return o.ID, o.Owners }
	page := &Listed[graph.ObjectOwners]{Rows: []graph.ObjectOwners{row("a", 5), row("b", 4), row("c", 0), {ID: "d"}}, Next: &Cursor{}}
	require.Equal(t, []string{"a", "d"}, MaybeCut(page, relation))
	page = &Listed[graph.ObjectOwners]{Rows: []graph.ObjectOwners{row("e", 5), row("f", 3), row("g", 4)}, largest: page.Next.Largest}
	require.Equal(t, []string{"e"}, MaybeCut(page, relation))
}
