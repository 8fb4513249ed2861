package graphsim

const agentBlueprintAppType = "agentIdentityBlueprint"

func newApplicationType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "application", kind: KindApplication, derived: applicationDerivedType},
		[]property{
			idProperty(KindApplication),
			text("appId", plain, (*Tenant).registrationAppID),
			date("createdDateTime", plain, func(t *Tenant, i int) string { return t.timestamp(makeRef(KindApplication, i), saltCreated) }),
			text("disabledByMicrosoftStatus", inDefault, func(_ *Tenant, i int) string { return disabledByMicrosoft(i) }),
			text("displayName", plain|sortable, (*Tenant).registrationName),
			list("identifierUris", plain, func(t *Tenant, i int) []string { return t.identifierURIs(i) }),
			value("info", edmComplex, inDefault, func(*Tenant, int) any { return informationalURL{} }),
			value("keyCredentials", edmComplexes, inDefault, keysOf(KindApplication)),
			value("passwordCredentials", edmComplexes, inDefault, passwordsOf(KindApplication)),
			text("publisherDomain", plain, func(*Tenant, int) string { return mailDomain }),
			value("requiredResourceAccess", edmComplexes, inDefault, requiredAccess),
			text("signInAudience", plain, func(_ *Tenant, i int) string { return audience(i) }),
			list("tags", plain, func(_ *Tenant, i int) []string { return registrationTags(i) }),
			value("web", edmComplex, inDefault, registrationWeb),
		},
		unset(edmString, inDefault, "applicationTemplateId createdByAppId defaultRedirectUri description groupMembershipClaims "+
			"nativeAuthenticationApisEnabled notes samlMetadataUrl serviceManagementReference uniqueName"),
		unset(edmBool, inDefault, "isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient oauth2RequirePostResponse"),
		unset(edmComplex, inDefault, "api authenticationBehaviors certification optionalClaims parentalControlSettings publicClient "+
			"requestSignatureVerification servicePrincipalLockConfiguration spa verifiedPublisher"),
		unset(edmComplexes, inDefault, "addIns appRoles managerApplications"),
		unset(edmGUID, inDefault, "tokenEncryptionKeyId"),
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}

func applicationDerivedType(t *Tenant, i int) string {
	if t.isBlueprint(i) {
		return agentBlueprintAppType
	}
	return ""
}

func (c *call) ownersOfRegistration(r Ref) []Ref {
	return c.living(c.tenant.registrations[r.index()].owners)
}

func disabledByMicrosoft(i int) string {
	if i == RegistrationDisabled {
		return "DisabledDueToViolationOfServicesAgreement"
	}
	return ""
}

func (t *Tenant) identifierURIs(i int) []string {
	if i%3 != 1 {
		return []string{}
	}
	return []string{"api://" + t.registrationAppID(i)}
}

func audience(i int) string {
	switch i % 9 {
	case 4:
		return "AzureADMultipleOrgs"
	case 7:
		return "AzureADandPersonalMicrosoftAccount"
	default:
		return "AzureADMyOrg"
	}
}

func registrationTags(i int) []string {
	if i%4 != 0 {
		return []string{}
	}
	return []string{"HideApp", "team:platform"}
}

type resourceAccess struct {
	Access []accessNeeded `json:"resourceAccess"`
	AppID  string         `json:"resourceAppId"`
}

type accessNeeded struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// requiredAccess asks Microsoft Graph for an application permission and a delegated one.
func requiredAccess(t *Tenant, i int) any {
	if i%2 == 1 {
		return []resourceAccess{}
	}
	h := t.hash(makeRef(KindApplication, i), saltRole)
	return []resourceAccess{{AppID: graphAppID, Access: []accessNeeded{
		{ID: pick(graphPermissionIDs, h).id, Type: "Role"},
		{ID: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", Type: "Scope"}, // User.Read
	}}}
}
