package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

var userResult = textField(argumentUserID, "User", "The user's object id.", false)

func (d *Doer) enableUser() action {
	return action{
		name: change.ActionEnableUser, title: "Enable user", description: "Lets a user sign in.", operation: change.OperationDisableUsers,
		kinds:     accountAction(v2.ActionType_ACTION_TYPE_ACCOUNT_ENABLE),
		arguments: []*config.Field{userArgument}, returns: []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.switchUser(ctx, args, true)
		},
	}
}

func (d *Doer) disableUser() action {
	return action{
		name: change.ActionDisableUser, title: "Disable user", operation: change.OperationDisableUsers,
		description: "Keeps a user from signing in; sessions that are open last until they are renewed.",
		kinds:       accountAction(v2.ActionType_ACTION_TYPE_ACCOUNT_DISABLE),
		arguments:   []*config.Field{userArgument}, returns: []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.switchUser(ctx, args, false)
		},
	}
}

func (d *Doer) switchUser(ctx context.Context, args *arguments, on bool) (*structpb.Struct, error) {
	return d.forUser(ctx, args, func(ctx context.Context, id string) error { return d.setEnabled(ctx, id, on) })
}

// forUser does something to the user that an action is about, while nobody else
// does.
func (d *Doer) forUser(ctx context.Context, args *arguments, do func(context.Context, string) error) (*structpb.Struct, error) {
	id, err := args.user(ctx)
	if err != nil {
		return nil, err
	}
	unlock, err := d.provision.Locks.Lock(ctx, "user/"+id)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := do(ctx, id); err != nil {
		return nil, err
	}
	return succeeded(actions.NewStringReturnField(argumentUserID, id)), nil
}

// setEnabled refuses users whom the on-premises directory would switch back.
func (d *Doer) setEnabled(ctx context.Context, id string, on bool) error {
	user, err := lifecycle.AwaitedUser(ctx, d.provision, id)
	switch {
	case err != nil:
		return err
	case lifecycle.IsSynced(user) && user.AccountEnabled != nil && *user.AccountEnabled == on:
		return nil
	case lifecycle.IsSynced(user):
		return change.Refused("user %s is enabled and disabled in the on-premises directory that it is synchronized from", id)
	}
	return d.update(ctx, id, map[string]any{model.PropertyAccountEnabled: on})
}

func (d *Doer) update(ctx context.Context, id string, properties map[string]any) error {
	return d.provision.Apply(ctx, func(ctx context.Context) error { return writing.By(d.client).UpdateUser(ctx, id, properties) })
}

func (d *Doer) updateUser() action {
	const profile = "user_profile"
	return action{
		name: change.ActionUpdateUser, title: "Update user", operation: change.OperationCreateUsers,
		description: "Changes any properties of a user that Microsoft Graph lets an application change. Passwords are not among them.",
		kinds:       []v2.ActionType{v2.ActionType_ACTION_TYPE_ACCOUNT},
		arguments: []*config.Field{
			userArgument,
			textField(profile, "Properties", `A JSON object with Microsoft Graph's names of properties, such as {"jobTitle": "Engineer"}; null clears one.`, true),
		},
		returns: []*config.Field{userResult, listField("changed", "Changed", "The properties that were set.")},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			properties, err := args.object(profile)
			if err != nil {
				return nil, err
			}
			return d.change(ctx, args, properties)
		},
	}
}

// profileProperties are what update_profile changes, in the order of its form.
var profileProperties = []string{
	model.PropertyDisplayName, model.PropertyGivenName, model.PropertySurname, model.PropertyJobTitle, model.PropertyDepartment,
	"mail", "companyName", model.PropertyEmployeeID, "employeeType", "officeLocation",
	"mobilePhone", "streetAddress", "city", "state", "postalCode", "country", model.PropertyUsageLocation, "preferredLanguage",
}

// ExtensionAttributes are how many attributes there are for the tenant's own
// use.
const extensionAttributes = 15

func extensionAttribute(n int) string { return fmt.Sprintf("extensionAttribute%d", n) }

func (d *Doer) updateProfile() action {
	fields := []*config.Field{userArgument}
	for _, name := range profileProperties {
		fields = append(fields, textField(name, name, "The user's new "+name+"; an empty text clears it.", false))
	}
	for n := 1; n <= extensionAttributes; n++ {
		name := extensionAttribute(n)
		fields = append(fields, textField(name, name, "The user's new "+name+"; an empty text clears it.", false))
	}
	return action{
		name: change.ActionUpdateProfile, title: "Update profile", operation: change.OperationCreateUsers,
		description: "Changes properties of a user, each by a field of its own; what is not given stays as it is.",
		kinds:       accountAction(v2.ActionType_ACTION_TYPE_ACCOUNT_UPDATE_PROFILE),
		arguments:   fields,
		returns:     []*config.Field{userResult, listField("changed", "Changed", "The properties that were set.")},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.change(ctx, args, profileOf(args))
		},
	}
}

