// Package pim asks Privileged Identity Management for changes: of directory roles,
// and of memberships and ownerships of groups, that have an end or are to be
// activated. It sends a request, tells what Microsoft says has become of it, and reads
// until when something is held and for how long its policy lets it be.
//
// It is beside the changes that Graph makes at once, and above the nouns: it is given
// ids, and their client. What Privileged Identity Management has in force is a noun
// like the others (roleschedules.go of pkg/graph), because a sync reads it in forms.
// How long to wait, what counts as done already and what to tell whoever asked is for
// the caller to say.
package pim

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/rolemanagement"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Request asks Privileged Identity Management for a change.
type Request struct {
	// Remove ends what is there; otherwise it is added.
	Remove bool
	// Justification is why; some tenants' policies want one.
	Justification string
	// Duration is for how long; zero for good, which policies can forbid.
	Duration time.Duration
}

func (r *Request) schedule() models.RequestScheduleable {
	schedule := models.NewRequestSchedule()
	now := time.Now()
	schedule.SetStartDateTime(&now)
	expiration := models.NewExpirationPattern()
	kind := models.NOEXPIRATION_EXPIRATIONPATTERNTYPE
	if r.Duration > 0 {
		kind = models.AFTERDATETIME_EXPIRATIONPATTERNTYPE
		end := now.Add(r.Duration)
		expiration.SetEndDateTime(&end)
	}
	expiration.SetTypeEscaped(&kind)
	schedule.SetExpiration(expiration)
	return schedule
}

func (r *Request) action() *models.UnifiedRoleScheduleRequestActions {
	action := models.ADMINASSIGN_UNIFIEDROLESCHEDULEREQUESTACTIONS
	if r.Remove {
		action = models.ADMINREMOVE_UNIFIEDROLESCHEDULEREQUESTACTIONS
	}
	return &action
}

func (r *Request) groupAction() *models.ScheduleRequestActions {
	action := models.ADMINASSIGN_SCHEDULEREQUESTACTIONS
	if r.Remove {
		action = models.ADMINREMOVE_SCHEDULEREQUESTACTIONS
	}
	return &action
}

const (
	pathRoleAssignmentRequests   = "/roleManagement/directory/roleAssignmentScheduleRequests"
	pathRoleEligibilityRequests  = "/roleManagement/directory/roleEligibilityScheduleRequests"
	pathGroupAssignmentRequests  = "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests"
	pathGroupEligibilityRequests = "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests"
)

// roleRequest is what Microsoft's two models of requests for roles share.
type roleRequest interface {
	SetAction(value *models.UnifiedRoleScheduleRequestActions)
	SetPrincipalId(value *string)
	SetRoleDefinitionId(value *string)
	SetDirectoryScopeId(value *string)
	SetJustification(value *string)
	SetScheduleInfo(value models.RequestScheduleable)
}

func fillForRole(body roleRequest, h *graph.RoleHolding, r *Request) {
	body.SetAction(r.action())
	body.SetPrincipalId(&h.PrincipalID)
	body.SetRoleDefinitionId(&h.RoleDefinitionID)
	body.SetDirectoryScopeId(&h.DirectoryScopeID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
}

// roles and groups are the beginnings of Microsoft's request builders.
func roles(c *graph.Client) *rolemanagement.DirectoryRequestBuilder {
	return rolemanagement.NewRoleManagementRequestBuilderInternal(map[string]string{}, c.Adapter()).Directory()
}

func groups(c *graph.Client) *identitygovernance.PrivilegedAccessGroupRequestBuilder {
	return identitygovernance.NewIdentityGovernanceRequestBuilderInternal(map[string]string{}, c.Adapter()).PrivilegedAccess().Group()
}

// RequestRoleAssignment changes an active assignment through Privileged Identity
// Management, and gives what Microsoft says has become of the request. Permission:
// RoleAssignmentSchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests).
func RequestRoleAssignment(ctx context.Context, c *graph.Client, h graph.RoleHolding, r Request) (Fate, error) {
	body := models.NewUnifiedRoleAssignmentScheduleRequest()
	fillForRole(body, &h, &r)
	answer, err := roles(c).RoleAssignmentScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return Fate{}, sending.OwnError(err)
	}
	return fateOf(pathRoleAssignmentRequests, answer), nil
}

// RequestRoleEligibility is the same for who may activate a role. Permission:
// RoleEligibilitySchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleeligibilityschedulerequests).
func RequestRoleEligibility(ctx context.Context, c *graph.Client, h graph.RoleHolding, r Request) (Fate, error) {
	body := models.NewUnifiedRoleEligibilityScheduleRequest()
	fillForRole(body, &h, &r)
	answer, err := roles(c).RoleEligibilityScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return Fate{}, sending.OwnError(err)
	}
	return fateOf(pathRoleEligibilityRequests, answer), nil
}

// GroupHolding is a membership or an ownership of a group, held or to be activated.
type GroupHolding struct {
	GroupID, PrincipalID string
	// Owner means the ownership; otherwise the membership.
	Owner bool
}

func (h *GroupHolding) access() *models.PrivilegedAccessGroupRelationships {
	access := models.MEMBER_PRIVILEGEDACCESSGROUPRELATIONSHIPS
	if h.Owner {
		access = models.OWNER_PRIVILEGEDACCESSGROUPRELATIONSHIPS
	}
	return &access
}

// groupRequest is what Microsoft's two models of requests for groups share.
type groupRequest interface {
	SetAccessId(value *models.PrivilegedAccessGroupRelationships)
	SetAction(value *models.ScheduleRequestActions)
	SetGroupId(value *string)
	SetPrincipalId(value *string)
	SetJustification(value *string)
	SetScheduleInfo(value models.RequestScheduleable)
}

func (h *GroupHolding) fill(body groupRequest, r *Request) {
	body.SetAccessId(h.access())
	body.SetAction(r.groupAction())
	body.SetGroupId(&h.GroupID)
	body.SetPrincipalId(&h.PrincipalID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
}

// RequestGroupAssignment changes a membership or an ownership of a group that has an
// end. Permission: PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup; the tenant
// needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-assignmentschedulerequests).
func RequestGroupAssignment(ctx context.Context, c *graph.Client, h GroupHolding, r Request) (Fate, error) {
	body := models.NewPrivilegedAccessGroupAssignmentScheduleRequest()
	h.fill(body, &r)
	answer, err := groups(c).AssignmentScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return Fate{}, sending.OwnError(err)
	}
	return fateOf(pathGroupAssignmentRequests, answer), nil
}

// RequestGroupEligibility changes who may activate a membership or an ownership
// of a group. Permission: PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup;
// the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-eligibilityschedulerequests).
func RequestGroupEligibility(ctx context.Context, c *graph.Client, h GroupHolding, r Request) (Fate, error) {
	body := models.NewPrivilegedAccessGroupEligibilityScheduleRequest()
	h.fill(body, &r)
	answer, err := groups(c).EligibilityScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return Fate{}, sending.OwnError(err)
	}
	return fateOf(pathGroupEligibilityRequests, answer), nil
}
