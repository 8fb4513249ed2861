package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// SynchronizationJob provisions the users of an application into that
// application (https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob).
type SynchronizationJob struct {
	ID         string `json:"id"`
	TemplateID string `json:"templateId"`
	Status     struct {
		Code string `json:"code"`
	} `json:"status"`
}

// SynchronizationJobs reads an application's provisioning jobs. Permission:
// Synchronization.Read.All
// (https://learn.microsoft.com/graph/api/synchronization-serviceprincipal-list-synchronizationjobs).
func (c *Client) SynchronizationJobs(ctx context.Context, servicePrincipalID string) ([]SynchronizationJob, error) {
	return all[SynchronizationJob](ctx, c.Sender, query{path: objectPath("servicePrincipals", servicePrincipalID, "synchronization/jobs")})
}

// RestartSynchronizationJob starts a provisioning job over, as the button in the
// admin centre does: it evaluates all users again and tries again what failed.
// full also forgets what it remembered of the application. Permission:
// Synchronization.ReadWrite.All
// (https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-restart).
func (c *Client) RestartSynchronizationJob(ctx context.Context, servicePrincipalID, jobID string, full bool) error {
	criteria := models.NewSynchronizationJobRestartCriteria()
	if full {
		var scope models.SynchronizationJobRestartScope = models.FULL_SYNCHRONIZATIONJOBRESTARTSCOPE
		criteria.SetResetScope(&scope)
	}
	body := serviceprincipals.NewItemSynchronizationJobsItemRestartPostRequestBody()
	body.SetCriteria(criteria)
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Synchronization().Jobs().BySynchronizationJobId(jobID).Restart().Post(ctx, body, nil))
}
