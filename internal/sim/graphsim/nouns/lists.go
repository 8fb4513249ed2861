package nouns

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
)

// plainList lists every row of the route's kind, without the options of directory objects.
func plainList(set string, allowed odata.Options) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		kind := c.Route.Kind
		if len(allowed.Names) == 0 {
			c.Effects = api.PageEffects{ForeignHost: c.Effects.ForeignHost} // Without options there is no second page to go wrong.
		}
		return odata.List(c, odata.Collection{
			Set: set, Entity: c.Tenant.Model.Of(kind), Size: c.Tenant.Count(kind), At: func(i int) directory.Ref { return directory.MakeRef(kind, i) },
		}, allowed)
	}
}

const directoryObjects = "directoryObjects"

// ordinaryList lists every object of the route's kind.
func ordinaryList(set string, allowed odata.Options) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		kind := c.Route.Kind
		return odata.List(c, odata.Collection{
			Set: set, Entity: c.Tenant.Model.Of(kind), Size: c.Tenant.Count(kind), Ordinary: c.Cast == 0,
			At: func(i int) directory.Ref { return directory.MakeRef(kind, i) },
		}, allowed)
	}
}

// roleList lists role definitions or assignments, in pages of a size of their own.
func roleList(set string) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		kind := c.Route.Kind
		return odata.List(c, odata.Collection{
			Set: set, Entity: c.Tenant.Model.Of(kind), Size: c.Tenant.Count(kind), PageMax: RolePageSize,
			At: func(i int) directory.Ref { return directory.MakeRef(kind, i) },
		}, roleOptions)
	}
}

// oneOf answers the object the path names.
func oneOf(set string) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		r, err := c.Target()
		if err != nil {
			return api.Reply{}, err
		}
		return odata.Entity(c, set, r, false, oneOptions)
	}
}

// related lists the directory objects at the end of a relationship.
func related(follow func(c *api.Call, r directory.Ref) []directory.Ref) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		r, err := c.Target()
		if err != nil {
			return api.Reply{}, err
		}
		c.Paged = true
		defer func() { c.Paged = false }()
		return odata.List(c, odata.Refs(directoryObjects, nil, follow(c, r)), relationOptions)
	}
}

func getManager(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	m, ok := c.Tenant.Manager(r.Index())
	if !ok {
		return api.Reply{}, api.NotFound("manager")
	}
	return odata.Entity(c, directoryObjects, m, true, odata.OptionSet(odata.OptSelect))
}

// listAssignedTo leaves managed identities out unless the page size is the maximum, and pages as asked.
func listAssignedTo(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	rows := relations.AssignmentsOf(c, r)
	entity := c.Tenant.Model.Of(directory.KindAppRoleAssignment)
	q, err := odata.ParseQuery(c, entity, assignedOptions)
	if err != nil {
		return api.Reply{}, err
	}
	if q.Top != odata.MaxTop {
		rows = relations.WithoutManagedIdentities(c, rows)
	}
	return odata.List(c, odata.Refs("appRoleAssignments", entity, rows), assignedOptions)
}

func listHeld(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	return odata.List(c, odata.Refs("appRoleAssignments", c.Tenant.Model.Of(directory.KindAppRoleAssignment), relations.HeldAssignments(c, r)), assignedOptions)
}

// listOrganization answers its one row whatever paging is asked for.
func listOrganization(c *api.Call) (api.Reply, error) {
	only := odata.Refs("organization", c.Tenant.Model.Of(directory.KindOrganization), []directory.Ref{directory.MakeRef(directory.KindOrganization, 0)})
	return odata.List(c, only, odata.OptionSet(odata.OptSelect, odata.OptTop))
}

var (
	oneOptions      = odata.OptionSet(odata.OptSelect, odata.OptExpand)
	listOptions     = odata.OptionSet(odata.OptSelect, odata.OptExpand, odata.OptFilter, odata.OptTop, odata.OptCount, odata.OptSearch, odata.OptOrderBy, odata.OptSkipToken)
	plainOptions    = odata.OptionSet(odata.OptSelect, odata.OptFilter, odata.OptTop, odata.OptCount, odata.OptOrderBy, odata.OptSkipToken)
	relationOptions = odata.Options{Names: []string{odata.OptSelect, odata.OptFilter, odata.OptTop, odata.OptCount, odata.OptSkipToken}, AdvancedFilter: true}
	roleOptions     = odata.OptionSet(odata.OptSelect, odata.OptExpand, odata.OptFilter, odata.OptSkipToken)
	reportOptions   = odata.OptionSet(odata.OptSelect, odata.OptFilter, odata.OptTop, odata.OptOrderBy, odata.OptSkipToken)
	assignedOptions = odata.OptionSet(odata.OptSelect, odata.OptFilter, odata.OptTop, odata.OptSkipToken)
)

// RolePageSize is the page of the role lists, which do not take $top.
const RolePageSize = 100

// answerEntity answers the object a write made or changed.
func answerEntity(c *api.Call, status int, set string, r directory.Ref) (api.Reply, error) {
	c.Single = true
	out, err := odata.Entity(c, set, r, false, oneOptions)
	out.Status = status
	if err == nil && status == http.StatusCreated {
		out.Header.Set("Location", c.Graph.URL+"/v1.0/"+set+"/"+c.Tenant.IDOf(r))
	}
	return out, err
}
