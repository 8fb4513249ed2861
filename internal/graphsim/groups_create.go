package graphsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// maxBound is how many relationships a new object may be bound to (group-post-groups).
const maxBound = 20

// groupBody is what POST /groups takes.
type groupBody struct {
	DisplayName     string          `json:"displayName"`
	Description     *string         `json:"description"`
	MailNickname    string          `json:"mailNickname"`
	MailEnabled     *bool           `json:"mailEnabled"`
	SecurityEnabled *bool           `json:"securityEnabled"`
	GroupTypes      []string        `json:"groupTypes"`
	Visibility      *string         `json:"visibility"`
	RoleAssignable  *bool           `json:"isAssignableToRole"`
	Owners          json.RawMessage `json:"owners@odata.bind"`
	Members         json.RawMessage `json:"members@odata.bind"`
	Type            string          `json:"@odata.type"`
}

// createGroup makes a security group or a group of Microsoft 365.
func (c *call) createGroup() (reply, error) {
	var body groupBody
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	flags, err := c.newGroupFlags(body)
	if err != nil {
		return reply{}, err
	}
	g := group{flags: flags, label: body.DisplayName}
	if g.members, err = c.bound(flags, body.Members, relationMembers); err != nil {
		return reply{}, err
	}
	if g.owners, err = c.bound(flags, body.Owners, relationOwners); err != nil {
		return reply{}, err
	}
	if len(g.members)+len(g.owners) > maxBound {
		return reply{}, badRequest("The number of bound references exceeds the limit of %d.", maxBound)
	}
	r, values := groupRef(len(c.tenant.groups)), c.newGroupValues(body, flags)
	c.commit(lagObjects, c.idsOf(append([]Ref{r}, append(g.members, g.owners...)...)...), func(t *Tenant) { t.placeGroup(g, values) })
	return c.answerEntity(http.StatusCreated, "groups", r)
}

func (c *call) newGroupFlags(b groupBody) (groupFlags, error) {
	unified := slices.Contains(b.GroupTypes, "Unified")
	switch {
	case b.DisplayName == "":
		return 0, required("displayName", "Group")
	case b.MailEnabled == nil:
		return 0, required("mailEnabled", "Group")
	case b.MailNickname == "":
		return 0, required("mailNickname", "Group")
	case b.SecurityEnabled == nil:
		return 0, required("securityEnabled", "Group")
	case strings.ContainsAny(b.MailNickname, "@()\\[]\";:<>, "):
		return 0, invalidValue("mailNickname", "Group")
	case slices.ContainsFunc(b.GroupTypes, func(one string) bool { return one != "Unified" }):
		return 0, invalidValue("groupTypes", "Group") // Dynamic groups are not made here.
	case *b.MailEnabled != unified:
		return 0, badRequest("The service does not currently support writes of mail-enabled groups. " +
			"Please ensure that the mail-enablement property is unset and the security-enablement property is set.")
	case !unified && !*b.SecurityEnabled:
		return 0, invalidValue("securityEnabled", "Group")
	case unified && c.nicknameTaken(b.MailNickname):
		return 0, taken("mailNickname")
	}
	var flags groupFlags
	if unified {
		flags |= groupUnified
	}
	if b.RoleAssignable != nil && *b.RoleAssignable {
		if !c.holds(permissionRoles) {
			return 0, denied()
		}
		if !*b.SecurityEnabled || b.Visibility != nil && *b.Visibility != "Private" {
			return 0, invalidValue("isAssignableToRole", "Group")
		}
		flags |= groupRoleAssignable
	}
	return c.newGroupVisibility(b, flags)
}

func (c *call) newGroupVisibility(b groupBody, flags groupFlags) (groupFlags, error) {
	if b.Visibility == nil {
		return flags, nil
	}
	switch *b.Visibility {
	case "Public", "Private":
		return flags, nil
	case "HiddenMembership":
		if flags&groupUnified != 0 {
			return flags | groupHidden, nil
		}
	}
	return 0, invalidValue("visibility", "Group")
}

// nicknameTaken is whether a group of Microsoft 365 has this alias.
func (c *call) nicknameTaken(name string) bool {
	for g := range c.tenant.groups {
		r := groupRef(g)
		if c.tenant.groups[g].flags&groupUnified != 0 && strings.EqualFold(c.tenant.textOf(r, "mailNickname"), name) && c.tenant.live(r) {
			return true
		}
	}
	return false
}

func (c *call) bound(flags groupFlags, raw json.RawMessage, rel relation) ([]Ref, error) {
	ends, err := c.references(raw)
	if err != nil {
		return nil, err
	}
	for _, end := range ends {
		if err := c.checkEnd(flags, end, rel); err != nil {
			return nil, err
		}
	}
	return ends, nil
}

func (c *call) newGroupValues(b groupBody, flags groupFlags) map[string]any {
	now := c.moment()
	values := map[string]any{
		"displayName": b.DisplayName, "mailNickname": b.MailNickname, "mailEnabled": *b.MailEnabled, "securityEnabled": *b.SecurityEnabled,
		"groupTypes": append([]string{}, b.GroupTypes...), "createdDateTime": now, "renewedDateTime": now,
	}
	if b.Description != nil {
		values["description"] = *b.Description
	}
	switch {
	case b.Visibility != nil:
		values["visibility"] = *b.Visibility
	case flags&groupUnified != 0:
		values["visibility"] = "Public"
	}
	if flags&groupRoleAssignable != 0 {
		values["isAssignableToRole"] = true
	}
	if flags&groupUnified != 0 {
		mail := b.MailNickname + "@" + mailDomain
		values["mail"], values["proxyAddresses"] = mail, []string{"SMTP:" + mail}
	}
	return values
}
