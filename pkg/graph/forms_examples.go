package graph

import (
	"slices"
)

// Examples are the requests that try all ladders, in the order of Ladders.
func Examples() []*Example { return examples }

var examples = slices.Concat(examplesOfListings(), examplesOfRelations(), examplesOfBatches(), examplesOfDeltas())

func examplesOfListings() []*Example {
	return []*Example{
		optional(pages[UserSignInActivity]("sign-in activity", signInActivityList)),
		optional(pages[MailboxUser]("people with mailboxes", mailboxUserList)),
		variant("without licences", pages[User]("people", UserOptions{}.list())),
		variant("with licences", pages[User]("people", UserOptions{Licenses: true}.list())),
		optional(pages[User]("deleted people", deletedUserList)),
		pages[Group]("groups", groupList),
		pages[ServicePrincipal]("managed identities", managedIdentityList),
		pages[ServicePrincipal]("applications with what they are in", servicePrincipalList),
		pages[ServicePrincipalOwnership]("what applications own", servicePrincipalOwnershipList),
		pages[ObjectOwners]("owners of applications", servicePrincipalOwnersList),
		pages[ServicePrincipalRelation]("who is assigned to applications", servicePrincipalRelation("appRoleAssignedTo")),
		pages[ServicePrincipalRelation]("what applications are assigned to", servicePrincipalRelation("appRoleAssignments")),
		pages[ServicePrincipalRoles]("applications", servicePrincipalRolesList),
		pages[ObjectOwners]("owners of app registrations", applicationOwnersList),
		pages[ApplicationCredentials]("credentials of app registrations", applicationFederatedList),
		pages[Application]("app registrations", applicationList),
		optional(pages[Device]("devices", deviceList)),
		pages[RoleDefinition]("directory roles", roleDefinitionList),
		optional(about[ScopedRow]("scopes of role eligibilities", SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, true) })),
		about[ScopedRow]("scopes of role assignments", SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, false) }),
		pages[RoleAssignment]("directory role assignments", roleAssignmentList),
		aside(variant("with $top", pages[RoleAssignment]("directory role assignments", roleAssignmentList.paged(roleTrialPage)))),
		optional(pages[RoleScheduleInstance]("role assignment times", roleAssignmentScheduleList)),
		aside(variant("with $top", pages[RoleScheduleInstance]("role assignment times", roleAssignmentScheduleList.paged(roleTrialPage)))),
		optional(pages[RoleScheduleInstance]("role eligibilities", roleEligibilityScheduleList)),
		aside(variant("with ids of the principal", pages[RoleScheduleInstance]("role eligibilities", roleEligibilityScheduleList.expanding("principal($select=id)")))),
		optional(about[GroupEligibility]("eligibilities for a group", SubjectGroup, GroupEligibilitiesRef)),
		optional(pages[SubscribedSKU]("licences", query{path: "/subscribedSkus"})),
		optional(pages[AdministrativeUnit]("administrative units", administrativeUnitList)),
		optional(pages[OAuth2PermissionGrant]("consents", permissionGrantList)),
		optional(pages[UserRegistration]("MFA registration", userRegistrationList)),
		optional(pages[RiskyUser]("risky people", riskyUserList)),
	}
}

func examplesOfRelations() []*Example {
	return []*Example{
		about[Reference]("members of a group", SubjectGroup, func(id string) string { return GroupMembersRef(id, MaxPageSize) }),
		about[Reference]("all members of a group", SubjectGroup, GroupTransitiveMembersRef),
		about[Reference]("owners of a group", SubjectGroup, GroupOwnersRef),
		about[Reference]("what a group is in", SubjectGroup, GroupMemberOfRef),
		about[Reference]("what an application is in", SubjectApplication, ServicePrincipalMemberOfRef),
		about[Reference]("what an application owns", SubjectApplication, ServicePrincipalOwnedObjectsRef),
		about[Reference]("owners of an application", SubjectApplication, ServicePrincipalOwnersRef),
		optional(about[Reference]("sponsors of an agent identity", SubjectAgent, func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentity) })),
		optional(about[Reference]("sponsors of a blueprint", SubjectBlueprint,
			func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentityBlueprintPrincipal) })),
		about[AppRoleAssignment]("assignments to an application", SubjectApplication, AppRoleAssignedToRef),
		about[Reference]("owners of an app registration", SubjectRegistration, ApplicationOwnersRef),
		optional(about[Reference]("registered owners of a device", SubjectDevice, DeviceOwnersRef)),
		optional(about[Reference]("what is in an administrative unit", SubjectUnit, AdministrativeUnitMembersRef)),
		optional(about[FederatedIdentityCredential]("federated credentials of an app registration", SubjectRegistration, FederatedCredentialsRef)),
		optional(single(checkObject[ServicePrincipal], about[ServicePrincipal]("an agent identity", SubjectAgent, ServicePrincipalRef))),
		optional(single(checkObject[MailboxSettings], about[MailboxSettings]("purpose of a mailbox", SubjectPerson, MailboxSettingsRef))),
		single(checkObject[RoleDefinition], about[RoleDefinition]("directory role by its id", SubjectDirectoryRole, roleDefinitionList.one)),
	}
}

// roleTrialPage is the page size that is tried where a sync leaves it to Graph.
const roleTrialPage = 500

// paged is the query with a page size.
func (q query) paged(top int) query { q.top = top; return q }

// expanding is the query with another relation, or none.
func (q query) expanding(relation string) query { q.expand = relation; return q }

// pages is the example of a listing of rows of type T.
func pages[T any](ladder string, first query) *Example {
	return &Example{Ladder: ladders.Named(ladder), Check: checkPage[T], At: func(int, Subject) string { return first.String() }}
}

// about is the example of a listing that belongs to one object.
func about[T any](ladder string, kind SubjectKind, ref func(id string) string) *Example {
	return &Example{Ladder: ladders.Named(ladder), Needs: kind, Check: checkPage[T], At: func(_ int, s Subject) string { return ref(s.ID) }}
}

func variant(name string, e *Example) *Example { e.Variant = name; return e }
func optional(e *Example) *Example             { e.Optional = true; return e }
func aside(e *Example) *Example                { e.Aside = true; return e }

// single is the example of an object instead of a listing.
func single(check func(*Sender, string, []byte) error, e *Example) *Example {
	e.Check = check
	return e
}
