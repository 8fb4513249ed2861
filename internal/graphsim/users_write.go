package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

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
func (c *call) updateUser() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	body, err := c.decodeMap()
	if err != nil {
		return reply{}, err
	}
	values, err := c.userValues(body)
	if err != nil {
		return reply{}, err
	}
	if err := c.checkUserChange(r, values); err != nil {
		return reply{}, err
	}
	if given, changes := values[extensionsProperty].(map[string]any); changes {
		values[extensionsProperty] = mergedExtensions(c.tenant.extensionsOf(r.index()), given)
	}
	if _, changes := values["passwordProfile"]; changes {
		values["lastPasswordChangeDateTime"] = c.moment()
	}
	c.commit(lagWrites, c.idsOf(r), func(t *Tenant) { t.set(r, values) })
	return done(), nil
}

func (c *call) checkUserChange(r Ref, values map[string]any) error {
	sensitive := false
	for name := range values {
		sensitive = sensitive || slices.Contains(sensitiveUser, name)
		if !c.maySet(name) {
			return denied()
		}
	}
	if sensitive {
		if err := c.checkPrivileged(r); err != nil {
			return err
		}
	}
	if err := c.checkRestricted(r); err != nil {
		return err
	}
	if c.tenant.flagOf(r, "onPremisesSyncEnabled") {
		for name := range values {
			if !slices.Contains(cloudUser, name) {
				return badRequest(messageSynced)
			}
		}
	}
	if upn, changes := values["userPrincipalName"].(string); changes && c.signInNameTaken(upn, r) {
		return taken("userPrincipalName")
	}
	return nil
}

// maySet is whether the token carries a permission for a property of users.
func (c *call) maySet(name string) bool {
	switch {
	case c.holds("User.ReadWrite.All"), narrowUser[name] != "" && c.holds(narrowUser[name]):
		return true
	case name == "passwordProfile": // Directory.ReadWrite.All does not reach passwords (user-update).
		return false
	default:
		return c.holds("Directory.ReadWrite.All")
	}
}

// deleteUser moves a user to the deleted items.
func (c *call) deleteUser() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	if err := c.checkPrivileged(r); err != nil {
		return reply{}, err
	}
	if err := c.checkRestricted(r); err != nil {
		return reply{}, err
	}
	now := c.moment()
	c.commit(lagWrites, c.idsOf(r), func(t *Tenant) {
		t.remove(r)
		t.written.binned[r] = now
	})
	return done(), nil
}

// setManager makes somebody the manager of a user, in the place of another one.
func (c *call) setManager() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	m, err := c.reference()
	if err != nil {
		return reply{}, err
	}
	if m.Kind() != KindUser && m.Kind() != KindContact {
		return reply{}, badRequest("Invalid object type '%s' for the property 'manager'.", c.tenant.model.of(m.Kind()).name)
	}
	if err := c.checkManaged(r); err != nil {
		return reply{}, err
	}
	c.commit(lagWrites, c.idsOf(r, m), func(t *Tenant) { t.written.managers[r.index()] = m })
	return done(), nil
}

// removeManager leaves a user without a manager.
func (c *call) removeManager() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	m, has := c.tenant.manager(r.index())
	if !has {
		return reply{}, notFound("manager")
	}
	if err := c.checkManaged(r); err != nil {
		return reply{}, err
	}
	c.commit(lagWrites, c.idsOf(r, m), func(t *Tenant) { t.written.managers[r.index()] = 0 })
	return done(), nil
}

func (c *call) checkManaged(r Ref) error {
	if c.tenant.flagOf(r, "onPremisesSyncEnabled") {
		return badRequest(messageSynced)
	}
	return c.checkRestricted(r)
}

// revokeSessions ends the sessions of a user. It answers 200 where the page says 204 (known issues).
func (c *call) revokeSessions() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	if err := c.checkPrivileged(r); err != nil {
		return reply{}, err
	}
	now := c.moment()
	c.commit(lagWrites, c.idsOf(r), func(t *Tenant) { t.set(r, map[string]any{"signInSessionsValidFromDateTime": now}) })
	return c.plainObject("Edm.Boolean", map[string]any{"value": true})
}

// restore brings a user or a group back from the deleted items.
func (c *call) restore() (reply, error) {
	g, isGUID := parseGUID(c.id)
	if !isGUID {
		return reply{}, badRequest("Invalid object identifier '%s'.", c.id)
	}
	r, known := c.tenant.refOf(g)
	if !known || !c.tenant.binnedNow(r) || !c.shownBinned(r) {
		return reply{}, notFound(c.id)
	}
	set, needed := "users", "User.ReadWrite.All User.DeleteRestore.All"
	if r.Kind() == KindGroup {
		set, needed = "groups", "Group.ReadWrite.All"
	}
	if !slices.ContainsFunc(strings.Fields(needed), c.holds) {
		return reply{}, denied()
	}
	if r.Kind() == KindUser && c.signInNameTaken(c.tenant.restoredName(r.index()), r) {
		return reply{}, taken("userPrincipalName")
	}
	c.commit(lagObjects, c.idsOf(r), func(t *Tenant) { t.restore(r) })
	return c.answerEntity(http.StatusOK, set, r)
}

// shownBinned is whether reads show an object among the deleted items.
func (c *call) shownBinned(r Ref) bool {
	shown := c.graph.view()
	if shown == c.tenant {
		return true
	}
	shown.mu.RLock()
	defer shown.mu.RUnlock()
	return shown.binnedNow(r)
}
