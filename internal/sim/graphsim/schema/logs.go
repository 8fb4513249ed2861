package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	auditTime  = "2006-01-02T15:04:05.0000000Z"
	SignInTime = "2006-01-02T15:04:05Z"
	LogPageMax = 1000
)

func newDirectoryAuditType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "directoryAudit", Kind: directory.KindDirectoryAudit},
		[]directory.Property{
			text("id", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).ID }),
			text("category", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Category }),
			text("correlationId", plain, func(t *directory.Tenant, i int) string {
				return t.GUIDOf(directory.MakeRef(directory.KindDirectoryAudit, i)).String()
			}),
			text("result", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Result }),
			value("resultReason", directory.EDMString, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Reason }),
			text("activityDisplayName", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Activity }),
			date("activityDateTime", plain|directory.Sortable, func(t *directory.Tenant, i int) string { return t.Audit(i).Time.UTC().Format(auditTime) }),
			text("loggedByService", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Service }),
			text("operationType", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Audit(i).Operation }),
			value("initiatedBy", directory.EDMComplex, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).By }),
			value("targetResources", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Targets }),
			value("additionalDetails", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Details }),
		},
	)
}

type signInStatus struct {
	ErrorCode         int     `json:"errorCode"`
	FailureReason     string  `json:"failureReason"`
	AdditionalDetails *string `json:"additionalDetails"`
}

func signInOutcome(t *directory.Tenant, i int) any {
	out := signInStatus{ErrorCode: t.SignIn(i).ErrorCode, FailureReason: "Other."}
	if out.ErrorCode != 0 {
		out.FailureReason = "Invalid username or password or Invalid on-premise username or password."
	}
	return out
}

// signedIn reads what a sign-in shows of its user; somebody of another tenant shows no more than an id.
func signedIn(get func(t *directory.Tenant, i int) string) func(t *directory.Tenant, i int) string {
	return func(t *directory.Tenant, i int) string {
		if r, ok := t.Find(directory.KindUser, t.SignIn(i).UserID); ok {
			return get(t, r.Index())
		}
		return ""
	}
}

func newSignInType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "signIn", Kind: directory.KindSignIn},
		[]directory.Property{
			text("id", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).ID }),
			date("createdDateTime", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).Time.UTC().Format(SignInTime) }),
			text("userDisplayName", plain, signedIn((*directory.Tenant).UserDisplayName)),
			text("userPrincipalName", plain, signedIn((*directory.Tenant).UserPrincipalName)),
			text("userId", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).UserID }),
			text("appId", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).AppID }),
			text("resourceId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).ResourceID }),
			text("homeTenantId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).HomeTenant }),
			text("resourceTenantId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).ResourceTenant }),
			text("clientAppUsed", plain, func(*directory.Tenant, int) string { return "Browser" }),
			text("conditionalAccessStatus", plain, func(*directory.Tenant, int) string { return "notApplied" }),
			flag("isInteractive", directory.InDefault, func(*directory.Tenant, int) bool { return true }),
			value("status", directory.EDMComplex, directory.InDefault, signInOutcome),
		},
		unset(directory.EDMString, directory.InDefault, "appDisplayName correlationId ipAddress resourceDisplayName servicePrincipalId servicePrincipalName userAgent"),
		unset(directory.EDMString, directory.InDefault, "riskDetail riskLevelAggregated riskLevelDuringSignIn riskState"),
		unset(directory.EDMComplex, directory.InDefault, "authenticationAppDeviceDetails deviceDetail location"),
		unset(directory.EDMComplexes, directory.InDefault, "appliedConditionalAccessPolicies"),
		unset(directory.EDMStrings, directory.InDefault, "riskEventTypes riskEventTypes_v2"),
	)
}
