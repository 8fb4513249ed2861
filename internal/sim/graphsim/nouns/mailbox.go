package nouns

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// mailboxProperties are those of mailboxSettings in the schema.
const mailboxProperties = " archiveFolder automaticRepliesSetting dateFormat delegateMeetingMessageDeliveryOptions language timeFormat timeZone userPurpose workingHours "

// mailboxOf resolves the user in the path and what the mailbox is for.
func mailboxOf(c *api.Call) (directory.Ref, string, error) {
	r, err := c.Target()
	if err != nil {
		return 0, "", err
	}
	purpose := c.Tenant.MailboxPurpose(r.Index())
	if purpose == "" {
		return 0, "", &api.Error{
			Status: http.StatusNotFound, Code: "MailboxNotEnabledForRESTAPI",
			Message: "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
		}
	}
	return r, purpose, nil
}

// getUserPurpose answers one property by its own path.
func getUserPurpose(c *api.Call) (api.Reply, error) {
	if _, err := odata.ParseQuery(c, nil, odata.OptionSet()); err != nil {
		return api.Reply{}, err
	}
	r, purpose, err := mailboxOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	return odata.PlainObject(c, fmt.Sprintf("users('%s')/mailboxSettings/userPurpose", c.Tenant.IDOf(r)), map[string]any{"value": purpose})
}

// getMailboxSettings answers the settings that have a value here, or those asked for.
func getMailboxSettings(c *api.Call) (api.Reply, error) {
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	selected := ""
	for _, p := range pairs {
		if p.Name != odata.OptSelect {
			return api.Reply{}, api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
		selected = p.Value
	}
	r, purpose, err := mailboxOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	all := map[string]any{
		"archiveFolder": nil, "timeZone": "Pacific Standard Time", "dateFormat": "M/d/yyyy", "timeFormat": "h:mm tt", "userPurpose": purpose,
	}
	set := fmt.Sprintf("users('%s')/mailboxSettings", c.Tenant.IDOf(r))
	if selected == "" {
		return odata.PlainObject(c, set, all)
	}
	out := map[string]any{}
	for name := range strings.SplitSeq(selected, ",") {
		if !strings.Contains(mailboxProperties, " "+name+" ") {
			return api.Reply{}, &api.Error{
				Status: http.StatusBadRequest, Code: api.CodeBadSyntax,
				Message: fmt.Sprintf("Could not find a property named '%s' on type 'microsoft.graph.mailboxSettings'.", name),
			}
		}
		if v, set := all[name]; set {
			out[name] = v
		}
	}
	return odata.PlainObject(c, set, out)
}
