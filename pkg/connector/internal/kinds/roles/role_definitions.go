package roles

import (
	"context"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const (
	// keyRoleName leads to a listed role's display name, and keyScopedRoleName to
	// that of a role which the listing of scoped roles has seen: only the former is
	// sure to be in the snapshot.
	keyRoleName       = "rolename/"
	keyScopedRoleName = "scopedrolename/"
	// keyRoleAlias leads from an id that only rows have to the listed role's.
	keyRoleAlias = "rolealias/"
)

// What stands under keyRoleAlias for ids that lead to no listed role.
const (
	roleGone     = "gone"
	roleUnlisted = "unlisted"
)

// putRoleNames notes listed roles under a key.
func putRoleNames(ctx context.Context, ix walk.Index, prefix string, rows []graph.RoleDefinition) error {
	names := make(map[string]string, len(rows))
	for i := range rows {
		names[model.ObjectID(rows[i].ID)] = rows[i].DisplayName
	}
	return walk.Put(ctx, ix, prefix, names)
}

// roleNamesOf are the display names of those of the roles that either listing has
// seen.
func roleNamesOf(ctx context.Context, ix walk.Index, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for _, prefix := range []string{keyScopedRoleName, keyRoleName} {
		found, err := walk.Get[string](ctx, ix, prefix, slices.Clone(ids))
		if err != nil {
			return nil, err
		}
		maps.Copy(names, found)
	}
	return names, nil
}

// ofListedRoles are the rows in the whole tenant of roles that are in the snapshot.
// The rows are read by the listing of scoped roles, which may see a role that was
// created after the roles were listed.
func (r *RoleReader) ofListedRoles(ctx context.Context, ix walk.Index, rows []roleRow) ([]roleRow, error) {
	tenantWide := slices.DeleteFunc(slices.Clone(rows), func(row roleRow) bool { return row.Scope != "" })
	ids := make([]string, 0, len(tenantWide))
	for i := range tenantWide {
		ids = append(ids, tenantWide[i].Role)
	}
	listed, err := walk.Get[string](ctx, ix, keyRoleName, ids)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(tenantWide, func(row roleRow) bool { _, ok := listed[row.Role]; return !ok })
	r.Left.Add(walk.LeftUnlistedRole, len(ids)-len(kept))
	return kept, nil
}

// resolve gives each row its role's id as the role was listed: the rows of custom
// roles that Privileged Identity Management gives can have another one. The roles
// have been listed before any row is read. A row that leads to no listed role is
// counted and left out.
func (r *RoleReader) resolve(ctx context.Context, ix walk.Index, rows []roleRow) ([]roleRow, error) {
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, rows[i].Role)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	listed, err := roleNamesOf(ctx, ix, ids)
	if err != nil {
		return nil, err
	}
	strange := slices.DeleteFunc(ids, func(id string) bool { _, ok := listed[id]; return ok })
	if len(strange) == 0 {
		return rows, nil
	}
	aliases, err := r.aliases(ctx, ix, strange)
	if err != nil {
		return nil, err
	}
	kept := rows[:0]
	for _, row := range rows {
		switch alias := aliases[row.Role]; alias {
		case roleGone:
			r.Left.Add(walk.LeftGoneRole, 1)
			continue
		case roleUnlisted:
			r.Left.Add(walk.LeftUnlistedRole, 1)
			continue
		case "": // It is the role's own id.
		default:
			row.Role = alias
		}
		kept = append(kept, row)
	}
	return kept, nil
}

// aliases are the listed roles that ids lead to which were not listed.
func (r *RoleReader) aliases(ctx context.Context, ix walk.Index, ids []string) (map[string]string, error) {
	aliases, err := walk.Get[string](ctx, ix, keyRoleAlias, slices.Clone(ids))
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(ids, func(id string) bool { return aliases[id] != "" })
	if len(open) == 0 {
		return aliases, nil
	}
	definitions, err := askRoles(ctx, r.Client, open)
	if err != nil {
		return nil, err
	}
	var candidates []string
	for _, d := range definitions {
		candidates = append(candidates, model.ObjectID(d.ID), model.ObjectID(d.TemplateID))
	}
	listed, err := roleNamesOf(ctx, ix, candidates)
	if err != nil {
		return nil, err
	}
	fresh := make(map[string]string, len(open))
	for _, id := range open {
		d := definitions[id]
		if d == nil {
			fresh[id] = roleGone
			continue
		}
		fresh[id] = roleUnlisted
		for _, candidate := range []string{model.ObjectID(d.TemplateID), model.ObjectID(d.ID)} {
			if _, ok := listed[candidate]; ok {
				fresh[id] = candidate
			}
		}
	}
	for id, alias := range aliases {
		fresh[id] = alias
	}
	return fresh, walk.Put(ctx, ix, keyRoleAlias, fresh)
}

// askRoles asks Graph which roles ids lead to; none for an id that leads to
// nothing.
func askRoles(ctx context.Context, client *graph.Client, ids []string) (map[string]*graph.RoleDefinition, error) {
	found := make(map[string]*graph.RoleDefinition, len(ids))
	for part := range slices.Chunk(ids, sending.MaxBatchSize) {
		refs := make([]string, 0, len(part))
		for _, id := range part {
			refs = append(refs, graph.RoleDefinitionRef(id))
		}
		read, err := sending.BatchObjects[graph.RoleDefinition](ctx, client.Sender, refs)
		if err != nil {
			return nil, err
		}
		for i, r := range read {
			switch {
			case failure.IsNotFound(r.Err):
			case r.Err != nil:
				return nil, r.Err
			default:
				found[part[i]] = r.Object
			}
		}
	}
	return found, nil
}
