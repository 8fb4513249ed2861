package nouns

import (
	"regexp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// maxGroupName is the longest name of a group (resource type group).
const maxGroupName = 256

// MessageNoRule refuses a rule for a group whose members somebody chooses.
const MessageNoRule = "A membership rule can only be set for a group of the type DynamicMembership."

// fixedGroup are the properties that Graph sets itself, or once (group-update).
var fixedGroup = strings.Fields("id createdDateTime isAssignableToRole mail mailEnabled proxyAddresses renewedDateTime securityIdentifier deletedDateTime")

// membershipRule is the outline of a rule: a property of a user or a device, an operator, a value.
var membershipRule = regexp.MustCompile(`^\s*\(?\s*(user|device)\.[A-Za-z0-9]+\s+-[A-Za-z]+\s+\S`)

// updateGroup changes properties of a group (group-update).
func updateGroup(c *api.Call) (api.Reply, error) {
	g, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	body, err := decodeMap(c)
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkGroup(c, g, directory.RelationNone); err != nil {
		return api.Reply{}, err
	}
	if len(body) == 0 {
		return api.Reply{}, api.BadRequest("The request has no properties to update.")
	}
	for name, v := range body {
		if err := checkGroupValue(c, g, name, v); err != nil {
			return api.Reply{}, err
		}
	}
	if _, changes := body["description"]; !changes { // It follows from the name in a group that nobody has described.
		body["description"] = directory.OrNull(c.Tenant.TextOf(g, "description"))
	}
	c.Commit(api.LagWrites, c.IDsOf(g), func(t *directory.Tenant) {
		t.Set(g, body)
		if name, renamed := body["displayName"].(string); renamed {
			t.Groups[g.Index()].Label = name
		}
	})
	return api.Done(), nil
}

func checkGroupValue(c *api.Call, g directory.Ref, name string, v any) error {
	flags := c.Tenant.Groups[g.Index()].Flags
	text, isText := v.(string)
	ok := isText && text != ""
	switch name {
	case "displayName":
		ok = ok && len([]rune(text)) <= maxGroupName
	case "description":
		ok = ok || v == nil
	case "mailNickname":
		ok = ok && !strings.ContainsAny(text, "@()\\[]\";:<>, ")
	case "visibility":
		ok = flags&directory.FlagUnified != 0 && (text == "Private" || text == "Public" && flags&directory.FlagRoleAssignable == 0)
	case "membershipRule":
		if flags&directory.FlagDynamic == 0 {
			return api.BadRequest(MessageNoRule)
		}
		ok = ok && membershipRule.MatchString(text)
	default:
		if _, known := c.Tenant.Model.Of(directory.KindGroup).Property(name); !known {
			return api.BadRequest("Invalid property '%s'.", name)
		}
		if slices.Contains(fixedGroup, name) {
			return api.ReadOnly(name)
		}
		return api.BadRequest("Property '%s' is not updated here.", name) // No client of this tenant needs it.
	}
	if !ok {
		return api.InvalidValue(name, "Group")
	}
	return nil
}
