package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ScheduleRequest asks Privileged Identity Management for a change.
type ScheduleRequest struct {
	// Remove ends what is there; otherwise it is added.
	Remove bool
	// Justification is why; some tenants' policies want one.
	Justification string
	// Duration is for how long; zero for good, which policies can forbid.
	Duration time.Duration
}

func (r *ScheduleRequest) schedule() models.RequestScheduleable {
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

func (r *ScheduleRequest) action() *models.UnifiedRoleScheduleRequestActions {
	action := models.ADMINASSIGN_UNIFIEDROLESCHEDULEREQUESTACTIONS
	if r.Remove {
		action = models.ADMINREMOVE_UNIFIEDROLESCHEDULEREQUESTACTIONS
	}
	return &action
}

func (r *ScheduleRequest) groupAction() *models.ScheduleRequestActions {
	action := models.ADMINASSIGN_SCHEDULEREQUESTACTIONS
	if r.Remove {
		action = models.ADMINREMOVE_SCHEDULEREQUESTACTIONS
	}
	return &action
}

// roleRequest is what Microsoft's two models of requests for roles share.
type roleRequest interface {
	SetAction(value *models.UnifiedRoleScheduleRequestActions)
	SetPrincipalId(value *string)
	SetRoleDefinitionId(value *string)
	SetDirectoryScopeId(value *string)
	SetJustification(value *string)
	SetScheduleInfo(value models.RequestScheduleable)
}

func (h *RoleHolding) fill(body roleRequest, r *ScheduleRequest) {
	body.SetAction(r.action())
	body.SetPrincipalId(&h.PrincipalID)
	body.SetRoleDefinitionId(&h.RoleDefinitionID)
	body.SetDirectoryScopeId(&h.DirectoryScopeID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
}

// RequestRoleAssignment changes an active assignment through Privileged Identity
// Management, and gives what Microsoft says has become of the request. Permission:
// RoleAssignmentSchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests).
func (c *Client) RequestRoleAssignment(ctx context.Context, h RoleHolding, r ScheduleRequest) (ScheduleFate, error) {
	body := models.NewUnifiedRoleAssignmentScheduleRequest()
	h.fill(body, &r)
	answer, err := c.directoryRoles().RoleAssignmentScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return ScheduleFate{}, sending.OwnError(err)
	}
	return fateOf(pathRoleAssignmentRequests, answer), nil
}

// RequestRoleEligibility is the same for who may activate a role. Permission:
// RoleEligibilitySchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleeligibilityschedulerequests).
func (c *Client) RequestRoleEligibility(ctx context.Context, h RoleHolding, r ScheduleRequest) (ScheduleFate, error) {
	body := models.NewUnifiedRoleEligibilityScheduleRequest()
	h.fill(body, &r)
	answer, err := c.directoryRoles().RoleEligibilityScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return ScheduleFate{}, sending.OwnError(err)
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

func (h *GroupHolding) fill(body groupRequest, r *ScheduleRequest) {
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
func (c *Client) RequestGroupAssignment(ctx context.Context, h GroupHolding, r ScheduleRequest) (ScheduleFate, error) {
	body := models.NewPrivilegedAccessGroupAssignmentScheduleRequest()
	h.fill(body, &r)
	builder := identitygovernance.NewIdentityGovernanceRequestBuilderInternal(map[string]string{}, c.Adapter())
	answer, err := builder.PrivilegedAccess().Group().AssignmentScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return ScheduleFate{}, sending.OwnError(err)
	}
	return fateOf(pathGroupAssignmentRequests, answer), nil
}

// RequestGroupEligibility changes who may activate a membership or an ownership
// of a group. Permission: PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup;
// the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-eligibilityschedulerequests).
func (c *Client) RequestGroupEligibility(ctx context.Context, h GroupHolding, r ScheduleRequest) (ScheduleFate, error) {
	body := models.NewPrivilegedAccessGroupEligibilityScheduleRequest()
	h.fill(body, &r)
	builder := identitygovernance.NewIdentityGovernanceRequestBuilderInternal(map[string]string{}, c.Adapter())
	answer, err := builder.PrivilegedAccess().Group().EligibilityScheduleRequests().Post(ctx, body, nil)
	if err != nil {
		return ScheduleFate{}, sending.OwnError(err)
	}
	return fateOf(pathGroupEligibilityRequests, answer), nil
}
