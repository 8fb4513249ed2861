package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Get reads one role in its scope. Like listing, it gives the resource if
// somebody holds the role there, or may activate it.
func (s *scopedRoleSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	parts := scopedRoleIDForm.FindStringSubmatch(id.GetResource())
	if parts == nil {
		return nil, nil, malformed(id, "a role's GUID and a scope's GUID with @ between")
	}
	role, scopeID := parts[1], parts[2]
	definition, err := s.client.RoleDefinition(ctx, role)
	if err != nil {
		return nil, nil, getStatus(err)
	}
	if objectID(definition.ID) != role {
		return nil, nil, notThere(id, "names a role by another id than the role is listed by")
	}
	at, err := s.findScope(ctx, definition, scopeID)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if at == nil {
		return nil, nil, notThere(id, "is a role that nobody holds in that scope")
	}
	objects, err := s.scopeObjects(ctx, []scope{*at}, false)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	object, exists := objects[at.ID]
	if !exists {
		return nil, nil, notThere(id, "has a scope that no longer exists")
	}
	if scopeResourceType(object) == "" {
		return nil, nil, notThere(id, "has a scope of a type that this build does not know")
	}
	found, err := s.resource(role, displayName(definition.DisplayName, role), object)
	return found, nil, toStatus(err)
}

// findScope looks for somebody with the role at the scope, and tells how the
// scope is spelled where it was found; nil if nobody has it. The id alone does
// not tell which spelling that is.
func (s *scopedRoleSyncer) findScope(ctx context.Context, definition *graph.RoleDefinition, scopeID string) (*scope, error) {
	made, err := s.decider.current(ctx)
	if err != nil {
		return nil, err
	}
	role := objectID(definition.ID)
	listings := []string{listActive}
	if made.has(dataRoleSchedules) {
		listings = append(listings, listScheduled)
	}
	if made.has(dataRoleEligibility) {
		listings = append(listings, listEligible)
	}
	var items []workItem
	for _, listing := range listings {
		for _, spelling := range graph.ScopeSpellings(scopeID) {
			items = append(items, workItem{ID: spelling, Type: listing})
		}
	}
	first := func(w workItem) string {
		named := role
		if w.Type != listActive && !definition.IsBuiltIn {
			named = "" // PIM may know a custom role by another id.
		}
		return roleHolderRefs[w.Type](named, w.ID)
	}
	for len(items) > 0 {
		read, rest, err := readWork[graph.RoleScheduleInstance](ctx, s.client, s.left, items, first, 0)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			at := &scope{ID: r.item.ID, Eligible: r.item.Type == listEligible}
			if held, err := s.somebodyHolds(ctx, role, r.rows, r.item.Type); err != nil || held {
				return at, err
			}
		}
		items = rest
	}
	return nil, nil
}

// somebodyHolds reports whether rows of a listing at a scope show a role with
// somebody who still exists.
func (s *scopedRoleSyncer) somebodyHolds(ctx context.Context, role string, rows []graph.RoleScheduleInstance, listing string) (bool, error) {
	reader := roleReader{kit: kit{left: &tally{}}} // A listing counts what is left out.
	byRole := map[string][]string{}
	var others []string
	for i := range rows {
		row, ok := reader.row(&rows[i].RoleAssignment)
		if !ok || listing != listActive && !rows[i].Direct() {
			continue
		}
		if byRole[row.Role] == nil && row.Role != role {
			others = append(others, row.Role)
		}
		byRole[row.Role] = append(byRole[row.Role], row.ID)
	}
	definitions, err := askRoles(ctx, s.client, others)
	if err != nil {
		return false, err
	}
	holders := byRole[role]
	for id, d := range definitions {
		if objectID(d.ID) == role {
			holders = append(holders, byRole[id]...)
		}
	}
	for part := range slices.Chunk(holders, sending.MaxBatchSize) {
		said, _, err := askPrincipals(ctx, s.client, part, func(id string) []string {
			return rolePrincipalRefs(id, listing != listEligible, listing == listEligible)
		})
		if err != nil {
			return false, err
		}
		for _, id := range part {
			if said[id] != principalGone {
				return true, nil
			}
		}
	}
	return false, nil
}

// The listings that show who has a role.
const (
	listActive    = "active"
	listScheduled = "scheduled"
	listEligible  = "eligible"
)

var roleHolderRefs = map[string]func(role, directoryScopeID string) string{
	listActive: graph.RoleAssignmentsAtRef, listScheduled: graph.RoleAssignmentSchedulesAtRef, listEligible: graph.RoleEligibilitySchedulesAtRef,
}
