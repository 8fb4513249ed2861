package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const AgentBlueprintAppType = "agentIdentityBlueprint"

func newApplicationType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "application", Kind: directory.KindApplication, Derived: applicationDerivedType},
		[]directory.Property{
			idProperty(directory.KindApplication),
			text("appId", plain, (*directory.Tenant).RegistrationAppID),
			date("createdDateTime", plain, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.MakeRef(directory.KindApplication, i), directory.SaltCreated)
			}),
			text("disabledByMicrosoftStatus", directory.InDefault, func(_ *directory.Tenant, i int) string { return disabledByMicrosoft(i) }),
			text("displayName", plain|directory.Sortable, (*directory.Tenant).RegistrationName),
			list("identifierUris", plain, identifierURIs),
			value("info", directory.EDMComplex, directory.InDefault, func(*directory.Tenant, int) any { return informationalURL{} }),
			value("keyCredentials", directory.EDMComplexes, directory.InDefault, directory.KeysOf(directory.KindApplication)),
			value("passwordCredentials", directory.EDMComplexes, directory.InDefault, directory.PasswordsOf(directory.KindApplication)),
			text("publisherDomain", plain, func(*directory.Tenant, int) string { return directory.MailDomain }),
			value("requiredResourceAccess", directory.EDMComplexes, directory.InDefault, requiredAccess),
			text("signInAudience", plain, func(_ *directory.Tenant, i int) string { return audience(i) }),
			list("tags", plain, func(_ *directory.Tenant, i int) []string { return registrationTags(i) }),
			value("web", directory.EDMComplex, directory.InDefault, registrationWeb),
		},
		unset(directory.EDMString, directory.InDefault, "applicationTemplateId createdByAppId defaultRedirectUri description groupMembershipClaims "+
			"nativeAuthenticationApisEnabled notes samlMetadataUrl serviceManagementReference uniqueName"),
		unset(directory.EDMBool, directory.InDefault, "isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient oauth2RequirePostResponse"),
		unset(directory.EDMComplex, directory.InDefault, "api authenticationBehaviors certification optionalClaims parentalControlSettings publicClient "+
			"requestSignatureVerification servicePrincipalLockConfiguration spa verifiedPublisher"),
		unset(directory.EDMComplexes, directory.InDefault, "addIns appRoles managerApplications"),
		unset(directory.EDMGUID, directory.InDefault, "tokenEncryptionKeyId"),
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
	)
}

func applicationDerivedType(t *directory.Tenant, i int) string {
	if t.IsBlueprint(i) {
		return AgentBlueprintAppType
	}
	return ""
}

func disabledByMicrosoft(i int) string {
	if i == directory.RegistrationDisabled {
		return "DisabledDueToViolationOfServicesAgreement"
	}
	return ""
}

func identifierURIs(t *directory.Tenant, i int) []string {
	if i%3 != 1 {
		return []string{}
	}
	return []string{"api://" + t.RegistrationAppID(i)}
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
func requiredAccess(t *directory.Tenant, i int) any {
	if i%2 == 1 {
		return []resourceAccess{}
	}
	h := t.Hash(directory.MakeRef(directory.KindApplication, i), directory.SaltRole)
	return []resourceAccess{{AppID: directory.GraphAppID, Access: []accessNeeded{
		{ID: directory.Pick(directory.GraphPermissionIDs, h).ID, Type: "Role"},
		{ID: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", Type: "Scope"}, // User.Read
	}}}
}

func newFederatedCredentialType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "federatedIdentityCredential", Kind: directory.KindFederatedCredential},
		[]directory.Property{
			idProperty(directory.KindFederatedCredential),
			list("audiences", directory.InDefault, func(*directory.Tenant, int) []string { return []string{"api://AzureADTokenExchange"} }),
			text("description", directory.InDefault, func(t *directory.Tenant, i int) string { return t.Federated(i).Description }),
			text("issuer", plain, func(t *directory.Tenant, i int) string { return t.Federated(i).Issuer }),
			text("name", plain, func(t *directory.Tenant, i int) string { return t.Federated(i).Name }),
			text("subject", plain, func(t *directory.Tenant, i int) string {
				return onlyIf(!t.Flexible(directory.MakeRef(directory.KindFederatedCredential, i)), t.Federated(i).Subject)
			}),
		},
	)
}

type webApplication struct {
	HomePage  *string        `json:"homePageUrl"`
	Logout    *string        `json:"logoutUrl"`
	Redirects []string       `json:"redirectUris"`
	Settings  []redirectAddr `json:"redirectUriSettings"`
}

type redirectAddr struct {
	Index *int   `json:"index"`
	URI   string `json:"uri"`
}

// registrationWeb is what an application says of its web client.
func registrationWeb(t *directory.Tenant, n int) any {
	web := webApplication{Redirects: t.Redirects(fmt.Sprintf("app%d", n)), Settings: []redirectAddr{}}
	for _, uri := range web.Redirects {
		web.Settings = append(web.Settings, redirectAddr{URI: uri})
	}
	return web
}
