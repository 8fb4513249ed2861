// Package entitlements is entitlement management as Graph serves it: catalogues, access packages, policies, assignments
// and the roles that manage them, for reading and for writing. It is a service beside the directory, with pages and
// filters of its own.
package entitlements

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

const root = "identitygovernance/entitlementmanagement/"

// Routes is every endpoint of entitlement management. Costs are not documented.
func Routes() []api.Route {
	get := func(path string, single bool, run func(c *api.Call) (api.Reply, error)) api.Route {
		return api.Route{Path: path, Kind: directory.KindMisc, Cost: 1, Single: single, Run: permissions.Needing(directory.PlanP2, run)}
	}
	return []api.Route{
		get(root+"catalogs", false, list("identityGovernance/entitlementManagement/catalogs", catalogType, seenCatalogRows)),
		get(root+"catalogs/{id}", true, one("identityGovernance/entitlementManagement/catalogs", catalogType, seenCatalog)),
		get(root+"accesspackages", false, list("identityGovernance/entitlementManagement/accessPackages", packageType, bareRows)),
		get(root+"accesspackages/{id}", true, one("identityGovernance/entitlementManagement/accessPackages", packageType, wholePackage)),
		get(root+"assignmentpolicies", false, list("identityGovernance/entitlementManagement/assignmentPolicies", policyType, policyRows)),
		get(root+"assignments", false, list("identityGovernance/entitlementManagement/assignments", assignmentType, assignmentRows)),
		get(root+"assignmentrequests/{id}", true, getRequest),
		get("rolemanagement/entitlementmanagement/roleassignments", false, list("roleManagement/entitlementManagement/roleAssignments", roleType, roleRows)),
		{
			Method: http.MethodPost, Path: root + "assignmentrequests", Kind: directory.KindMisc, Bodied: true,
			Run: permissions.Needing(directory.PlanP2, ask),
		},
	}
}

// pageSize is the page of all lists here, which take no $top.
const pageSize = 25

type rowsOf = func(c *api.Call) odata.Rows

func list(set string, of *odata.RowType, rows rowsOf) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) { return odata.ListRows(c, set, of, rows(c), pageSize) }
}

func one(set string, of *odata.RowType, find func(c *api.Call, id string) odata.Row) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		row := find(c, c.ID)
		if row == nil {
			return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "ResourceNotFound", Message: "The resource is not found."}
		}
		return odata.OneRow(c, set, of, row)
	}
}
