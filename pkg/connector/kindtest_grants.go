package connector

import (
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func heldBy(grants []*v2.Grant) []string {
	found := []string{}
	for _, g := range grants {
		found = append(found, g.GetPrincipal().GetId().GetResourceType()+":"+g.GetPrincipal().GetId().GetResource())
	}
	return found
}

// edges are grants as entitlement and holder.
func edges(grants []*v2.Grant) []string {
	found := []string{}
	for _, g := range grants {
		who := g.GetPrincipal().GetId()
		found = append(found, g.GetEntitlement().GetId()+" "+who.GetResourceType()+":"+who.GetResource())
	}
	return found
}

func metadataOf(t *testing.T, g *v2.Grant) map[string]any {
	t.Helper()
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(g.GetAnnotations())
	_, err := annos.Pick(metadata)
	require.NoError(t, err)
	return metadata.GetMetadata().AsMap()
}

// peopleListedIn is an index of a sync that has listed people.
func peopleListedIn(t *testing.T, ids ...string) (index, *memoryStore) {
	t.Helper()
	store := syncReading(t, dataConsents, dataDevices, dataAdministrativeUnits, dataRoleSchedules, dataRoleEligibility, dataGroupEligibility)
	ix := index{store}
	var users []graph.User
	for _, id := range ids {
		users = append(users, graph.User{ID: id})
	}
	require.NoError(t, putPeople(t.Context(), ix, 0, true, users))
	return ix, store
}

// spawned are the tasks that an answer hands to the workers.
func spawned(t *testing.T, res *rs.SyncOpResults) []task {
	t.Helper()
	if res == nil {
		return nil
	}
	annotation := &v2.EnqueuePageTokens{}
	_, err := res.Annotations.Pick(annotation)
	require.NoError(t, err)
	var tasks []task
	for _, token := range annotation.GetPageTokens() {
		next, err := decodeTask(token, "")
		require.NoError(t, err)
		tasks = append(tasks, next)
	}
	return tasks
}

func groupsNamed(ids ...string) []workItem {
	var items []workItem
	for _, id := range ids {
		items = append(items, workItem{ID: id})
	}
	return items
}
