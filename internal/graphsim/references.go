package graphsim

import (
	"encoding/json"
	"net/url"
	"strings"
)

// referenceSets are the collections a reference may name an object in; directoryObjects holds all kinds.
var referenceSets = map[string]Kind{
	"users":             KindUser,
	"groups":            KindGroup,
	"serviceprincipals": KindServicePrincipal,
	"devices":           KindDevice,
	"contacts":          KindContact,
	"directoryobjects":  0,
}

// reference reads {"@odata.id": "<root>/v1.0/directoryObjects/<id>"}.
func (c *call) reference() (Ref, error) {
	var body struct {
		ID   string `json:"@odata.id"`
		Type string `json:"@odata.type"`
	}
	if err := c.decode(&body); err != nil {
		return 0, err
	}
	if body.ID == "" {
		return 0, badRequest("A reference needs the property '@odata.id'.")
	}
	return c.referred(body.ID)
}

// references reads a property such as owners@odata.bind.
func (c *call) references(raw json.RawMessage) ([]Ref, error) {
	var links []string
	if raw == nil {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &links); err != nil {
		return nil, badSyntax(messageUnreadable)
	}
	var out []Ref
	for _, link := range links {
		r, err := c.referred(link)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return distinct(out), nil
}

// referred finds the object an address of this Graph names.
func (c *call) referred(link string) (Ref, error) {
	root := c.graph.url + graphPrefix
	u, err := url.Parse(link)
	if err != nil || !strings.EqualFold(u.Scheme+"://"+u.Host, c.graph.url) || !strings.HasPrefix(u.Path, graphPrefix) {
		return 0, badRequest("The URI '%s' is not valid because it is not based on '%s'.", link, root)
	}
	set, id, _ := strings.Cut(strings.TrimPrefix(u.Path, graphPrefix), "/")
	kind, known := referenceSets[strings.ToLower(set)]
	g, isGUID := parseGUID(id)
	if !known || !isGUID {
		return 0, badRequest("Invalid URL format specified in the reference '%s'.", link)
	}
	if kind == 0 {
		r, _ := c.tenant.refOf(g)
		kind = r.Kind()
	}
	return c.resolve(kind, id)
}
