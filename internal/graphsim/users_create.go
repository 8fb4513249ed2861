package graphsim

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"
)

const (
	messagePassword = "The specified password does not comply with password complexity requirements. Please provide a different password."
	messageDomain   = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."
	maxEmployeeID   = 16
)

// createUser makes a member (user-post-users).
func (c *call) createUser() (reply, error) {
	body, err := c.decodeMap()
	if err != nil {
		return reply{}, err
	}
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"} {
		if v, given := body[name]; !given || v == nil || v == "" {
			return reply{}, required(name, "User")
		}
	}
	values, err := c.userValues(body)
	if err != nil {
		return reply{}, err
	}
	upn, _ := values["userPrincipalName"].(string)
	if c.signInNameTaken(upn, 0) {
		return reply{}, taken("userPrincipalName")
	}
	setDefault(values, "userType", "Member")
	setDefault(values, extensionsProperty, mergedExtensions(nil, nil))
	now := c.moment()
	values["createdDateTime"], values["signInSessionsValidFromDateTime"], values["lastPasswordChangeDateTime"] = now, now, now
	values["identities"] = []objectIdentity{{SignInType: "userPrincipalName", Issuer: c.tenant.Domain(), IssuerAssignedID: upn}}
	r := c.newUser()
	c.commit(lagObjects, c.idsOf(r), func(t *Tenant) { t.placeUser(r, values) })
	return c.answerEntity(http.StatusCreated, "users", r)
}

// newUser is the next user there will be.
func (c *call) newUser() Ref {
	return userRef(c.tenant.shape.users + max(deletedUsers, c.tenant.written.users))
}

func (t *Tenant) placeUser(r Ref, values map[string]any) {
	t.written.users = max(t.written.users, r.index()+1-t.shape.users)
	t.place(r, values)
}

func setDefault(values map[string]any, name string, v any) {
	if _, given := values[name]; !given {
		values[name] = v
	}
}

// decodeMap reads a body whose properties are checked one by one.
func (c *call) decodeMap() (map[string]any, error) {
	var body map[string]any
	if err := json.Unmarshal(c.body, &body); err != nil {
		return nil, badSyntax(messageUnreadable)
	}
	for name := range body {
		if strings.HasPrefix(name, "@odata.") {
			delete(body, name)
		}
	}
	return body, nil
}

// signInNameTaken is whether another user than self signs in with a name.
func (c *call) signInNameTaken(name string, self Ref) bool {
	r, found := c.tenant.findUserByName(name)
	return found && r != self
}

func (c *call) checkSignInName(name string) error {
	local, domain, ok := strings.Cut(name, "@")
	switch {
	case !ok || local == "" || strings.ContainsAny(local, " ()<>,;:\"[]\\/&*"):
		return badRequest("Property userPrincipalName is invalid.")
	case !c.verified(domain):
		return badRequest(messageDomain)
	}
	return nil
}

func (c *call) verified(domain string) bool {
	return strings.EqualFold(domain, mailDomain) || strings.EqualFold(domain, c.tenant.Domain())
}

// complexPassword is whether a password has three of four sorts of characters and a length Entra takes.
func complexPassword(p string) bool {
	if len(p) < 8 || len(p) > 256 {
		return false
	}
	sorts := 0
	for _, is := range []func(rune) bool{unicode.IsUpper, unicode.IsLower, unicode.IsDigit, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}} {
		if strings.ContainsFunc(p, is) {
			sorts++
		}
	}
	return sorts >= 3
}
