package graph

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const (
	pathRoleAssignmentRequests   = "/roleManagement/directory/roleAssignmentScheduleRequests"
	pathRoleEligibilityRequests  = "/roleManagement/directory/roleEligibilityScheduleRequests"
	pathGroupAssignmentRequests  = "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests"
	pathGroupEligibilityRequests = "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests"
)

// ScheduleFate is what Microsoft says has become of a request to Privileged Identity
// Management: a request is taken with 201 also where it is denied or waits for
// somebody (https://learn.microsoft.com/graph/api/resources/request).
type ScheduleFate struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	path   string
}

func fateOf(path string, answer interface {
	GetId() *string
	GetStatus() *string
}) ScheduleFate {
	return ScheduleFate{ID: text(answer.GetId()), Status: text(answer.GetStatus()), path: path}
}

// The states of a request in which it has been carried out, and those in which it is
// still to be. Every other one means that it was not and will not be of itself.
var (
	carriedOut = []string{"Granted", "Provisioned", "Revoked"}
	underWay   = []string{"PendingProvisioning", "PendingScheduleCreation", "PendingEvaluation", "ScheduleCreated", "Accepted", ""}
)

// Done reports whether the request was carried out.
func (f *ScheduleFate) Done() bool { return isState(f.Status, carriedOut) }

// Open reports whether Microsoft is still to carry it out. One without an id cannot be
// looked up.
func (f *ScheduleFate) Open() bool { return isState(f.Status, underWay) }

func isState(state string, among []string) bool {
	return slices.ContainsFunc(among, func(s string) bool { return strings.EqualFold(s, state) })
}

// Err is the error of a request that was not carried out.
func (f *ScheduleFate) Err() error {
	return &failure.NotCarriedOutError{Operation: "POST " + f.path, ID: f.ID, Status: f.Status}
}

// ScheduleFate looks again at what has become of a request. Permission: that of the
// request.
func (c *Client) ScheduleFate(ctx context.Context, of ScheduleFate) (ScheduleFate, error) {
	now, err := sending.GetObject[ScheduleFate](ctx, c.Sender, sending.Query{Path: of.path + "/" + url.PathEscape(of.ID), Fields: []string{"id", "status"}}.String())
	if err != nil {
		return of, err
	}
	now.path = of.path
	return *now, nil
}

// ScheduledTerm is until when something is held, and whether its holder has
// activated it.
type ScheduledTerm struct {
	MemberType     string `json:"memberType"`
	AssignmentType string `json:"assignmentType"`
	// EndDateTime is nil for good.
	EndDateTime   TimeOrNone `json:"endDateTime"`
	StartDateTime TimeOrNone `json:"startDateTime"`
	Scope         string     `json:"directoryScopeId"`
	Access        string     `json:"accessId"`
}

// Activated reports whether the holder has taken it for a while.
func (t *ScheduledTerm) Activated() bool { return strings.EqualFold(t.AssignmentType, "Activated") }

// Lasts reports whether it is held for as long as the request asks.
func (t *ScheduledTerm) Lasts(r ScheduleRequest) bool {
	const slack = time.Minute
	end := t.EndDateTime.Time
	return end == nil || r.Duration > 0 && !end.Before(time.Now().Add(r.Duration-slack))
}

// IsTheLongest reports whether it was given for as long as a policy allows. Months are of
// different lengths, so a tenth less counts as that.
func (t *ScheduledTerm) IsTheLongest(limit time.Duration) bool {
	start, end := t.StartDateTime.Time, t.EndDateTime.Time
	return limit > 0 && start != nil && end != nil && end.Sub(*start) >= limit-limit/10
}

// RoleTerms are until when a principal holds a role at a scope itself, or may activate
// it. Permission: RoleManagement.Read.Directory; the tenant needs Entra ID P2.
func (c *Client) RoleTerms(ctx context.Context, h RoleHolding, eligible bool) ([]ScheduledTerm, error) {
	q := sending.Query{Path: pathRoleAssignmentSchedules, Filter: h.filter()}
	if eligible {
		q.Path = pathRoleEligibilitySchedules
	}
	return sending.AllWhere(ctx, c.Sender, func(t *ScheduledTerm) bool {
		return strings.EqualFold(t.MemberType, "Direct") && strings.EqualFold(t.Scope, h.DirectoryScopeID)
	}, q)
}

// GroupTerms are until when a principal is a member or an owner of a group itself, or
// may become one. Permission: PrivilegedAssignmentSchedule.Read.AzureADGroup or
// PrivilegedEligibilitySchedule.Read.AzureADGroup; the tenant needs Entra ID P2.
func (c *Client) GroupTerms(ctx context.Context, h GroupHolding, eligible bool) ([]ScheduledTerm, error) {
	q := sending.Query{Path: pathGroupAssignments, Filter: sending.AnyOf("groupId", h.GroupID) + " and " + sending.AnyOf("principalId", h.PrincipalID)}
	if eligible {
		q.Path = pathGroupEligibilities
	}
	return sending.AllWhere(ctx, c.Sender, func(t *ScheduledTerm) bool {
		return strings.EqualFold(t.MemberType, "Direct") && strings.EqualFold(t.Access, "owner") == h.Owner
	}, q)
}
