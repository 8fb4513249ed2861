package graphsim

import "net/http"

// newWriteRoutes is every endpoint that changes the directory. Each costs a resource unit and a write.
func newWriteRoutes() []route {
	const (
		post   = http.MethodPost
		remove = http.MethodDelete
	)
	methods := func(kind int) route {
		path := "users/{id}/authentication/" + methodKinds[kind].segment + "/{id}"
		return route{method: remove, path: path, kind: KindUser, run: deleteMethod(kind)}
	}
	return []route{
		methods(methodPhone), methods(methodAuthenticator), methods(methodFIDO),
		{method: post, path: "users/{id}/assignlicense", kind: KindUser, bodied: true, run: (*call).licenseUser},
		{method: post, path: "groups/{id}/assignlicense", kind: KindGroup, bodied: true, run: (*call).licenseGroup},
		{method: post, path: "serviceprincipals/{id}/approleassignedto", kind: KindServicePrincipal, bodied: true, run: (*call).assignAppRole},
		{method: remove, path: "serviceprincipals/{id}/approleassignedto/{id}", kind: KindServicePrincipal, run: (*call).removeAppRole},
		{method: post, path: "serviceprincipals/{id}/owners/$ref", kind: KindServicePrincipal, bodied: true, run: (*call).changeOwner},
		{method: remove, path: "serviceprincipals/{id}/owners/{id}/$ref", kind: KindServicePrincipal, run: (*call).changeOwner},
		{method: post, path: "serviceprincipals/{id}/addpassword", kind: KindServicePrincipal, bodied: true, run: (*call).addPassword},
		{method: post, path: "serviceprincipals/{id}/removepassword", kind: KindServicePrincipal, bodied: true, run: (*call).removePassword},
		{method: post, path: "serviceprincipals/{id}/synchronization/jobs/{id}/restart", kind: KindServicePrincipal, run: (*call).restartJob},
		{method: post, path: "applications/{id}/owners/$ref", kind: KindApplication, bodied: true, run: (*call).changeOwner},
		{method: remove, path: "applications/{id}/owners/{id}/$ref", kind: KindApplication, run: (*call).changeOwner},
		{method: post, path: "applications/{id}/addpassword", kind: KindApplication, bodied: true, run: (*call).addPassword},
		{method: remove, path: "applications/{id}/federatedidentitycredentials/{id}", kind: KindApplication, run: (*call).deleteFederatedCredential},
		{method: post, path: "applications/{id}/removepassword", kind: KindApplication, bodied: true, run: (*call).removePassword},
		{method: post, path: "directory/administrativeunits/{id}/members/$ref", kind: KindAdministrativeUnit, bodied: true, run: (*call).addToUnit},
		{method: remove, path: "directory/administrativeunits/{id}/members/{id}/$ref", kind: KindAdministrativeUnit, run: (*call).takeFromUnit},
		{method: remove, path: "oauth2permissiongrants/{id}", kind: KindConsent, run: (*call).deleteConsent},
		{method: post, path: "rolemanagement/directory/roleassignments", kind: KindRoleAssignment, bodied: true, run: (*call).createRoleAssignment},
		{method: remove, path: "rolemanagement/directory/roleassignments/{id}", kind: KindRoleAssignment, run: (*call).deleteRoleAssignment},
		{
			method: post, path: "rolemanagement/directory/roleassignmentschedulerequests", kind: KindRoleAssignmentInstance, bodied: true,
			run: needing(planP2, requestRole(KindRoleAssignmentInstance)),
		},
		{
			method: post, path: "rolemanagement/directory/roleeligibilityschedulerequests", kind: KindRoleEligibilityInstance, bodied: true,
			run: needing(planP2, requestRole(KindRoleEligibilityInstance)),
		},
		{
			method: post, path: "identitygovernance/privilegedaccess/group/assignmentschedulerequests", kind: KindGroupAssignmentInstance, bodied: true,
			run: needing(planP2, requestGroup(KindGroupAssignmentInstance)),
		},
		{
			method: post, path: "identitygovernance/privilegedaccess/group/eligibilityschedulerequests", kind: KindGroupEligibilityInstance, bodied: true,
			run: needing(planP2, requestGroup(KindGroupEligibilityInstance)),
		},
		{method: post, path: "groups", kind: KindGroup, bodied: true, run: (*call).createGroup},
		{method: post, path: "users", kind: KindUser, bodied: true, run: (*call).createUser},
		{method: http.MethodPatch, path: "users/{id}", kind: KindUser, bodied: true, run: (*call).updateUser},
		{method: remove, path: "users/{id}", kind: KindUser, run: (*call).deleteUser},
		{method: http.MethodPut, path: "users/{id}/manager/$ref", kind: KindUser, bodied: true, run: (*call).setManager},
		{method: remove, path: "users/{id}/manager/$ref", kind: KindUser, run: (*call).removeManager},
		{method: post, path: "users/{id}/revokesigninsessions", kind: KindUser, run: (*call).revokeSessions},
		{method: post, path: "directory/deleteditems/{id}/restore", kind: KindUser, run: (*call).restore},
		{method: post, path: "invitations", kind: KindUser, bodied: true, run: (*call).invite},
		{method: post, path: "groups/{id}/members/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationMembers)},
		{method: post, path: "groups/{id}/owners/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationOwners)},
		{method: remove, path: "groups/{id}/members/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationMembers)},
		{method: remove, path: "groups/{id}/owners/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationOwners)},
		{method: remove, path: "groups/{id}", kind: KindGroup, run: (*call).deleteGroup},
	}
}
