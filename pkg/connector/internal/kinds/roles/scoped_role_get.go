package roles

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Get reads one role in its scope. Like listing, it gives the resource if
// somebody holds the role there, or may activate it.
func (s *ScopedSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	parts := model.ScopedRoleIDForm.FindStringSubmatch(id.GetResource())
	if parts == nil {
		return nil, nil, model.Malformed(id, "a role's GUID and a scope's GUID, or an attribute set's name, with @ between")
	}
	role, scopeID := parts[1], parts[2]
	definition, err := s.Client.RoleDefinition(ctx, role)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	if model.ObjectID(definition.ID) != role {
		return nil, nil, model.NotThere(id, "names a role by another id than the role is listed by")
	}
	at, err := s.findScope(ctx, definition, scopeID)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if at == nil {
		return nil, nil, model.NotThere(id, "is a role that nobody holds in that scope")
	}
	objects, err := s.scopeObjects(ctx, []scope{*at}, false)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	object, exists := objects[at.ID]
	if !exists {
		return nil, nil, model.NotThere(id, "has a scope that no longer exists")
	}
	if scopeResourceType(object) == "" {
		return nil, nil, model.NotThere(id, "has a scope of a type that this build does not know")
	}
	found, err := s.resource(role, model.DisplayName(definition.DisplayName, role), object)
	return found, nil, model.ToStatus(err)
}

// findScope looks for somebody with the role at the scope, and tells how the
// scope is spelled where it was found; nil if nobody has it. The id alone does
// not tell which spelling that is.
func (s *ScopedSyncer) findScope(ctx context.Context, definition *graph.RoleDefinition, scopeID string) (*scope, error) {
	made, err := s.Decider.Current(ctx)
	if err != nil {
		return nil, err
	}
	role := model.ObjectID(definition.ID)
	listings := []string{listActive}
	if made.Has(model.DataRoleSchedules) {
		listings = append(listings, listScheduled)
	}
	if made.Has(model.DataRoleEligibility) {
		listings = append(listings, listEligible)
	}
	var items []walk.WorkItem
	for _, listing := range listings {
		for _, spelling := range graph.ScopeSpellings(scopeID) {
			items = append(items, walk.WorkItem{ID: spelling, Type: listing})
		}
	}
	first := func(w walk.WorkItem) string {
		named := role
		if w.Type != listActive && !definition.IsBuiltIn {
			named = "" // PIM may know a custom role by another id.
		}
		return roleHolderRefs[w.Type](named, w.ID)
	}
	for len(items) > 0 {
		read, rest, err := walk.ReadWork[graph.RoleScheduleInstance](ctx, s.Client, s.Left, items, first, 0)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			at := &scope{ID: r.Item.ID, Eligible: r.Item.Type == listEligible}
			if len(r.Rows) > 0 && strings.EqualFold(r.Rows[0].DirectoryScopeID, at.ID) {
				at.ID = r.Rows[0].DirectoryScopeID // An attribute set is called as it is spelled there.
			}
			if held, err := s.somebodyHolds(ctx, role, r.Rows, r.Item.Type); err != nil || held {
				return at, err
			}
		}
		items = rest
	}
	return nil, nil
}

// somebodyHolds reports whether rows of a listing at a scope show a role with
// somebody who still exists.
func (s *ScopedSyncer) somebodyHolds(ctx context.Context, role string, rows []graph.RoleScheduleInstance, listing string) (bool, error) {
	reader := RoleReader{Kit: kinds.Kit{Left: &walk.Tally{}}} // A listing counts what is left out.
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
	definitions, err := askRoles(ctx, s.Client, others)
	if err != nil {
		return false, err
	}
	holders := byRole[role]
	for id, d := range definitions {
		if model.ObjectID(d.ID) == role {
			holders = append(holders, byRole[id]...)
		}
	}
	for part := range slices.Chunk(holders, sending.MaxBatchSize) {
		said, _, err := kinds.AskPrincipals(ctx, s.Client, part, func(id string) []string {
			return rolePrincipalRefs(id, listing != listEligible, listing == listEligible)
		})
		if err != nil {
			return false, err
		}
		for _, id := range part {
			if said[id] != kinds.PrincipalGone {
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
