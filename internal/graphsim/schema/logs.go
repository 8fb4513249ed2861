package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/graphsim/directory"
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
			directory.Text("id", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).ID }),
			directory.Text("category", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Category }),
			directory.Text("correlationId", plain, func(t *directory.Tenant, i int) string {
				return t.GUIDOf(directory.MakeRef(directory.KindDirectoryAudit, i)).String()
			}),
			directory.Text("result", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Result }),
			directory.Value("resultReason", directory.EDMString, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Reason }),
			directory.Text("activityDisplayName", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Activity }),
			directory.Date("activityDateTime", plain|directory.Sortable, func(t *directory.Tenant, i int) string { return t.Audit(i).Time.UTC().Format(auditTime) }),
			directory.Text("loggedByService", plain, func(t *directory.Tenant, i int) string { return t.Audit(i).Service }),
			directory.Text("operationType", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Audit(i).Operation }),
			directory.Value("initiatedBy", directory.EDMComplex, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).By }),
			directory.Value("targetResources", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Targets }),
			directory.Value("additionalDetails", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, i int) any { return t.Audit(i).Details }),
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
			directory.Text("id", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).ID }),
			directory.Date("createdDateTime", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).Time.UTC().Format(SignInTime) }),
			directory.Text("userDisplayName", plain, signedIn((*directory.Tenant).UserDisplayName)),
			directory.Text("userPrincipalName", plain, signedIn((*directory.Tenant).UserPrincipalName)),
			directory.Text("userId", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).UserID }),
			directory.Text("appId", plain, func(t *directory.Tenant, i int) string { return t.SignIn(i).AppID }),
			directory.Text("resourceId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).ResourceID }),
			directory.Text("homeTenantId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).HomeTenant }),
			directory.Text("resourceTenantId", directory.InDefault, func(t *directory.Tenant, i int) string { return t.SignIn(i).ResourceTenant }),
			directory.Text("clientAppUsed", plain, func(*directory.Tenant, int) string { return "Browser" }),
			directory.Text("conditionalAccessStatus", plain, func(*directory.Tenant, int) string { return "notApplied" }),
			directory.Flag("isInteractive", directory.InDefault, func(*directory.Tenant, int) bool { return true }),
			directory.Value("status", directory.EDMComplex, directory.InDefault, signInOutcome),
		},
		directory.Unset(directory.EDMString, directory.InDefault, "appDisplayName correlationId ipAddress resourceDisplayName servicePrincipalId servicePrincipalName userAgent"),
		directory.Unset(directory.EDMString, directory.InDefault, "riskDetail riskLevelAggregated riskLevelDuringSignIn riskState"),
		directory.Unset(directory.EDMComplex, directory.InDefault, "authenticationAppDeviceDetails deviceDetail location"),
		directory.Unset(directory.EDMComplexes, directory.InDefault, "appliedConditionalAccessPolicies"),
		directory.Unset(directory.EDMStrings, directory.InDefault, "riskEventTypes riskEventTypes_v2"),
	)
}
