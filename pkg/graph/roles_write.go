package graph

import (
	"context"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// RoleHolding is a directory role of a principal at a scope.
type RoleHolding struct {
	RoleDefinitionID, PrincipalID string
	// DirectoryScopeID is TenantScope, or names a part of the directory.
	DirectoryScopeID string
}

// CreateRoleAssignment gives a principal a directory role, for good. Permission:
// RoleManagement.ReadWrite.Directory
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments).
func (c *Client) CreateRoleAssignment(ctx context.Context, h RoleHolding) error {
	body := models.NewUnifiedRoleAssignment()
	body.SetPrincipalId(&h.PrincipalID)
	body.SetRoleDefinitionId(&h.RoleDefinitionID)
	body.SetDirectoryScopeId(&h.DirectoryScopeID)
	_, err := c.directoryRoles().RoleAssignments().Post(ctx, body, nil)
	return sending.OwnError(err)
}

// FindRoleAssignments reads the ids of a principal's assignments of a role at a
// scope (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func (c *Client) FindRoleAssignments(ctx context.Context, h RoleHolding) ([]string, error) {
	type row struct {
		ID               string `json:"id"`
		DirectoryScopeID string `json:"directoryScopeId"`
	}
	rows, err := all[row](ctx, c.Sender, query{path: pathRoleAssignments, filter: h.filter()})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if strings.EqualFold(r.DirectoryScopeID, h.DirectoryScopeID) {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

func (h *RoleHolding) filter() string {
	return anyOf("principalId", h.PrincipalID) + " and " + anyOf("roleDefinitionId", h.RoleDefinitionID)
}

// DeleteRoleAssignment ends an assignment
// (https://learn.microsoft.com/graph/api/unifiedroleassignment-delete).
func (c *Client) DeleteRoleAssignment(ctx context.Context, id string) error {
	return sending.OwnError(c.directoryRoles().RoleAssignments().ByUnifiedRoleAssignmentId(id).Delete(ctx, nil))
}

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

// RequestRoleAssignment changes an active assignment through Privileged Identity
// Management. Permission: RoleAssignmentSchedule.ReadWrite.Directory; the tenant
// needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests).
func (c *Client) RequestRoleAssignment(ctx context.Context, h RoleHolding, r ScheduleRequest) error {
	body := models.NewUnifiedRoleAssignmentScheduleRequest()
	body.SetAction(r.action())
	body.SetPrincipalId(&h.PrincipalID)
	body.SetRoleDefinitionId(&h.RoleDefinitionID)
	body.SetDirectoryScopeId(&h.DirectoryScopeID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
	_, err := c.directoryRoles().RoleAssignmentScheduleRequests().Post(ctx, body, nil)
	return sending.OwnError(err)
}

// RequestRoleEligibility changes who may activate a role. Permission:
// RoleEligibilitySchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleeligibilityschedulerequests).
func (c *Client) RequestRoleEligibility(ctx context.Context, h RoleHolding, r ScheduleRequest) error {
	body := models.NewUnifiedRoleEligibilityScheduleRequest()
	body.SetAction(r.action())
	body.SetPrincipalId(&h.PrincipalID)
	body.SetRoleDefinitionId(&h.RoleDefinitionID)
	body.SetDirectoryScopeId(&h.DirectoryScopeID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
	_, err := c.directoryRoles().RoleEligibilityScheduleRequests().Post(ctx, body, nil)
	return sending.OwnError(err)
}
