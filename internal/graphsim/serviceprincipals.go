package graphsim

import "fmt"

const (
	agentIdentityType  = "agentIdentity"
	agentBlueprintType = "agentIdentityBlueprintPrincipal"
)

func newServicePrincipalType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "servicePrincipal", kind: KindServicePrincipal, derived: spDerivedType},
		[]property{
			idProperty(KindServicePrincipal),
			flag("accountEnabled", plain, func(t *Tenant, i int) bool { return !t.sps[i].disabled }),
			list("alternativeNames", plain, (*Tenant).spAlternativeNames),
			text("appDisplayName", inDefault|advanced, (*Tenant).spName),
			text("appId", plain, (*Tenant).appID),
			value("appOwnerOrganizationId", edmGUID, inDefault|advanced, func(t *Tenant, i int) any { return orNull(t.spOwnerTenant(i)) }),
			flag("appRoleAssignmentRequired", inDefault|advanced, func(t *Tenant, i int) bool { return t.sps[i].assignmentRequired }),
			value("appRoles", edmComplexes, inDefault, func(t *Tenant, i int) any { return t.spAppRoles(i) }),
			text("applicationTemplateId", plain, func(t *Tenant, i int) string { return t.spTemplate(i) }),
			text("createdByAppId", filterable, nothing),
			text("displayName", plain|sortable, (*Tenant).spName),
			text("homepage", plain, func(_ *Tenant, i int) string { return spHomepage(i) }),
			value("info", edmComplex, inDefault, func(*Tenant, int) any { return informationalURL{} }),
			value("keyCredentials", edmComplexes, inDefault, keysOf(KindServicePrincipal)),
			value("passwordCredentials", edmComplexes, inDefault, passwordsOf(KindServicePrincipal)),
			list("servicePrincipalNames", plain, func(t *Tenant, i int) []string { return []string{t.appID(i)} }),
			list("replyUrls", inDefault, func(t *Tenant, i int) []string { return t.spReplyURLs(i) }),
			text("servicePrincipalType", plain, func(t *Tenant, i int) string { return t.spType(i) }),
			text("signInAudience", inDefault, func(t *Tenant, i int) string { return t.spAudience(i) }),
			list("tags", plain, func(t *Tenant, i int) []string { return t.spTags(i) }),

			// Properties of the derived types; Graph has them on rows of those types only.
			text("agentIdentityBlueprintId", inDefault|derivedOnly, func(t *Tenant, i int) string { return t.spBlueprint(i) }),
			date("createdDateTime", inDefault|derivedOnly, func(t *Tenant, i int) string { return t.spCreated(i) }),
		},
		unset(edmString, inDefault, "appDescription description disabledByMicrosoftStatus loginUrl logoutUrl notes preferredSingleSignOnMode preferredTokenSigningKeyThumbprint"),
		unset(edmStrings, inDefault, "notificationEmailAddresses"),
		unset(edmComplexes, inDefault, "addIns oauth2PermissionScopes resourceSpecificApplicationPermissions"),
		unset(edmComplex, inDefault, "samlSingleSignOnSettings verifiedPublisher"),
		unset(edmGUID, inDefault, "tokenEncryptionKeyId"),
		unset(edmDate, inDefault, "deletedDateTime"),
		unset(edmBool, filterable, "isDisabled"),
		unset(edmComplex, onSelect, "customSecurityAttributes"),
	)
}

func spDerivedType(t *Tenant, i int) string {
	switch t.sps[i].kind {
	case spAgentIdentity:
		return agentIdentityType
	case spAgentBlueprint:
		return agentBlueprintType
	default:
		return ""
	}
}

// spType is servicePrincipalType. Agent identities derive from servicePrincipal and name themselves here too.
func (t *Tenant) spType(i int) string {
	switch t.sps[i].kind {
	case spManagedIdentity:
		return "ManagedIdentity"
	case spLegacy:
		return "Legacy"
	case spAgentIdentity:
		return "ServiceIdentity"
	default:
		return "Application"
	}
}

