package nouns

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

// getOfUser answers a row that tells of a user and has the user's id: of the report on authentication methods, or of
// Identity Protection. These services have another code than the directory for what they do not have.
func getOfUser(set string) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		if c.Route.Kind == directory.KindRegistrationDetails {
			if err := permissions.RequireReportsPlan(c, directory.PlanP1); err != nil {
				return api.Reply{}, err
			}
			if err := permissions.CheckFlicker(c); err != nil {
				return api.Reply{}, err
			}
		} else if !c.Tenant.HasPlan(directory.PlanP2) {
			return api.Reply{}, &api.Error{Status: http.StatusForbidden, Code: permissions.CodePremiumRequired, Message: "Your tenant is not licensed for this feature."}
		}
		if u, ok := c.Tenant.Find(directory.KindUser, c.ID); ok {
			if r := directory.MakeRef(c.Route.Kind, u.Index()); c.Tenant.Live(r) {
				return odata.Entity(c, set, r, false, odata.OptionSet(odata.OptSelect))
			}
		}
		return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "UserNotFound", Message: "User not found."}
	}
}

// getDeletedItem answers a user that can still be restored, with its type: the path is one of directory objects.
func getDeletedItem(c *api.Call) (api.Reply, error) {
	for n := range directory.DeletedUsers {
		if r := c.Tenant.DeletedUser(n); c.Tenant.IDOf(r) == c.ID {
			return odata.Entity(c, "directoryObjects", r, true, odata.OptionSet(odata.OptSelect))
		}
	}
	return api.Reply{}, api.NotFound(c.ID)
}

// getDirectoryObject answers an object of whatever kind, with its type (directoryobject-get).
func getDirectoryObject(c *api.Call) (api.Reply, error) {
	g, isGUID := directory.ParseGUID(c.ID)
	if !isGUID {
		return api.Reply{}, api.BadRequest("Invalid object identifier '%s'.", c.ID)
	}
	r, _ := c.Tenant.RefOf(g)
	if _, isObject := permissions.KindEndpoints[r.Kind()]; !isObject {
		return api.Reply{}, api.NotFound(c.ID)
	}
	if _, found := c.Tenant.Find(r.Kind(), c.ID); !found {
		return api.Reply{}, api.NotFound(c.ID)
	}
	return odata.Entity(c, directoryObjects, r, true, odata.OptionSet(odata.OptSelect))
}

// listDeletedUsers lists the users that can still be restored.
func listDeletedUsers(c *api.Call) (api.Reply, error) {
	col := odata.Refs("directory/deletedItems/microsoft.graph.user", c.Tenant.Model.Of(directory.KindUser), c.Tenant.BinnedUsers())
	col.Gone = true
	return odata.List(c, col, plainOptions)
}

// listDomains lists the domains of the tenant, one of which nobody has verified (domain-list).
func listDomains(c *api.Call) (api.Reply, error) {
	row := func(name string, initial, preferred, verified bool) map[string]any {
		return map[string]any{
			"id": name, "authenticationType": "Managed", "availabilityStatus": nil, "isAdminManaged": true, "isDefault": preferred, "isInitial": initial,
			"isRoot": true, "isVerified": verified, "supportedServices": []string{"Email", "OfficeCommunicationsOnline"}, "model": nil, "manufacturer": nil,
			"passwordNotificationWindowInDays": 14, "passwordValidityPeriodInDays": 90, "state": nil,
		}
	}
	return odata.PlainRows(c, "domains", []map[string]any{
		row(c.Tenant.Domain(), true, false, true), row(directory.MailDomain, false, true, true), row("unverified.contoso.com", false, false, false),
	})
}
