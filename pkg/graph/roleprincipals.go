package graph

// PrincipalRow is a row of who holds something, with the object that holds it.
type PrincipalRow struct {
	// Principal is nil if it no longer exists.
	Principal *Reference `json:"principal"`
}

// principalOf is a listing by principal whose rows tell what that is. No form of
// it has options within $expand: the listings of Privileged Identity Management
// refuse them with a 400 (microsoft-graph-docs-contrib#9157).
func principalOf(path, principalID string) string {
	return query{path: path, filter: anyOf("principalId", principalID), expand: "principal"}.String()
}

// RoleAssignmentPrincipalRef is the listing of the role assignments of one
// principal, as PrincipalRow. Permission: RoleManagement.Read.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func RoleAssignmentPrincipalRef(principalID string) string {
	return principalOf(pathRoleAssignments, principalID)
}

// RoleSchedulePrincipalRef is the same as Privileged Identity Management has it.
func RoleSchedulePrincipalRef(principalID string) string {
	return principalOf(pathRoleAssignmentSchedules, principalID)
}

// RoleEligibilityPrincipalRef is the listing of the roles that one principal may
// activate, as PrincipalRow.
func RoleEligibilityPrincipalRef(principalID string) string {
	return principalOf(pathRoleEligibilitySchedules, principalID)
}

// GroupEligibilityPrincipalRef is the listing of the groups that one principal may
// become a member or an owner of, as PrincipalRow
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-eligibilityscheduleinstances).
func GroupEligibilityPrincipalRef(principalID string) string {
	return principalOf(pathGroupEligibilities, principalID)
}
