package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const AgentUserType = "agentUser"

func newUserType() *directory.EntityType {
	const (
		plain = directory.Filterable | directory.InDefault | directory.Basic
		more  = directory.Filterable
	)
	return directory.NewEntityType(
		directory.EntityType{Name: "user", Kind: directory.KindUser, Derived: UserDerivedType},
		[]directory.Property{
			list("businessPhones", directory.InDefault|directory.Advanced, func(_ *directory.Tenant, i int) []string { return userPhones(i) }),
			text("displayName", plain|directory.Sortable, (*directory.Tenant).UserDisplayName),
			text("givenName", plain, func(t *directory.Tenant, i int) string { return t.GivenName(i).Shown }),
			idProperty(directory.KindUser),
			text("jobTitle", directory.InDefault|more, func(t *directory.Tenant, i int) string {
				return directory.Pick(directory.JobTitles, t.Hash(directory.UserRef(i), directory.SaltTitle))
			}),
			text("mail", plain, (*directory.Tenant).UserMail),
			text("mobilePhone", directory.InDefault|directory.Advanced, func(_ *directory.Tenant, i int) string { return userMobile(i) }),
			text("officeLocation", directory.InDefault|directory.Advanced, userOffice),
			text("preferredLanguage", directory.InDefault|directory.Advanced, userLanguage),
			text("surname", plain, func(t *directory.Tenant, i int) string { return t.FamilyName(i).Shown }),
			text("userPrincipalName", plain|directory.Sortable|directory.Computed, (*directory.Tenant).UserSignInName),

			flag("accountEnabled", more, func(_ *directory.Tenant, i int) bool { return directory.UserEnabled(i) }),
			value("assignedLicenses", directory.EDMComplexes, more|directory.Computed, UserLicenses),
			value("licenseAssignmentStates", directory.EDMComplexes, directory.Computed, userLicenseStates),
			text("city", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).Shown }),
			text("companyName", directory.Advanced, func(_ *directory.Tenant, i int) string { return userCompany(i) }),
			text("country", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).ASCII }),
			date("createdDateTime", more|directory.Sortable, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.UserRef(i), directory.SaltCreated)
			}),
			text("creationType", directory.Advanced, func(_ *directory.Tenant, i int) string { return guestValue(i, "Invitation") }),
			text("department", more, func(t *directory.Tenant, i int) string {
				return directory.Pick(directory.Departments, t.Hash(directory.UserRef(i), directory.SaltDepartment))
			}),
			date("deletedDateTime", directory.Computed, directory.UserDeleted),
			text("employeeId", more, func(_ *directory.Tenant, i int) string { return directory.EmployeeID(i) }),
			text("employeeType", directory.Advanced, func(_ *directory.Tenant, i int) string { return employeeType(i) }),
			text("externalUserState", more, func(_ *directory.Tenant, i int) string { return guestState(i) }),
			date("externalUserStateChangeDateTime", 0, guestStateChange),
			value("identities", directory.EDMComplexes, more|directory.Computed, UserIdentities),
			text("identityParentId", directory.Advanced, userIdentityParent),
			list("imAddresses", directory.Advanced, func(t *directory.Tenant, i int) []string { return []string{t.UserPrincipalName(i)} }),
			text("mailNickname", more, (*directory.Tenant).Handle),
			list("otherMails", more, (*directory.Tenant).OtherMails),
			list("proxyAddresses", more, (*directory.Tenant).ProxyAddresses),
			value(directory.SignInProperty, directory.EDMComplex, directory.Advanced|directory.OnSelect, UserSignIn),
			date("signInSessionsValidFromDateTime", 0, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.UserRef(i), directory.SaltCreated)
			}),
			text("usageLocation", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).ASCII }),
			text("userType", more, func(_ *directory.Tenant, i int) string { return userType(i) }),
		},
		userOnPremises(),
		userDetails(),
		unset(directory.EDMString, directory.Advanced, "ageGroup consentProvidedForMinor preferredDataLocation"),
		unset(directory.EDMString, 0, "legalAgeGroupClassification passwordPolicies securityIdentifier"),
		unset(directory.EDMBool, 0, "isResourceAccount showInAddressList"),
		[]directory.Property{restricted(directory.KindUser)},
		unset(directory.EDMComplex, 0, "authorizationInfo passwordProfile print"),
		[]directory.Property{value(SecurityAttributes, directory.EDMComplex, directory.OnSelect, userAttributes)},
		unset(directory.EDMComplexes, 0, "assignedPlans provisionedPlans serviceProvisioningErrors"),
		unset(directory.EDMString, directory.SingleOnly, "aboutMe mySite preferredName"),
		unset(directory.EDMInt, directory.SingleOnly, "deviceEnrollmentLimit"),
		unset(directory.EDMDate, directory.SingleOnly, "birthday hireDate"),
		unset(directory.EDMStrings, directory.SingleOnly, "interests pastProjects responsibilities schools skills"),
		unset(directory.EDMComplex, directory.SingleOnly, "mailboxSettings"),
	)
}

