package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const (
	usersPath             = "/users"
	servicePrincipalsPath = "/servicePrincipals"
)

// dataSets tell which part of the tenant a request reads, by pieces of its
// path and query. The first that fits counts.
var dataSets = []struct{ name, path, query string }{
	{"sign-in activity", usersPath, "signInActivity"},
	{"access packages, their catalogues and assignments", "ntitlementManagement/", ""},
	{"MFA registration", "/reports/authenticationMethods/", ""},
	{"guest sponsors", usersPath, "$expand=sponsors"},
	{"security attributes of people", usersPath, "customSecurityAttributes"},
	{"security attributes of applications", servicePrincipalsPath, "customSecurityAttributes"},
	{"mailbox purposes: which users", usersPath, "$select=id,mail,userType"},
	{"mailbox purposes", "/mailboxSettings", ""},
	{"deleted users", "/directory/deletedItems/", ""},
	{"user risk", "/identityProtection/", ""},
	{"administrative units and their members", "/directory/administrativeUnits", ""},
	{"PIM rules of groups", "/policies/roleManagement", "'Group'"},
	{"PIM rules of roles", "/policies/roleManagement", ""},
	{"names of the scopes of roles", "/roleManagement/", "directoryScope"},
	{"role assignment times (PIM)", "/roleAssignmentScheduleInstances", ""},
	{"role eligibilities (PIM)", "/roleEligibilityScheduleInstances", ""},
	{"group eligibilities (PIM for Groups)", "/identityGovernance/", ""},
	{"licences", "/subscribedSkus", ""},
	{"consents", "/oauth2PermissionGrants", ""},
	{"devices and their owners", "/devices", ""},
	{"federated credentials by themselves", "/federatedIdentityCredentials", ""},
	{"inherited permissions of agents", "/inheritablePermissions", ""},
	{"channels and their members", "/channels", ""},
	{"teams", "/groups", "$select=id,groupTypes,resourceProvisioningOptions"},
	{"resource-specific consents", "/permissionGrants", ""},
	{"credentials of app registrations", "/applications", "passwordCredentials"},
	{"app registrations and their owners", "/applications", ""},
	{"credentials of service principals", servicePrincipalsPath, "passwordCredentials,keyCredentials&"},
	{"agent sponsors", "/sponsors", ""},
	{"managed identities", servicePrincipalsPath, "ManagedIdentity"},
	{"app role assignments", "/appRoleAssignedTo", ""},
	{"service principals, their memberships, owners and what they own", servicePrincipalsPath, ""},
	{"directory roles and assignments", "/roleManagement/", ""},
	{"users", usersPath, ""},
	{"groups, memberships and owners", "/groups", ""},
	{"the tenant", "/organization", ""},
}

// cost is what a data set takes.
type cost struct{ requests, items, units int }

// costs runs the connector once with every data set, and prints what each has
// taken. A batch counts for the data set of its first item.
func (b *bench) costs(ctx context.Context, t *target, size string) error {
	everything := *t
	everything.env = slices.Concat(t.env, []string{
		"BATON_SYNC_DEVICES=true", "BATON_SYNC_DELETED_USERS=true", "BATON_SYNC_USER_RISK=true", "BATON_MAILBOX_PURPOSE=true", "BATON_GUEST_SPONSORS=true",
		"BATON_RESOURCE_SPECIFIC_CONSENTS=true", "BATON_SYNC_CHANNELS=true", "BATON_CUSTOM_SECURITY_ATTRIBUTES=true",
		"BATON_SKIP_SIGN_IN_ACTIVITY=false", "BATON_SKIP_MFA_REGISTRATION=false", "BATON_PIM_GROUPS=" + b.pimGroups,
	})
	if _, err := b.measure(ctx, &everything, programConnector, size, scenarios[0], b.workers[len(b.workers)-1], 0, false); err != nil {
		return err
	}
	total := map[string]*cost{}
	var batches, items int
	for _, r := range t.server.Requests() {
		switch {
		case r.Path == "/v1.0/$batch":
			batches++
			continue
		case !strings.HasPrefix(r.Path, "/v1.0/"):
			continue
		}
		c := total[dataSetOf(r)]
		if c == nil {
			c = &cost{}
			total[dataSetOf(r)] = c
		}
		c.units += r.ResourceUnits
		if r.Batch {
			c.items++
			items++
		} else {
			c.requests++
		}
	}
	out := fmt.Sprintf("| data set (%s) | requests | batched | units |\n|---|---|---|---|\n", size)
	for _, d := range dataSets {
		if c := total[d.name]; c != nil {
			out += fmt.Sprintf("| %s | %d | %d | %d |\n", d.name, c.requests, c.items, c.units)
		}
	}
	out += fmt.Sprintf("| `$batch` envelopes | %d | | |\n", batches)
	_, err := fmt.Fprint(os.Stdout, out)
	return err
}

func dataSetOf(r graphsim.Request) string {
	query, err := url.QueryUnescape(r.Query) // A next link comes escaped.
	if err != nil {
		query = r.Query
	}
	for _, d := range dataSets {
		if strings.Contains(r.Path, d.path) && strings.Contains(query, d.query) {
			return d.name
		}
	}
	return "other"
}
