package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/graphsim/directory"
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
			directory.List("businessPhones", directory.InDefault|directory.Advanced, func(_ *directory.Tenant, i int) []string { return userPhones(i) }),
			directory.Text("displayName", plain|directory.Sortable, (*directory.Tenant).UserDisplayName),
			directory.Text("givenName", plain, func(t *directory.Tenant, i int) string { return t.GivenName(i).Shown }),
			directory.IDProperty(directory.KindUser),
			directory.Text("jobTitle", directory.InDefault|more, func(t *directory.Tenant, i int) string {
				return directory.Pick(directory.JobTitles, t.Hash(directory.UserRef(i), directory.SaltTitle))
			}),
			directory.Text("mail", plain, (*directory.Tenant).UserMail),
			directory.Text("mobilePhone", directory.InDefault|directory.Advanced, func(_ *directory.Tenant, i int) string { return userMobile(i) }),
			directory.Text("officeLocation", directory.InDefault|directory.Advanced, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("B%d/%d", i%7, i%300) }),
			directory.Text("preferredLanguage", directory.InDefault|directory.Advanced, nothing),
			directory.Text("surname", plain, func(t *directory.Tenant, i int) string { return t.FamilyName(i).Shown }),
			directory.Text("userPrincipalName", plain|directory.Sortable|directory.Computed, (*directory.Tenant).UserSignInName),

			directory.Flag("accountEnabled", more, func(_ *directory.Tenant, i int) bool { return directory.UserEnabled(i) }),
			directory.Value("assignedLicenses", directory.EDMComplexes, more|directory.Computed, UserLicenses),
			directory.Value("licenseAssignmentStates", directory.EDMComplexes, directory.Computed, userLicenseStates),
			directory.Text("city", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).Shown }),
			directory.Text("companyName", directory.Advanced, func(_ *directory.Tenant, i int) string { return userCompany(i) }),
			directory.Text("country", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).Ascii }),
			directory.Date("createdDateTime", more|directory.Sortable, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.UserRef(i), directory.SaltCreated)
			}),
			directory.Text("creationType", directory.Advanced, func(_ *directory.Tenant, i int) string { return guestValue(i, "Invitation") }),
			directory.Text("department", more, func(t *directory.Tenant, i int) string {
				return directory.Pick(directory.Departments, t.Hash(directory.UserRef(i), directory.SaltDepartment))
			}),
			directory.Date("deletedDateTime", directory.Computed, directory.UserDeleted),
			directory.Date("employeeHireDate", directory.Advanced, func(t *directory.Tenant, i int) string { return hireDate(t, i) }),
			directory.Text("employeeId", more, func(_ *directory.Tenant, i int) string { return directory.EmployeeID(i) }),
			directory.Text("employeeType", directory.Advanced, func(_ *directory.Tenant, i int) string { return employeeType(i) }),
			directory.Text("externalUserState", more, func(_ *directory.Tenant, i int) string { return guestState(i) }),
			directory.Date("externalUserStateChangeDateTime", 0, guestStateChange),
			directory.Value("identities", directory.EDMComplexes, more|directory.Computed, UserIdentities),
			directory.Text("identityParentId", directory.Advanced, userIdentityParent),
			directory.List("imAddresses", directory.Advanced, func(t *directory.Tenant, i int) []string { return []string{t.UserPrincipalName(i)} }),
			directory.Text("mailNickname", more, (*directory.Tenant).Handle),
			directory.List("otherMails", more, (*directory.Tenant).OtherMails),
			directory.List("proxyAddresses", more, (*directory.Tenant).ProxyAddresses),
			directory.Value(directory.SignInProperty, directory.EDMComplex, directory.Advanced|directory.OnSelect, UserSignIn),
			directory.Date("signInSessionsValidFromDateTime", 0, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.UserRef(i), directory.SaltCreated)
			}),
			directory.Text("usageLocation", more, func(t *directory.Tenant, i int) string { return t.UserCity(i).Ascii }),
			directory.Text("userType", more, func(_ *directory.Tenant, i int) string { return userType(i) }),
		},
		userOnPremises(),
		directory.Unset(directory.EDMString, more, "state"),
		directory.Unset(directory.EDMString, directory.Advanced, "ageGroup consentProvidedForMinor faxNumber postalCode preferredDataLocation streetAddress"),
		directory.Unset(directory.EDMString, 0, "legalAgeGroupClassification passwordPolicies securityIdentifier"),
		directory.Unset(directory.EDMDate, 0, "employeeLeaveDateTime lastPasswordChangeDateTime"),
		directory.Unset(directory.EDMBool, 0, "isResourceAccount showInAddressList"),
		[]directory.Property{restricted(directory.KindUser)},
		directory.Unset(directory.EDMComplex, 0, "authorizationInfo employeeOrgData passwordProfile print"),
		directory.Unset(directory.EDMComplex, directory.OnSelect, "customSecurityAttributes"),
		directory.Unset(directory.EDMComplexes, 0, "assignedPlans provisionedPlans serviceProvisioningErrors"),
		directory.Unset(directory.EDMString, directory.SingleOnly, "aboutMe mySite preferredName"),
		directory.Unset(directory.EDMInt, directory.SingleOnly, "deviceEnrollmentLimit"),
		directory.Unset(directory.EDMDate, directory.SingleOnly, "birthday hireDate"),
		directory.Unset(directory.EDMStrings, directory.SingleOnly, "interests pastProjects responsibilities schools skills"),
		directory.Unset(directory.EDMComplex, directory.SingleOnly, "mailboxSettings"),
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
		directory.Text("onPremisesDistinguishedName", 0, synced(func(t *directory.Tenant, i int) string { return "CN=" + t.Handle(i) + ",OU=People,DC=contoso,DC=com" })),
		directory.Text("onPremisesDomainName", 0, synced(func(*directory.Tenant, int) string { return directory.MailDomain })),
		directory.Value("onPremisesExtensionAttributes", directory.EDMComplex, directory.Advanced, userExtensions),
		directory.Text("onPremisesImmutableId", directory.Filterable, synced(func(t *directory.Tenant, i int) string {
			return fmt.Sprintf("%x==", t.Hash(directory.UserRef(i), directory.SaltName))
		})),
		directory.Date("onPremisesLastSyncDateTime", directory.Advanced, synced(func(*directory.Tenant, int) string { return "2026-10-30T02:00:00Z" })),
		directory.Value("onPremisesProvisioningErrors", directory.EDMComplexes, 0, func(*directory.Tenant, int) any { return []string{} }),
		directory.Text("onPremisesSamAccountName", directory.Advanced, synced((*directory.Tenant).Handle)),
		directory.Text("onPremisesSecurityIdentifier", directory.Advanced, synced(func(_ *directory.Tenant, i int) string {
			return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1000+i)
		})),
		directory.TrueOrNull("onPremisesSyncEnabled", directory.Filterable, func(_ *directory.Tenant, i int) bool { return directory.UserSynced(i) }),
		directory.Text("onPremisesUserPrincipalName", directory.Advanced, synced((*directory.Tenant).UserPrincipalName)),
	}
}

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

func hireDate(t *directory.Tenant, i int) string {
	if directory.EmployeeID(i) == "" {
		return ""
	}
	return t.Timestamp(directory.UserRef(i), directory.SaltStart)
}

func userIdentityParent(t *directory.Tenant, i int) string {
	if !directory.IsAgentUser(i) {
		return ""
	}
	return t.IDOf(t.FirstSP(directory.SPAgentIdentity))
}

// NoMoment stands where somebody never signed in in one way, in some tenants.
const NoMoment = "0001-01-01T00:00:00Z"

type SignInActivity struct {
	LastSignIn         string `json:"lastSignInDateTime"`
	LastNonInteractive string `json:"lastNonInteractiveSignInDateTime"`
	LastSuccessful     string `json:"lastSuccessfulSignInDateTime"`
}

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
