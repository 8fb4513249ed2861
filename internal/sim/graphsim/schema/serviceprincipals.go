package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/agents"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newServicePrincipalType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	return directory.NewEntityType(
		directory.EntityType{Name: "servicePrincipal", Kind: directory.KindServicePrincipal, Derived: spDerivedType},
		[]directory.Property{
			idProperty(directory.KindServicePrincipal),
			flag("accountEnabled", plain, func(t *directory.Tenant, i int) bool { return !t.SPs[i].Disabled }),
			list("alternativeNames", plain, SPAlternativeNames),
			text("appDisplayName", directory.InDefault|directory.Advanced, (*directory.Tenant).SPName),
			text("appId", plain, (*directory.Tenant).AppID),
			value("appOwnerOrganizationId", directory.EDMGUID, directory.InDefault|directory.Advanced, func(t *directory.Tenant, i int) any { return directory.OrNull(SPOwnerTenant(t, i)) }),
			flag("appRoleAssignmentRequired", directory.InDefault|directory.Advanced, func(t *directory.Tenant, i int) bool { return t.SPs[i].AssignmentRequired }),
			value("appRoles", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, i int) any { return spAppRoles(t, i) }),
			text("applicationTemplateId", plain, func(t *directory.Tenant, i int) string { return t.SPTemplate(i) }),
			text("createdByAppId", directory.Filterable, nothing),
			text("displayName", plain|directory.Sortable, (*directory.Tenant).SPName),
			text("homepage", plain, func(_ *directory.Tenant, i int) string { return spHomepage(i) }),
			value("info", directory.EDMComplex, directory.InDefault, func(*directory.Tenant, int) any { return informationalURL{} }),
			value("keyCredentials", directory.EDMComplexes, directory.InDefault, directory.KeysOf(directory.KindServicePrincipal)),
			value("passwordCredentials", directory.EDMComplexes, directory.InDefault, directory.PasswordsOf(directory.KindServicePrincipal)),
			list("servicePrincipalNames", plain, func(t *directory.Tenant, i int) []string { return []string{t.AppID(i)} }),
			list("replyUrls", directory.InDefault, spReplyURLs),
			text("servicePrincipalType", plain, spType),
			text("signInAudience", directory.InDefault, spAudience),
			list("tags", plain, spTags),

			// Properties of the derived types; Graph has them on rows of those types only.
			text("agentIdentityBlueprintId", directory.InDefault|directory.DerivedOnly, spBlueprint),
			date("createdDateTime", directory.InDefault|directory.DerivedOnly, spCreated),
		},
		unset(directory.EDMString, directory.InDefault, "appDescription description disabledByMicrosoftStatus loginUrl logoutUrl notes preferredSingleSignOnMode preferredTokenSigningKeyThumbprint"),
		unset(directory.EDMStrings, directory.InDefault, "notificationEmailAddresses"),
		unset(directory.EDMComplexes, directory.InDefault, "addIns oauth2PermissionScopes resourceSpecificApplicationPermissions"),
		unset(directory.EDMComplex, directory.InDefault, "samlSingleSignOnSettings verifiedPublisher"),
		unset(directory.EDMGUID, directory.InDefault, "tokenEncryptionKeyId"),
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
		unset(directory.EDMBool, directory.Filterable, "isDisabled"),
		[]directory.Property{value(SecurityAttributes, directory.EDMComplex, directory.OnSelect, spAttributes)},
	)
}

func spDerivedType(t *directory.Tenant, i int) string {
	switch t.SPs[i].Kind {
	case directory.SPAgentIdentity:
		return directory.AgentIdentityType
	case directory.SPAgentBlueprint:
		return directory.AgentBlueprintType
	default:
		return ""
	}
}

// spType is servicePrincipalType. Agent identities derive from ServicePrincipal and name themselves here too.
func spType(t *directory.Tenant, i int) string {
	switch t.SPs[i].Kind {
	case directory.SPManagedIdentity:
		return "ManagedIdentity"
	case directory.SPLegacy:
		return "Legacy"
	case directory.SPAgentIdentity:
		return "ServiceIdentity"
	default:
		return "Application"
	}
}

// SPAlternativeNames carries a managed identity's Azure resource and whether it is user-assigned.
func SPAlternativeNames(t *directory.Tenant, i int) []string {
	if t.SPs[i].Kind != directory.SPManagedIdentity {
		return []string{}
	}
	root := "/subscriptions/" + t.GUIDOf(directory.MakeRef(directory.KindMisc, 2)).String() + "/resourcegroups/rg-" + fmt.Sprint(i%5)
	if i%2 == 0 {
		return []string{"isExplicit=True", root + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + t.SPName(i)}
	}
	return []string{"isExplicit=False", root + "/providers/Microsoft.Compute/virtualMachines/vm-" + fmt.Sprint(i)}
}

// SPOwnerTenant is the tenant that owns the application of a service principal.
func SPOwnerTenant(t *directory.Tenant, i int) string {
	switch s := t.SPs[i]; {
	case s.WellKnownID != "":
		return directory.MicrosoftTenant
	case s.Foreign:
		return directory.GalleryTenant
	case s.Kind == directory.SPManagedIdentity:
		return ""
	default:
		return t.TenantID()
	}
}

func spHomepage(i int) string {
	if i%3 == 0 {
		return fmt.Sprintf("https://app%d.contoso.com", i)
	}
	return ""
}

func spAudience(t *directory.Tenant, i int) string {
	switch {
	case t.SPs[i].Kind == directory.SPManagedIdentity:
		return ""
	case t.SPs[i].Foreign:
		return "AzureADMultipleOrgs"
	default:
		return "AzureADMyOrg"
	}
}

func spTags(t *directory.Tenant, i int) []string {
	if t.SPs[i].Kind == directory.SPApplication && t.SPs[i].WellKnownID == "" {
		return []string{"WindowsAzureActiveDirectoryIntegratedApp"}
	}
	return []string{}
}

func spBlueprint(t *directory.Tenant, i int) string {
	if t.SPs[i].Kind != directory.SPAgentIdentity {
		return ""
	}
	return agents.NameOf(t, i)
}

func spCreated(t *directory.Tenant, i int) string {
	if t.SPs[i].Kind != directory.SPAgentIdentity {
		return ""
	}
	return t.Timestamp(directory.SPRef(i), directory.SaltCreated)
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

func spAppRoles(t *directory.Tenant, i int) []appRoleRow {
	out := make([]appRoleRow, 0, len(t.SPs[i].Roles))
	for _, r := range t.SPs[i].Roles {
		if r.Dropped {
			continue
		}
		types := []string{}
		if r.ForUsers {
			types = append(types, "User")
		}
		if r.ForApps {
			types = append(types, "Application")
		}
		about := r.About
		if about == "" {
			about = r.Name + " of " + t.SPName(i)
		}
		out = append(out, appRoleRow{
			AllowedMemberTypes: types, Description: about, DisplayName: r.Name,
			ID: r.ID.String(), IsEnabled: !r.Disabled, Origin: "Application", Value: r.Value,
		})
	}
	return out
}

// spReplyURLs are an application's redirect addresses; Microsoft's own and managed identities have none here.
func spReplyURLs(t *directory.Tenant, i int) []string {
	if s := t.SPs[i]; s.Kind != directory.SPApplication || s.WellKnownID != "" {
		return []string{}
	}
	return t.Redirects(fmt.Sprintf("sp%d", i))
}