// spAlternativeNames carries a managed identity's Azure resource and whether it is user-assigned.
func (t *Tenant) spAlternativeNames(i int) []string {
	if t.sps[i].kind != spManagedIdentity {
		return []string{}
	}
	root := "/subscriptions/" + t.guidOf(makeRef(kindMisc, 2)).String() + "/resourcegroups/rg-" + fmt.Sprint(i%5)
	if i%2 == 0 {
		return []string{"isExplicit=True", root + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + t.spName(i)}
	}
	return []string{"isExplicit=False", root + "/providers/Microsoft.Compute/virtualMachines/vm-" + fmt.Sprint(i)}
}

func (t *Tenant) spOwnerTenant(i int) string {
	switch s := t.sps[i]; {
	case s.wellKnownID != "":
		return microsoftTenant
	case s.foreign:
		return galleryTenant
	case s.kind == spManagedIdentity:
		return ""
	default:
		return t.TenantID()
	}
}

func (t *Tenant) spTemplate(i int) string {
	if t.sps[i].foreign && t.sps[i].wellKnownID == "" {
		return t.guidOf(makeRef(kindMisc, 100+i)).String()
	}
	return ""
}

func spHomepage(i int) string {
	if i%3 == 0 {
		return fmt.Sprintf("https://app%d.contoso.com", i)
	}
	return ""
}

func (t *Tenant) spAudience(i int) string {
	switch {
	case t.sps[i].kind == spManagedIdentity:
		return ""
	case t.sps[i].foreign:
		return "AzureADMultipleOrgs"
	default:
		return "AzureADMyOrg"
	}
}

func (t *Tenant) spTags(i int) []string {
	if t.sps[i].kind == spApplication && t.sps[i].wellKnownID == "" {
		return []string{"WindowsAzureActiveDirectoryIntegratedApp"}
	}
	return []string{}
}

func (t *Tenant) spBlueprint(i int) string {
	if t.sps[i].kind != spAgentIdentity {
		return ""
	}
	return t.id(t.firstSP(spAgentBlueprint))
}

func (t *Tenant) spCreated(i int) string {
	if t.sps[i].kind != spAgentIdentity {
		return ""
	}
	return t.timestamp(spRef(i), saltCreated)
}

type informationalURL struct {
	LogoURL    *string `json:"logoUrl"`
	Marketing  *string `json:"marketingUrl"`
	Privacy    *string `json:"privacyStatementUrl"`
	Support    *string `json:"supportUrl"`
	TermsOfUse *string `json:"termsOfServiceUrl"`
}

type appRoleRow struct {
	AllowedMemberTypes []string `json:"allowedMemberTypes"`
	Description        string   `json:"description"`
	DisplayName        string   `json:"displayName"`
	ID                 string   `json:"id"`
	IsEnabled          bool     `json:"isEnabled"`
	Origin             string   `json:"origin"`
	Value              string   `json:"value"`
}

func (t *Tenant) spAppRoles(i int) []appRoleRow {
	out := make([]appRoleRow, 0, len(t.sps[i].roles))
	for _, r := range t.sps[i].roles {
		types := []string{}
		if r.forUsers {
			types = append(types, "User")
		}
		if r.forApps {
			types = append(types, "Application")
		}
		about := r.about
		if about == "" {
			about = r.name + " of " + t.spName(i)
		}
		out = append(out, appRoleRow{
			AllowedMemberTypes: types, Description: about, DisplayName: r.name,
			ID: r.id.String(), IsEnabled: !r.disabled, Origin: "Application", Value: r.value,
		})
	}
	return out
}

// spReplyURLs are an application's redirect addresses; Microsoft's own and managed identities have none here.
func (t *Tenant) spReplyURLs(i int) []string {
	if s := t.sps[i]; s.kind != spApplication || s.wellKnownID != "" {
		return []string{}
	}
	return t.redirects(fmt.Sprintf("sp%d", i))
}
