package graph

import (
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/policies"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Examples are the requests that try all ladders, in the order of Ladders.
func Examples() []*sending.Example { return examples }

var examples = slices.Concat(examplesOfListings(), examplesOfRelations(), examplesOfBatches(), examplesOfDeltas())

// farAway is a time at which nobody has signed in yet: the example's answer is short.
var farAway = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func examplesOfListings() []*sending.Example {
	return []*sending.Example{
		optional(pages[UserSignInActivity]("sign-in activity", signInActivityList)),
		optional(pages[UserSignInActivity]("who signed in lately", signInsSince(SignInMoments[0], farAway))),
		optional(pages[MailboxUser]("people with mailboxes", mailboxUserList)),
		optional(pages[Attributed]("security attributes of people", userAttributesList)),
		optional(pages[Attributed]("security attributes of applications", applicationAttributesList)),
		optional(pages[Guest]("sponsors of guests", guestList)),
		variant("without licences", pages[User]("people", UserOptions{}.list())),
		variant("with licences", pages[User]("people", UserOptions{Licenses: true}.list())),
		about[User]("further properties of people", sending.SubjectPerson, func(id string) string { return DetailsByIDRefs([]string{id}, UserOptions{})[0] }),
		optional(variant("with leave dates", about[User]("further properties of people", sending.SubjectPerson,
			func(id string) string { return DetailsByIDRefs([]string{id}, UserOptions{LeaveDates: true})[0] }))),
		optional(pages[User]("deleted people", deletedUserList)),
		optional(pages[Team]("teams", teamList)),
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
		optional(about[ScopedRow]("scopes of role eligibilities", sending.SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, true) })),
		about[ScopedRow]("scopes of role assignments", sending.SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, false) }),
		pages[RoleAssignment]("directory role assignments", rolePrincipalsList),
		aside(variant("with $top", pages[RoleAssignment]("directory role assignments", paged(roleAssignmentList, roleTrialPage)))),
		optional(pages[RoleScheduleInstance]("role assignment times", roleAssignmentScheduleList)),
		aside(variant("with $top", pages[RoleScheduleInstance]("role assignment times", paged(roleAssignmentScheduleList, roleTrialPage)))),
		optional(pages[RoleScheduleInstance]("role eligibilities", roleEligibilityScheduleList)),
		aside(variant("with ids of the principal", pages[RoleScheduleInstance]("role eligibilities", expanding(roleEligibilityScheduleList, "principal($select=id)")))),
		optional(about[GroupEligibility]("eligibilities for a group", sending.SubjectGroup, GroupEligibilitiesRef)),
		optional(pages[policies.Assignment]("PIM rules of roles", allRolePolicies.query())),
		optional(about[policies.Assignment]("PIM rules of a group", sending.SubjectRoleGroup, func(id string) string { return PoliciesRef(GroupPolicies(id)) })),
		optional(about[Channel]("channels of a team", sending.SubjectTeam, TeamChannelsRef)),
		optional(about[ChannelMember]("members of a channel", sending.SubjectChannel, func(id string) string {
			team, channel, found := strings.Cut(id, "/")
			if !found {
				channel = id // Any id will do to see the form.
			}
			return ChannelMembersRef(team, channel)
		})),
		optional(about[ResourceConsent]("applications in a group", sending.SubjectTeam, GroupResourceConsentsRef)),
		optional(about[policies.Rule]("PIM rules of a policy", sending.SubjectPolicy, PolicyRulesRef)),
		optional(pages[SubscribedSKU]("licences", sending.Query{Path: "/subscribedSkus"})),
		optional(pages[AdministrativeUnit]("administrative units", administrativeUnitList)),
		optional(pages[OAuth2PermissionGrant]("consents", permissionGrantList)),
		optional(pages[UserRegistration]("MFA registration", userRegistrationList)),
		optional(pages[RiskyUser]("risky people", riskyUserList)),
		optional(pages[AccessPackageCatalog]("catalogues of access packages", catalogList)),
		optional(pages[AccessPackage]("access packages", accessPackageList)),
		optional(single(sending.CheckObject[AccessPackageContents], about[AccessPackageContents]("what an access package contains", sending.SubjectPackage, AccessPackageContentsRef))),
		optional(pages[AccessPackagePolicy]("policies of access packages", policyList)),
		optional(pages[AccessPackageAssignment]("assignments of access packages", assignmentList(AssignmentDelivered))),
	}
}

