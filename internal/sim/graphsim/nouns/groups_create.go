package nouns

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

// MaxBound is how many relationships a new object may be bound to (group-post-groups).
const MaxBound = 20

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
func createGroup(c *api.Call) (api.Reply, error) {
	var body groupBody
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	flags, err := newGroupFlags(c, body)
	if err != nil {
		return api.Reply{}, err
	}
	g := directory.Group{Flags: flags, Label: body.DisplayName}
	if g.Members, err = bound(c, flags, body.Members, directory.RelationMembers); err != nil {
		return api.Reply{}, err
	}
	if g.Owners, err = bound(c, flags, body.Owners, directory.RelationOwners); err != nil {
		return api.Reply{}, err
	}
	if len(g.Members)+len(g.Owners) > MaxBound {
		return api.Reply{}, api.BadRequest("The number of bound references exceeds the limit of %d.", MaxBound)
	}
	r, values := directory.GroupRef(len(c.Tenant.Groups)), newGroupValues(c, body, flags)
	c.Commit(api.LagObjects, c.IDsOf(append([]directory.Ref{r}, append(g.Members, g.Owners...)...)...), func(t *directory.Tenant) { t.PlaceGroup(g, values) })
	return answerEntity(c, http.StatusCreated, "groups", r)
}

func newGroupFlags(c *api.Call, b groupBody) (directory.GroupFlags, error) {
	unified := slices.Contains(b.GroupTypes, "Unified")
	switch {
	case b.DisplayName == "":
		return 0, api.Required("displayName", "Group")
	case b.MailEnabled == nil:
		return 0, api.Required("mailEnabled", "Group")
	case b.MailNickname == "":
		return 0, api.Required("mailNickname", "Group")
	case b.SecurityEnabled == nil:
		return 0, api.Required("securityEnabled", "Group")
	case strings.ContainsAny(b.MailNickname, "@()\\[]\";:<>, "):
		return 0, api.InvalidValue("mailNickname", "Group")
	case slices.ContainsFunc(b.GroupTypes, func(one string) bool { return one != "Unified" }):
		return 0, api.InvalidValue("groupTypes", "Group") // Dynamic groups are not made here.
	case *b.MailEnabled != unified:
		return 0, api.BadRequest("The service does not currently support writes of mail-enabled groups. " +
			"Please ensure that the mail-enablement property is unset and the security-enablement property is set.")
	case !unified && !*b.SecurityEnabled:
		return 0, api.InvalidValue("securityEnabled", "Group")
	case unified && nicknameTaken(c, b.MailNickname):
		return 0, api.Taken("mailNickname")
	}
	var flags directory.GroupFlags
	if unified {
		flags |= directory.FlagUnified
	}
	if b.RoleAssignable != nil && *b.RoleAssignable {
		if !c.Holds(permissions.PermissionRoles) {
			return 0, api.Denied()
		}
		if !*b.SecurityEnabled || b.Visibility != nil && *b.Visibility != "Private" {
			return 0, api.InvalidValue("isAssignableToRole", "Group")
		}
		flags |= directory.FlagRoleAssignable
	}
	return newGroupVisibility(c, b, flags)
}

func newGroupVisibility(c *api.Call, b groupBody, flags directory.GroupFlags) (directory.GroupFlags, error) {
	if b.Visibility == nil {
		return flags, nil
	}
	switch *b.Visibility {
	case "Public", "Private":
		return flags, nil
	case "HiddenMembership":
		if flags&directory.FlagUnified != 0 {
			return flags | directory.FlagHidden, nil
		}
	}
	return 0, api.InvalidValue("visibility", "Group")
}

// nicknameTaken is whether a group of Microsoft 365 has this alias.
func nicknameTaken(c *api.Call, name string) bool {
	for g := range c.Tenant.Groups {
		r := directory.GroupRef(g)
		if c.Tenant.Groups[g].Flags&directory.FlagUnified != 0 && strings.EqualFold(c.Tenant.TextOf(r, "mailNickname"), name) && c.Tenant.Live(r) {
			return true
		}
	}
	return false
}

func bound(c *api.Call, flags directory.GroupFlags, raw json.RawMessage, rel directory.Relation) ([]directory.Ref, error) {
	ends, err := c.References(raw)
	if err != nil {
		return nil, err
	}
	for _, end := range ends {
		if err := checkEnd(c, flags, end, rel); err != nil {
			return nil, err
		}
	}
	return ends, nil
}

func newGroupValues(c *api.Call, b groupBody, flags directory.GroupFlags) map[string]any {
	now := c.Moment()
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
	case flags&directory.FlagUnified != 0:
		values["visibility"] = "Public"
	}
	if flags&directory.FlagRoleAssignable != 0 {
		values["isAssignableToRole"] = true
	}
	if flags&directory.FlagUnified != 0 {
		mail := b.MailNickname + "@" + directory.MailDomain
		values["mail"], values["proxyAddresses"] = mail, []string{"SMTP:" + mail}
	}
	return values
}
