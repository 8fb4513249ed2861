package sending

import "strings"

// routeOf is the template of a reference ("/groups/{id}/members"): its path with
// everything but Graph's own words replaced. It goes by a list of words because
// not all ids look like ids: users have their names as a second key.
func routeOf(ref string) string {
	path, _, _ := strings.Cut(ref, "?")
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if segment != "" && !routeWords[segment] {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// routeWords are the segments of the addresses that the nouns ask for. A
// word that is missing here shows as {id}.
var routeWords = words(`
	$batch $count $entity $ref
	administrativeUnits applications auditLogs authenticationMethods authentication devices directory directoryAudits
	directoryObjects deletedItems domains group groups identityGovernance identityProtection invitations
	oauth2PermissionGrants organization policies privilegedAccess reports riskyUsers roleManagement
	roleManagementPolicyAssignments servicePrincipals signIns subscribedSkus userRegistrationDetails users
	assignmentScheduleInstances assignmentScheduleRequests eligibilityScheduleInstances eligibilityScheduleRequests
	roleAssignments roleAssignmentScheduleInstances roleAssignmentScheduleRequests roleDefinitions
	roleEligibilityScheduleInstances roleEligibilityScheduleRequests
	appRoleAssignedTo appRoleAssignments delta federatedIdentityCredentials licenseDetails mailboxSettings userPurpose
	manager memberOf members ownedObjects owners registeredOwners sponsors transitiveMemberOf transitiveMembers
	microsoft.graph.agentIdentity microsoft.graph.agentIdentityBlueprintPrincipal microsoft.graph.group
	microsoft.graph.agentIdentityBlueprint inheritablePermissions
	microsoft.graph.servicePrincipal microsoft.graph.user
	addPassword assignLicense removePassword restore revokeSignInSessions
	microsoft.graph.addPassword microsoft.graph.assignLicense microsoft.graph.removePassword microsoft.graph.restore
	microsoft.graph.revokeSignInSessions
	methods emailMethods fido2Methods microsoftAuthenticatorMethods passwordMethods phoneMethods platformCredentialMethods
	softwareOathMethods temporaryAccessPassMethods windowsHelloForBusinessMethods
	synchronization jobs microsoft.graph.restart
	entitlementManagement catalogs accessPackages assignmentPolicies assignments assignmentRequests
`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
