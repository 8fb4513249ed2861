package api

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Second is the object of the second id in the path, whatever its kind.
func (c *Call) Second() (directory.Ref, error) {
	g, ok := directory.ParseGUID(c.Related)
	if !ok {
		return 0, BadRequest("Invalid object identifier '%s'.", c.Related)
	}
	r, _ := c.Tenant.RefOf(g)
	return c.Resolve(r.Kind(), c.Related)
}

// IDsOf are the ids of some objects, in their order.
func (c *Call) IDsOf(list ...directory.Ref) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		out = append(out, c.Tenant.IDOf(r))
	}
	return out
}

// Moment is now, as Graph writes it.
func (c *Call) Moment() string { return c.Graph.Now().UTC().Format("2006-01-02T15:04:05Z") }

// Target resolves the id in the path.
func (c *Call) Target() (directory.Ref, error) {
	if r, ok := c.Tenant.Find(c.Route.Kind, c.ID); ok {
		return r, nil
	}
	if _, isGUID := directory.ParseGUID(c.ID); !isGUID && c.Route.Kind == directory.KindUser {
		if r, ok := c.Tenant.FindUserByName(c.ID); ok {
			return r, nil
		}
	} else if !isGUID && c.Route.Kind != directory.KindRoleAssignment {
		return 0, BadRequest("Invalid object identifier '%s'.", c.ID)
	}
	return 0, NotFound(c.ID)
}

// referenceSets are the collections a reference may name an object in; directoryObjects holds all kinds.
var referenceSets = map[string]directory.Kind{
	"users":             directory.KindUser,
	"groups":            directory.KindGroup,
	"serviceprincipals": directory.KindServicePrincipal,
	"devices":           directory.KindDevice,
	"contacts":          directory.KindContact,
	"directoryobjects":  0,
}

// Reference reads {"@odata.id": "<root>/v1.0/directoryObjects/<id>"}.
func (c *Call) Reference() (directory.Ref, error) {
	var body struct {
		ID   string `json:"@odata.id"`
		Type string `json:"@odata.type"`
	}
	if err := c.Decode(&body); err != nil {
		return 0, err
	}
	if body.ID == "" {
		return 0, BadRequest("A reference needs the property '@odata.id'.")
	}
	return c.referred(body.ID)
}

// References reads a property such as owners@odata.bind.
func (c *Call) References(raw json.RawMessage) ([]directory.Ref, error) {
	var links []string
	if raw == nil {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &links); err != nil {
		return nil, BadSyntax(MessageUnreadable)
	}
	var out []directory.Ref
	for _, link := range links {
		r, err := c.referred(link)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return directory.Distinct(out), nil
}

// referred finds the object an address of this Graph names.
func (c *Call) referred(link string) (directory.Ref, error) {
	root := c.Graph.URL + GraphPrefix
	u, err := url.Parse(link)
	if err != nil || !strings.EqualFold(u.Scheme+"://"+u.Host, c.Graph.URL) || !strings.HasPrefix(u.Path, GraphPrefix) {
		return 0, BadRequest("The URI '%s' is not valid because it is not based on '%s'.", link, root)
	}
	set, id, _ := strings.Cut(strings.TrimPrefix(u.Path, GraphPrefix), "/")
	kind, known := referenceSets[strings.ToLower(set)]
	g, isGUID := directory.ParseGUID(id)
	if !known || !isGUID {
		return 0, BadRequest("Invalid URL format specified in the reference '%s'.", link)
	}
	if kind == 0 {
		r, _ := c.Tenant.RefOf(g)
		kind = r.Kind()
	}
	return c.Resolve(kind, id)
}

// Present is whether an object is there, also for writes: one made a moment ago is not.
func (c *Call) Present(r directory.Ref) bool {
	if !c.Tenant.Live(r) {
		return false
	}
	shown := c.Graph.View()
	if shown == c.Tenant {
		return true
	}
	shown.RLock()
	defer shown.RUnlock()
	return r.Index() < shown.Count(r.Kind()) && shown.Live(r)
}

// Resolve finds an object of a kind by its id.
func (c *Call) Resolve(kind directory.Kind, id string) (directory.Ref, error) {
	r, ok := c.Tenant.Find(kind, id)
	if !ok || !c.Present(r) {
		return 0, NotFound(id)
	}
	return r, nil
}

// Subject is the object in the path of a write.
func (c *Call) Subject() (directory.Ref, error) {
	r, err := c.Target()
	if err == nil && !c.Present(r) {
		return 0, NotFound(c.ID)
	}
	return r, err
}