func examplesOfRelations() []*sending.Example {
	return []*sending.Example{
		about[Reference]("members of a group", sending.SubjectGroup, func(id string) string { return GroupMembersRef(id, sending.MaxPageSize) }),
		about[Reference]("all members of a group", sending.SubjectGroup, GroupTransitiveMembersRef),
		about[Reference]("owners of a group", sending.SubjectGroup, GroupOwnersRef),
		about[Reference]("what a group is in", sending.SubjectGroup, GroupMemberOfRef),
		about[Reference]("what an application is in", sending.SubjectApplication, ServicePrincipalMemberOfRef),
		about[Reference]("what an application owns", sending.SubjectApplication, ServicePrincipalOwnedObjectsRef),
		about[Reference]("owners of an application", sending.SubjectApplication, ServicePrincipalOwnersRef),
		optional(about[NamedReference]("sponsors of a guest", sending.SubjectPerson, SponsorsRef)),
		optional(about[Reference]("sponsors of an agent identity", sending.SubjectAgent, func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentity) })),
		optional(about[Reference]("sponsors of a blueprint", sending.SubjectBlueprint,
			func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentityBlueprintPrincipal) })),
		optional(about[InheritablePermission]("what the agents of a blueprint inherit", sending.SubjectBlueprintApp, InheritablePermissionsRef)),
		about[AppRoleAssignment]("assignments to an application", sending.SubjectApplication, AppRoleAssignedToRef),
		about[Reference]("what an application is assigned to", sending.SubjectApplication, AppRoleAssignmentsRef),
		about[Reference]("owners of an app registration", sending.SubjectRegistration, ApplicationOwnersRef),
		optional(about[Reference]("registered owners of a device", sending.SubjectDevice, DeviceOwnersRef)),
		optional(about[Reference]("what is in an administrative unit", sending.SubjectUnit, AdministrativeUnitMembersRef)),
		optional(about[FederatedIdentityCredential]("federated credentials of an app registration", sending.SubjectRegistration, FederatedCredentialsRef)),
		optional(single(sending.CheckObject[ServicePrincipal], about[ServicePrincipal]("an agent identity", sending.SubjectAgent, ServicePrincipalRef))),
		optional(single(sending.CheckObject[MailboxSettings], about[MailboxSettings]("purpose of a mailbox", sending.SubjectPerson, MailboxSettingsRef))),
		single(sending.CheckObject[RoleDefinition], about[RoleDefinition]("directory role by its id", sending.SubjectDirectoryRole, roleDefinitionList.One)),
	}
}

// roleTrialPage is the page size that is tried where a sync leaves it to Graph.
const roleTrialPage = 500

// paged is the query with a page size.
func paged(q sending.Query, top int) sending.Query { q.Top = top; return q }

// expanding is the query with another relation, or none.
func expanding(q sending.Query, relation string) sending.Query { q.Expand = relation; return q }

// pages is the example of a listing of rows of type T.
func pages[T any](ladder string, first sending.Query) *sending.Example {
	return &sending.Example{Ladder: ladders.Named(ladder), Check: sending.CheckPage[T], At: func(int, sending.Subject) string { return first.String() }}
}

// about is the example of a listing that belongs to one object.
func about[T any](ladder string, kind sending.SubjectKind, ref func(id string) string) *sending.Example {
	return &sending.Example{Ladder: ladders.Named(ladder), Needs: kind, Check: sending.CheckPage[T], At: func(_ int, s sending.Subject) string { return ref(s.ID) }}
}

func variant(name string, e *sending.Example) *sending.Example { e.Variant = name; return e }
func optional(e *sending.Example) *sending.Example             { e.Optional = true; return e }
func aside(e *sending.Example) *sending.Example                { e.Aside = true; return e }

// single is the example of an object instead of a listing.
func single(check func(*sending.Sender, string, []byte) error, e *sending.Example) *sending.Example {
	e.Check = check
	return e
}

// harmless is asked for where only the way of asking is tried.
const harmless = "/organization?$select=id"

func examplesOfBatches() []*sending.Example {
	batch := func(variant string, kind sending.SubjectKind, refs func(sending.Subject) []string) *sending.Example {
		return &sending.Example{Ladder: sending.Batches, Variant: variant, Needs: kind, Together: refs}
	}
	return []*sending.Example{
		batch("two requests", sending.SubjectNone, func(sending.Subject) []string { return slices.Repeat([]string{harmless}, 2) }),
		aside(batch("20 requests, for the time", sending.SubjectNone, func(sending.Subject) []string { return slices.Repeat([]string{harmless}, sending.MaxBatchSize) })),
		batch("with a delta query", sending.SubjectGroup, func(s sending.Subject) []string {
			return []string{harmless, GroupMemberships.Ref(0, DeltaSubject(s.IDs))}
		}),
	}
}

func examplesOfDeltas() []*sending.Example {
	return []*sending.Example{
		{Ladder: GroupMemberships, Needs: sending.SubjectGroup, Check: sending.CheckPage[GroupDelta], At: membershipsAt},
		{Ladder: Managers, Needs: sending.SubjectPerson, Check: checkManager, At: managersAt(UserOptions{})},
		optional(&sending.Example{Ladder: Managers, Variant: "with leave dates", Needs: sending.SubjectPerson, Check: checkManager, At: managersAt(UserOptions{LeaveDates: true})}),
		{
			Ladder: CatalogRoles, Optional: true, Check: sending.CheckPage[CatalogRoleAssignment],
			At: func(step int, _ sending.Subject) string { return CatalogRoles.Ref(step, RoleCatalogOwner) },
		},
	}
}

// membershipsAt asks about several groups, or about one.
func membershipsAt(step int, s sending.Subject) string {
	if step >= MembersByGroup {
		return GroupMemberships.Ref(step, s.ID)
	}
	return GroupMemberships.Ref(step, DeltaSubject(s.IDs))
}

// managersAt asks about people by a range of names, by their ids, or about one.
func managersAt(o UserOptions) func(step int, s sending.Subject) string {
	return func(step int, s sending.Subject) string {
		switch {
		case step >= ManagersAlone:
			return Managers.Ref(step, s.ID)
		case step >= ManagersByIDs:
			return Managers.Ref(step, ManagersSubject(IDFilter(s.IDs[:min(len(s.IDs), sending.MaxFilterItems)]), o))
		}
		return Managers.Ref(step, ManagersSubject(NameRange(s.Names[0], s.Names[len(s.Names)-1]), o))
	}
}

// checkManager reads people with their managers, or one manager.
func checkManager(s *sending.Sender, ref string, body []byte) error {
	if strings.Contains(ref, "/manager?") {
		return sending.CheckObject[Reference](s, ref, body)
	}
	return sending.CheckPage[User](s, ref, body)
}
