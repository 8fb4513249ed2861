package graphsim

import "time"

const (
	auditTime  = "2006-01-02T15:04:05.0000000Z"
	signInTime = "2006-01-02T15:04:05Z"
	logPageMax = 1000
)

// reportLog are the options of the logs, to which the rules of advanced queries do not apply.
var reportLog = options{names: []string{optFilter, optTop, optOrderBy, optSkipToken}, report: true}

func (c *call) listDirectoryAudits() (reply, error) {
	rows := c.newestFirst(KindDirectoryAudit, len(c.tenant.logs.audits), func(i int) time.Time { return c.tenant.logs.audits[i].Time })
	return c.listLog("auditLogs/directoryAudits", KindDirectoryAudit, rows)
}

func (c *call) listSignIns() (reply, error) {
	if err := c.requireReportsPlan(planP1); err != nil {
		return reply{}, err
	}
	rows := c.newestFirst(KindSignIn, len(c.tenant.logs.signIns), func(i int) time.Time { return c.tenant.logs.signIns[i].Time })
	return c.listLog("auditLogs/signIns", KindSignIn, rows)
}

func (c *call) listLog(set string, k Kind, rows []Ref) (reply, error) {
	col := refs(set, c.tenant.model.of(k), rows)
	col.pageMax = logPageMax
	return c.list(col, reportLog)
}

func (t *Tenant) audit(i int) *AuditEntry { return &t.logs.audits[i] }

func newDirectoryAuditType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "directoryAudit", kind: KindDirectoryAudit},
		[]property{
			text("id", plain, func(t *Tenant, i int) string { return t.audit(i).ID }),
			text("category", plain, func(t *Tenant, i int) string { return t.audit(i).Category }),
			text("correlationId", plain, func(t *Tenant, i int) string { return t.guidOf(makeRef(KindDirectoryAudit, i)).String() }),
			text("result", plain, func(t *Tenant, i int) string { return t.audit(i).Result }),
			value("resultReason", edmString, inDefault, func(t *Tenant, i int) any { return t.audit(i).Reason }),
			text("activityDisplayName", plain, func(t *Tenant, i int) string { return t.audit(i).Activity }),
			date("activityDateTime", plain|sortable, func(t *Tenant, i int) string { return t.audit(i).Time.UTC().Format(auditTime) }),
			text("loggedByService", plain, func(t *Tenant, i int) string { return t.audit(i).Service }),
			text("operationType", inDefault, func(t *Tenant, i int) string { return t.audit(i).Operation }),
			value("initiatedBy", edmComplex, inDefault, func(t *Tenant, i int) any { return t.audit(i).By }),
			value("targetResources", edmComplexes, inDefault, func(t *Tenant, i int) any { return t.audit(i).Targets }),
			value("additionalDetails", edmComplexes, inDefault, func(t *Tenant, i int) any { return t.audit(i).Details }),
		},
	)
}

func (t *Tenant) signIn(i int) *SignInEntry { return &t.logs.signIns[i] }

type signInStatus struct {
	ErrorCode         int     `json:"errorCode"`
	FailureReason     string  `json:"failureReason"`
	AdditionalDetails *string `json:"additionalDetails"`
}

func signInOutcome(t *Tenant, i int) any {
	out := signInStatus{ErrorCode: t.signIn(i).ErrorCode, FailureReason: "Other."}
	if out.ErrorCode != 0 {
		out.FailureReason = "Invalid username or password or Invalid on-premise username or password."
	}
	return out
}

// signedIn reads what a sign-in shows of its user; somebody of another tenant shows no more than an id.
func signedIn(get func(t *Tenant, i int) string) func(t *Tenant, i int) string {
	return func(t *Tenant, i int) string {
		if r, ok := t.find(KindUser, t.signIn(i).UserID); ok {
			return get(t, r.index())
		}
		return ""
	}
}

func newSignInType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "signIn", kind: KindSignIn},
		[]property{
			text("id", plain, func(t *Tenant, i int) string { return t.signIn(i).ID }),
			date("createdDateTime", plain, func(t *Tenant, i int) string { return t.signIn(i).Time.UTC().Format(signInTime) }),
			text("userDisplayName", plain, signedIn((*Tenant).userDisplayName)),
			text("userPrincipalName", plain, signedIn((*Tenant).userPrincipalName)),
			text("userId", plain, func(t *Tenant, i int) string { return t.signIn(i).UserID }),
			text("appId", plain, func(t *Tenant, i int) string { return t.signIn(i).AppID }),
			text("resourceId", inDefault, func(t *Tenant, i int) string { return t.signIn(i).ResourceID }),
			text("homeTenantId", inDefault, func(t *Tenant, i int) string { return t.signIn(i).HomeTenant }),
			text("resourceTenantId", inDefault, func(t *Tenant, i int) string { return t.signIn(i).ResourceTenant }),
			text("clientAppUsed", plain, func(*Tenant, int) string { return "Browser" }),
			text("conditionalAccessStatus", plain, func(*Tenant, int) string { return "notApplied" }),
			flag("isInteractive", inDefault, func(*Tenant, int) bool { return true }),
			value("status", edmComplex, inDefault, signInOutcome),
		},
		unset(edmString, inDefault, "appDisplayName correlationId ipAddress resourceDisplayName servicePrincipalId servicePrincipalName userAgent"),
		unset(edmString, inDefault, "riskDetail riskLevelAggregated riskLevelDuringSignIn riskState"),
		unset(edmComplex, inDefault, "authenticationAppDeviceDetails deviceDetail location"),
		unset(edmComplexes, inDefault, "appliedConditionalAccessPolicies"),
		unset(edmStrings, inDefault, "riskEventTypes riskEventTypes_v2"),
	)
}
