package graph

import (
	"slices"
	"strings"
)

// Example is a request as this package makes it, for trying each form of its
// ladder.
type Example struct {
	// Ladder is what is tried.
	Ladder *Ladder
	// Variant tells the examples of one ladder apart; empty where there is one.
	Variant string
	// Needs is what has to be found first, for the request to be about.
	Needs SubjectKind
	// Optional means that a sync goes without what it gives.
	Optional bool
	// Aside is what no sync sends: it shows whether that is right.
	Aside bool

	// ref is the request at a step, refs those of one that takes several.
	ref  func(step int, s Subject) string
	refs func(s Subject) []string
	// check reads an answer as a sync would.
	check func(c *Client, ref string, body []byte) error
}

// SubjectKind is a kind of object that a request can be about.
type SubjectKind string

// What examples are about.
const (
	SubjectNone           SubjectKind = ""
	SubjectPerson         SubjectKind = "person"
	SubjectGroup          SubjectKind = "group"
	SubjectApplication    SubjectKind = "service principal"
	SubjectAgent          SubjectKind = "agent identity"
	SubjectBlueprint      SubjectKind = "agent identity blueprint principal"
	SubjectRegistration   SubjectKind = "app registration"
	SubjectDevice         SubjectKind = "device"
	SubjectUnit           SubjectKind = "administrative unit"
	SubjectDirectoryRole  SubjectKind = "directory role"
	SubjectDirectoryScope SubjectKind = "scope of a directory role"
)

// Subject is what a request is about.
type Subject struct {
	// ID is an object's id, or a directoryScopeId.
	ID string
	// IDs are those of several such objects, ID among them, for requests that take
	// several.
	IDs []string
	// Names are sign-in names in Graph's order, for requests about a range.
	Names []string
}

// Examples are the requests that try all ladders, in the order of Ladders.
func Examples() []*Example { return examples }

var examples = slices.Concat(examplesOfListings(), examplesOfRelations(), examplesOfBatches(), examplesOfDeltas())

func examplesOfListings() []*Example {
	return []*Example{
		pages[UserSignInActivity]("sign-in activity", signInActivityList).optional(),
		pages[MailboxUser]("people with mailboxes", mailboxUserList).optional(),
		pages[User]("people", UserOptions{}.list()).as("without licences"),
		pages[User]("people", UserOptions{Licenses: true}.list()).as("with licences"),
		pages[User]("deleted people", deletedUserList).optional(),
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
		pages[Device]("devices", deviceList).optional(),
		pages[RoleDefinition]("directory roles", roleDefinitionList),
		about[ScopedRow]("scopes of role eligibilities", SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, true) }).optional(),
		about[ScopedRow]("scopes of role assignments", SubjectDirectoryScope, func(scope string) string { return RoleScopeRef(scope, false) }),
		pages[RoleAssignment]("directory role assignments", roleAssignmentList),
		pages[RoleAssignment]("directory role assignments", roleAssignmentList.paged(roleTrialPage)).as("with $top").aside(),
		pages[RoleScheduleInstance]("role assignment times", roleAssignmentScheduleList).optional(),
		pages[RoleScheduleInstance]("role assignment times", roleAssignmentScheduleList.paged(roleTrialPage)).as("with $top").aside(),
		pages[RoleScheduleInstance]("role eligibilities", roleEligibilityScheduleList).optional(),
		pages[RoleScheduleInstance]("role eligibilities", roleEligibilityScheduleList.expanding("principal($select=id)")).as("with ids of the principal").aside(),
		about[GroupEligibility]("eligibilities for a group", SubjectGroup, GroupEligibilitiesRef).optional(),
		pages[SubscribedSKU]("licences", query{path: "/subscribedSkus"}).optional(),
		pages[AdministrativeUnit]("administrative units", administrativeUnitList).optional(),
		pages[OAuth2PermissionGrant]("consents", permissionGrantList).optional(),
		pages[UserRegistration]("MFA registration", userRegistrationList).optional(),
		pages[RiskyUser]("risky people", riskyUserList).optional(),
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
		about[Reference]("sponsors of an agent identity", SubjectAgent, func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentity) }).optional(),
		about[Reference]("sponsors of a blueprint", SubjectBlueprint,
			func(id string) string { return AgentSponsorsRef(id, TypeAgentIdentityBlueprintPrincipal) }).optional(),
		about[AppRoleAssignment]("assignments to an application", SubjectApplication, AppRoleAssignedToRef),
		about[Reference]("owners of an app registration", SubjectRegistration, ApplicationOwnersRef),
		about[Reference]("registered owners of a device", SubjectDevice, DeviceOwnersRef).optional(),
		about[Reference]("what is in an administrative unit", SubjectUnit, AdministrativeUnitMembersRef).optional(),
		about[FederatedIdentityCredential]("federated credentials of an app registration", SubjectRegistration, FederatedCredentialsRef).optional(),
		about[ServicePrincipal]("an agent identity", SubjectAgent, ServicePrincipalRef).single(checkObject[ServicePrincipal]).optional(),
		about[MailboxSettings]("purpose of a mailbox", SubjectPerson, MailboxSettingsRef).single(checkObject[MailboxSettings]).optional(),
		about[RoleDefinition]("directory role by its id", SubjectDirectoryRole, roleDefinitionList.one).single(checkObject[RoleDefinition]),
	}
}

// roleTrialPage is the page size that is tried where a sync leaves it to Graph.
const roleTrialPage = 500

// paged is the query with a page size.
func (q query) paged(top int) query { q.top = top; return q }

// expanding is the query with another relation, or none.
func (q query) expanding(relation string) query { q.expand = relation; return q }

func ladderNamed(name string) *Ladder {
	for _, l := range ladders {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// pages is the example of a listing of rows of type T.
func pages[T any](ladder string, first query) *Example {
	return &Example{Ladder: ladderNamed(ladder), check: checkPage[T], ref: func(int, Subject) string { return first.String() }}
}

// about is the example of a listing that belongs to one object.
func about[T any](ladder string, kind SubjectKind, ref func(id string) string) *Example {
	return &Example{Ladder: ladderNamed(ladder), Needs: kind, check: checkPage[T], ref: func(_ int, s Subject) string { return ref(s.ID) }}
}

func (e *Example) as(variant string) *Example { e.Variant = variant; return e }
func (e *Example) optional() *Example         { e.Optional = true; return e }
func (e *Example) aside() *Example            { e.Aside = true; return e }

// single is the example of an object instead of a listing.
func (e *Example) single(check func(*Client, string, []byte) error) *Example {
	e.check = check
	return e
}

// Refs are the requests that the example sends at a step, in the form of the
// step.
func (e *Example) Refs(step int, s Subject) []string {
	if e.refs != nil {
		return e.refs(s)
	}
	ref := e.ref(step, s)
	if e.Ladder.path != "" {
		ref = e.Ladder.at(step, parseReference(ref))
	}
	return []string{ref}
}

// Same reports whether a step makes the same request as the one above it, which a
// sync then passes over.
func (e *Example) Same(step int, s Subject) bool {
	return step > 0 && e.refs == nil && slices.Equal(e.Refs(step, s), e.Refs(step-1, s))
}

// relationOf is the relation that a request expands; empty for none.
func relationOf(r reference) string {
	relation, _, _ := strings.Cut(r.value("$expand"), "(")
	return relation
}
