package nouns

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

// WriteRoutes is every endpoint that changes the directory. Each costs a resource unit and a write.
func WriteRoutes() []api.Route {
	const (
		post   = http.MethodPost
		remove = http.MethodDelete
	)
	methods := func(kind int) api.Route {
		path := "users/{id}/authentication/" + directory.MethodKinds[kind].Segment + "/{id}"
		return api.Route{Method: remove, Path: path, Kind: directory.KindUser, Run: deleteMethod(kind)}
	}
	return []api.Route{
		methods(directory.MethodPhone), methods(directory.MethodAuthenticator), methods(directory.MethodFIDO),
		{Method: post, Path: "users/{id}/assignlicense", Kind: directory.KindUser, Bodied: true, Run: licenseUser},
		{Method: post, Path: "groups/{id}/assignlicense", Kind: directory.KindGroup, Bodied: true, Run: licenseGroup},
		{Method: post, Path: "serviceprincipals/{id}/approleassignedto", Kind: directory.KindServicePrincipal, Bodied: true, Run: assignAppRole},
		{Method: remove, Path: "serviceprincipals/{id}/approleassignedto/{id}", Kind: directory.KindServicePrincipal, Run: removeAppRole},
		{Method: post, Path: "serviceprincipals/{id}/owners/$ref", Kind: directory.KindServicePrincipal, Bodied: true, Run: changeOwner},
		{Method: remove, Path: "serviceprincipals/{id}/owners/{id}/$ref", Kind: directory.KindServicePrincipal, Run: changeOwner},
		{Method: post, Path: "serviceprincipals/{id}/addpassword", Kind: directory.KindServicePrincipal, Bodied: true, Run: addPassword},
		{Method: post, Path: "serviceprincipals/{id}/removepassword", Kind: directory.KindServicePrincipal, Bodied: true, Run: removePassword},
		{Method: post, Path: "serviceprincipals/{id}/synchronization/jobs/{id}/restart", Kind: directory.KindServicePrincipal, Run: restartJob},
		{Method: post, Path: "serviceprincipals/{id}/synchronization/jobs/{id}/start", Kind: directory.KindServicePrincipal, Run: startJob},
		{
			Method: post, Path: "serviceprincipals/{id}/synchronization/jobs/{id}/provisionondemand", Kind: directory.KindServicePrincipal, Service: api.ServiceProvisioning,
			Bodied: true, Run: provisionOnDemand,
		},
		{Method: post, Path: "applications/{id}/owners/$ref", Kind: directory.KindApplication, Bodied: true, Run: changeOwner},
		{Method: remove, Path: "applications/{id}/owners/{id}/$ref", Kind: directory.KindApplication, Run: changeOwner},
		{Method: post, Path: "applications/{id}/addpassword", Kind: directory.KindApplication, Bodied: true, Run: addPassword},
		{Method: remove, Path: "applications/{id}/federatedidentitycredentials/{id}", Kind: directory.KindApplication, Run: deleteFederatedCredential},
		{Method: post, Path: "applications/{id}/removepassword", Kind: directory.KindApplication, Bodied: true, Run: removePassword},
		{Method: post, Path: "directory/administrativeunits/{id}/members/$ref", Kind: directory.KindAdministrativeUnit, Bodied: true, Run: addToUnit},
		{Method: remove, Path: "directory/administrativeunits/{id}/members/{id}/$ref", Kind: directory.KindAdministrativeUnit, Run: takeFromUnit},
		{Method: remove, Path: "oauth2permissiongrants/{id}", Kind: directory.KindConsent, Run: deleteConsent},
		{Method: post, Path: "rolemanagement/directory/roleassignments", Kind: directory.KindRoleAssignment, Bodied: true, Run: createRoleAssignment},
		{Method: remove, Path: "rolemanagement/directory/roleassignments/{id}", Kind: directory.KindRoleAssignment, Run: deleteRoleAssignment},
		{
			Method: post, Path: "rolemanagement/directory/roleassignmentschedulerequests", Kind: directory.KindRoleAssignmentInstance, Bodied: true,
			Run: permissions.Needing(directory.PlanP2, requestRole(directory.KindRoleAssignmentInstance)),
		},
		{
			Method: post, Path: "rolemanagement/directory/roleeligibilityschedulerequests", Kind: directory.KindRoleEligibilityInstance, Bodied: true,
			Run: permissions.Needing(directory.PlanP2, requestRole(directory.KindRoleEligibilityInstance)),
		},
		{
			Method: post, Path: "identitygovernance/privilegedaccess/group/assignmentschedulerequests", Kind: directory.KindGroupAssignmentInstance, Bodied: true,
			Run: permissions.Needing(directory.PlanP2, requestGroup(directory.KindGroupAssignmentInstance)),
		},
		{
			Method: post, Path: "identitygovernance/privilegedaccess/group/eligibilityschedulerequests", Kind: directory.KindGroupEligibilityInstance, Bodied: true,
			Run: permissions.Needing(directory.PlanP2, requestGroup(directory.KindGroupEligibilityInstance)),
		},
		{Method: post, Path: "groups", Kind: directory.KindGroup, Bodied: true, Run: createGroup},
		{Method: post, Path: "users", Kind: directory.KindUser, Bodied: true, Run: createUser},
		{Method: http.MethodPatch, Path: "users/{id}", Kind: directory.KindUser, Bodied: true, Run: updateUser},
		{Method: remove, Path: "users/{id}", Kind: directory.KindUser, Run: deleteUser},
		{Method: http.MethodPut, Path: "users/{id}/manager/$ref", Kind: directory.KindUser, Bodied: true, Run: setManager},
		{Method: post, Path: "users/{id}/sponsors/$ref", Kind: directory.KindUser, Bodied: true, Run: addSponsor},
		{Method: remove, Path: "users/{id}/sponsors/{id}/$ref", Kind: directory.KindUser, Run: removeSponsor},
		{Method: remove, Path: "users/{id}/manager/$ref", Kind: directory.KindUser, Run: removeManager},
		{Method: post, Path: "users/{id}/revokesigninsessions", Kind: directory.KindUser, Run: revokeSessions},
		{Method: post, Path: "directory/deleteditems/{id}/restore", Kind: directory.KindUser, Run: restore},
		{Method: post, Path: "invitations", Kind: directory.KindUser, Bodied: true, Run: invite},
		{Method: post, Path: "groups/{id}/members/$ref", Kind: directory.KindGroup, Bodied: true, Run: addToGroup(directory.RelationMembers)},
		{Method: post, Path: "groups/{id}/owners/$ref", Kind: directory.KindGroup, Bodied: true, Run: addToGroup(directory.RelationOwners)},
		{Method: remove, Path: "groups/{id}/members/{id}/$ref", Kind: directory.KindGroup, Run: takeFromGroup(directory.RelationMembers)},
		{Method: remove, Path: "groups/{id}/owners/{id}/$ref", Kind: directory.KindGroup, Run: takeFromGroup(directory.RelationOwners)},
		{Method: http.MethodPatch, Path: "groups/{id}", Kind: directory.KindGroup, Bodied: true, Run: updateGroup},
		{Method: remove, Path: "groups/{id}", Kind: directory.KindGroup, Run: deleteGroup},
	}
}
