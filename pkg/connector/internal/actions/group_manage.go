package actions

import (
	"context"
	"maps"
	"slices"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	settings "github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// The arguments of the actions that change and delete groups.
const (
	argumentGroupID        = "group_id"
	argumentDisplayName    = "display_name"
	argumentDescription    = "description"
	argumentVisibility     = "visibility"
	argumentMembershipRule = "membership_rule"
	argumentConfirm        = "confirm"
)

// Who may see a Microsoft 365 group. HiddenMembership can be chosen only when a
// group is made (https://learn.microsoft.com/graph/api/resources/group).
const (
	visibilityPublic  = "Public"
	visibilityPrivate = "Private"
)

var (
	groupArgument = textField(argumentGroupID, "Group", "The group's object id.", true)
	groupResult   = textField(argumentGroupID, "Group", "The group's object id.", false)
)

func (d *Doer) updateGroup() action {
	return action{
		name: change.ActionUpdateGroup, title: "Update group", operation: change.OperationManageGroups,
		description: "Changes the properties of a group; what is not given stays as it is. It takes --" + settings.ManageGroupsField.FieldName +
			". A role-assignable group also takes " + change.ReadWriteRoles + ".",
		kinds: dynamicAction,
		arguments: []*config.Field{
			groupArgument,
			textField(argumentDisplayName, "Name", "The group's new name.", false),
			textField(argumentDescription, "Description", "What the group is for; an empty text clears it.", false),
			textField(argumentVisibility, "Visibility", "Public or Private, of a Microsoft 365 group.", false),
			textField(argumentMembershipRule, "Membership rule", "The new rule of a dynamic group. Entra works out the members anew, which takes a while.", false),
		},
		returns: []*config.Field{groupResult, listField("changed", "Changed", "The properties that were set.")},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			id, unlock, err := d.groupToManage(ctx, change.ActionUpdateGroup, args)
			if err != nil {
				return nil, err
			}
			defer unlock()
			properties, err := groupProperties(args)
			if err != nil {
				return nil, err
			}
			if err := d.changeGroup(ctx, id, properties); err != nil {
				return nil, err
			}
			return succeeded(
				actions.NewStringReturnField(argumentGroupID, id),
				actions.NewStringListReturnField("changed", slices.Sorted(maps.Keys(properties))),
			), nil
		},
	}
}

// groupToManage is the id of the group that an action is about, which nobody else
// changes until it is unlocked.
func (d *Doer) groupToManage(ctx context.Context, action string, args *arguments) (string, func(), error) {
	id := args.text(argumentGroupID)
	switch {
	case !d.ManageGroups:
		return "", nil, change.Refused("the action %s changes or deletes groups, which has to be asked for by itself; start the connector with --%s", action, settings.ManageGroupsField.FieldName)
	case uuid.Validate(id) != nil:
		return "", nil, wrongArgument(action, argumentGroupID+" has to be an object id: the names of groups are not unique")
	}
	id = model.ObjectID(id)
	unlock, err := d.provision.Locks.Lock(ctx, "group/"+id)
	return id, unlock, err
}

// wrongArgument refuses an action for what one of its arguments is.
func wrongArgument(action, what string) error {
	return (lifecycle.Faults{what}).Err("the action " + action + " cannot be done as asked")
}

// groupProperties are the properties that the arguments set, under Graph's names.
func groupProperties(args *arguments) (map[string]any, error) {
	wrong := &lifecycle.Faults{}
	properties := map[string]any{}
	for argument, property := range map[string]string{
		argumentDisplayName: model.PropertyDisplayName, argumentDescription: "description", argumentVisibility: "visibility", argumentMembershipRule: "membershipRule",
	} {
		switch {
		case !args.has(argument):
		case !args.empty(argument):
			properties[property] = args.text(argument)
		case argument == argumentDescription:
			properties[property] = nil
		default:
			wrong.Addf("%s cannot be empty", argument)
		}
	}
	slices.Sort(*wrong)
	if name := []rune(args.text(argumentDisplayName)); len(name) > 256 {
		wrong.Addf("%s has %d characters, and Entra takes 256 at the most", argumentDisplayName, len(name))
	}
	if text := args.text(argumentVisibility); text != "" && text != visibilityPublic && text != visibilityPrivate {
		wrong.Addf("%s has to be %s or %s", argumentVisibility, visibilityPublic, visibilityPrivate)
	}
	if len(properties) == 0 && len(*wrong) == 0 {
		wrong.Addf("no property is given")
	}
	return properties, wrong.Err("the group cannot be changed as asked")
}

