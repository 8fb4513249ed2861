package graph

// ladders are all the forms of request that a sync sends. The first form is the
// one that the rest of this package makes; each further one is made from it. A
// relation that a form does not expand is read from its own path; what nothing
// gives any more is said in Lacks.
//
// Each form is documented by Microsoft for its listing or relation
// (https://learn.microsoft.com/graph/query-parameters and the page of each
// noun).
var ladders = Table{
	{
		Name: "sign-in activity", path: "/users", has: "signInActivity",
		Steps: []Step{
			{Form: "500 people a page"},
			{Form: "120 people a page", plainer: withTop("120")},
			{Form: "pages of Graph's own size", plainer: withoutTop},
		},
	},
	{
		Name: "people with mailboxes", path: "/users", has: "$select=id,mail,userType",
		Steps: []Step{{Form: "100 people a page"}, {Form: "pages of Graph's own size", plainer: withoutTop}},
	},
	{
		Name: "people", path: "/users", has: "displayName",
		Steps: []Step{
			{Form: "in the order of sign-in names"},
			{Form: "in Graph's own order", plainer: withoutOrder},
			{
				Form: "the oldest properties only", plainer: selecting(
					"id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "otherMails", "proxyAddresses", "accountEnabled",
					"userType", "employeeId", "jobTitle", "department", "companyName", "onPremisesSyncEnabled", "licenseAssignmentStates", "identities",
					"onPremisesExtensionAttributes"),
				Lacks: "employee types, invitation states and dates of creation of people",
			},
			{
				Form: "who they are only", plainer: selecting(
					"id", "userPrincipalName", "displayName", "mail", "accountEnabled", "userType", "onPremisesSyncEnabled", "licenseAssignmentStates"),
				Lacks: "most properties of people",
			},
			{Form: "the same in pages of Graph's own size", plainer: withoutTop, Lacks: "most properties of people"},
		},
	},
	list("deleted people", "/directory/deletedItems/microsoft.graph.user", Step{Form: "default properties", plainer: withoutSelect, Lacks: "some properties of deleted people"}),
	expanded("groups", "/groups", "memberOf",
		Step{
			Form: "the oldest properties only", plainer: selecting(
				"id", "displayName", "description", "mail", "mailNickname", "groupTypes", "mailEnabled", "securityEnabled",
				"onPremisesSyncEnabled", "isAssignableToRole", "visibility", "createdDateTime", "assignedLicenses"),
			Lacks: "membership rules and management restrictions of groups",
		}),
	{
		Name: "managed identities", path: "/servicePrincipals", has: "ManagedIdentity",
		Steps: []Step{
			{Form: "chosen by the service, with ids of what they are in"},
			{Form: "with the whole of what they are in", plainer: wholeExpand},
			{Form: "without what they are in, which is read by itself", plainer: withoutExpand},
			{Form: "chosen here", plainer: withoutFilter},
			{Form: "pages of Graph's own size", plainer: withoutTop},
		},
	},
	expanded("applications with what they are in", "/servicePrincipals", "memberOf"),
	expanded("what applications own", "/servicePrincipals", "ownedObjects"),
	expanded("owners of applications", "/servicePrincipals", "owners"),
	expanded("who is assigned to applications", "/servicePrincipals", "appRoleAssignedTo"),
	{
		Name: "what applications are assigned to", path: "/servicePrincipals", has: "$expand=appRoleAssignments",
		Steps: []Step{
			{Form: "with ids of the relation"},
			{Form: "with the whole of the relation", plainer: wholeExpand},
			{Form: "without the relation", plainer: withoutExpand, Lacks: lacksHolding},
			{Form: "pages of Graph's own size", plainer: withoutTop, Lacks: lacksHolding},
		},
	},
	list("applications", "/servicePrincipals"),
	expanded("owners of app registrations", "/applications", "owners"),
	{
		Name: "credentials of app registrations", path: "/applications", has: "passwordCredentials",
		Steps: []Step{
			{Form: "with federated credentials"},
			{Form: "without federated credentials, which are read by themselves", plainer: withoutExpand},
			{Form: "pages of Graph's own size", plainer: withoutTop},
		},
	},
	list("app registrations", "/applications"),
	expanded("devices", "/devices", "registeredOwners",
		Step{
			Form: "the oldest properties only", plainer: selecting(
				"id", "deviceId", "displayName", "accountEnabled", "operatingSystem", "operatingSystemVersion", "trustType", "isCompliant", "isManaged"),
			Lacks: "makers, models and dates of devices",
		}),
	list("directory roles", "/roleManagement/directory/roleDefinitions"),
	{
		Name: "scopes of role eligibilities", path: "/roleManagement/directory/roleEligibilityScheduleInstances", has: "directoryScope",
		Steps: []Step{{Form: "with the scope's object"}, {Form: "with the whole of it", plainer: wholeExpand}},
	},
	{
		Name: "scopes of role assignments", path: "/roleManagement/directory/roleAssignments", has: "directoryScope",
		Steps: []Step{{Form: "with the scope's object"}, {Form: "with the whole of it", plainer: wholeExpand}},
	},
	only("directory role assignments", "/roleManagement/directory/roleAssignments"),
	only("role assignment times", "/roleManagement/directory/roleAssignmentScheduleInstances"),
	only("role eligibilities", "/roleManagement/directory/roleEligibilityScheduleInstances"),
	only("eligibilities for a group", "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"),
	only("licences", "/subscribedSkus"),
	list("administrative units", "/directory/administrativeUnits",
		Step{Form: "default properties", plainer: withoutSelect, Lacks: "which administrative units a rule fills, where Graph does not tell"}),
	list("consents", "/oauth2PermissionGrants"),
	list("MFA registration", "/reports/authenticationMethods/userRegistrationDetails"),
	{
		// 499 is no multiple of anything that a listing of whole pages of 500 or
		// 100 is: such a listing ends with a link to a page that is refused.
		Name: "risky people", path: "/identityProtection/riskyUsers",
		Steps: []Step{
			{Form: "500 people a page"},
			{Form: "499 people a page", plainer: withTop("499")},
			{Form: "491 people a page", plainer: withTop("491")},
			{Form: "pages of Graph's own size", plainer: withoutTop},
		},
	},
	relation("members of a group", "/groups/{id}/members"),
	relation("all members of a group", "/groups/{id}/transitiveMembers"),
	relation("owners of a group", "/groups/{id}/owners"),
	relation("what a group is in", "/groups/{id}/memberOf"),
	relation("what an application is in", "/servicePrincipals/{id}/memberOf"),
	relation("what an application owns", "/servicePrincipals/{id}/ownedObjects"),
	relation("owners of an application", "/servicePrincipals/{id}/owners"),
	relation("sponsors of an agent identity", "/servicePrincipals/{id}/microsoft.graph.agentIdentity/sponsors"),
	relation("sponsors of a blueprint", "/servicePrincipals/{id}/microsoft.graph.agentIdentityBlueprintPrincipal/sponsors"),
	// Without the largest page managed identities are left out, and nothing says so
	// (microsoft-graph-docs#12243).
	only("assignments to an application", "/servicePrincipals/{id}/appRoleAssignedTo"),
	relation("owners of an app registration", "/applications/{id}/owners"),
	relation("registered owners of a device", "/devices/{id}/registeredOwners"),
	relation("what is in an administrative unit", "/directory/administrativeUnits/{id}/members"),
	only("federated credentials of an app registration", "/applications/{id}/federatedIdentityCredentials"),
	only("an agent identity", "/servicePrincipals/{id}"),
	only("purpose of a mailbox", "/users/{id}/mailboxSettings"),
	only("directory role by its id", "/roleManagement/directory/roleDefinitions/{id}"),
	Managers,
	GroupMemberships,
	batches,
}

