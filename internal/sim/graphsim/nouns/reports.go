package nouns

import (
	"net/http"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// How long the logs are kept (reference-reports-data-retention).
const (
	retentionFree    = 7 * 24 * time.Hour
	retentionPremium = 30 * 24 * time.Hour
)

// newestFirst are the entries of a log that are still kept, in the order in which Graph lists them.
func newestFirst(c *api.Call, k directory.Kind, n int, at func(i int) time.Time) []directory.Ref {
	kept := c.Graph.Now().Add(-retentionFree)
	if c.Tenant.HasPlan(directory.PlanP1) {
		kept = c.Graph.Now().Add(-retentionPremium)
	}
	var rows []directory.Ref
	for i := range n {
		if at(i).After(kept) {
			rows = append(rows, directory.MakeRef(k, i))
		}
	}
	slices.SortStableFunc(rows, func(a, b directory.Ref) int { return at(b.Index()).Compare(at(a.Index())) })
	return rows
}

// reportLog are the options of the logs, to which the rules of advanced queries do not apply.
var reportLog = odata.Options{Names: []string{odata.OptFilter, odata.OptTop, odata.OptOrderBy, odata.OptSkipToken}, Report: true}

func listDirectoryAudits(c *api.Call) (api.Reply, error) {
	rows := newestFirst(c, directory.KindDirectoryAudit, len(c.Tenant.Logs.Audits), func(i int) time.Time { return c.Tenant.Logs.Audits[i].Time })
	return listLog(c, "auditLogs/directoryAudits", directory.KindDirectoryAudit, rows)
}

func listSignIns(c *api.Call) (api.Reply, error) {
	if err := permissions.RequireReportsPlan(c, directory.PlanP1); err != nil {
		return api.Reply{}, err
	}
	rows := newestFirst(c, directory.KindSignIn, len(c.Tenant.Logs.SignIns), func(i int) time.Time { return c.Tenant.Logs.SignIns[i].Time })
	return listLog(c, "auditLogs/signIns", directory.KindSignIn, rows)
}

func listLog(c *api.Call, set string, k directory.Kind, rows []directory.Ref) (api.Reply, error) {
	col := odata.Refs(set, c.Tenant.Model.Of(k), rows)
	col.PageMax = schema.LogPageMax
	return odata.List(c, col, reportLog)
}

func listRegistrationDetails(c *api.Call) (api.Reply, error) {
	if err := permissions.RequireReportsPlan(c, directory.PlanP1); err != nil {
		return api.Reply{}, err
	}
	if err := permissions.CheckFlicker(c); err != nil {
		return api.Reply{}, err
	}
	return plainList("reports/authenticationMethods/userRegistrationDetails", reportOptions)(c)
}

func listRiskyUsers(c *api.Call) (api.Reply, error) {
	if !c.Tenant.HasPlan(directory.PlanP2) {
		return api.Reply{}, &api.Error{Status: http.StatusForbidden, Code: permissions.CodePremiumRequired, Message: "Your tenant is not licensed for this feature."}
	}
	q, err := odata.ParseQuery(c, c.Tenant.Model.Of(directory.KindRiskyUser), assignedOptions)
	if err != nil {
		return api.Reply{}, err
	}
	if q.Top > directory.RiskPageMax {
		return api.Reply{}, &api.Error{Status: http.StatusBadRequest, Code: api.CodeBadSyntax, Message: "Page size must be between 1 and 500."}
	}
	return plainList("identityProtection/riskyUsers", assignedOptions)(c)
}
