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

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/rolemanagement"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
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

func (r *Request) action() string {
	if r.Remove {
		return models.ADMINREMOVE_UNIFIEDROLESCHEDULEREQUESTACTIONS.String()
	}
	return models.ADMINASSIGN_UNIFIEDROLESCHEDULEREQUESTACTIONS.String()
}

func (r *Request) groupAction() string {
	if r.Remove {
		return models.ADMINREMOVE_SCHEDULEREQUESTACTIONS.String()
	}
	return models.ADMINASSIGN_SCHEDULEREQUESTACTIONS.String()
}

const (
	pathRoleAssignmentRequests   = "/roleManagement/directory/roleAssignmentScheduleRequests"
	pathRoleEligibilityRequests  = "/roleManagement/directory/roleEligibilityScheduleRequests"
	pathGroupAssignmentRequests  = "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests"
	pathGroupEligibilityRequests = "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests"
)

// roleBody is a request for a role
// (https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentschedulerequest).
func roleBody(h *writing.RoleHolding, r *Request) sending.Object {
	body := sending.Object{
		"action": r.action(), "principalId": h.PrincipalID, "roleDefinitionId": h.RoleDefinitionID,
		"directoryScopeId": h.DirectoryScopeID, "justification": r.Justification,
	}
	if !r.Remove {
		body["scheduleInfo"] = r.schedule()
	}
	return body
}

// send sends a request, and notes where it went.
func send(ctx context.Context, c *graph.Client, at abstractions.BaseRequestBuilder, path string, body sending.Object) (Fate, error) {
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, at, body)
	fate, err := sending.Receive[Fate](ctx, c.Sender, request, err)
	if err != nil {
		return Fate{}, err
	}
	fate.path = path
	return *fate, nil
}

// roles is the beginning of Microsoft's request builders.
func roles(c *graph.Client) *rolemanagement.DirectoryRequestBuilder {
	return rolemanagement.NewRoleManagementRequestBuilderInternal(map[string]string{}, c.Adapter()).Directory()
}

// groups is where requests for groups go. It is written out: the package of Microsoft's
// builders for these two addresses takes 19 seconds to compile.
func groups(path string) abstractions.BaseRequestBuilder {
	return abstractions.BaseRequestBuilder{UrlTemplate: "{+baseurl}" + path, PathParameters: map[string]string{}}
}

// RequestRoleAssignment changes an active assignment through Privileged Identity
// Management, and gives what Microsoft says has become of the request. Permission:
// RoleAssignmentSchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests).
func RequestRoleAssignment(ctx context.Context, c *graph.Client, h writing.RoleHolding, r Request) (Fate, error) {
	return send(ctx, c, roles(c).RoleAssignmentScheduleRequests().BaseRequestBuilder, pathRoleAssignmentRequests, roleBody(&h, &r))
}

// RequestRoleEligibility is the same for who may activate a role. Permission:
// RoleEligibilitySchedule.ReadWrite.Directory; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/rbacapplication-post-roleeligibilityschedulerequests).
func RequestRoleEligibility(ctx context.Context, c *graph.Client, h writing.RoleHolding, r Request) (Fate, error) {
	return send(ctx, c, roles(c).RoleEligibilityScheduleRequests().BaseRequestBuilder, pathRoleEligibilityRequests, roleBody(&h, &r))
}

// GroupHolding is a membership or an ownership of a group, held or to be activated.
type GroupHolding struct {
	GroupID, PrincipalID string
	// Owner means the ownership; otherwise the membership.
	Owner bool
}

func (h *GroupHolding) access() string {
	if h.Owner {
		return models.OWNER_PRIVILEGEDACCESSGROUPRELATIONSHIPS.String()
	}
	return models.MEMBER_PRIVILEGEDACCESSGROUPRELATIONSHIPS.String()
}

// body is a request for the group
// (https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupassignmentschedulerequest).
func (h *GroupHolding) body(r *Request) sending.Object {
	body := sending.Object{
		"action": r.groupAction(), "accessId": h.access(), "groupId": h.GroupID, "principalId": h.PrincipalID, "justification": r.Justification,
	}
	if !r.Remove {
		body["scheduleInfo"] = r.schedule()
	}
	return body
}

// RequestGroupAssignment changes a membership or an ownership of a group that has an
// end. Permission: PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup; the tenant
// needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-assignmentschedulerequests).
func RequestGroupAssignment(ctx context.Context, c *graph.Client, h GroupHolding, r Request) (Fate, error) {
	return send(ctx, c, groups(pathGroupAssignmentRequests), pathGroupAssignmentRequests, h.body(&r))
}

// RequestGroupEligibility changes who may activate a membership or an ownership
// of a group. Permission: PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup;
// the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-eligibilityschedulerequests).
func RequestGroupEligibility(ctx context.Context, c *graph.Client, h GroupHolding, r Request) (Fate, error) {
	return send(ctx, c, groups(pathGroupEligibilityRequests), pathGroupEligibilityRequests, h.body(&r))
}
