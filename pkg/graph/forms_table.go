package graph

import (
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ladders are all the forms of request that a sync sends. The first form is the
// one that the rest of this package makes; each further one is made from it. A
// relation that a form does not expand is read from its own path; what nothing
// gives any more is said in Lacks.
//
// Each form is documented by Microsoft for its listing or relation
// (https://learn.microsoft.com/graph/query-parameters and the page of each
// noun).
var ladders = forms.Table{
	{
		Name: "who signed in lately", Path: "/users", Has: "$filter=signInActivity/",
		Steps: []forms.Step{
			{Form: "500 people a page"},
			{Form: "120 people a page", Plainer: forms.WithTop("120")},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	},
	{
		Name: "sign-in activity", Path: "/users", Has: "signInActivity",
		Steps: []forms.Step{
			{Form: "500 people a page"},
			{Form: "120 people a page", Plainer: forms.WithTop("120")},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	},
	{
		Name: "people with mailboxes", Path: "/users", Has: "$select=id,mail,userType",
		Steps: []forms.Step{{Form: "100 people a page"}, {Form: "pages of Graph's own size", Plainer: forms.WithoutTop}},
	},
	attributesOf("security attributes of people", pathUsers),
	attributesOf("security attributes of applications", servicePrincipalList.Path),
	guestSponsors,
	{
		Name: "people", Path: "/users", Has: "displayName",
		Steps: []forms.Step{
			{Form: "in the order of sign-in names"},
			{Form: "in Graph's own order", Plainer: forms.WithoutOrder},
			{
				Form: "the oldest properties only", Plainer: forms.Selecting(
					"id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "otherMails", "proxyAddresses", "accountEnabled",
					"userType", "employeeId", "jobTitle", "department", "companyName", "onPremisesSyncEnabled", "licenseAssignmentStates", "identities",
					"onPremisesExtensionAttributes"),
				Lacks: "employee types, invitation states, dates of creation and agent identities of people",
			},
			{
				Form: "who they are only", Plainer: forms.Selecting(
					"id", "userPrincipalName", "displayName", "mail", "accountEnabled", "userType", "onPremisesSyncEnabled", "licenseAssignmentStates"),
				Lacks: "most properties of people",
			},
			{Form: "the same in pages of Graph's own size", Plainer: forms.WithoutTop, Lacks: "most properties of people"},
		},
	},
	userDetails,
	list("deleted people", "/directory/deletedItems/microsoft.graph.user", forms.Step{Form: "default properties", Plainer: forms.WithoutSelect, Lacks: "some properties of deleted people"}),
	teamsLadder,
	groupsLadder,
	{
		Name: "managed identities", Path: "/servicePrincipals", Has: "ManagedIdentity",
		Steps: []forms.Step{
			{Form: "chosen by the service, with ids of what they are in"},
			{Form: "with the whole of what they are in", Plainer: forms.WholeExpand},
			{Form: "without what they are in, which is read by itself", Plainer: forms.WithoutExpand},
			{Form: "chosen here", Plainer: forms.WithoutFilter},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	},
	expanded("applications with what they are in", "/servicePrincipals", "memberOf"),
	expanded("what applications own", "/servicePrincipals", "ownedObjects"),
	expanded("owners of applications", "/servicePrincipals", "owners"),
	expanded("who is assigned to applications", "/servicePrincipals", "appRoleAssignedTo"),
	expanded("what applications are assigned to", "/servicePrincipals", "appRoleAssignments"),
	list("applications", "/servicePrincipals"),
	expanded("owners of app registrations", "/applications", "owners"),
	{
		Name: "credentials of app registrations", Path: "/applications", Has: "passwordCredentials",
		Steps: []forms.Step{
			{Form: "with federated credentials"},
			{Form: "without federated credentials, which are read by themselves", Plainer: forms.WithoutExpand},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	},
	list("app registrations", "/applications",
		forms.Step{
			Form: "the oldest properties only", Plainer: forms.Selecting(
				"id", "appId", "displayName", "description", "signInAudience", "publisherDomain", "disabledByMicrosoftStatus", "createdDateTime", "identifierUris",
				"serviceManagementReference"),
			Lacks: "which applications manage app registrations",
		}),
	expanded("devices", "/devices", "registeredOwners",
		forms.Step{
			Form: "the oldest properties only", Plainer: forms.Selecting(
				"id", "deviceId", "displayName", "accountEnabled", "operatingSystem", "operatingSystemVersion", "trustType", "isCompliant", "isManaged"),
			Lacks: "makers, models and dates of devices",
		}),
	list("directory roles", "/roleManagement/directory/roleDefinitions"),
	{
		Name: "scopes of role eligibilities", Path: "/roleManagement/directory/roleEligibilityScheduleInstances", Has: "directoryScope",
		Steps: []forms.Step{{Form: "with the scope's object"}, {Form: "with the whole of it", Plainer: forms.WholeExpand}},
	},
	{
		Name: "scopes of role assignments", Path: "/roleManagement/directory/roleAssignments", Has: "directoryScope",
		Steps: []forms.Step{{Form: "with the scope's object"}, {Form: "with the whole of it", Plainer: forms.WholeExpand}},
	},
	{
		Name: "directory role assignments", Path: "/roleManagement/directory/roleAssignments",
		Steps: []forms.Step{
			{Form: "with their principals"},
			{Form: "without principals", Plainer: forms.WithoutExpand, Lacks: "names and tenants of principals of other tenants that hold roles"},
		},
	},
	only("role assignment times", "/roleManagement/directory/roleAssignmentScheduleInstances"),
	only("role eligibilities", "/roleManagement/directory/roleEligibilityScheduleInstances"),
	only("eligibilities for a group", "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"),
	policiesOf("PIM rules of roles", scopeTypeRole),
	policiesOf("PIM rules of a group", scopeTypeGroup),
	{
		Name: "channels of a team", Path: "/teams/{id}/channels",
		Steps: []forms.Step{{Form: "chosen properties"}, {Form: "default properties", Plainer: forms.WithoutSelect}},
	},
	only("members of a channel", "/teams/{id}/channels/{id}/allMembers"),
	only("applications in a group", "/groups/{id}/permissionGrants"),
	only("PIM rules of a policy", "/policies/roleManagementPolicies/{id}/rules"),
	only("licences", "/subscribedSkus"),
	list("administrative units", "/directory/administrativeUnits",
		forms.Step{Form: "default properties", Plainer: forms.WithoutSelect, Lacks: "which administrative units a rule fills, where Graph does not tell"}),
	list("consents", "/oauth2PermissionGrants"),
	list("MFA registration", "/reports/authenticationMethods/userRegistrationDetails"),
	{
		// 499 is no multiple of anything that a listing of whole pages of 500 or
		// 100 is: such a listing ends with a link to a page that is refused.
		Name: "risky people", Path: "/identityProtection/riskyUsers",
		Steps: []forms.Step{
			{Form: "500 people a page"},
			{Form: "499 people a page", Plainer: forms.WithTop("499")},
			{Form: "491 people a page", Plainer: forms.WithTop("491")},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	},
	list("catalogues of access packages", pathCatalogs),
	{
		Name: "access packages", Path: pathAccessPackages,
		Steps: []forms.Step{
			{Form: "with the id of the catalogue"},
			{Form: "with the whole of the catalogue", Plainer: forms.WholeExpand},
			{Form: "default properties", Plainer: forms.WithoutSelect},
			{Form: "without the catalogue", Plainer: forms.WithoutExpand, Lacks: "which catalogues access packages are in"},
		},
	},
	only("what an access package contains", pathAccessPackages+"/{id}"),
	{
		Name: "policies of access packages", Path: pathEntitlementManagement + "assignmentPolicies",
		Steps: []forms.Step{{Form: "with the id of the package"}, {Form: "with the whole of the package", Plainer: forms.WholeExpand}},
	},
	{
		Name: "assignments of access packages", Path: pathAssignments, Has: "$filter=state eq",
		Steps: []forms.Step{
			{Form: "in one state, with ids of whom and what they are for"},
			{Form: "with the whole of whom and what they are for", Plainer: forms.WholeExpand},
			{Form: "in all states, chosen here", Plainer: forms.WithoutFilter},
		},
	},
	relation("members of a group", "/groups/{id}/members"),
	relation("all members of a group", "/groups/{id}/transitiveMembers"),
	relation("owners of a group", "/groups/{id}/owners"),
	relation("what a group is in", "/groups/{id}/memberOf"),
	relation("what an application is in", "/servicePrincipals/{id}/memberOf"),
	relation("what an application owns", "/servicePrincipals/{id}/ownedObjects"),
	relation("owners of an application", "/servicePrincipals/{id}/owners"),
	relation("sponsors of a guest", "/users/{id}/sponsors"),
	relation("sponsors of an agent identity", "/servicePrincipals/{id}/microsoft.graph.agentIdentity/sponsors"),
	relation("sponsors of a blueprint", "/servicePrincipals/{id}/microsoft.graph.agentIdentityBlueprintPrincipal/sponsors"),
	only("what the agents of a blueprint inherit", "/applications/{id}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions"),
	// Without the largest page managed identities are left out, and nothing says so
	// (microsoft-graph-docs#12243).
	only("assignments to an application", "/servicePrincipals/{id}/appRoleAssignedTo"),
	relation("what an application is assigned to", "/servicePrincipals/{id}/appRoleAssignments"),
	relation("owners of an app registration", "/applications/{id}/owners"),
	relation("registered owners of a device", "/devices/{id}/registeredOwners"),
	relation("what is in an administrative unit", "/directory/administrativeUnits/{id}/members"),
	only("federated credentials of an app registration", "/applications/{id}/federatedIdentityCredentials"),
	only("an agent identity", "/servicePrincipals/{id}"),
	only("purpose of a mailbox", "/users/{id}/mailboxSettings"),
	only("directory role by its id", "/roleManagement/directory/roleDefinitions/{id}"),
	Managers,
	GroupMemberships,
	CatalogRoles,
	sending.Batches,
}

// only is what can be asked for in one form.
func only(name, path string) *forms.Ladder {
	return &forms.Ladder{Name: name, Path: path, Steps: []forms.Step{{Form: "as it is documented"}}}
}

// list is the ladder of a listing without relations.
func list(name, path string, between ...forms.Step) *forms.Ladder {
	steps := append([]forms.Step{{Form: "chosen properties"}}, between...)
	return &forms.Ladder{Name: name, Path: path, Steps: append(steps, forms.Step{Form: "default properties, pages of Graph's own size", Plainer: bare, Lacks: lastLacks(between)})}
}

// expanded is the ladder of a listing with a relation of each row.
func expanded(name, path, relation string, between ...forms.Step) *forms.Ladder {
	steps := append([]forms.Step{
		{Form: "with ids of the relation"},
		{Form: "with the whole of the relation", Plainer: forms.WholeExpand},
		{Form: "without the relation, which is read by itself", Plainer: forms.WithoutExpand},
	}, between...)
	return &forms.Ladder{
		Name: name, Path: path, Has: "$expand=" + relation,
		Steps: append(steps, forms.Step{Form: "pages of Graph's own size", Plainer: forms.WithoutTop, Lacks: lastLacks(between)}),
	}
}

// relation is the ladder of a relation of one object.
func relation(name, path string) *forms.Ladder {
	return &forms.Ladder{
		Name: name, Path: path,
		Steps: []forms.Step{
			{Form: "ids only"},
			{Form: "whole objects", Plainer: forms.WithoutSelect},
			{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
		},
	}
}

// policiesOf is the ladder of the policies of roles, or of a group.
func policiesOf(name, scopeType string) *forms.Ladder {
	return &forms.Ladder{
		Name: name, Path: pathPolicyAssignments, Has: "scopeType eq " + sending.Literal(scopeType),
		Steps: []forms.Step{{Form: "with the rules of each policy"}, {Form: "without rules, which are read policy by policy", Plainer: forms.WithoutExpand}},
	}
}

func bare(r forms.Request) forms.Request {
	return forms.WithoutTop(forms.WithoutExpand(forms.WithoutSelect(r)))
}

func lastLacks(steps []forms.Step) string {
	if len(steps) == 0 {
		return ""
	}
	return steps[len(steps)-1].Lacks
}

// Ladders are all forms of request that a sync sends.
func Ladders() forms.Table { return ladders }
