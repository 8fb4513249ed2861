package pim

import (
	"context"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// What is in force, as a sync reads it too.
const (
	pathRoleAssignments    = "/roleManagement/directory/roleAssignmentScheduleInstances"
	pathRoleEligibilities  = "/roleManagement/directory/roleEligibilityScheduleInstances"
	pathGroupAssignments   = "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances"
	pathGroupEligibilities = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
)

// Term is until when something is held, and whether its holder has activated it.
type Term struct {
	MemberType     string `json:"memberType"`
	AssignmentType string `json:"assignmentType"`
	// EndDateTime is nil for good.
	EndDateTime   graph.TimeOrNone `json:"endDateTime"`
	StartDateTime graph.TimeOrNone `json:"startDateTime"`
	Scope         string           `json:"directoryScopeId"`
	Access        string           `json:"accessId"`
}

// Activated reports whether the holder has taken it for a while.
func (t *Term) Activated() bool { return strings.EqualFold(t.AssignmentType, "Activated") }

// Lasts reports whether it is held for as long as the request asks.
func (t *Term) Lasts(r Request) bool {
	const slack = time.Minute
	end := t.EndDateTime.Time
	return end == nil || r.Duration > 0 && !end.Before(time.Now().Add(r.Duration-slack))
}

// IsTheLongest reports whether it was given for as long as a policy allows. Months are of
// different lengths, so a tenth less counts as that.
func (t *Term) IsTheLongest(limit time.Duration) bool {
	start, end := t.StartDateTime.Time, t.EndDateTime.Time
	return limit > 0 && start != nil && end != nil && end.Sub(*start) >= limit-limit/10
}

// RoleTerms are until when a principal holds a role at a scope itself, or may activate
// it. Permission: RoleManagement.Read.Directory; the tenant needs Entra ID P2.
func RoleTerms(ctx context.Context, c *graph.Client, h writing.RoleHolding, eligible bool) ([]Term, error) {
	q := sending.Query{Path: pathRoleAssignments, Filter: sending.AnyOf("principalId", h.PrincipalID) + " and " + sending.AnyOf("roleDefinitionId", h.RoleDefinitionID)}
	if eligible {
		q.Path = pathRoleEligibilities
	}
	return sending.AllWhere(ctx, c.Sender, func(t *Term) bool {
		return strings.EqualFold(t.MemberType, "Direct") && strings.EqualFold(t.Scope, h.DirectoryScopeID)
	}, q)
}

// GroupTerms are until when a principal is a member or an owner of a group itself, or
// may become one. Permission: PrivilegedAssignmentSchedule.Read.AzureADGroup or
// PrivilegedEligibilitySchedule.Read.AzureADGroup; the tenant needs Entra ID P2.
func GroupTerms(ctx context.Context, c *graph.Client, h GroupHolding, eligible bool) ([]Term, error) {
	q := sending.Query{Path: pathGroupAssignments, Filter: sending.AnyOf("groupId", h.GroupID) + " and " + sending.AnyOf("principalId", h.PrincipalID)}
	if eligible {
		q.Path = pathGroupEligibilities
	}
	return sending.AllWhere(ctx, c.Sender, func(t *Term) bool {
		return strings.EqualFold(t.MemberType, "Direct") && strings.EqualFold(t.Access, "owner") == h.Owner
	}, q)
}
