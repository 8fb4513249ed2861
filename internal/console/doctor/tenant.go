package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// shownDomains is how many names of a tenant a line has room for.
const shownDomains = 5

// examineTenant checks what is behind the sign-in.
func (e *examination) examineTenant(ctx context.Context, claims *signin.Claims) {
	tenantContext, cancel := context.WithTimeout(ctx, tenantLimit)
	defer cancel()
	check := Check{ID: "tenant.name", Group: groupTenant, Name: "tenant", Status: StatusOK}
	organization, err := e.connector.Organization(tenantContext)
	var plans []string
	switch {
	case failure.IsAccessDenied(err):
		check.Status = StatusFailed
		check.Detail, check.Fix = "Microsoft Graph does not show the tenant to the application", addPermission("User.Read.All")
		check.Permissions = []string{"User.Read.All"}
	case err != nil:
		check.Status = StatusFailed
		check.Detail, check.Fix = explain(err)
	default:
		plans = organization.Plans
		check.Detail = describeTenant(organization)
		if err := e.connector.CheckTenant(organization); err != nil {
			check.Status = StatusFailed
			check.Detail, check.Fix = "the sign-in is for tenant "+organization.ID+" instead of the configured "+e.tenant,
				"check --azure-tenant-id and the account that signs in"
		}
	}
	e.report.add(check)
	var broken *network.ConnectionError
	if errors.As(err, &broken) || errors.Is(err, context.DeadlineExceeded) {
		e.skip("data", groupData, "data sets", "Microsoft Graph did not answer")
		return
	}
	if organization != nil {
		e.report.add(checkPlans(organization))
	}
	e.examineData(ctx, claims, plans)
	if e.options.Changes {
		e.examineChanges(ctx, claims)
	}
}

func describeTenant(o *graph.Organization) string {
	domains := slices.Clone(o.Domains)
	more := ""
	if len(domains) > shownDomains {
		more = fmt.Sprintf(" and %d more", len(domains)-shownDomains)
		domains = domains[:shownDomains]
	}
	return fmt.Sprintf("%s, %s; verified domains: %s%s", o.DisplayName, o.ID, strings.Join(domains, ", "), more)
}

// checkPlans names what data sets may depend on. A tenant without is not ill.
func checkPlans(o *graph.Organization) Check {
	check := Check{ID: "tenant.plans", Group: groupTenant, Name: "licences", Status: StatusOK}
	held := graph.PlanNames(o.Plans)
	switch {
	case o.Plans == nil:
		check.Detail = "none that is in force; sign-in activity, MFA registration and PIM need one"
	case len(held) == 0:
		check.Detail = "none of Microsoft Entra ID P1, P2 and Governance; sign-in activity, MFA registration and PIM need one"
	default:
		check.Detail = strings.Join(held, ", ")
	}
	return check
}

func addPermission(names ...string) string {
	return "add " + strings.Join(names, ", ") + " under API permissions and grant admin consent, then wait a few minutes for a new token"
}
