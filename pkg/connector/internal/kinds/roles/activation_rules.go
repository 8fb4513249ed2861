package roles

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
)

// phaseRules reads what it takes to activate roles. All roles' policies are read and
// kept before the first is given, so that they can be left out as a whole until then.
const phaseRules = "rules"

const (
	// keyActivation leads to what it takes to activate a role, and keyActivations to
	// the pages of the roles of which that was read.
	keyActivation  = "activation/"
	keyActivations = "activations"
)

// readsRules reports whether a sync reads what it takes to activate a role: where
// nobody can be shown to be eligible, that is of no use.
func (r *RoleReader) readsRules(ctx context.Context, ix walk.Index) (bool, error) {
	made, err := r.Decider.Of(ctx, ix)
	if err != nil {
		return false, err
	}
	return made.Has(model.DataRoleRules) && made.Has(model.DataRoleEligibility), nil
}

// readRules reads a page of the policies of roles, and gives the cursor that follows;
// nil after the last, or where there are none to be had.
func (r *RoleReader) readRules(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	c.Phase = phaseRules
	page, err := walk.ReadPage(ctx, c, r.Client.ListRolePolicies)
	if err != nil {
		return nil, decide.LeaveOut(ctx, model.DataRoleRules, err)
	}
	if page.Restarted {
		return page.Next, nil
	}
	rules, err := kinds.RulesOf(ctx, r.Client, r.Left, model.DataRoleRules, page.Rows)
	if err != nil {
		return nil, decide.LeaveOut(ctx, model.DataRoleRules, err)
	}
	roles, err := r.listedRoles(ctx, ix, page.Rows)
	if err != nil {
		return nil, decide.LeaveOut(ctx, model.DataRoleRules, err)
	}
	found, ids := map[string]policies.Activation{}, []string{}
	for i := range page.Rows {
		role := roles[model.ObjectID(page.Rows[i].RoleDefinitionID)]
		given, known := rules[page.Rows[i].PolicyID]
		if _, twice := found[role]; role == "" || twice || !known {
			continue // It vanished, was created while the sync ran, or Graph does not tell.
		}
		found[role] = policies.Of(given)
		ids = append(ids, role)
	}
	if err := walk.Put(ctx, ix, keyActivation, found); err != nil {
		return nil, err
	}
	return page.Next, walk.PutPage(ctx, ix, keyActivations, page.Page, page.Next == nil, ids)
}

// listedRoles are the roles that policies are for, as they were listed, by the ids that
// the policies have: those of custom roles can be others.
func (r *RoleReader) listedRoles(ctx context.Context, ix walk.Index, rows []policies.Assignment) (map[string]string, error) {
	quiet := *r
	quiet.Left = &walk.Tally{} // What it takes to activate a role that is gone is nobody's loss.
	listed := make(map[string]string, len(rows))
	asked := make([]roleRow, 0, len(rows))
	for i := range rows {
		id := model.ObjectID(rows[i].RoleDefinitionID)
		if model.ObjectIDForm.MatchString(id) {
			asked = append(asked, roleRow{Role: id, ID: id})
		}
	}
	resolved, err := quiet.resolve(ctx, ix, asked)
	if err != nil {
		return nil, err
	}
	for i := range resolved {
		listed[resolved[i].ID] = resolved[i].Role
	}
	return listed, nil
}
