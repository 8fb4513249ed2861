package graphsim

import (
	"slices"
	"strings"
)

// mfaRegistered is whether a user has set up a second factor.
func (t *Tenant) mfaRegistered(i int) bool { return len(t.factorsOf(i)) > 0 }

func (t *Tenant) passwordless(i int) bool {
	return slices.Contains(t.factorsOf(i), methodFIDO)
}

func (t *Tenant) methodsRegistered(i int) []string {
	out := []string{}
	for _, kind := range t.factorsOf(i) {
		switch {
		case kind == methodPhone:
			out = append(out, "mobilePhone")
		case kind == methodFIDO:
			out = append(out, "fido2SecurityKey")
		case t.passwordless(i):
			out = append(out, "microsoftAuthenticatorPasswordless")
		default:
			out = append(out, "microsoftAuthenticatorPush")
		}
	}
	return out
}

// secondFactor is the method a user prefers.
func (t *Tenant) secondFactor(i int) string {
	if !t.mfaRegistered(i) {
		return "none"
	}
	return "push"
}

// isAdmin is whether a user holds a directory role, directly or through a group.
func (t *Tenant) isAdmin(i int) bool {
	u := userRef(i)
	for n, a := range t.assignments {
		if !t.live(makeRef(KindRoleAssignment, n)) {
			continue
		}
		if a.principal == u {
			return true
		}
		if a.principal != 0 && a.principal.Kind() == KindGroup {
			for _, g := range t.memberOf[u] {
				if groupRef(int(g)) == a.principal {
					return true
				}
			}
		}
	}
	return false
}

// ofUser reads a property of the user a row is about.
func ofUser(name string) func(t *Tenant, i int) string {
	return func(t *Tenant, i int) string { return t.textOf(userRef(i), name) }
}

func (c *call) listRegistrationDetails() (reply, error) {
	if err := c.requireReportsPlan(planP1); err != nil {
		return reply{}, err
	}
	if err := c.checkFlicker(); err != nil {
		return reply{}, err
	}
	return plainList("reports/authenticationMethods/userRegistrationDetails", reportOptions)(c)
}

func newRegistrationDetailsType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "userRegistrationDetails", kind: KindRegistrationDetails},
		[]property{
			idProperty(KindRegistrationDetails),
			flag("isAdmin", plain, (*Tenant).isAdmin),
			flag("isMfaCapable", plain, (*Tenant).mfaRegistered),
			flag("isMfaRegistered", plain, (*Tenant).mfaRegistered),
			flag("isPasswordlessCapable", plain, (*Tenant).passwordless),
			flag("isSsprCapable", plain, (*Tenant).mfaRegistered),
			flag("isSsprEnabled", plain, func(*Tenant, int) bool { return true }),
			flag("isSsprRegistered", plain, (*Tenant).mfaRegistered),
			flag("isSystemPreferredAuthenticationMethodEnabled", plain, func(*Tenant, int) bool { return false }),
			date("lastUpdatedDateTime", inDefault, func(*Tenant, int) string { return "2026-11-24T03:12:45.1234567Z" }),
			list("methodsRegistered", plain, (*Tenant).methodsRegistered),
			text("userDisplayName", plain|sortable, ofUser("displayName")),
			text("userPreferredMethodForSecondaryAuthentication", plain, (*Tenant).secondFactor),
			text("userPrincipalName", plain|sortable, (*Tenant).userSignInName),
			text("userType", plain, func(t *Tenant, i int) string { return strings.ToLower(t.textOf(userRef(i), "userType")) }),
		},
		unset(edmStrings, plain, "systemPreferredAuthenticationMethods"),
	)
}
