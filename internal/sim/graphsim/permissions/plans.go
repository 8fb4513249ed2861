package permissions

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	CodePremiumRequired  = "AadPremiumLicenseRequired"
	CodePremiumReports   = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
	messagePremium       = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license."
	messagePremiumReport = "Neither tenant is B2C or tenant doesn't have premium license"
)

// RequirePlan refuses a call as Privileged Identity Management does in a tenant without the plan. Callers hold the
// tenant's lock, as everything does that runs for a route.
func RequirePlan(c *api.Call, p directory.Plan) error {
	if c.Tenant.HasPlan(p) && !c.Unkind(directory.QuirkPlanEnded) {
		return nil
	}
	return &api.Error{Status: http.StatusBadRequest, Code: CodePremiumRequired, Message: messagePremium}
}

// RequireReportsPlan refuses a call as the reports do in a tenant without the plan.
func RequireReportsPlan(c *api.Call, p directory.Plan) error {
	if c.Tenant.HasPlan(p) {
		return nil
	}
	return &api.Error{Status: http.StatusForbidden, Code: CodePremiumReports, Message: messagePremiumReport}
}

// Needing answers a route only in a tenant with a plan.
func Needing(p directory.Plan, run func(c *api.Call) (api.Reply, error)) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		if err := RequirePlan(c, p); err != nil {
			return api.Reply{}, err
		}
		return run(c)
	}
}

// FlickerStep is how many requests for reports there are to one that is refused for want of a plan.
const FlickerStep = 4

// CheckFlicker refuses one request for reports in so many, where the token cannot read the directory.
func CheckFlicker(c *api.Call) error {
	if !c.Unkind(directory.QuirkReportsFlicker) || c.Holds("Directory.Read.All") || c.Flickered {
		return nil
	}
	c.Flickered = true
	if c.Graph.Reports.Add(1)%FlickerStep != 0 {
		return nil
	}
	return &api.Error{Status: http.StatusForbidden, Code: CodePremiumReports, Message: messagePremiumReport}
}

// CheckSignInActivity applies what the reports ask of who reads sign-in activity: a permission, a plan, and no sign-in
// name in the place of an id.
func CheckSignInActivity(c *api.Call) error {
	if !c.Holds("AuditLog.Read.All") {
		return api.Denied()
	}
	if _, isGUID := directory.ParseGUID(c.ID); c.Single && !isGUID {
		return api.BadRequest("Get By Key only supports UserId and the key has to be a valid Guid.")
	}
	if err := RequireReportsPlan(c, directory.PlanP1); err != nil {
		return err
	}
	return CheckFlicker(c)
}
