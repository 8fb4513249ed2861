package groups

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// What an application may do in one group or team is an entitlement of the group, named
// after the permission. Graph tells of it group by group, and which permissions there are
// is known by who has them: so it is read with the entitlements, and kept for the grants.

const (
	// doConsents is the task that reads what applications may do in the task's groups.
	doConsents = "consents"
	// doConsented is the task that gives, for one page of the listed groups, what was
	// read of that.
	doConsented = "consented"
)

// keyConsented leads to what applications may do in a group.
const keyConsented = "resourceconsents/"

// consented is a permission that an application has in a group.
type consented struct {
	Slug string `json:"s"`
	// Type and ID are the application.
	Type string `json:"t"`
	ID   string `json:"i"`
}

// readsConsents reports whether a sync reads what applications may do in groups: without
// applications nobody could hold it.
func (s *Syncer) readsConsents(made *decide.Decision) bool {
	return made.Has(model.DataResourceConsents) && slices.ContainsFunc(model.ServicePrincipalTypes, s.Filter.Syncs)
}

// canHaveConsents reports whether applications can be given permissions in the group:
// teams are Microsoft 365 groups, and not all of them are marked as teams
// (https://learn.microsoft.com/graph/teams-list-all-teams).
func canHaveConsents(t model.GroupTraits) bool { return t&model.TraitUnified != 0 }

// consentEntitlement is a permission that can be had in a group.
func consentEntitlement(group, kind, permission string) *v2.Entitlement {
	what := "May do this in the group and its team by itself, without a permission in the whole tenant"
	if kind == graph.ResourceConsentDelegated {
		what = "May do this in the group and its team for whoever is signed in, without a permission in the whole tenant"
	}
	return entitlement.NewPermissionEntitlement(model.ResourceRef(model.TypeGroup, group), model.ResourceConsentSlug(kind, permission),
		entitlement.WithDisplayName(permission+" ("+strings.ToLower(kind)+" permission)"),
		entitlement.WithDescription(what),
		entitlement.WithGrantableTo(kinds.ApplicationResourceType, kinds.ManagedIdentityResourceType, kinds.AgentIdentityResourceType))
}

// readConsents reads what applications may do in the task's groups, and offers what those
// in the snapshot have.
func (s *Syncer) readConsents(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Entitlement, *walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.GroupResourceConsentsRef(w.ID) }
	read, rest, err := walk.ReadWorkOf[graph.ResourceConsent](ctx, s.Client, s.Left, model.DataResourceConsents, t.Work, first, 1)
	if err != nil {
		return nil, nil, err
	}
	var clients, further []string
	for _, r := range read {
		for i := range r.Rows {
			clients = append(clients, model.ObjectID(r.Rows[i].ClientID), model.ObjectID(r.Rows[i].ClientAppID))
		}
		if r.Item.Next != "" {
			further = append(further, r.Item.ID)
		}
	}
	listed, err := ix.Objects(ctx, clients)
	if err != nil {
		return nil, nil, err
	}
	before, err := walk.Get[[]consented](ctx, ix, keyConsented, further)
	if err != nil {
		return nil, nil, err
	}
	var offered []*v2.Entitlement
	found := make(map[string][]consented, len(read))
	for _, r := range read {
		rows := slices.Clone(before[r.Item.ID])
		here := map[string]bool{} // What was kept is no sign that it was offered: the answer can have been lost.
		for i := range r.Rows {
			row := &r.Rows[i]
			kind := row.Kind()
			holder, known := holderOf(row, listed)
			switch {
			case kind == "":
				s.Left.Add(walk.LeftUnknownConsent, 1)
				continue
			case !known:
				s.Left.Add(walk.LeftConsentOfNobody, 1)
				continue
			}
			holder.Slug = model.ResourceConsentSlug(kind, row.Permission)
			if !here[holder.Slug] {
				here[holder.Slug] = true
				offered = append(offered, consentEntitlement(r.Item.ID, kind, row.Permission))
			}
			if !slices.Contains(rows, holder) {
				rows = append(rows, holder)
			}
		}
		if len(rows) > 0 {
			found[r.Item.ID] = rows
		}
	}
	return offered, t.WithWork(rest), walk.Put(ctx, ix, keyConsented, found)
}

// holderOf is the application of a row, if it is in the snapshot. An appId is nobody's
// object id, so that it does no harm to look for the application by both.
func holderOf(row *graph.ResourceConsent, listed map[string]string) (consented, bool) {
	for _, id := range []string{model.ObjectID(row.ClientID), model.ObjectID(row.ClientAppID)} {
		if of := listed[id]; slices.Contains(model.ServicePrincipalTypes, of) {
			return consented{Type: of, ID: id}, true
		}
	}
	return consented{}, false
}

// replayConsents gives what applications may do in one page of the listed groups.
func (s *Syncer) replayConsents(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	groups, _, err := walk.GetPage[walk.GroupEntry](ctx, ix, walk.KeyGroups, t.Page)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, g := range groups {
		if canHaveConsents(g.Traits) {
			ids = append(ids, g.ID)
		}
	}
	found, err := walk.Get[[]consented](ctx, ix, keyConsented, slices.Clone(ids))
	if err != nil {
		return nil, nil, err
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, id := range ids {
		for _, c := range found[id] {
			replay.Add(model.EntitlementOf(model.TypeGroup, id, c.Slug), []walk.Holder{{Type: c.Type, ID: c.ID}}, s.Immutables[model.ResourceConsentReason])
		}
	}
	return replay.Finish(t)
}
