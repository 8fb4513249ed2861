package graph

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// SecurityAttributes are what an organization has written on an object, by attribute set
// and name (https://learn.microsoft.com/graph/api/resources/customsecurityattributevalue).
// A value is a text, a number, a truth value, or a list of texts or of numbers, as
// []any. What is none of these, and what is empty, is not among them.
type SecurityAttributes map[string]map[string]any

// UnmarshalJSON reads the open type that Graph keeps them in, with its annotations. No
// value that Graph may come to send makes a row unreadable.
func (a *SecurityAttributes) UnmarshalJSON(raw []byte) error {
	*a = nil
	var sets map[string]json.RawMessage
	if json.Unmarshal(raw, &sets) != nil {
		return nil //nolint:nilerr // It is no set of attributes.
	}
	found := SecurityAttributes{}
	for set, of := range sets {
		var named map[string]any
		if strings.Contains(set, "@") || json.Unmarshal(of, &named) != nil {
			continue
		}
		values := map[string]any{}
		for name, value := range named {
			if !strings.Contains(name, "@") && isAttributeValue(value) {
				values[name] = value
			}
		}
		if len(values) > 0 {
			found[set] = values
		}
	}
	if len(found) > 0 {
		*a = found
	}
	return nil
}

func isAttributeValue(value any) bool {
	switch v := value.(type) {
	case string:
		return v != ""
	case float64, bool:
		return true
	case []any:
		for _, one := range v {
			if _, list := one.([]any); list || !isAttributeValue(one) {
				return false
			}
		}
		return len(v) > 0
	default:
		return false
	}
}

// Attributed is an object with its custom security attributes. Of a user only the id and
// the attributes are there.
type Attributed struct {
	ServicePrincipalIdentity
	Attributes SecurityAttributes `json:"customSecurityAttributes"`
}

// fieldSecurityAttributes takes a permission of its own: without it Graph refuses the
// request, or says that nobody has any.
const fieldSecurityAttributes = "customSecurityAttributes"

// The probes show whether Graph has custom security attributes here, and not whether the
// caller may read them.
const (
	UserAttributesProbe        = "/users?$select=id," + fieldSecurityAttributes + "&$top=1"
	ApplicationAttributesProbe = "/servicePrincipals?$select=id," + fieldSecurityAttributes + "&$top=1"
)

var (
	userAttributesList        = sending.Query{Path: pathUsers, Fields: []string{"id", fieldSecurityAttributes}, Top: sending.MaxPageSize}
	applicationAttributesList = sending.Query{
		Path: servicePrincipalList.Path, Fields: []string{"id", "servicePrincipalType", fieldSecurityAttributes}, Top: sending.MaxPageSize,
	}
)

// attributesOf is the ladder of a listing of attributes: without them it gives nothing.
func attributesOf(name, path string) *forms.Ladder {
	return &forms.Ladder{
		Name: name, Path: path, Has: fieldSecurityAttributes,
		Steps: []forms.Step{{Form: "999 objects a page"}, {Form: "pages of Graph's own size", Plainer: forms.WithoutTop}},
	}
}

// ListUserAttributes reads one page of people's custom security attributes. next is empty
// for the first page, or Page.Next of the page before. Permission:
// CustomSecAttributeAssignment.Read.All
// (https://learn.microsoft.com/graph/custom-security-attributes-examples).
func (c *Client) ListUserAttributes(ctx context.Context, next string) (*sending.Page[Attributed], error) {
	return sending.GetPage[Attributed](ctx, c.Sender, sending.OrFirst(next, userAttributesList))
}

// ListApplicationAttributes is ListUserAttributes for service principals.
func (c *Client) ListApplicationAttributes(ctx context.Context, next string) (*sending.Page[Attributed], error) {
	return sending.GetPage[Attributed](ctx, c.Sender, sending.OrFirst(next, applicationAttributesList))
}

// UserAttributes reads the custom security attributes of one person.
func (c *Client) UserAttributes(ctx context.Context, id string) (*Attributed, error) {
	return sending.GetObject[Attributed](ctx, c.Sender, userAttributesList.One(id))
}

// ApplicationAttributes reads those of one service principal.
func (c *Client) ApplicationAttributes(ctx context.Context, id string) (*Attributed, error) {
	return sending.GetObject[Attributed](ctx, c.Sender, applicationAttributesList.One(id))
}
