package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
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
	at, err := s.findScope(ctx, role, scopeID)
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
func (s *scopedRoleSyncer) findScope(ctx context.Context, role, scopeID string) (*scope, error) {
	made, err := s.decider.current(ctx)
	if err != nil {
		return nil, err
	}
	listings := []string{listActive}
	if made.reads(dataRoleSchedules) {
		listings = append(listings, listScheduled)
	}
	if made.reads(dataRoleEligibility) {
		listings = append(listings, listEligible)
	}
	var items []workItem
	for _, listing := range listings {
		for _, spelling := range graph.ScopeSpellings(scopeID) {
			items = append(items, workItem{ID: spelling, Type: listing})
		}
	}
	first := func(w workItem) string { return roleHolderRefs[w.Type](role, w.ID) }
	reader := roleReader{left: &tally{}} // A listing counts what is left out.
	for len(items) > 0 {
		read, rest, err := readWork[graph.RoleScheduleInstance](ctx, s.client, s.left, items, first, 0)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			for i := range r.rows {
				row := &r.rows[i]
				if r.item.Type != listActive && !row.Direct() {
					continue
				}
				if _, ok, err := reader.row(&row.RoleAssignment); err != nil || ok {
					return &scope{ID: r.item.ID, Eligible: r.item.Type == listEligible}, err
				}
			}
		}
		items = rest
	}
	return nil, nil
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
