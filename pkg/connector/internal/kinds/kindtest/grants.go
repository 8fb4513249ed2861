// Package kindtest is for tests of resource types.
package kindtest

import (
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func HeldBy(grants []*v2.Grant) []string {
	found := []string{}
	for _, g := range grants {
		found = append(found, g.GetPrincipal().GetId().GetResourceType()+":"+g.GetPrincipal().GetId().GetResource())
	}
	return found
}

// Edges are grants as entitlement and holder.
func Edges(grants []*v2.Grant) []string {
	found := []string{}
	for _, g := range grants {
		who := g.GetPrincipal().GetId()
		found = append(found, g.GetEntitlement().GetId()+" "+who.GetResourceType()+":"+who.GetResource())
	}
	return found
}

func MetadataOf(t *testing.T, g *v2.Grant) map[string]any {
	t.Helper()
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(g.GetAnnotations())
	_, err := annos.Pick(metadata)
	require.NoError(t, err)
	return metadata.GetMetadata().AsMap()
}

// PeopleListedIn is an index of a sync that has listed people.
func PeopleListedIn(t *testing.T, ids ...string) (walk.Index, *fake.Store) {
	t.Helper()
	store := decidetest.SyncReading(t, model.DataConsents, model.DataDevices, model.DataAdministrativeUnits, model.DataRoleSchedules, model.DataRoleEligibility, model.DataGroupEligibility)
	ix := walk.Index{Store: store}
	var users []graph.User
	for _, id := range ids {
		users = append(users, graph.User{ID: id})
	}
	require.NoError(t, kinds.PutPeople(t.Context(), ix, 0, true, users))
	return ix, store
}

// Spawned are the tasks that an answer hands to the workers.
func Spawned(t *testing.T, res *rs.SyncOpResults) []walk.Task {
	t.Helper()
	if res == nil {
		return nil
	}
	annotation := &v2.EnqueuePageTokens{}
	_, err := res.Annotations.Pick(annotation)
	require.NoError(t, err)
	var tasks []walk.Task
	for _, token := range annotation.GetPageTokens() {
		next, err := walk.DecodeTask(token, "")
		require.NoError(t, err)
		tasks = append(tasks, next)
	}
	return tasks
}

func GroupsNamed(ids ...string) []walk.WorkItem {
	var items []walk.WorkItem
	for _, id := range ids {
		items = append(items, walk.WorkItem{ID: id})
	}
	return items
}
