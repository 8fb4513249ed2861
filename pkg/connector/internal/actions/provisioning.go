package actions

import (
	"context"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

func (d *Doer) restartProvisioning() action {
	const applicationID, jobID, full, restarted = "application_id", "job_id", "full", "restarted"
	return action{
		name: change.ActionRestartProvisioning, title: "Restart provisioning", operation: change.OperationAppProvisioning,
		description: "Starts the provisioning (SCIM) jobs of an application over, so that a change of access arrives there now and what failed is tried again.",
		kinds:       dynamicAction,
		arguments: []*config.Field{
			textField(applicationID, "Application", "The object id of the enterprise application (service principal).", true),
			textField(jobID, "Job", "The id of one of its jobs. Without it, all of them.", false),
			flagField(full, "Full", "Whether to forget all that the jobs remember of the application.", false),
		},
		returns: []*config.Field{
			listField(restarted, "Restarted", "The ids of the jobs that were started over."),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			application := model.ObjectID(args.text(applicationID))
			jobs, err := d.jobs(ctx, application, args.text(jobID))
			if err != nil {
				return nil, err
			}
			done := []string{}
			for _, job := range jobs {
				err := d.provision.Apply(ctx, func(ctx context.Context) error {
					return writing.By(d.client).RestartSynchronizationJob(ctx, application, job, args.flag(full))
				})
				if err != nil {
					return actions.NewReturnValues(false, actions.NewStringListReturnField(restarted, done)), err
				}
				done = append(done, job)
			}
			return succeeded(actions.NewStringListReturnField(restarted, done)), nil
		},
	}
}

// jobs are the ids of an application's jobs, or of the one that is named.
func (d *Doer) jobs(ctx context.Context, application, one string) ([]string, error) {
	found, err := writing.By(d.client).SynchronizationJobs(ctx, application)
	if failure.IsNotFound(err) {
		return nil, change.Refused("there is no enterprise application with the object id %s", application)
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range found {
		if one == "" || found[i].ID == one {
			ids = append(ids, found[i].ID)
		}
	}
	switch {
	case len(ids) > 0:
		return ids, nil
	case one != "":
		return nil, change.Refused("application %s has no provisioning job %s", application, one)
	default:
		return nil, change.Refused("application %s has no provisioning job; provisioning is set up in the Entra admin centre", application)
	}
}
