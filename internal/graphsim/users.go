package graphsim

import "fmt"

const agentUserType = "agentUser"

func newUserType() *entityType {
	const (
		plain = filterable | inDefault | basic
		more  = filterable
	)
	return newEntityType(
		entityType{name: "user", kind: KindUser, derived: userDerivedType},
		[]property{
			list("businessPhones", inDefault|advanced, func(_ *Tenant, i int) []string { return userPhones(i) }),
			text("displayName", plain|sortable, (*Tenant).userDisplayName),
			text("givenName", plain, func(t *Tenant, i int) string { return t.givenName(i).shown }),
			idProperty(KindUser),
			text("jobTitle", inDefault|more, func(t *Tenant, i int) string { return pick(jobTitles, t.hash(userRef(i), saltTitle)) }),
			text("mail", plain, (*Tenant).userMail),
			text("mobilePhone", inDefault|advanced, func(_ *Tenant, i int) string { return userMobile(i) }),
			text("officeLocation", inDefault|advanced, func(_ *Tenant, i int) string { return fmt.Sprintf("B%d/%d", i%7, i%300) }),
			text("preferredLanguage", inDefault|advanced, nothing),
			text("surname", plain, func(t *Tenant, i int) string { return t.familyName(i).shown }),
			text("userPrincipalName", plain|sortable|computed, (*Tenant).userSignInName),

			flag("accountEnabled", more, func(_ *Tenant, i int) bool { return userEnabled(i) }),
			value("assignedLicenses", edmComplexes, more|computed, userLicenses),
			value("licenseAssignmentStates", edmComplexes, computed, userLicenseStates),
			text("city", more, func(t *Tenant, i int) string { return t.userCity(i).shown }),
			text("companyName", advanced, func(_ *Tenant, i int) string { return userCompany(i) }),
			text("country", more, func(t *Tenant, i int) string { return t.userCity(i).ascii }),
			date("createdDateTime", more|sortable, func(t *Tenant, i int) string { return t.timestamp(userRef(i), saltCreated) }),
			text("creationType", advanced, func(_ *Tenant, i int) string { return guestValue(i, "Invitation") }),
			text("department", more, func(t *Tenant, i int) string { return pick(departments, t.hash(userRef(i), saltDepartment)) }),
			date("deletedDateTime", computed, userDeleted),
			date("employeeHireDate", advanced, func(t *Tenant, i int) string { return t.hireDate(i) }),
			text("employeeId", more, func(_ *Tenant, i int) string { return employeeID(i) }),
			text("employeeType", advanced, func(_ *Tenant, i int) string { return employeeType(i) }),
			text("externalUserState", more, func(_ *Tenant, i int) string { return guestState(i) }),
			date("externalUserStateChangeDateTime", 0, guestStateChange),
			value("identities", edmComplexes, more|computed, userIdentities),
			text("identityParentId", advanced, userIdentityParent),
			list("imAddresses", advanced, func(t *Tenant, i int) []string { return []string{t.userPrincipalName(i)} }),
			text("mailNickname", more, (*Tenant).handle),
			list("otherMails", more, (*Tenant).otherMails),
			list("proxyAddresses", more, (*Tenant).proxyAddresses),
			value(signInProperty, edmComplex, advanced|onSelect, userSignIn),
			date("signInSessionsValidFromDateTime", 0, func(t *Tenant, i int) string { return t.timestamp(userRef(i), saltCreated) }),
			text("usageLocation", more, func(t *Tenant, i int) string { return t.userCity(i).ascii }),
			text("userType", more, func(_ *Tenant, i int) string { return userType(i) }),
		},
		userOnPremises(),
		unset(edmString, more, "state"),
		unset(edmString, advanced, "ageGroup consentProvidedForMinor faxNumber postalCode preferredDataLocation streetAddress"),
		unset(edmString, 0, "legalAgeGroupClassification passwordPolicies securityIdentifier"),
		unset(edmDate, 0, "employeeLeaveDateTime lastPasswordChangeDateTime"),
		unset(edmBool, 0, "isResourceAccount showInAddressList"),
		[]property{restricted(KindUser)},
		unset(edmComplex, 0, "authorizationInfo employeeOrgData passwordProfile print"),
		unset(edmComplex, onSelect, "customSecurityAttributes"),
		unset(edmComplexes, 0, "assignedPlans provisionedPlans serviceProvisioningErrors"),
		unset(edmString, singleOnly, "aboutMe mySite preferredName"),
		unset(edmInt, singleOnly, "deviceEnrollmentLimit"),
		unset(edmDate, singleOnly, "birthday hireDate"),
		unset(edmStrings, singleOnly, "interests pastProjects responsibilities schools skills"),
		unset(edmComplex, singleOnly, "mailboxSettings"),
	)
}

