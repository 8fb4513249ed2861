package applications

import (
	"context"
	"errors"
	"fmt"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

const (
	// betweenStarts keeps the starts of one job apart: Microsoft warns of starting a
	// running job again and again
	// (https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-start).
	betweenStarts = 10 * time.Second
	// downstreamPatience is how long a change of access that was made is held up for
	// carrying it over.
	downstreamPatience = 60 * time.Second
)

const messageNotCarried = "azure-ad: the access was changed, but the application's provisioning job could not be made to carry it over at once; " +
	"its next cycle does, within 40 minutes as a rule. If this comes again, look at the job in the Entra admin centre, and whether the connector holds Synchronization.ReadWrite.All"

// Downstream makes an application's provisioning (SCIM) job carry a change of access
// over when it is made, and not with its next cycle. It changes nothing about the
// outcome of the change itself: what comes of it is told in the log.
type Downstream struct {
	client    *graph.Client
	provision *change.Provisioner
	together  change.Together
}

// NewDownstream carries over with what changes are made with.
func NewDownstream(client *graph.Client, provision *change.Provisioner) *Downstream {
	return &Downstream{client: client, provision: provision}
}

// Carry has the jobs of an application carry over that somebody was given an app role,
// or that it was taken away. A nil receiver does nothing: the setting is off.
func (d *Downstream) Carry(ctx context.Context, application, role string, who *v2.ResourceId, given bool) {
	if d == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, downstreamPatience)
	defer cancel()
	log := ctxzap.Extract(ctx).With(zap.String("application", application))
	jobs, err := writing.By(d.client).SynchronizationJobs(ctx, application)
	if err != nil {
		log.Warn(messageNotCarried, zap.Error(err))
		return
	}
	if len(jobs) == 0 {
		log.Info("azure-ad: the application has no provisioning job, so that nothing is carried over to it")
		return
	}
	for i := range jobs {
		log := log.With(zap.String("job", jobs[i].ID))
		if jobs[i].Off() {
			log.Info("azure-ad: the application's provisioning job is paused or not set up, and left as it is")
			continue
		}
		how, err := d.carryBy(ctx, application, jobs[i].ID, role, who, given)
		switch {
		case err != nil:
			log.Warn(messageNotCarried, zap.Error(err))
		default:
			log.Info("azure-ad: after a change of access, the application's provisioning job " + how)
		}
	}
}

// carryBy carries a person over on demand where the job has a rule for people, and
// otherwise starts the job, which carries all over that has changed.
func (d *Downstream) carryBy(ctx context.Context, application, job, role string, who *v2.ResourceId, given bool) (string, error) {
	rules, err := writing.By(d.client).SynchronizationRules(ctx, application, job)
	if err != nil {
		return "", err
	}
	outbound := 0
	for i := range rules {
		if !rules[i].Outbound() {
			continue
		}
		outbound++
		if who.GetResourceType() == model.TypeUser && rules[i].ForUsers() {
			return d.onDemand(ctx, application, job, rules[i].ID, role, who.GetResource(), given)
		}
	}
	if outbound == 0 {
		return "brings people into the tenant and carries nothing out of it", nil
	}
	joined, err := d.together.Do(ctx, application+"/"+job, betweenStarts, func(ctx context.Context) error {
		return d.provision.Apply(ctx, func(ctx context.Context) error {
			return writing.By(d.client).StartSynchronizationJob(ctx, application, job)
		})
	})
	if joined {
		return "was started for several changes together", err
	}
	return "was started", err
}

// onDemand carries one person over, once the change shows: the provisioning service
// reads the directory as others do, and would see it as it was before.
func (d *Downstream) onDemand(ctx context.Context, application, job, rule, role, user string, given bool) (string, error) {
	d.awaitShown(ctx, application, role, user, given)
	var said writing.Provisioned
	joined, err := d.together.Do(ctx, application+"/"+job+"/"+user, 0, func(ctx context.Context) error {
		_, err := change.SettleWithin(ctx, min(change.EdgePatience, d.provision.Bound()), func(ctx context.Context) error {
			var err error
			if said, err = writing.By(d.client).ProvisionOnDemand(ctx, application, job, rule, user); err != nil {
				return err
			}
			if given && said.NotEntitled() {
				return errUnseen
			}
			return nil
		}, change.Never, func(err error) bool { return failure.IsNotFound(err) || errors.Is(err, errUnseen) })
		return err
	})
	switch {
	case err != nil:
		return "", err
	case joined:
		return "carried it over together with another change for the same person", nil
	case said.Result != "" && !said.Done() && !said.NotEntitled():
		return "", fmt.Errorf("the provisioning service answers %s (%s)", failure.Excerpt(said.Result, 40), failure.Excerpt(said.Details.Code, 60))
	}
	return "carried it over on demand", nil
}

// errUnseen is for an assignment that the provisioning service does not see yet.
var errUnseen = errors.New("the provisioning service does not see the new assignment yet")

// awaitShown waits until a read shows the change, or for as long as it is likely to.
func (d *Downstream) awaitShown(ctx context.Context, application, role, user string, given bool) {
	deadline := time.Now().Add(min(change.EdgePatience, d.provision.Bound()))
	for wait := min(change.FirstLook, d.provision.Bound()/8); ; wait = min(2*wait, change.LookEvery) {
		held, err := d.client.UserAppRoles(ctx, user)
		if err != nil {
			return // It is a courtesy: the job is asked all the same.
		}
		shown := false
		for i := range held {
			shown = shown || model.ObjectID(held[i].ResourceID) == model.ObjectID(application) && model.ObjectID(held[i].AppRoleID) == model.ObjectID(role)
		}
		if shown == given || time.Now().Add(wait).After(deadline) || change.Pause(ctx, wait) != nil {
			return
		}
	}
}
