package forms

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// features adds the rows of what no request may have.
func (c *catalogue) features() {
	for _, f := range []struct {
		name string
		form graphsim.Form
		good []attempt.Outcome
	}{
		{"no $select inside $expand", graphsim.Form{Query: []string{"$expand=", "($select"}}, truth},
		{"no $orderby", graphsim.Form{Query: []string{"$orderby="}}, truth},
		{"no $top", graphsim.Form{Query: []string{"$top="}}, failure},
		{"no $expand", graphsim.Form{Query: []string{"$expand="}}, anyGoodEnd},
		{"no $filter", graphsim.Form{Query: []string{"$filter="}}, anyGoodEnd},
		{"no $select", graphsim.Form{Query: []string{"$select="}}, anyGoodEnd},
		{"no delta queries", graphsim.Form{Path: regexp.MustCompile(`/delta$`)}, truth},
		{"no delta queries in batches", graphsim.Form{Path: regexp.MustCompile(`/delta$`), Items: true}, truth},
		{"no items of batches", graphsim.Form{Items: true}, anyGoodEnd},
	} {
		how := c.way()
		c.add(&Row{Name: f.name, How: how.Name, Good: f.good, Without: everyOptional(), arm: func(s *scene) {
			s.armed = append(s.armed, how.Name)
			s.server.RefuseForm(f.form, how)
		}})
	}
}

// planned are the data sets that a tenant without the plan cannot have.
var planned = []string{dataRoleEligibilities, dataRoleTimes, dataGroupEligibilities, dataRoleRules, dataGroupRules, dataCatalogs, dataPackages}

func everyOptional() []string {
	names := []string{dataSponsors}
	for _, data := range gives {
		names = append(names, data)
	}
	return names
}

// segments adds the rows of clouds that do not have something (A8).
func (c *catalogue) segments() {
	optional := map[string]string{
		"administrativeUnits": dataUnits, "riskyUsers": dataRisk, "oauth2PermissionGrants": dataConsents, "subscribedSkus": dataLicences,
		"devices": dataDevices, "deletedItems": dataDeletedUsers, "eligibilityScheduleInstances": dataGroupEligibilities,
		"roleAssignmentScheduleInstances": dataRoleTimes, "roleEligibilityScheduleInstances": dataRoleEligibilities,
		"userRegistrationDetails": dataRegistrations, "federatedIdentityCredentials": dataFederated, "mailboxSettings": dataMailboxes,
		"permissionGrants": dataConsented, "allMembers": dataChannelMembers, "inheritablePermissions": dataInherited, "catalogs": dataCatalogs, "accessPackages": dataPackages,
	}
	var all []string
	for segment := range optional {
		all = append(all, segment)
	}
	slices.Sort(all)
	missing := func(name string, good []attempt.Outcome, without []string, segments ...string) {
		c.add(&Row{Name: "a cloud without " + name, How: "no such segment", Good: good, Without: without, arm: func(s *scene) { s.server.SetMissingSegments(segments...) }})
	}
	for _, segment := range all {
		missing(segment, leftOut, []string{optional[segment]}, segment)
	}
	missing("roleManagementPolicyAssignments", leftOut, []string{dataRoleRules, dataGroupRules}, "roleManagementPolicyAssignments")
	missing("sponsors", leftOut, []string{dataSponsors, dataGuestSponsors}, "sponsors")
	missing("channels", leftOut, []string{dataChannels, dataChannelMembers}, "channels")
	all = append(all, "sponsors", "channels")
	missing("all of these", leftOut, everyOptional(), all...)
	missing("delta", truth, nil, "delta")
	missing("$batch", truth, nil, "$batch")
	for _, segment := range []string{"users", "groups", "servicePrincipals", "applications", "roleDefinitions", "roleAssignments"} {
		missing(segment, failure, nil, segment)
	}
}

