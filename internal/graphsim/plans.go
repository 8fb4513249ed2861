package graphsim

import "net/http"

// plan is a paid plan of Microsoft Entra ID that some of Graph's data needs.
type plan uint8

const (
	planP1 plan = 1 << iota
	planP2
)

const (
	codePremiumRequired  = "AadPremiumLicenseRequired"
	codePremiumReports   = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
	planService          = "AADPremiumService"
	planEnabled          = "Enabled"
	planDeleted          = "Deleted"
	planAssigned         = "2020-01-01T00:00:00Z"
	planIDP1             = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	planIDP2             = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
	messagePremium       = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license."
	messagePremiumReport = "Neither tenant is B2C or tenant doesn't have premium license"
)

// SetPlans says which plans the tenant has from now on: Entra ID P1 and P2, of which P2 includes the other.
func (s *Server) SetPlans(p1, p2 bool) {
	var plans plan
	if p1 {
		plans |= planP1
	}
	if p2 {
		plans |= planP2
	}
	s.graph.directory.setPlans(plans)
	if shown := s.graph.view(); shown != s.graph.directory {
		shown.setPlans(plans)
	}
}

func (t *Tenant) setPlans(p plan) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plans = p
}

// hasPlan is whether the tenant has a plan or one that includes it. Callers hold t.mu.
func (t *Tenant) hasPlan(p plan) bool {
	return t.plans&p != 0 || p == planP1 && t.plans&planP2 != 0
}

// requirePlan refuses a call as Privileged Identity Management does in a tenant without the plan. Callers hold the
// tenant's lock, as everything does that runs for a route.
func (c *call) requirePlan(p plan) error {
	if c.tenant.hasPlan(p) && !c.unkind(QuirkPlanEnded) {
		return nil
	}
	return &graphError{status: http.StatusBadRequest, code: codePremiumRequired, message: messagePremium}
}

// requireReportsPlan refuses a call as the reports do in a tenant without the plan.
func (c *call) requireReportsPlan(p plan) error {
	if c.tenant.hasPlan(p) {
		return nil
	}
	return &graphError{status: http.StatusForbidden, code: codePremiumReports, message: messagePremiumReport}
}

// needing answers a route only in a tenant with a plan.
func needing(p plan, run func(c *call) (reply, error)) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		if err := c.requirePlan(p); err != nil {
			return reply{}, err
		}
		return run(c)
	}
}

// assignedPlans are the service plans the organization shows (product names and service plan identifiers). P2 stays
// in the list when it ends, as a deleted plan, while P1 leaves it.
func (t *Tenant) assignedPlans() []assignedPlan {
	out := []assignedPlan{}
	if t.plans&planP1 != 0 {
		out = append(out, assignedPlan{Assigned: planAssigned, Status: planEnabled, Service: planService, PlanID: planIDP1})
	}
	p2 := assignedPlan{Assigned: planAssigned, Status: planEnabled, Service: planService, PlanID: planIDP2}
	if t.plans&planP2 == 0 {
		p2.Status = planDeleted
	}
	return append(out, p2)
}
