package events

import (
	"context"
	"slices"
	"strconv"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// directoryChanges makes events of the directory audit log.
type directoryChanges struct {
	look   *lookup
	filter decide.Filters
	expand kinds.Expander
}

// accessChange is that somebody got or lost something.
type accessChange struct {
	added bool
	// on is what the entitlement is of; its type is a target's, or a resource
	// type where the log has none.
	on   auditObject
	slug string
	who  auditObject
}

// understood is what an entry says.
type understood struct {
	access  []accessChange
	changed []auditObject
}

// changingCategories are those of entries about objects that the snapshot shows.
var changingCategories = []string{"UserManagement", "GroupManagement", "ApplicationManagement", "AdministrativeUnit", "Device", "AgentManagement"}

// understand reads an entry. What did not succeed has changed nothing.
func understand(a *graph.DirectoryAudit) understood {
	if a.Result != graph.AuditSuccess {
		return understood{}
	}
	if how, known := activities[a.Activity]; known {
		if found := accessChanges(a, how); len(found) > 0 {
			return understood{access: found}
		}
	}
	if !slices.Contains(changingCategories, a.Category) {
		return understood{}
	}
	// The first target is what was changed; further ones are what it was
	// changed with.
	if objects := objectsOf(a.Targets, "", targetUser, targetGroup, targetApplication, targetServicePrincipal, targetDevice, targetUnit); len(objects) > 0 {
		return understood{changed: objects[:1]}
	}
	return understood{}
}

// accessChanges are who got or lost what; none where the entry does not identify
// both sides.
func accessChanges(a *graph.DirectoryAudit, how activity) []accessChange {
	edge := func(property, objectType, slug string) []accessChange {
		on, who, ok := sides(a, property, objectType)
		if !ok {
			return nil
		}
		return []accessChange{{how.added, auditObject{objectType, on}, slug, who}}
	}
	switch how.relation {
	case relationMember:
		return edge("Group.ObjectID", targetGroup, model.SlugMember)
	case relationGroupOwner:
		return edge("Group.ObjectID", targetGroup, model.SlugOwner)
	case relationRegistrationOwner:
		return edge("Application.ObjectID", targetApplication, model.SlugOwner)
	case relationServicePrincipalOwner:
		return edge("ServicePrincipal.ObjectID", targetServicePrincipal, model.SlugOwner)
	case relationUnitMember:
		return edge("AdministrativeUnit.ObjectID", targetUnit, model.SlugMember)
	case relationRole, relationPIMRole:
		return roleChange(a, how, "")
	case relationScopedRole:
		return scopedRoleChange(a, how)
	case relationAppRole:
		return appRoleChange(a, how)
	default:
		return licenseChanges(a)
	}
}

// roleChange is about a role in the whole tenant, or in a scope. An entry of a
// tenant-wide role that names a part of the directory is not understood:
// showing it would claim too much.
func roleChange(a *graph.DirectoryAudit, how activity, scope string) []accessChange {
	role := roleOf(a)
	holders := objectsOf(a.Targets, "", targetUser, targetGroup, targetServicePrincipal)
	if role == "" || len(holders) != 1 || scope == "" && len(objectsOf(a.Targets, "", targetUnit, targetApplication, targetDevice)) > 0 {
		return nil
	}
	slug := model.SlugAssigned
	if how.eligible {
		slug = model.SlugEligible
	}
	on := auditObject{model.TypeRole, role}
	if scope != "" {
		on = auditObject{model.TypeScopedRole, model.ScopedRoleID(role, scope)}
	}
	return []accessChange{{how.added, on, slug, holders[0]}}
}

// scopedRoleChange is about a role in an administrative unit.
func scopedRoleChange(a *graph.DirectoryAudit, how activity) []accessChange {
	scope := model.ObjectID(property(a.Targets, "AdministrativeUnit.ObjectID"))
	if units := objectsOf(a.Targets, "", targetUnit); scope == "" && len(units) == 1 {
		scope = units[0].ID
	}
	if !isObject(scope) {
		return nil
	}
	return roleChange(a, how, scope)
}

// appRoleChange is about an application's role. The application is the target
// that has the role; who is assigned is named in its properties too.
func appRoleChange(a *graph.DirectoryAudit, how activity) []accessChange {
	at := slices.IndexFunc(a.Targets, func(t graph.AuditTarget) bool {
		return t.Type == targetServicePrincipal && property([]graph.AuditTarget{t}, "AppRole.Id") != ""
	})
	if at < 0 || !isObject(a.Targets[at].ID) {
		return nil
	}
	application := model.ObjectID(a.Targets[at].ID)
	appRole := model.ObjectID(property(a.Targets, "AppRole.Id"))
	holders := objectsOf(a.Targets, application, targetUser, targetGroup, targetServicePrincipal)
	for _, holderType := range []string{targetUser, targetGroup, targetServicePrincipal} {
		if id := model.ObjectID(property(a.Targets[at:at+1], holderType+".ObjectID")); isObject(id) && len(holders) == 0 {
			holders = append(holders, auditObject{holderType, id})
		}
	}
	if len(holders) != 1 || !model.ObjectIDForm.MatchString(appRole) {
		return nil
	}
	return []accessChange{{how.added, auditObject{targetServicePrincipal, application}, model.AppRoleSlug(appRole), holders[0]}}
}

// licenseChanges are about products that a user was given directly.
func licenseChanges(a *graph.DirectoryAudit) []accessChange {
	holders := objectsOf(a.Targets, "", targetUser)
	if len(holders) != 1 || byGroupLicensing(a) {
		return nil
	}
	var found []accessChange
	added, removed := licenseChange(a)
	for _, sku := range added {
		found = append(found, accessChange{true, auditObject{model.TypeLicense, sku}, model.SlugAssigned, holders[0]})
	}
	for _, sku := range removed {
		found = append(found, accessChange{false, auditObject{model.TypeLicense, sku}, model.SlugAssigned, holders[0]})
	}
	return found
}

// events gives the events of each entry. Objects of types that are not synced,
// and service principals that no longer exist, have none.
func (d *directoryChanges) events(ctx context.Context, rows []graph.DirectoryAudit) ([][]*v2.Event, error) {
	read := make([]understood, len(rows))
	for i := range rows {
		read[i] = understand(&rows[i])
	}
	known, err := d.resolve(ctx, read)
	if err != nil {
		return nil, err
	}
	made := make([][]*v2.Event, len(rows))
	for i := range rows {
		for _, change := range read[i].access {
			event, err := d.accessEvent(&change, known)
			if err != nil {
				return nil, err
			}
			if event != nil {
				made[i] = append(made[i], event)
			}
		}
		for _, object := range read[i].changed {
			if h, ok := known.resource(object); ok && d.filter.Syncs(h.Type) {
				made[i] = append(made[i], v2.Event_builder{ResourceChangeEvent: v2.ResourceChangeEvent_builder{ResourceId: model.ResourceID(h.Type, h.ID)}.Build()}.Build())
			}
		}
		for n, event := range made[i] {
			event.SetId(rows[i].ID)
			if n > 0 {
				event.SetId(rows[i].ID + "/" + strconv.Itoa(n))
			}
			event.SetOccurredAt(timestamppb.New(rows[i].Time))
		}
	}
	return made, nil
}

// accessEvent is the event of a change, with the entitlement as the snapshot has
// it; nil where a side is not in the snapshot.
func (d *directoryChanges) accessEvent(change *accessChange, known *resolved) (*v2.Event, error) {
	on, there := known.resource(change.on)
	who, alsoThere := known.resource(change.who)
	if !there || !alsoThere || !d.filter.Syncs(on.Type) || !d.filter.Syncs(who.Type) {
		return nil, nil
	}
	g := model.NewGrant(model.EntitlementOf(on.Type, on.ID, change.slug), who.Type, who.ID)
	if !change.added {
		return v2.Event_builder{CreateRevokeEvent: v2.CreateRevokeEvent_builder{Entitlement: g.GetEntitlement(), Principal: g.GetPrincipal()}.Build()}.Build(), nil
	}
	if who.Type == model.TypeGroup {
		if err := d.reachMembers(g, on.Type, change.slug, who.ID); err != nil {
			return nil, err
		}
	}
	return v2.Event_builder{CreateGrantEvent: v2.CreateGrantEvent_builder{
		Entitlement: g.GetEntitlement(), Principal: g.GetPrincipal(), Annotations: g.GetAnnotations(),
	}.Build()}.Build(), nil
}

// reachMembers lets what a group was given reach its members, as in a snapshot.
func (d *directoryChanges) reachMembers(g *v2.Grant, resourceType, slug, group string) error {
	switch {
	case slug == model.SlugOwner || resourceType == model.TypeAdministrativeUnit || resourceType == model.TypeLicense:
		return nil
	case resourceType == model.TypeGroup:
		return d.expand.Nested(g, group)
	case resourceType == model.TypeApplication:
		return d.expand.ToPeople(g, group)
	default:
		return d.expand.Direct(g, group)
	}
}

// resolved are what the objects of entries are in the snapshot.
type resolved struct {
	servicePrincipals map[string]walk.Holder
	// leftOut are groups that are left out on purpose.
	leftOut map[string]bool
}

func (d *directoryChanges) resolve(ctx context.Context, read []understood) (*resolved, error) {
	var servicePrincipals, groups []string
	add := func(o auditObject) {
		switch o.Type {
		case targetServicePrincipal:
			servicePrincipals = append(servicePrincipals, o.ID)
		case targetGroup:
			groups = append(groups, o.ID)
		}
	}
	for _, u := range read {
		for _, change := range u.access {
			add(change.on)
			add(change.who)
		}
		for _, object := range u.changed {
			add(object)
		}
	}
	var known resolved
	var err error
	if known.servicePrincipals, err = d.look.servicePrincipals(ctx, servicePrincipals); err != nil {
		return nil, err
	}
	if d.filter.SkipADGroups {
		known.leftOut, err = d.look.syncedGroups(ctx, groups)
	}
	return &known, err
}

// typesOfTargets are the resource types of the log's own types; the types that
// it has no name for are given by their resource type.
var typesOfTargets = map[string]string{
	targetUser: model.TypeUser, targetGroup: model.TypeGroup, targetApplication: model.TypeAppRegistration, targetDevice: model.TypeDevice, targetUnit: model.TypeAdministrativeUnit,
	model.TypeRole: model.TypeRole, model.TypeScopedRole: model.TypeScopedRole, model.TypeLicense: model.TypeLicense,
}

func (r *resolved) resource(o auditObject) (walk.Holder, bool) {
	if o.Type == targetServicePrincipal {
		h, ok := r.servicePrincipals[o.ID]
		return h, ok
	}
	resourceType, ok := typesOfTargets[o.Type]
	return walk.Holder{Type: resourceType, ID: o.ID}, ok && !r.leftOut[o.ID]
}