// changeGroup refuses what Graph would, with the reason, and changes the rest.
func (d *Doer) changeGroup(ctx context.Context, id string, properties map[string]any) error {
	var g *graph.Group
	err := d.provision.Apply(ctx, func(ctx context.Context) error {
		var err error
		g, err = writing.By(d.client).GetGroup(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.refuseGroup(ctx, g); err != nil {
		return err
	}
	_, hasRule := properties["membershipRule"]
	visibility, hasVisibility := properties["visibility"].(string)
	switch {
	case hasRule && !g.Dynamic():
		return change.Refused("group %s has no membership rule: its members are chosen one by one, and a rule would throw them out; make it a dynamic group in the Entra admin centre first", id)
	case hasVisibility && !g.Unified():
		return change.Refused("group %s is a security group, and only Microsoft 365 groups have a visibility", id)
	case visibility == visibilityPublic && g.RoleAssignable():
		return change.Refused("group %s can hold directory roles, and such a group is always private", id)
	}
	return d.explained(ctx, g, d.provision.Apply(ctx, func(ctx context.Context) error { return writing.By(d.client).UpdateGroup(ctx, id, properties) }))
}

// refuseGroup says why a group cannot be changed or deleted, where it tells.
func (d *Doer) refuseGroup(ctx context.Context, g *graph.Group) error {
	id := model.ObjectID(g.ID)
	if g.ExchangeManaged() {
		return change.Refused("group %s cannot be changed through Microsoft Graph: the group is managed by Exchange Online; change it there", id)
	}
	if reason := model.TraitsOf(g).FixedBecause(model.SlugOwner, false); reason != "" { // A membership rule fixes the members alone.
		return change.Refused("group %s cannot be changed through Microsoft Graph: %s", id, reason)
	}
	may, known := d.managesRoles(ctx)
	if !g.RoleAssignable() || may || !known {
		return nil // Graph decides where the token cannot be read.
	}
	return change.Refused("group %s can hold directory roles, so that only an application with %s may change or delete it; the connector's token lacks that permission", id, change.ReadWriteRoles)
}

// managesRoles is whether the connector's token lets it manage directory roles, and
// whether that is known: not every token can be read.
func (d *Doer) managesRoles(ctx context.Context) (bool, bool) {
	claims, err := d.client.Claims(ctx)
	if err != nil {
		return false, false
	}
	return slices.Contains(claims.Permissions(), change.ReadWriteRoles), true
}

// explained adds to Graph's refusal what a role-assignable group takes, where the
// token did not tell before.
func (d *Doer) explained(ctx context.Context, g *graph.Group, err error) error {
	if !failure.IsAccessDenied(err) || !g.RoleAssignable() {
		return err
	}
	if _, known := d.managesRoles(ctx); known {
		return err
	}
	refusal := status.Convert(change.ToChangeStatus(err))
	return status.Errorf(codes.PermissionDenied, "%s; group %s can hold directory roles, which takes %s", refusal.Message(), model.ObjectID(g.ID), change.ReadWriteRoles)
}

func (d *Doer) deleteGroup() action {
	return action{
		name: change.ActionDeleteGroup, title: "Delete group", operation: change.OperationManageGroups,
		description: "Deletes a group, and with it all the access that it gives. A Microsoft 365 group stays in the recycle bin for 30 days; a security group is gone for good. " +
			"It takes --" + settings.ManageGroupsField.FieldName + ". A role-assignable group also takes " + change.ReadWriteRoles + ".",
		kinds: []v2.ActionType{v2.ActionType_ACTION_TYPE_RESOURCE_DELETE},
		arguments: []*config.Field{
			groupArgument,
			textField(argumentConfirm, "Confirm", "The group's object id once more. It is needed only where the group holds a directory role, or may activate one.", false),
		},
		returns: []*config.Field{
			groupResult,
			flagField("deleted", "Deleted", "Whether the group was deleted now.", false),
			flagField("already", "Already", "Whether it was gone before.", false),
			textField(resultRemark, "Remark", "What can still be done about it.", false),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			id, unlock, err := d.groupToManage(ctx, change.ActionDeleteGroup, args)
			if err != nil {
				return nil, err
			}
			defer unlock()
			confirmed := args.text(argumentConfirm)
			if confirmed != "" && model.ObjectID(confirmed) != id {
				return nil, wrongArgument(change.ActionDeleteGroup, argumentConfirm+" has to be the object id of the group that is to be deleted")
			}
			g, outcome, err := d.eraseGroup(ctx, id, confirmed != "")
			if err != nil {
				return nil, err
			}
			return succeeded(
				actions.NewStringReturnField(argumentGroupID, id),
				actions.NewBoolReturnField("deleted", outcome == change.Changed),
				actions.NewBoolReturnField("already", outcome == change.Unchanged),
				actions.NewStringReturnField(resultRemark, afterDeletion(g, outcome)),
			), nil
		},
	}
}

// resultRemark is what somebody should know beside the result of an action.
const resultRemark = "remark"

// eraseGroup deletes a group that may be deleted, and gives it as it was; nil where
// it was not there any more. Nothing is deleted that was not looked at before.
func (d *Doer) eraseGroup(ctx context.Context, id string, confirmed bool) (*graph.Group, change.Outcome, error) {
	patience := min(change.GonePatience, d.provision.Bound())
	if d.provision.Touched.Has(id) {
		patience = d.provision.Bound()
	}
	var g *graph.Group
	_, err := change.SettleWithin(ctx, patience, func(ctx context.Context) error {
		var err error
		g, err = writing.By(d.client).GetGroup(ctx, id)
		return err
	}, change.Never, failure.IsNotFound)
	switch {
	case failure.IsNotFound(err):
		d.provision.Touched.Drop(id)
		return nil, change.Unchanged, nil
	case err != nil:
		return nil, change.Unchanged, err
	}
	if err := d.refuseGroup(ctx, g); err != nil {
		return nil, change.Unchanged, err
	}
	if g.RoleAssignable() && !confirmed {
		if err := d.refuseWithRoles(ctx, id); err != nil {
			return nil, change.Unchanged, err
		}
	}
	outcome, err := d.provision.Erase(ctx, id, func(ctx context.Context) error { return writing.By(d.client).DeleteGroup(ctx, id) })
	return g, outcome, d.explained(ctx, g, err)
}

// refuseWithRoles refuses to delete a group that people hold directory roles
// through: deleting it can lock out all administrators at once.
func (d *Doer) refuseWithRoles(ctx context.Context, id string) error {
	held, err := d.client.PrincipalRoles(ctx, id)
	if err != nil {
		return err
	}
	eligible, err := d.client.PrincipalEligibilities(ctx, id)
	if err != nil && !failure.IsUnlicensed(err) { // Without the licence there are none.
		return err
	}
	if len(held)+len(eligible) == 0 {
		return nil
	}
	return change.Refused("group %s holds %d directory roles and may activate %d, which its members would lose for good; to delete it all the same, ask again with its object id as %s",
		id, len(held), len(eligible), argumentConfirm)
}

// afterDeletion is what can still be done about a group that is gone.
func afterDeletion(g *graph.Group, outcome change.Outcome) string {
	switch {
	case outcome == change.Unchanged:
		return "There is no such group any more. If it was a Microsoft 365 group, it can be restored from the recycle bin for 30 days after it was deleted."
	case g.Unified():
		return "It is a Microsoft 365 group, which stays in the recycle bin for 30 days and can be restored from there."
	}
	return "It was a security group, which has no recycle bin: it is gone for good, and with it what it gave access to."
}