// values adds the rows of each quirk of the simulated tenant, alone, and of what
// its defaults do not have.
func (c *catalogue) values() {
	c.add(&Row{Name: "everything unkind and no form refused", Good: truth})
	c.add(&Row{Name: "nothing unkind", Good: truth, options: []graphsim.Option{graphsim.Without()}})
	for _, q := range graphsim.Quirks() {
		row := &Row{Name: string(q) + " alone", Good: truth, options: []graphsim.Option{graphsim.Without(), graphsim.With(q)}}
		switch q {
		case graphsim.QuirkReportsFlicker:
			// Without the permission consents are not read.
			row.Good, row.Without, row.arm = leftOut, []string{dataConsents}, withoutReadAll
		case graphsim.QuirkPlanEnded:
			row.Good, row.Without = leftOut, planned
		case graphsim.QuirkSyncedHolders:
			row.options = append(row.options, graphsim.SyncedHolders(8, 1000))
		default:
		}
		c.add(row)
	}
	c.add(&Row{Name: "A6 and everything unkind", Good: leftOut, Without: []string{dataConsents}, arm: withoutReadAll})
	c.add(&Row{Name: "A7 and everything unkind", Good: leftOut, Without: planned,
		arm: func(s *scene) { s.server.Unkindly(graphsim.QuirkPlanEnded) }})
	c.add(&Row{Name: "B8 and everything unkind", Good: truth, options: []graphsim.Option{graphsim.With(graphsim.QuirkCustomerTenant)}})
	c.add(&Row{Name: "A10: tokens refused in the middle, with claims", Good: truth, arm: tokensRefused(graphsim.RefusedWithClaims)})
	c.add(&Row{Name: "A10: tokens refused in the middle, as outdated", Good: truth, arm: tokensRefused(graphsim.RefusedOutdated)})
	for name, mode := range map[string]graphsim.FederatedExpansion{
		"federated credentials not expanded, without a word": graphsim.FederatedIgnored, "federated credentials refused in $expand": graphsim.FederatedRefused,
	} {
		c.add(&Row{Name: name, Good: truth, arm: func(s *scene) { s.server.SetExpandsFederatedCredentials(mode) }})
	}
}

// withoutReadAll takes Directory.Read.All away, without which reports are refused
// now and then.
func withoutReadAll(s *scene) {
	s.server.SetPermissions(slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool { return p == "Directory.Read.All" })...)
}

// tokensRefused refuses every token that is out when the sync has sent some
// requests.
func tokensRefused(how graphsim.TokenRefusal) func(*scene) {
	return func(s *scene) {
		left := 60
		s.server.Fault(graphsim.Rule{Match: func(r graphsim.Request) bool {
			if !r.Authority && !strings.HasSuffix(r.Path, "/organization") {
				if left--; left == 0 {
					s.server.RefuseTokensIssuedBefore(time.Now(), how)
				}
			}
			return false
		}})
	}
}

// caps adds the rows of how much the tenant gives at once.
func (c *catalogue) caps() {
	for name, caps := range map[string][2]int{
		"$expand gives 100 rows, 20 of a relation": {100, 20}, "$expand gives 50 rows, 7 of a relation": {50, 7},
		"$expand gives 999 rows, 20 of a relation": {999, 20}, "$expand gives 100 rows, 7 of a relation": {100, 7},
		"$expand gives 33 rows, 2 of a relation": {33, 2}, "$expand gives 1 row, 20 of a relation": {1, 20},
	} {
		c.add(&Row{Name: name, Good: truth, arm: func(s *scene) { s.server.SetExpandCaps(caps[0], caps[1]) }})
	}
	for name, n := range map[string]int{"500 risky users": 500, "499 risky users": 499, "1,000 risky users": 1000, "no risky users": 0} {
		c.add(&Row{Name: name, Good: truth, arm: func(s *scene) { s.server.SetRiskyUsers(n) }})
	}
	c.add(&Row{Name: "delta queries of 1 row a page", Good: truth, arm: func(s *scene) { s.server.SetDeltaPageRows(1) }})
	c.add(&Row{Name: "service principals in groups are shown", Good: truth, arm: func(s *scene) { s.server.SetIncludeServicePrincipals(true) }})
}