// lacksHolding is said where the relation is not read from its own path.
const lacksHolding = "which applications hold no app role, so that --skip-unassigned-apps leaves none out"

// only is what can be asked for in one form.
func only(name, path string) *Ladder {
	return &Ladder{Name: name, path: path, Steps: []Step{{Form: "as it is documented"}}}
}

// list is the ladder of a listing without relations.
func list(name, path string, between ...Step) *Ladder {
	steps := append([]Step{{Form: "chosen properties"}}, between...)
	return &Ladder{Name: name, path: path, Steps: append(steps, Step{Form: "default properties, pages of Graph's own size", plainer: bare, Lacks: lastLacks(between)})}
}

// expanded is the ladder of a listing with a relation of each row.
func expanded(name, path, relation string, between ...Step) *Ladder {
	steps := append([]Step{
		{Form: "with ids of the relation"},
		{Form: "with the whole of the relation", plainer: wholeExpand},
		{Form: "without the relation, which is read by itself", plainer: withoutExpand},
	}, between...)
	return &Ladder{
		Name: name, path: path, has: "$expand=" + relation,
		Steps: append(steps, Step{Form: "pages of Graph's own size", plainer: withoutTop, Lacks: lastLacks(between)}),
	}
}

// relation is the ladder of a relation of one object.
func relation(name, path string) *Ladder {
	return &Ladder{
		Name: name, path: path,
		Steps: []Step{
			{Form: "ids only"},
			{Form: "whole objects", plainer: withoutSelect},
			{Form: "pages of Graph's own size", plainer: withoutTop},
		},
	}
}

func bare(r reference) reference { return withoutTop(withoutExpand(withoutSelect(r))) }

func lastLacks(steps []Step) string {
	if len(steps) == 0 {
		return ""
	}
	return steps[len(steps)-1].Lacks
}

// Ladders are all forms of request that a sync sends.
func Ladders() Table { return ladders }
