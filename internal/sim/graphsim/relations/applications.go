package relations

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// OwnersOfRegistration are the owners of a registration.
func OwnersOfRegistration(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, c.Tenant.Registrations[r.Index()].Owners)
}

// AssignmentsOf lists the app role assignments of a resource.
func AssignmentsOf(c *api.Call, r directory.Ref) []directory.Ref {
	return appRoleRefs(c.Tenant.AssignedTo[r.Index()])
}

// HeldAssignments lists the app role assignments a principal holds.
func HeldAssignments(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, appRoleRefs(c.Tenant.AssignedByRef[r]))
}

// expandedAssignedTo is AssignmentsOf without what appRoleAssignedTo leaves out of a query that lacks $top=999.
func expandedAssignedTo(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, WithoutManagedIdentities(c, AssignmentsOf(c, r)))
}

func appRoleRefs(indexes []int32) []directory.Ref {
	out := make([]directory.Ref, 0, len(indexes))
	for _, i := range indexes {
		out = append(out, directory.MakeRef(directory.KindAppRoleAssignment, int(i)))
	}
	return out
}

// WithoutManagedIdentities drops the rows Graph was seen to omit unless the page size is the maximum
// (microsoft-graph-docs issue 12243).
func WithoutManagedIdentities(c *api.Call, rows []directory.Ref) []directory.Ref {
	out := make([]directory.Ref, 0, len(rows))
	for _, r := range rows {
		p := c.Tenant.AppAssigned[r.Index()].Principal
		if p.Kind() == directory.KindServicePrincipal && c.Tenant.SPs[p.Index()].Kind == directory.SPManagedIdentity {
			continue
		}
		out = append(out, r)
	}
	return out
}

// OwnersOfDevice are the registered owners of a device.
func OwnersOfDevice(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, schema.DeviceOwners(c.Tenant, r.Index()))
}

// existing keeps the object of an edge's end if there is one now.
func existing(c *api.Call, r directory.Ref) []directory.Ref {
	if r == 0 || directory.IsAttributeSet(r) || !c.Tenant.Shows(r) {
		return nil
	}
	return []directory.Ref{r}
}

// SponsorsOfUser are the people and groups who answer for a user, as a rule a guest.
func SponsorsOfUser(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, c.Tenant.Written.Sponsors[r.Index()])
}

// SponsorsOf are the people who answer for an agent.
func SponsorsOf(c *api.Call, r directory.Ref) []directory.Ref {
	return living(c, c.Tenant.SPs[r.Index()].Sponsors)
}
