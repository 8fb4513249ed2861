package writing

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

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
	Schedule struct {
		State string `json:"state"`
	} `json:"schedule"`
}

// Off reports whether somebody has stopped the job, or has not finished setting it up.
func (j *SynchronizationJob) Off() bool {
	switch j.Schedule.State {
	case "Paused", "Disabled":
		return true
	}
	return j.Status.Code == "Paused" || j.Status.Code == "NotConfigured"
}

// SynchronizationJobs reads an application's provisioning jobs. Permission:
// Synchronization.Read.All
// (https://learn.microsoft.com/graph/api/synchronization-serviceprincipal-list-synchronizationjobs).
func (c Client) SynchronizationJobs(ctx context.Context, servicePrincipalID string) ([]SynchronizationJob, error) {
	return sending.All[SynchronizationJob](ctx, c.Sender, sending.Query{Path: sending.ObjectPath("servicePrincipals", servicePrincipalID, "synchronization/jobs")})
}

// RestartSynchronizationJob starts a provisioning job over, as the button in the
// admin centre does: it evaluates all users again and tries again what failed.
// full also forgets what it remembered of the application. Permission:
// Synchronization.ReadWrite.All
// (https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-restart).
func (c Client) RestartSynchronizationJob(ctx context.Context, servicePrincipalID, jobID string, full bool) error {
	criteria := models.NewSynchronizationJobRestartCriteria()
	if full {
		var scope models.SynchronizationJobRestartScope = models.FULL_SYNCHRONIZATIONJOBRESTARTSCOPE
		criteria.SetResetScope(&scope)
	}
	body := serviceprincipals.NewItemSynchronizationJobsItemRestartPostRequestBody()
	body.SetCriteria(criteria)
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Synchronization().Jobs().BySynchronizationJobId(jobID).Restart().Post(ctx, body, nil))
}

// StartSynchronizationJob starts a provisioning job: what has changed since its last
// cycle is carried over now. A pause ends, and a quarantine. Permission:
// Synchronization.ReadWrite.All
// (https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-start).
func (c Client) StartSynchronizationJob(ctx context.Context, servicePrincipalID, jobID string) error {
	return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Synchronization().Jobs().BySynchronizationJobId(jobID).Start().Post(ctx, nil))
}

// SynchronizationRule says what a job carries from where to where
// (https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationrule).
type SynchronizationRule struct {
	ID                  string `json:"id"`
	SourceDirectoryName string `json:"sourceDirectoryName"`
	TargetDirectoryName string `json:"targetDirectoryName"`
	ObjectMappings      []struct {
		Enabled          bool   `json:"enabled"`
		SourceObjectName string `json:"sourceObjectName"`
	} `json:"objectMappings"`
}

// entraDirectories are the names that jobs know the tenant itself by.
var entraDirectories = []string{"Azure Active Directory", "Microsoft Entra ID"}

// Outbound reports whether the rule carries from the tenant to somewhere else.
func (r *SynchronizationRule) Outbound() bool {
	return slices.Contains(entraDirectories, r.SourceDirectoryName) && !slices.Contains(entraDirectories, r.TargetDirectoryName)
}

// ForUsers reports whether the rule carries users.
func (r *SynchronizationRule) ForUsers() bool {
	for _, m := range r.ObjectMappings {
		if m.Enabled && strings.EqualFold(m.SourceObjectName, "User") {
			return true
		}
	}
	return false
}

// SynchronizationRules reads the rules of a job. Permission:
// Synchronization.Read.All
// (https://learn.microsoft.com/graph/api/synchronization-synchronizationschema-get).
func (c Client) SynchronizationRules(ctx context.Context, servicePrincipalID, jobID string) ([]SynchronizationRule, error) {
	schema, err := sending.GetObject[synchronizationSchema](ctx, c.Sender, sending.ObjectPath("servicePrincipals", servicePrincipalID, "synchronization/jobs/")+url.PathEscape(jobID)+"/schema")
	if err != nil {
		return nil, err
	}
	return schema.Rules, nil
}

type synchronizationSchema struct {
	Rules []SynchronizationRule `json:"synchronizationRules"`
}

// Provisioned is what the provisioning service says of one person.
type Provisioned struct {
	// Result is Success, Skipped, Failure or another word of Microsoft's.
	Result  string `json:"result"`
	Details struct {
		Code string `json:"errorCode"`
	} `json:"details"`
}

// NotEntitled reports whether the person was passed over as one who is not assigned to
// the application.
func (p *Provisioned) NotEntitled() bool { return p.Details.Code == "NotEffectivelyEntitled" }

// Done reports whether the application has the person as it should.
func (p *Provisioned) Done() bool {
	return p.Result == "Success" || p.Result == "Skipped" && p.Details.Code == "RedundantExport"
}

// ProvisionOnDemand has a job carry one user over, and waits for it. Five are answered
// in ten seconds. Permission: Synchronization.ReadWrite.All
// (https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-provisionondemand).
func (c Client) ProvisionOnDemand(ctx context.Context, servicePrincipalID, jobID, ruleID, userID string) (Provisioned, error) {
	kind := "User"
	subject := models.NewSynchronizationJobSubject()
	subject.SetObjectId(&userID)
	subject.SetObjectTypeName(&kind)
	parameters := models.NewSynchronizationJobApplicationParameters()
	parameters.SetRuleId(&ruleID)
	parameters.SetSubjects([]models.SynchronizationJobSubjectable{subject})
	body := serviceprincipals.NewItemSynchronizationJobsItemProvisionOnDemandPostRequestBody()
	body.SetParameters([]models.SynchronizationJobApplicationParametersable{parameters})
	answer, err := c.servicePrincipals().ByServicePrincipalId(servicePrincipalID).Synchronization().Jobs().BySynchronizationJobId(jobID).ProvisionOnDemand().Post(ctx, body, nil)
	if err != nil {
		return Provisioned{}, sending.OwnError(err)
	}
	if answer == nil {
		return Provisioned{}, nil
	}
	return provisionedOf(text(answer.GetKey())), nil
}

// provisionedOf reads what is JSON in a text. In words that are not known here it says
// nothing: the service has answered all the same.
func provisionedOf(key string) Provisioned {
	var said Provisioned
	if json.Unmarshal([]byte(key), &said) != nil {
		return Provisioned{}
	}
	return said
}