func userOnPremises() []directory.Property {
	synced := func(get func(t *directory.Tenant, i int) string) func(t *directory.Tenant, i int) string {
		return func(t *directory.Tenant, i int) string {
			if !directory.UserSynced(i) {
				return ""
			}
			return get(t, i)
		}
	}
	return []directory.Property{
		text("onPremisesDistinguishedName", 0, synced(func(t *directory.Tenant, i int) string { return "CN=" + t.Handle(i) + ",OU=People,DC=contoso,DC=com" })),
		text("onPremisesDomainName", 0, synced(func(*directory.Tenant, int) string { return directory.MailDomain })),
		value("onPremisesExtensionAttributes", directory.EDMComplex, directory.Advanced, userExtensions),
		text("onPremisesImmutableId", directory.Filterable, synced(func(t *directory.Tenant, i int) string {
			return fmt.Sprintf("%x==", t.Hash(directory.UserRef(i), directory.SaltName))
		})),
		date("onPremisesLastSyncDateTime", directory.Advanced, synced(func(*directory.Tenant, int) string { return "2026-10-30T02:00:00Z" })),
		value("onPremisesProvisioningErrors", directory.EDMComplexes, 0, func(*directory.Tenant, int) any { return []string{} }),
		text("onPremisesSamAccountName", directory.Advanced, synced((*directory.Tenant).Handle)),
		text("onPremisesSecurityIdentifier", directory.Advanced, synced(func(_ *directory.Tenant, i int) string {
			return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1000+i)
		})),
		trueOrNull("onPremisesSyncEnabled", directory.Filterable, func(_ *directory.Tenant, i int) bool { return directory.UserSynced(i) }),
		text("onPremisesUserPrincipalName", directory.Advanced, synced((*directory.Tenant).UserPrincipalName)),
	}
}

// UserDerivedType is the derived type of a user, or empty.
func UserDerivedType(t *directory.Tenant, i int) string {
	if directory.IsAgentUser(i) && !t.MadeUser(i) {
		return AgentUserType
	}
	return ""
}

func nothing(*directory.Tenant, int) string { return "" }

func userPhones(i int) []string {
	if i%4 == 0 {
		return []string{fmt.Sprintf("+1 425 555 %04d", i%10000)}
	}
	return []string{}
}

func userMobile(i int) string {
	if i%6 != 1 {
		return ""
	}
	return fmt.Sprintf("+1 206 555 %04d", i%10000)
}

func userCompany(i int) string {
	if directory.IsGuest(i) {
		return "Partner Ltd"
	}
	return "Contoso"
}

func guestValue(i int, v string) string {
	if directory.IsGuest(i) {
		return v
	}
	return ""
}

func guestState(i int) string {
	if i%2 == 0 {
		return guestValue(i, "PendingAcceptance")
	}
	return guestValue(i, "Accepted")
}

func guestStateChange(t *directory.Tenant, i int) string {
	return guestValue(i, t.Timestamp(directory.UserRef(i), directory.SaltCreated))
}

func userType(i int) string {
	if directory.IsGuest(i) {
		return "Guest"
	}
	return "Member"
}

func employeeType(i int) string {
	if directory.EmployeeID(i) == "" {
		return ""
	}
	return "Employee"
}

func userIdentityParent(t *directory.Tenant, i int) string {
	if !directory.IsAgentUser(i) {
		return ""
	}
	return t.IDOf(t.FirstSP(directory.SPAgentIdentity))
}

// NoMoment stands where somebody never signed in in one way, in some tenants.
const NoMoment = "0001-01-01T00:00:00Z"

// SignInActivity is when a person last signed in (signInActivity).
type SignInActivity struct {
	LastSignIn         string `json:"lastSignInDateTime"`
	LastNonInteractive string `json:"lastNonInteractiveSignInDateTime"`
	LastSuccessful     string `json:"lastSuccessfulSignInDateTime"`
}

// UserSignIn reads the sign-in activity of a user.
func UserSignIn(t *directory.Tenant, i int) any {
	if i%6 == 2 || t.MadeUser(i) {
		return nil
	}
	at := t.Timestamp(directory.UserRef(i), directory.SaltStep)
	out := SignInActivity{LastSignIn: at, LastNonInteractive: at, LastSuccessful: at}
	if t.Quirks.Has(directory.QuirkSignInPlaceholders) {
		if i%6 == 1 || i%6 == 3 {
			out.LastNonInteractive = NoMoment
		}
		if i%6 == 3 || i%6 == 5 {
			out.LastSuccessful = ""
		}
	}
	return out
}
