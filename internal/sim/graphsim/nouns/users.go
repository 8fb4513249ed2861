package nouns

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// checkPrivileged refuses to touch an administrator without a role that is high enough.
func checkPrivileged(c *api.Call, user directory.Ref) error {
	if !c.Graph.Settings().Privileged {
		return nil
	}
	privileged, limited := c.Tenant.RolesOf(user)
	switch {
	case !privileged, callerHolds(c, 0, directory.RoleGlobalAdministrator, directory.RolePrivilegedAuthentication), limited && callerHolds(c, 0, directory.RoleUserAdministrator):
		return nil
	default:
		return api.Denied()
	}
}

// narrowUser are the permissions that let an application set one property or a few of a user, and no other.
var narrowUser = map[string]string{
	"accountEnabled":  "User.EnableDisableAccount.All",
	"passwordProfile": "User-PasswordProfile.ReadWrite.All",
	"mail":            "User-Mail.ReadWrite.All",
	"otherMails":      "User-Mail.ReadWrite.All",
	"businessPhones":  "User-Phone.ReadWrite.All",
	"mobilePhone":     "User-Phone.ReadWrite.All",
}

// sensitiveUser are the properties that a permission alone does not let an application set on an administrator
// (users: who can perform sensitive actions).
var sensitiveUser = strings.Fields("accountEnabled passwordProfile mobilePhone businessPhones otherMails userPrincipalName employeeId")

// cloudUser are the properties of a synced user that are not mastered on premises.
var cloudUser = strings.Fields("usageLocation passwordPolicies otherMails ageGroup consentProvidedForMinor preferredDataLocation")

// updateUser changes properties of a user.
func updateUser(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	body, err := decodeMap(c)
	if err != nil {
		return api.Reply{}, err
	}
	values, err := userValues(c, body)
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkUserChange(c, r, values); err != nil {
		return api.Reply{}, err
	}
	if given, changes := values[ExtensionsProperty].(map[string]any); changes {
		values[ExtensionsProperty] = MergedExtensions(schema.ExtensionsOf(c.Tenant, r.Index()), given)
	}
	if _, changes := values["passwordProfile"]; changes {
		values["lastPasswordChangeDateTime"] = c.Moment()
	}
	c.Commit(api.LagWrites, c.IDsOf(r), func(t *directory.Tenant) { t.Set(r, values) })
	return api.Done(), nil
}

func checkUserChange(c *api.Call, r directory.Ref, values map[string]any) error {
	sensitive := false
	for name := range values {
		sensitive = sensitive || slices.Contains(sensitiveUser, name)
		if !maySet(c, name) {
			return api.Denied()
		}
	}
	if sensitive {
		if err := checkPrivileged(c, r); err != nil {
			return err
		}
	}
	if err := checkRestricted(c, r); err != nil {
		return err
	}
	if c.Tenant.FlagOf(r, "onPremisesSyncEnabled") {
		for name := range values {
			if !slices.Contains(cloudUser, name) {
				return api.BadRequest(MessageSynced)
			}
		}
	}
	if upn, changes := values["userPrincipalName"].(string); changes && signInNameTaken(c, upn, r) {
		return api.Taken("userPrincipalName")
	}
	return nil
}

// maySet is whether the token carries a permission for a property of users.
func maySet(c *api.Call, name string) bool {
	switch {
	case name == schema.LeaveDate && !c.Holds("User-LifeCycleInfo.ReadWrite.All"):
		return false
	case c.Holds("User.ReadWrite.All"), narrowUser[name] != "" && c.Holds(narrowUser[name]):
		return true
	case name == "passwordProfile": // Directory.ReadWrite.All does not reach passwords (user-update).
		return false
	default:
		return c.Holds("Directory.ReadWrite.All")
	}
}

// deleteUser moves a user to the deleted items.
func deleteUser(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkPrivileged(c, r); err != nil {
		return api.Reply{}, err
	}
	if err := checkRestricted(c, r); err != nil {
		return api.Reply{}, err
	}
	now := c.Moment()
	c.Commit(api.LagWrites, c.IDsOf(r), func(t *directory.Tenant) {
		t.Remove(r)
		t.Written.Binned[r] = now
	})
	return api.Done(), nil
}

// setManager makes somebody the manager of a user, in the place of another one.
func setManager(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	m, err := c.Reference()
	if err != nil {
		return api.Reply{}, err
	}
	if m.Kind() != directory.KindUser && m.Kind() != directory.KindContact {
		return api.Reply{}, api.BadRequest("Invalid object type '%s' for the property 'manager'.", c.Tenant.Model.Of(m.Kind()).Name)
	}
	if err := checkManaged(c, r); err != nil {
		return api.Reply{}, err
	}
	c.Commit(api.LagWrites, c.IDsOf(r, m), func(t *directory.Tenant) { t.Written.Managers[r.Index()] = m })
	return api.Done(), nil
}

// removeManager leaves a user without a manager.
func removeManager(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	m, has := c.Tenant.Manager(r.Index())
	if !has {
		return api.Reply{}, api.NotFound("manager")
	}
	if err := checkManaged(c, r); err != nil {
		return api.Reply{}, err
	}
	c.Commit(api.LagWrites, c.IDsOf(r, m), func(t *directory.Tenant) { t.Written.Managers[r.Index()] = 0 })
	return api.Done(), nil
}

func checkManaged(c *api.Call, r directory.Ref) error {
	if c.Tenant.FlagOf(r, "onPremisesSyncEnabled") {
		return api.BadRequest(MessageSynced)
	}
	return checkRestricted(c, r)
}

// revokeSessions ends the sessions of a user. It answers 200 where the page says 204 (known issues).
func revokeSessions(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkPrivileged(c, r); err != nil {
		return api.Reply{}, err
	}
	now := c.Moment()
	c.Commit(api.LagWrites, c.IDsOf(r), func(t *directory.Tenant) { t.Set(r, map[string]any{"signInSessionsValidFromDateTime": now}) })
	return odata.PlainObject(c, "Edm.Boolean", map[string]any{"value": true})
}

// restore brings a user or a group back from the deleted items.
func restore(c *api.Call) (api.Reply, error) {
	g, isGUID := directory.ParseGUID(c.ID)
	if !isGUID {
		return api.Reply{}, api.BadRequest("Invalid object identifier '%s'.", c.ID)
	}
	r, known := c.Tenant.RefOf(g)
	if !known || !c.Tenant.BinnedNow(r) || !shownBinned(c, r) {
		return api.Reply{}, api.NotFound(c.ID)
	}
	set, needed := "users", "User.ReadWrite.All User.DeleteRestore.All"
	if r.Kind() == directory.KindGroup {
		set, needed = "groups", "Group.ReadWrite.All"
	}
	if !slices.ContainsFunc(strings.Fields(needed), c.Holds) {
		return api.Reply{}, api.Denied()
	}
	if r.Kind() == directory.KindUser && signInNameTaken(c, c.Tenant.RestoredName(r.Index()), r) {
		return api.Reply{}, api.Taken("userPrincipalName")
	}
	c.Commit(api.LagObjects, c.IDsOf(r), func(t *directory.Tenant) { t.Restore(r) })
	return answerEntity(c, http.StatusOK, set, r)
}

// shownBinned is whether reads show an object among the deleted items.
func shownBinned(c *api.Call, r directory.Ref) bool {
	shown := c.Graph.View()
	if shown == c.Tenant {
		return true
	}
	shown.RLock()
	defer shown.RUnlock()
	return shown.BinnedNow(r)
}
