package nouns

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

const (
	MessagePassword = "The specified password does not comply with password complexity requirements. Please provide a different password."
	MessageDomain   = "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."
	maxEmployeeID   = 16
)

// createUser makes a member (user-post-users).
func createUser(c *api.Call) (api.Reply, error) {
	body, err := decodeMap(c)
	if err != nil {
		return api.Reply{}, err
	}
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"} {
		if v, given := body[name]; !given || v == nil || v == "" {
			return api.Reply{}, api.Required(name, "User")
		}
	}
	values, err := userValues(c, body)
	if err != nil {
		return api.Reply{}, err
	}
	upn, _ := values["userPrincipalName"].(string)
	if signInNameTaken(c, upn, 0) {
		return api.Reply{}, api.Taken("userPrincipalName")
	}
	setDefault(values, "userType", "Member")
	setDefault(values, ExtensionsProperty, MergedExtensions(nil, nil))
	now := c.Moment()
	values["createdDateTime"], values["signInSessionsValidFromDateTime"], values["lastPasswordChangeDateTime"] = now, now, now
	values["identities"] = []schema.ObjectIdentity{{SignInType: "userPrincipalName", Issuer: c.Tenant.Domain(), IssuerAssignedID: upn}}
	r := newUser(c)
	c.Commit(api.LagObjects, c.IDsOf(r), func(t *directory.Tenant) { t.PlaceUser(r, values) })
	return answerEntity(c, http.StatusCreated, "users", r)
}

// newUser is the next user there will be.
func newUser(c *api.Call) directory.Ref {
	return directory.UserRef(c.Tenant.Shape.Users + max(directory.DeletedUsers, c.Tenant.Written.Users))
}

func setDefault(values map[string]any, name string, v any) {
	if _, given := values[name]; !given {
		values[name] = v
	}
}

// decodeMap reads a body whose properties are checked one by one.
func decodeMap(c *api.Call) (map[string]any, error) {
	var body map[string]any
	if err := json.Unmarshal(c.Body, &body); err != nil {
		return nil, api.BadSyntax(api.MessageUnreadable)
	}
	for name := range body {
		if strings.HasPrefix(name, "@odata.") {
			delete(body, name)
		}
	}
	return body, nil
}

// signInNameTaken is whether another user than self signs in with a name.
func signInNameTaken(c *api.Call, name string, self directory.Ref) bool {
	r, found := c.Tenant.FindUserByName(name)
	return found && r != self
}

func checkSignInName(c *api.Call, name string) error {
	local, domain, ok := strings.Cut(name, "@")
	switch {
	case !ok || local == "" || strings.ContainsAny(local, " ()<>,;:\"[]\\/&*"):
		return api.BadRequest("Property userPrincipalName is invalid.")
	case !verified(c, domain):
		return api.BadRequest(MessageDomain)
	}
	return nil
}

func verified(c *api.Call, domain string) bool {
	return strings.EqualFold(domain, directory.MailDomain) || strings.EqualFold(domain, c.Tenant.Domain())
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
