package powers

import "slices"

// Ability is something that a directory role, or an application permission, lets its
// holder do and that leads to the access of others.
type Ability string

// The abilities.
const (
	// GivesRoles is giving any directory role, anywhere, to anybody.
	GivesRoles Ability = "gives-roles"
	// GivesPermissions is giving any application permission to any application, and so
	// having every other ability that a permission gives.
	GivesPermissions Ability = "gives-permissions"
	// ControlsApplications is adding a credential, or an owner, to any application and
	// any app registration.
	ControlsApplications Ability = "controls-applications"
	// ControlsRegistrations is the same for app registrations alone, so that applications
	// of other tenants are out of reach.
	ControlsRegistrations Ability = "controls-registrations"
	// ControlsOwnedApplications is the same for what the application owns: its ownership
	// is the way, and this what Microsoft Graph asks for.
	ControlsOwnedApplications Ability = "controls-owned-applications"
	// ControlsBlueprints is adding a credential to any blueprint of agents.
	ControlsBlueprints Ability = "controls-blueprints"
	// ManagesSecurityGroups is changing who is in security groups that neither can hold
	// roles nor follow a rule.
	ManagesSecurityGroups Ability = "manages-security-groups"
	// ManagesUnifiedGroups is the same for Microsoft 365 groups.
	ManagesUnifiedGroups Ability = "manages-unified-groups"
	// WritesSecurityRules is changing the rule that decides who is in a security group.
	WritesSecurityRules Ability = "writes-security-rules"
	// WritesUnifiedRules is the same for Microsoft 365 groups.
	WritesUnifiedRules Ability = "writes-unified-rules"
	// ManagesExchangeGroups is changing who is in distribution groups and mail-enabled
	// security groups, which takes Exchange Online.
	ManagesExchangeGroups Ability = "manages-exchange-groups"
	// ManagesRoleAssignableGroups is changing who is in groups that can hold roles.
	ManagesRoleAssignableGroups Ability = "manages-role-assignable-groups"
	// ManagesGroupsInPIM is making somebody a member or an owner of any group that
	// Privileged Identity Management can look after.
	ManagesGroupsInPIM Ability = "manages-groups-in-pim"
	// ResetsAnybody is giving anybody, administrators included, a new way to sign in. What
	// directory roles can do of it is in Resetters.
	ResetsAnybody Ability = "resets-anybody"
	// TrustsAuthorities is trusting a certificate authority, and so signing in as anybody.
	TrustsAuthorities Ability = "trusts-authorities"
	// FederatesDomains is having the people of a domain signed in by another service, and
	// so signing in as those who have an immutable id: people from on premises.
	FederatesDomains Ability = "federates-domains"
	// SynchronizesPeople is writing the passwords of people from on premises.
	SynchronizesPeople Ability = "synchronizes-people"
	// GivesPackages is giving any access package to anybody.
	GivesPackages Ability = "gives-packages"
)

const rolesPage = "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"

// RolePower is what a directory role lets its holder do to come to the access of others.
type RolePower struct {
	// ID is the template id, which is the id of a built-in role in every tenant.
	ID        string
	Name      string
	Abilities []Ability
	// Page is Microsoft's, with the role's actions.
	Page string
}

// The abilities of one kind that roles have together.
var (
	groupsByHand = []Ability{ManagesSecurityGroups, ManagesUnifiedGroups}
	allGroups    = []Ability{ManagesSecurityGroups, ManagesUnifiedGroups, WritesSecurityRules, WritesUnifiedRules}
	security     = []Ability{ManagesSecurityGroups, WritesSecurityRules}
)