func userOnPremises() []property {
	synced := func(get func(t *Tenant, i int) string) func(t *Tenant, i int) string {
		return func(t *Tenant, i int) string {
			if !userSynced(i) {
				return ""
			}
			return get(t, i)
		}
	}
	return []property{
		text("onPremisesDistinguishedName", 0, synced(func(t *Tenant, i int) string { return "CN=" + t.handle(i) + ",OU=People,DC=contoso,DC=com" })),
		text("onPremisesDomainName", 0, synced(func(*Tenant, int) string { return mailDomain })),
		value("onPremisesExtensionAttributes", edmComplex, advanced, userExtensions),
		text("onPremisesImmutableId", filterable, synced(func(t *Tenant, i int) string { return fmt.Sprintf("%x==", t.hash(userRef(i), saltName)) })),
		date("onPremisesLastSyncDateTime", advanced, synced(func(*Tenant, int) string { return "2026-10-30T02:00:00Z" })),
		value("onPremisesProvisioningErrors", edmComplexes, 0, func(*Tenant, int) any { return []string{} }),
		text("onPremisesSamAccountName", advanced, synced((*Tenant).handle)),
		text("onPremisesSecurityIdentifier", advanced, synced(func(_ *Tenant, i int) string {
			return fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1000+i)
		})),
		trueOrNull("onPremisesSyncEnabled", filterable, func(_ *Tenant, i int) bool { return userSynced(i) }),
		text("onPremisesUserPrincipalName", advanced, synced((*Tenant).userPrincipalName)),
	}
}

func userDerivedType(t *Tenant, i int) string {
	if isAgentUser(i) && !t.madeUser(i) {
		return agentUserType
	}
	return ""
}

func nothing(*Tenant, int) string { return "" }

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

func (t *Tenant) userCity(i int) spelling { return pick(cities, t.hash(userRef(i), saltCity)) }

func userCompany(i int) string {
	if isGuest(i) {
		return "Partner Ltd"
	}
	return "Contoso"
}

func guestValue(i int, v string) string {
	if isGuest(i) {
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

func guestStateChange(t *Tenant, i int) string {
	return guestValue(i, t.timestamp(userRef(i), saltCreated))
}

func userType(i int) string {
	if isGuest(i) {
		return "Guest"
	}
	return "Member"
}

func employeeType(i int) string {
	if employeeID(i) == "" {
		return ""
	}
	return "Employee"
}

func (t *Tenant) hireDate(i int) string {
	if employeeID(i) == "" {
		return ""
	}
	return t.timestamp(userRef(i), saltStart)
}

func userIdentityParent(t *Tenant, i int) string {
	if !isAgentUser(i) {
		return ""
	}
	return t.id(t.firstSP(spAgentIdentity))
}

// noMoment stands where somebody never signed in in one way, in some tenants.
const noMoment = "0001-01-01T00:00:00Z"

type signInActivity struct {
	LastSignIn         string `json:"lastSignInDateTime"`
	LastNonInteractive string `json:"lastNonInteractiveSignInDateTime"`
	LastSuccessful     string `json:"lastSuccessfulSignInDateTime"`
}

func userSignIn(t *Tenant, i int) any {
	if i%6 == 2 || t.madeUser(i) {
		return nil
	}
	at := t.timestamp(userRef(i), saltStep)
	out := signInActivity{LastSignIn: at, LastNonInteractive: at, LastSuccessful: at}
	if t.quirks.has(QuirkSignInPlaceholders) {
		if i%6 == 1 || i%6 == 3 {
			out.LastNonInteractive = noMoment
		}
		if i%6 == 3 || i%6 == 5 {
			out.LastSuccessful = ""
		}
	}
	return out
}
