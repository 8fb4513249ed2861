package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// GroupHolding is a membership or an ownership of a group that a principal may
// activate.
type GroupHolding struct {
	GroupID, PrincipalID string
	// Owner means the ownership; otherwise the membership.
	Owner bool
}

// RequestGroupEligibility changes who may activate a membership or an ownership
// of a group. Permission: PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup;
// the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-eligibilityschedulerequests).
func (c *Client) RequestGroupEligibility(ctx context.Context, h GroupHolding, r ScheduleRequest) error {
	body := models.NewPrivilegedAccessGroupEligibilityScheduleRequest()
	access := models.MEMBER_PRIVILEGEDACCESSGROUPRELATIONSHIPS
	if h.Owner {
		access = models.OWNER_PRIVILEGEDACCESSGROUPRELATIONSHIPS
	}
	action := models.ADMINASSIGN_SCHEDULEREQUESTACTIONS
	if r.Remove {
		action = models.ADMINREMOVE_SCHEDULEREQUESTACTIONS
	}
	body.SetAccessId(&access)
	body.SetAction(&action)
	body.SetGroupId(&h.GroupID)
	body.SetPrincipalId(&h.PrincipalID)
	body.SetJustification(&r.Justification)
	if !r.Remove {
		body.SetScheduleInfo(r.schedule())
	}
	builder := identitygovernance.NewIdentityGovernanceRequestBuilderInternal(map[string]string{}, c.adapter)
	_, err := builder.PrivilegedAccess().Group().EligibilityScheduleRequests().Post(ctx, body, nil)
	return sending.OwnError(err)
}
