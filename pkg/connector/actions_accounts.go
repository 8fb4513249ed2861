package connector

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

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

var userResult = textField(argumentUserID, "User", "The user's object id.", false)

func (d *doer) enableUser() action {
	return action{
		name: actionEnableUser, title: "Enable user", description: "Lets a user sign in.", operation: operationDisableUsers,
		kinds:     accountAction(v2.ActionType_ACTION_TYPE_ACCOUNT_ENABLE),
		arguments: []*config.Field{userArgument}, returns: []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.switchUser(ctx, args, true)
		},
	}
}

func (d *doer) disableUser() action {
	return action{
		name: actionDisableUser, title: "Disable user", description: "Keeps a user from signing in; sessions that are open last until they are renewed.", operation: operationDisableUsers,
		kinds:     accountAction(v2.ActionType_ACTION_TYPE_ACCOUNT_DISABLE),
		arguments: []*config.Field{userArgument}, returns: []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.switchUser(ctx, args, false)
		},
	}
}

func (d *doer) switchUser(ctx context.Context, args *arguments, on bool) (*structpb.Struct, error) {
	return d.forUser(ctx, args, func(ctx context.Context, id string) error { return d.setEnabled(ctx, id, on) })
}

// forUser does something to the user that an action is about, while nobody else
// does.
func (d *doer) forUser(ctx context.Context, args *arguments, do func(context.Context, string) error) (*structpb.Struct, error) {
	id, err := args.user(ctx)
	if err != nil {
		return nil, err
	}
	unlock, err := d.provision.locks.lock(ctx, "user/"+id)
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
func (d *doer) setEnabled(ctx context.Context, id string, on bool) error {
	user, err := awaitedUser(ctx, d.provision, id)
	switch {
	case err != nil:
		return err
	case isSynced(user):
		return refused("user %s is enabled and disabled in the on-premises directory that it is synchronized from", id)
	}
	return d.update(ctx, id, map[string]any{propertyAccountEnabled: on})
}

func (d *doer) update(ctx context.Context, id string, properties map[string]any) error {
	return d.provision.apply(ctx, func(ctx context.Context) error { return d.client.UpdateUser(ctx, id, properties) })
}

func (d *doer) updateUser() action {
	const profile = "user_profile"
	return action{
		name: actionUpdateUser, title: "Update user", operation: operationCreateUsers,
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
	propertyDisplayName, propertyGivenName, propertySurname, propertyJobTitle, propertyDepartment, "companyName", propertyEmployeeID, "employeeType", "officeLocation",
	"mobilePhone", "streetAddress", "city", "state", "postalCode", "country", propertyUsageLocation, "preferredLanguage",
}

// extensionAttributes are how many attributes there are for the tenant's own
// use.
const extensionAttributes = 15

func extensionAttribute(n int) string { return fmt.Sprintf("extensionAttribute%d", n) }

func (d *doer) updateProfile() action {
	fields := []*config.Field{userArgument}
	for _, name := range profileProperties {
		fields = append(fields, textField(name, name, "The user's new "+name+"; an empty text clears it.", false))
	}
	for n := 1; n <= extensionAttributes; n++ {
		name := extensionAttribute(n)
		fields = append(fields, textField(name, name, "The user's new "+name+"; an empty text clears it.", false))
	}
	return action{
		name: actionUpdateProfile, title: "Update profile", operation: operationCreateUsers,
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
func (d *doer) change(ctx context.Context, args *arguments, properties map[string]any) (*structpb.Struct, error) {
	wrong := &faults{}
	if len(properties) == 0 {
		wrong.addf("no property is given")
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		text, _ := properties[name].(string)
		switch {
		case !settable(name):
			wrong.addf("%s cannot be set", name)
		case name == propertyEmployeeID && len([]rune(text)) > 16:
			wrong.addf("%s has %d characters, and Entra takes 16 at the most", name, len([]rune(text)))
		case name == propertyUsageLocation && text != "":
			values := map[string]string{name: text}
			checkUsageLocation(values, wrong)
			properties[name] = values[name]
		}
	}
	if upn, ok := properties[propertyUserPrincipalName].(string); ok {
		organization, err := d.client.Organization(ctx)
		if err != nil {
			return nil, err
		}
		checkPrincipalName(upn, organization, wrong)
	}
	if err := wrong.err("the user cannot be changed as asked"); err != nil {
		return nil, err
	}
	result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error { return d.update(ctx, id, properties) })
	if err != nil {
		return nil, err
	}
	changed := actions.NewStringListReturnField("changed", slices.Sorted(maps.Keys(properties)))
	result.Fields[changed.Key] = changed.Value
	return result, nil
}

func (d *doer) setManager() action {
	const manager, managerID = "manager", "manager_id"
	return action{
		name: actionSetManager, title: "Set manager", operation: operationCreateUsers,
		description: "Makes somebody the manager of a user, or leaves the user without one.",
		kinds:       dynamicAction,
		arguments: []*config.Field{
			userArgument,
			textField(manager, "Manager", "The manager's object id, user principal name or employee id; an empty text for none.", false),
		},
		returns: []*config.Field{userResult, textField(managerID, "Manager", "The manager's object id; empty for none.", false)},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			if !args.has(manager) {
				return nil, (faults{manager + " is required; an empty text leaves the user without one"}).err("the action " + actionSetManager + " cannot be done as asked")
			}
			found := &graph.User{}
			set := func(ctx context.Context, id string) error {
				_, err := d.provision.erase(ctx, "manager/"+id, func(ctx context.Context) error { return d.client.RemoveManager(ctx, id) })
				return err
			}
			if who := args.text(manager); who != "" {
				var err error
				if found, err = findPerson(ctx, d.client, who); err != nil {
					return nil, err
				}
				set = func(ctx context.Context, id string) error {
					defer d.provision.touched.add("manager/" + id)
					return d.provision.apply(ctx, func(ctx context.Context) error { return d.client.SetManager(ctx, id, found.ID) })
				}
			}
			result, err := d.forUser(ctx, args, func(ctx context.Context, id string) error {
				if _, err := awaitedUser(ctx, d.provision, id); err != nil { // A missing manager looks like a missing user.
					return err
				}
				return set(ctx, id)
			})
			if err != nil {
				return nil, err
			}
			result.Fields[managerID] = structpb.NewStringValue(objectID(found.ID))
			return result, nil
		},
	}
}

func (d *doer) restoreUser() action {
	return action{
		name: actionRestoreUser, title: "Restore user", operation: operationDeleteUsers,
		description: "Brings a user back from the recycle bin, where it stays for 30 days after it was deleted.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{textField(argumentUserID, "User", "The user's object id.", true)},
		returns:     []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			if strings.Contains(args.text(argumentUserID), "@") {
				return nil, (faults{argumentUserID + " has to be an object id: a deleted user has no user principal name"}).err("the action " + actionRestoreUser + " cannot be done as asked")
			}
			return d.forUser(ctx, args, d.restore)
		},
	}
}

// restore tells a user who is not in the recycle bin (any more, or yet) from one
// that is nowhere.
func (d *doer) restore(ctx context.Context, id string) error {
	patience := min(restorePatience, d.provision.bound())
	if d.provision.touched.has(id) {
		patience = min(gonePatience, patience)
	}
	outcome, err := eraseWithin(ctx, patience, func(ctx context.Context) error { return d.client.RestoreUser(ctx, id) })
	switch {
	case err != nil:
		return err
	case outcome == changed:
		d.provision.touched.add(id)
		return nil
	}
	_, err = d.client.GetUser(ctx, id)
	if failure.IsNotFound(err) {
		return refused("user %s is neither in the recycle bin nor in the tenant; the bin keeps users for 30 days", id)
	}
	return err
}
