package graph

import (
	"context"
	"net/url"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// RoleScheduleInstance is an assignment of a directory role, or an eligibility
// for one, as Privileged Identity Management has it in force now
// (https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance,
// https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityscheduleinstance).
type RoleScheduleInstance struct {
	RoleAssignment
	// AssignmentType is "Assigned" or "Activated"; empty for an eligibility.
	AssignmentType string `json:"assignmentType"`
	// MemberType is "Direct", "Group" for what comes through a group, or
	// "Inherited".
	MemberType    string     `json:"memberType"`
	StartDateTime TimeOrNone `json:"startDateTime"`
	// EndDateTime is nil for what does not end.
	EndDateTime TimeOrNone `json:"endDateTime"`
}

// Direct reports whether the row is an assignment of its own, and not the
// effect of a group's.
func (i *RoleScheduleInstance) Direct() bool { return isDirect(i.MemberType) }

// isDirect reports whether a memberType is none of those that come of a group. One that is
// absent or not known is the principal's own, as far as anybody can tell: to pass it over
// would be to lose it.
func isDirect(memberType string) bool {
	return !strings.EqualFold(memberType, "Group") && !strings.EqualFold(memberType, "Inherited")
}

const (
	pathRoleAssignments          = "/roleManagement/directory/roleAssignments"
	pathRoleAssignmentSchedules  = "/roleManagement/directory/roleAssignmentScheduleInstances"
	pathRoleEligibilitySchedules = "/roleManagement/directory/roleEligibilityScheduleInstances"
	pathGroupEligibilities       = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
)

var (
	roleAssignmentScheduleList  = sending.Query{Path: pathRoleAssignmentSchedules}
	roleEligibilityScheduleList = sending.Query{Path: pathRoleEligibilitySchedules}
)

// ListRoleAssignmentSchedules reads one page of the active role assignments as
// Privileged Identity Management has them: with their times. Permission:
// RoleManagement.Read.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances).
func (c *Client) ListRoleAssignmentSchedules(ctx context.Context, next string) (*sending.Page[RoleScheduleInstance], error) {
	return sending.GetPage[RoleScheduleInstance](ctx, c.Sender, sending.OrFirst(next, roleAssignmentScheduleList))
}

// ListRoleEligibilitySchedules reads one page of who may activate a role.
// Permission: RoleManagement.Read.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityscheduleinstances).
func (c *Client) ListRoleEligibilitySchedules(ctx context.Context, next string) (*sending.Page[RoleScheduleInstance], error) {
	return sending.GetPage[RoleScheduleInstance](ctx, c.Sender, sending.OrFirst(next, roleEligibilityScheduleList))
}

// ScopedRow is a role assignment or eligibility with the object it is held at.
type ScopedRow struct {
	DirectoryScopeID string       `json:"directoryScopeId"`
	DirectoryScope   *ScopeObject `json:"directoryScope"`
}

// ScopeObject is the part of the directory that a role is held in.
type ScopeObject struct {
	Reference
	DisplayName string `json:"displayName"`
	// ServicePrincipalType is a service principal's.
	ServicePrincipalType string `json:"servicePrincipalType"`
}

// ServicePrincipalKind is what the object stands for if it is a service
// principal.
func (o *ScopeObject) ServicePrincipalKind() ServicePrincipalKind {
	return (&ServicePrincipalIdentity{ODataType: o.ODataType, ServicePrincipalType: o.ServicePrincipalType}).Kind()
}

// RoleScopeRef is the listing of the role assignments at one scope, of which
// each row names the scope's object. It needs no permission on the object's
// own collection. Roles that somebody may activate at the scope are listed
// instead where eligible is set; that listing refuses options within $expand
// (microsoft-graph-docs-contrib#9157).
func RoleScopeRef(directoryScopeID string, eligible bool) string {
	q := sending.Query{
		Path:   pathRoleAssignments,
		Filter: sending.AnyOf("directoryScopeId", directoryScopeID),
		Expand: "directoryScope($select=id,displayName,servicePrincipalType)",
	}
	if eligible {
		q.Path, q.Expand = pathRoleEligibilitySchedules, "directoryScope"
	}
	return q.String()
}

// AdministrativeUnitScope is the directoryScopeId of an administrative unit; every
// other object's is its id behind a slash.
func AdministrativeUnitScope(id string) string { return "/administrativeUnits/" + id }

// TypeAttributeSet is a set of custom security attributes.
const TypeAttributeSet = "#microsoft.graph.attributeSet"

const attributeSets = "/attributeSets/"

// AttributeSetScope is the attribute set that a directoryScopeId names, by the set's
// name; empty for other scopes. A set is no directory object and can be neither renamed
// nor deleted
// (https://learn.microsoft.com/entra/fundamentals/custom-security-attributes-manage).
func AttributeSetScope(directoryScopeID string) string {
	if len(directoryScopeID) < len(attributeSets) || !strings.EqualFold(directoryScopeID[:len(attributeSets)], attributeSets) {
		return ""
	}
	return directoryScopeID[len(attributeSets):]
}

// ScopeObjectID is the id of the object that a directoryScopeId other than
// TenantScope names: "/administrativeUnits/{id}" or "/{id}"; of an attribute set it is
// the name.
func ScopeObjectID(directoryScopeID string) string {
	id := directoryScopeID[strings.LastIndexByte(directoryScopeID, '/')+1:]
	if unescaped, err := url.PathUnescape(id); err == nil {
		id = unescaped
	}
	return strings.ToLower(id)
}

// GroupEligibility says that a principal may activate a membership or an
// ownership of a group
// (https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupeligibilityscheduleinstance).
type GroupEligibility struct {
	// AccessID is "member" or "owner"; Graph may add others.
	AccessID   string `json:"accessId"`
	MemberType string `json:"memberType"`
	// PrincipalID is the principal's id; the row does not tell what it is.
	PrincipalID   string     `json:"principalId"`
	StartDateTime TimeOrNone `json:"startDateTime"`
	EndDateTime   TimeOrNone `json:"endDateTime"`
}

// Direct reports whether the row is an eligibility of its own, and not the
// effect of a group's.
func (e *GroupEligibility) Direct() bool { return isDirect(e.MemberType) }

// GroupEligibilitiesRef is the listing of who may become a member or an owner
// of one group: Graph lists them group by group only. Permission:
// PrivilegedEligibilitySchedule.Read.AzureADGroup; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-eligibilityscheduleinstances).
func GroupEligibilitiesRef(groupID string) string {
	return sending.Query{Path: pathGroupEligibilities, Filter: sending.AnyOf("groupId", groupID)}.String()
}

// ScopeSpellings are the directoryScopeIds under which an object can be the
// scope of a role.
func ScopeSpellings(objectID string) []string {
	if strings.Count(objectID, "-") == 0 { // No GUID, and so the name of an attribute set.
		return []string{attributeSets + objectID}
	}
	return []string{"/administrativeUnits/" + objectID, "/" + objectID}
}

func roleHoldersAt(path, role, directoryScopeID string) string {
	filter := sending.AnyOf("directoryScopeId", directoryScopeID)
	if role != "" {
		filter = sending.AnyOf("roleDefinitionId", role) + " and " + filter
	}
	return sending.Query{Path: path, Filter: filter}.String()
}

// RoleAssignmentsAtRef is the listing of who holds a role at a scope, or any role
// there if none is named.
func RoleAssignmentsAtRef(role, directoryScopeID string) string {
	return roleHoldersAt(pathRoleAssignments, role, directoryScopeID)
}

// RoleAssignmentSchedulesAtRef is the same as Privileged Identity Management
// has it.
func RoleAssignmentSchedulesAtRef(role, directoryScopeID string) string {
	return roleHoldersAt(pathRoleAssignmentSchedules, role, directoryScopeID)
}

// RoleEligibilitySchedulesAtRef is the listing of who may activate a role at a
// scope.
func RoleEligibilitySchedulesAtRef(role, directoryScopeID string) string {
	return roleHoldersAt(pathRoleEligibilitySchedules, role, directoryScopeID)
}