// profileOf are the properties that the arguments set or clear.
func profileOf(args *arguments) map[string]any {
	properties, extensions := map[string]any{}, map[string]any{}
	put := func(into map[string]any, name string) {
		switch {
		case !args.has(name):
		case args.empty(name):
			into[name] = nil
		default:
			into[name] = args.text(name)
		}
	}
	for _, name := range profileProperties {
		put(properties, name)
	}
	for n := 1; n <= extensionAttributes; n++ {
		put(extensions, extensionAttribute(n))
	}
	if len(extensions) > 0 {
		properties["onPremisesExtensionAttributes"] = extensions
	}
	return properties
}

// change sets properties of a user, after the checks that Graph's own refusals
// would leave people guessing about.
func (d *Doer) change(ctx context.Context, args *arguments, properties map[string]any) (*structpb.Struct, error) {
	wrong := &lifecycle.Faults{}
	if len(properties) == 0 {
		wrong.Addf("no property is given")
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		text, _ := properties[name].(string)
		switch {
		case !lifecycle.Settable(name):
			wrong.Addf("%s cannot be set", name)
		case name == model.PropertyEmployeeID && len([]rune(text)) > 16:
			wrong.Addf("%s has %d characters, and Entra takes 16 at the most", name, len([]rune(text)))
		case name == model.PropertyUsageLocation && text != "":
			values := map[string]string{name: text}
			lifecycle.CheckUsageLocation(values, wrong)
			properties[name] = values[name]
		}
	}
	if upn, ok := properties[model.PropertyUserPrincipalName].(string); ok {
		organization, err := d.client.Organization(ctx)
		if err != nil {
			return nil, err
		}
		lifecycle.CheckPrincipalName(upn, organization, wrong)
	}
	if err := wrong.Err("the user cannot be changed as asked"); err != nil {
		return nil, err
	}
	result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error { return d.updateUnlessConverted(ctx, id, properties) })
	if err != nil {
		return nil, err
	}
	changed := actions.NewStringListReturnField("changed", slices.Sorted(maps.Keys(properties)))
	result.Fields[changed.Key] = changed.Value
	return result, nil
}

const argumentManager = "manager"

func (d *Doer) setManager() action {
	const managerID = "manager_id"
	return action{
		name: change.ActionSetManager, title: "Set manager", operation: change.OperationCreateUsers,
		description: "Makes somebody the manager of a user, or leaves the user without one.",
		kinds:       dynamicAction,
		arguments: []*config.Field{
			userArgument,
			textField(argumentManager, "Manager", "The manager's object id, user principal name or employee id; nothing for none.", false),
		},
		returns: []*config.Field{userResult, textField(managerID, "Manager", "The manager's object id; empty for none.", false)},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			found := &graph.User{}
			set := func(ctx context.Context, id string) error {
				_, err := d.provision.Erase(ctx, "manager/"+id, func(ctx context.Context) error { return writing.By(d.client).RemoveManager(ctx, id) })
				return err
			}
			if who := args.text(argumentManager); who != "" {
				var err error
				if found, err = kinds.FindPerson(ctx, d.client, who); err != nil {
					return nil, err
				}
				set = func(ctx context.Context, id string) error {
					defer d.provision.Touched.Add("manager/" + id)
					return d.provision.Apply(ctx, func(ctx context.Context) error { return writing.By(d.client).SetManager(ctx, id, found.ID) })
				}
			}
			result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error {
				if _, err := lifecycle.AwaitedUser(ctx, d.provision, id); err != nil { // A missing manager looks like a missing user.
					return err
				}
				return set(ctx, id)
			})
			if err != nil {
				return nil, err
			}
			result.Fields[managerID] = structpb.NewStringValue(model.ObjectID(found.ID))
			return result, nil
		},
	}
}

func (d *Doer) restoreUser() action {
	return action{
		name: change.ActionRestoreUser, title: "Restore user", operation: change.OperationDeleteUsers,
		description: "Brings a user back from the recycle bin, where it stays for 30 days after it was deleted.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{textField(argumentUserID, "User", "The user's object id.", true)},
		returns:     []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			if strings.Contains(args.text(argumentUserID), "@") {
				wrong := lifecycle.Faults{argumentUserID + " has to be an object id: a deleted user has no user principal name"}
				return nil, wrong.Err("the action " + change.ActionRestoreUser + " cannot be done as asked")
			}
			return d.forUser(ctx, args, d.restore)
		},
	}
}

// restore tells a user who is not in the recycle bin (any more, or yet) from one
// that is nowhere.
func (d *Doer) restore(ctx context.Context, id string) error {
	patience := min(change.RestorePatience, d.provision.Bound())
	if d.provision.Touched.Has(id) {
		patience = min(change.GonePatience, patience)
	}
	outcome, err := change.EraseWithin(ctx, patience, func(ctx context.Context) error { return writing.By(d.client).RestoreUser(ctx, id) })
	switch {
	case err != nil:
		return err
	case outcome == change.Changed:
		d.provision.Touched.Add(id)
		return nil
	}
	_, err = d.client.GetUser(ctx, id)
	if failure.IsNotFound(err) {
		return change.Refused("user %s is neither in the recycle bin nor in the tenant; the bin keeps users for 30 days", id)
	}
	return err
}