// rolePowers follow the actions that Microsoft lists of each role (January 2026):
// roleAssignments/allProperties/allTasks gives roles; credentials/update and
// owners/update of applications and servicePrincipals control applications;
// members/update and owners/update of groups, groups.security and groups.unified
// manage groups, dynamicMembershipRule/update writes rules; domains/federation/update
// federates. What custom roles allow a snapshot does not say.
var rolePowers = []RolePower{
	role("62e90394-69f5-4237-9190-012177145e10", "Global Administrator", "global-administrator",
		append([]Ability{
			GivesRoles, GivesPermissions, ControlsApplications, ControlsBlueprints, ManagesExchangeGroups, ManagesRoleAssignableGroups,
			FederatesDomains, GivesPackages,
		}, allGroups...)...),
	role("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator", "privileged-role-administrator",
		GivesRoles, GivesPermissions, ManagesRoleAssignableGroups),
	role("e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", "Partner Tier2 Support", "partner-tier2-support",
		append([]Ability{GivesRoles, ControlsRegistrations, FederatesDomains}, groupsByHand...)...),
	role("4ba39ca4-527c-499a-b93d-d9b492c50246", "Partner Tier1 Support", "partner-tier1-support",
		append([]Ability{ControlsRegistrations}, groupsByHand...)...),
	role("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", "application-administrator", ControlsApplications),
	role("158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator", "cloud-application-administrator", ControlsApplications),
	role("8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", "hybrid-identity-administrator",
		ControlsApplications, FederatesDomains, SynchronizesPeople),
	role("d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts", "directory-synchronization-accounts", SynchronizesPeople),
	role("a92aed5d-d78a-4d16-b381-09adb37eb3b0", "On Premises Directory Sync Account", "on-premises-directory-sync-account", SynchronizesPeople),
	role("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator", "security-administrator", FederatesDomains),
	role("8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator", "domain-name-administrator", FederatesDomains),
	role("be2f45a1-457d-42af-a067-6ec1fa63bc45", "External Identity Provider Administrator", "external-identity-provider-administrator", FederatesDomains),
	role("db506228-d27e-4b7d-95e5-295956d6615f", "Agent ID Administrator", "agent-id-administrator", ControlsBlueprints),
	role("fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", "groups-administrator", allGroups...),
	role("fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator", "user-administrator", allGroups...),
	role("9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers", "directory-writers", allGroups...),
	role("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator", "identity-governance-administrator",
		append([]Ability{GivesPackages}, groupsByHand...)...),
	role("3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator", "intune-administrator", security...),
	role("11451d60-acb2-45eb-a7d6-43d0f0125c13", "Windows 365 Administrator", "windows-365-administrator", security...),
	role("b5a8dcf3-09d5-43a9-a639-8e29ef291470", "Knowledge Administrator", "knowledge-administrator", ManagesSecurityGroups),
	role("744ec460-397e-42ad-a462-8b3f9747a02c", "Knowledge Manager", "knowledge-manager", ManagesSecurityGroups),
	role("29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator", "exchange-administrator", ManagesUnifiedGroups, ManagesExchangeGroups),
	role("31392ffb-586c-42d1-9346-e59415a2cc4e", "Exchange Recipient Administrator", "exchange-recipient-administrator", ManagesExchangeGroups),
	role("f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator", "sharepoint-administrator", ManagesUnifiedGroups),
	role("69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator", "teams-administrator", ManagesUnifiedGroups),
	role("810a2642-a034-447f-a5e8-41beaa378541", "Yammer Administrator", "yammer-administrator", ManagesUnifiedGroups),
}

func role(id, name, anchor string, abilities ...Ability) RolePower {
	return RolePower{ID: id, Name: name, Abilities: abilities, Page: rolesPage + "#" + anchor}
}

// RolesWith are the roles that have an ability, in the order of the table.
func RolesWith(ability Ability) []RolePower {
	var found []RolePower
	for i := range rolePowers {
		if slices.Contains(rolePowers[i].Abilities, ability) {
			found = append(found, rolePowers[i])
		}
	}
	return found
}

// RoleHas reports whether a role has an ability, by its template id.
func RoleHas(id string, ability Ability) bool {
	for i := range rolePowers {
		if rolePowers[i].ID == id {
			return slices.Contains(rolePowers[i].Abilities, ability)
		}
	}
	return false
}

// RolePage is Microsoft's page of a role, by its template id.
func RolePage(id string) string {
	for i := range rolePowers {
		if rolePowers[i].ID == id {
			return rolePowers[i].Page
		}
	}
	return rolesPage
}

// PermissionsWith are the application permissions that have an ability, in the order
// of the table. Those that give permissions have every ability of a permission, and
// are named by GivesPermissions alone.
func PermissionsWith(ability Ability) []Permission {
	var found []Permission
	for i := range permissions {
		if slices.Contains(permissions[i].Abilities, ability) {
			found = append(found, permissions[i])
		}
	}
	return found
}
