package graphsim

import (
	"fmt"
	"net/http"
	"strings"
)

// mailboxPurpose is what a mailbox is for, or empty where there is none: guests and customers have an address elsewhere.
func (t *Tenant) mailboxPurpose(i int) string {
	if !userHasMail(i) || isGuest(i) || t.madeUser(i) || t.isCustomer(i) {
		return ""
	}
	h := t.hash(userRef(i), saltMailbox)
	if !userEnabled(i) && i >= firstOrdinaryUser {
		return pick([]string{"shared", "room", "user", "equipment", "shared"}, h)
	}
	switch h % 60 {
	case 0:
		return "shared" // Somebody left its account enabled.
	case 1:
		return "linked"
	case 2:
		return "others"
	default:
		return "user"
	}
}

// mailboxProperties are those of mailboxSettings in the schema.
const mailboxProperties = " archiveFolder automaticRepliesSetting dateFormat delegateMeetingMessageDeliveryOptions language timeFormat timeZone userPurpose workingHours "

// mailboxOf resolves the user in the path and what the mailbox is for.
func (c *call) mailboxOf() (Ref, string, error) {
	r, err := c.target()
	if err != nil {
		return 0, "", err
	}
	purpose := c.tenant.mailboxPurpose(r.index())
	if purpose == "" {
		return 0, "", &graphError{
			status: http.StatusNotFound, code: "MailboxNotEnabledForRESTAPI",
			message: "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
		}
	}
	return r, purpose, nil
}

// getUserPurpose answers one property by its own path.
func (c *call) getUserPurpose() (reply, error) {
	if _, err := c.parseQuery(nil, optionSet()); err != nil {
		return reply{}, err
	}
	r, purpose, err := c.mailboxOf()
	if err != nil {
		return reply{}, err
	}
	return c.plainObject(fmt.Sprintf("users('%s')/mailboxSettings/userPurpose", c.tenant.id(r)), map[string]any{"value": purpose})
}

// getMailboxSettings answers the settings that have a value here, or those asked for.
func (c *call) getMailboxSettings() (reply, error) {
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return reply{}, err
	}
	selected := ""
	for _, p := range pairs {
		if p.name != optSelect {
			return reply{}, badRequest("'%s' is not supported by the service.", p.name)
		}
		selected = p.value
	}
	r, purpose, err := c.mailboxOf()
	if err != nil {
		return reply{}, err
	}
	all := map[string]any{
		"archiveFolder": nil, "timeZone": "Pacific Standard Time", "dateFormat": "M/d/yyyy", "timeFormat": "h:mm tt", "userPurpose": purpose,
	}
	set := fmt.Sprintf("users('%s')/mailboxSettings", c.tenant.id(r))
	if selected == "" {
		return c.plainObject(set, all)
	}
	out := map[string]any{}
	for name := range strings.SplitSeq(selected, ",") {
		if !strings.Contains(mailboxProperties, " "+name+" ") {
			return reply{}, &graphError{
				status: http.StatusBadRequest, code: codeBadSyntax,
				message: fmt.Sprintf("Could not find a property named '%s' on type 'microsoft.graph.mailboxSettings'.", name),
			}
		}
		if v, set := all[name]; set {
			out[name] = v
		}
	}
	return c.plainObject(set, out)
}

// plainObject answers members that belong to no entity.
func (c *call) plainObject(set string, members map[string]any) (reply, error) {
	members["@odata.context"] = c.graph.url + "/v1.0/$metadata#" + set
	return newReply(http.StatusOK, appendJSON(nil, members)), nil
}
