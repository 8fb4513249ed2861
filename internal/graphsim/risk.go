package graphsim

import "net/http"

// risk is what Identity Protection thinks of a user.
type risk struct{ level, state, detail string }

var risks = []risk{
	{"high", "atRisk", "none"},
	{"medium", "atRisk", "none"},
	{"high", "confirmedCompromised", "adminConfirmedUserCompromised"},
	{"none", "remediated", "userPerformedSecuredPasswordChange"},
	{"none", "dismissed", "adminDismissedAllRiskForUser"},
	{"low", "atRisk", "none"},
}

// riskOf is zero for the many users nothing was ever detected of.
func (t *Tenant) riskOf(i int) risk {
	h := t.hash(userRef(i), saltRisk)
	detected := h%40 == 0 && !t.madeUser(i)
	if n := t.shape.riskyUsers; n > 0 || t.riskSet {
		detected = i >= firstOrdinaryUser && i < firstOrdinaryUser+n && i < t.shape.users
	}
	if !detected {
		return risk{}
	}
	return pick(risks, h>>8)
}

// riskPageMax is the largest page of the list of risky users.
const riskPageMax = 500

func newRiskyUserType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "riskyUser", kind: KindRiskyUser},
		[]property{
			idProperty(KindRiskyUser),
			flag("isDeleted", inDefault, func(*Tenant, int) bool { return false }),
			flag("isProcessing", inDefault, func(*Tenant, int) bool { return false }),
			text("riskDetail", inDefault, func(t *Tenant, i int) string { return t.riskOf(i).detail }),
			date("riskLastUpdatedDateTime", plain, func(t *Tenant, i int) string { return t.timestamp(userRef(i), saltRisk) }),
			text("riskLevel", plain, func(t *Tenant, i int) string { return t.riskOf(i).level }),
			text("riskState", plain, func(t *Tenant, i int) string { return t.riskOf(i).state }),
			text("userDisplayName", inDefault, ofUser("displayName")),
			text("userPrincipalName", inDefault, (*Tenant).userSignInName),
		},
	)
}

func (c *call) listRiskyUsers() (reply, error) {
	if !c.tenant.hasPlan(planP2) {
		return reply{}, &graphError{status: http.StatusForbidden, code: codePremiumRequired, message: "Your tenant is not licensed for this feature."}
	}
	q, err := c.parseQuery(c.tenant.model.of(KindRiskyUser), assignedOptions)
	if err != nil {
		return reply{}, err
	}
	if q.top > riskPageMax {
		return reply{}, &graphError{status: http.StatusBadRequest, code: codeBadSyntax, message: "Page size must be between 1 and 500."}
	}
	return plainList("identityProtection/riskyUsers", assignedOptions)(c)
}
