package schema

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// MFARegistered is whether a user has set up a second factor.
func MFARegistered(t *directory.Tenant, i int) bool { return len(t.FactorsOf(i)) > 0 }

func passwordless(t *directory.Tenant, i int) bool {
	return slices.Contains(t.FactorsOf(i), directory.MethodFIDO)
}

func methodsRegistered(t *directory.Tenant, i int) []string {
	out := []string{}
	for _, kind := range t.FactorsOf(i) {
		switch {
		case kind == directory.MethodPhone:
			out = append(out, "mobilePhone")
		case kind == directory.MethodFIDO:
			out = append(out, "fido2SecurityKey")
		case passwordless(t, i):
			out = append(out, "microsoftAuthenticatorPasswordless")
		default:
			out = append(out, "microsoftAuthenticatorPush")
		}
	}
	return out
}

// secondFactor is the method a user prefers.
func secondFactor(t *directory.Tenant, i int) string {
	if !MFARegistered(t, i) {
		return "none"
	}
	return "push"
}

// isAdmin is whether a user holds a directory role, directly or through a group.
func isAdmin(t *directory.Tenant, i int) bool {
	u := directory.UserRef(i)
	for n, a := range t.Assignments {
		if !t.Live(directory.MakeRef(directory.KindRoleAssignment, n)) {
			continue
		}
		if a.Principal == u {
			return true
		}
		if a.Principal != 0 && a.Principal.Kind() == directory.KindGroup {
			for _, g := range t.MemberOf[u] {
				if directory.GroupRef(int(g)) == a.Principal {
					return true
				}
			}
		}
	}
	return false
}

// ofUser reads a property of the user a row is about.
func ofUser(name string) func(t *directory.Tenant, i int) string {
	return func(t *directory.Tenant, i int) string { return t.TextOf(directory.UserRef(i), name) }
}

func newRegistrationDetailsType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "userRegistrationDetails", Kind: directory.KindRegistrationDetails},
		[]directory.Property{
			idProperty(directory.KindRegistrationDetails),
			flag("isAdmin", plain, isAdmin),
			flag("isMfaCapable", plain, MFARegistered),
			flag("isMfaRegistered", plain, MFARegistered),
			flag("isPasswordlessCapable", plain, passwordless),
			flag("isSsprCapable", plain, MFARegistered),
			flag("isSsprEnabled", plain, func(*directory.Tenant, int) bool { return true }),
			flag("isSsprRegistered", plain, MFARegistered),
			flag("isSystemPreferredAuthenticationMethodEnabled", plain, func(*directory.Tenant, int) bool { return false }),
			date("lastUpdatedDateTime", directory.InDefault, func(*directory.Tenant, int) string { return "2026-11-24T03:12:45.1234567Z" }),
			list("methodsRegistered", plain, methodsRegistered),
			text("userDisplayName", plain|directory.Sortable, ofUser("displayName")),
			text("userPreferredMethodForSecondaryAuthentication", plain, secondFactor),
			text("userPrincipalName", plain|directory.Sortable, (*directory.Tenant).UserSignInName),
			text("userType", plain, func(t *directory.Tenant, i int) string {
				return strings.ToLower(t.TextOf(directory.UserRef(i), "userType"))
			}),
		},
		unset(directory.EDMStrings, plain, "systemPreferredAuthenticationMethods"),
	)
}
