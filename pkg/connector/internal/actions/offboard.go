package actions

import (
	"context"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/roles"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// The steps of offboarding, in their order.
const (
	stepDisable        = "disable"
	stepRevokeSessions = "revoke_sessions"
	stepGroups         = "groups"
	stepRoles          = "roles"
	stepEligibilities  = "eligible_roles"
	stepAppRoles       = "app_roles"
	stepLicenses       = "licenses"
)

// The outcomes of a step, for one target.
const (
	outcomeDone    = "done"
	outcomeGone    = "already_done"
	outcomeSkipped = "skipped"
	outcomeFailed  = "failed"
)

// offboarding is one run of it: what is to be done to a user, and what became of
// it. Every part can be done again, so that a run that was cut short is carried
// on by another one.
type offboarding struct {
	*Doer
	user   string
	report []offboardRow
}

// offboardRow is what became of one target in one step.
type offboardRow struct {
	step, target, name, outcome, reason string
	// again does a thing once more that was refused for who the user is.
	again func(context.Context) (change.Outcome, error)
}

func (d *Doer) offboardUser() action {
	return action{
		name: change.ActionOffboardUser, title: "Offboard user",
		operation: change.OperationOffboarding,
		description: "Takes access from a user, in this order: disables the account, revokes its sessions, and removes it from groups, directory roles, " +
			"eligible directory roles, app roles and licences. One part that fails does not keep the others from being done. Running it again does what is left.",
		kinds:     dynamicAction,
		arguments: []*config.Field{userArgument},
		returns: []*config.Field{
			userResult,
			listField("steps", "Steps", "What became of each part: step, target, name, outcome (done, already_done, skipped, failed) and reason."),
			numberField("failed", "Failed", "How many parts failed."),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			id, err := args.user(ctx)
			if err != nil {
				return nil, err
			}
			unlock, err := d.provision.Locks.Lock(ctx, "user/"+id)
			if err != nil {
				return nil, err
			}
			defer unlock()
			if _, err := lifecycle.AwaitedUser(ctx, d.provision, id); err != nil {
				return nil, err
			}
			o := &offboarding{Doer: d, user: id}
			o.run(ctx)
			return o.result()
		},
	}
}

func (o *offboarding) run(ctx context.Context) {
	o.do(ctx, stepDisable, "", "", func(ctx context.Context) (change.Outcome, error) {
		return change.Changed, o.setEnabled(ctx, o.user, false)
	})
	o.do(ctx, stepRevokeSessions, "", "", func(ctx context.Context) (change.Outcome, error) { return change.Changed, o.endSessions(ctx, o.user) })
	o.leaveGroups(ctx)
	o.leaveRoles(ctx)
	o.leaveAppRoles(ctx)
	o.returnLicenses(ctx)
	// An administrator is out of reach for a mere permission, and no longer is
	// one without the roles.
	for i := range o.report {
		if row := &o.report[i]; row.again != nil {
			row.outcome, row.reason = told(row.again(ctx))
		}
	}
}

// do does one part and notes what became of it.
func (o *offboarding) do(ctx context.Context, step, target, name string, change func(context.Context) (change.Outcome, error)) {
	outcome, err := change(ctx)
	row := offboardRow{step: step, target: target, name: name}
	row.outcome, row.reason = told(outcome, err)
	if failure.IsAccessDenied(err) && (step == stepDisable || step == stepRevokeSessions) {
		row.again = change
	}
	o.report = append(o.report, row)
}

// told is the outcome of a part for the report. What the connector itself
// refuses stands in nobody's way.
func told(outcome change.Outcome, err error) (string, string) {
	switch {
	case err != nil && status.Code(err) == codes.FailedPrecondition:
		return outcomeSkipped, lifecycle.Sentence(err)
	case err != nil:
		return outcomeFailed, lifecycle.Sentence(change.ToChangeStatus(err))
	case outcome == change.Unchanged:
		return outcomeGone, ""
	}
	return outcomeDone, ""
}

// skip notes what is not done, and why.
func (o *offboarding) skip(step, target, name, reason string) {
	o.report = append(o.report, offboardRow{step: step, target: target, name: name, outcome: outcomeSkipped, reason: reason})
}

// listed notes that a step could not be begun.
func (o *offboarding) listed(step string, err error) bool {
	if err != nil {
		o.report = append(o.report, offboardRow{step: step, outcome: outcomeFailed, reason: lifecycle.Sentence(change.ToChangeStatus(err))})
	}
	return err == nil
}

func (o *offboarding) leaveGroups(ctx context.Context) {
	groups, err := o.client.UserGroups(ctx, o.user)
	if !o.listed(stepGroups, err) {
		return
	}
	for i := range groups {
		g := &groups[i]
		if reason := model.TraitsOf(g).FixedBecause(model.SlugMember, o.provision.Exchange != nil); reason != "" {
			o.skip(stepGroups, model.ObjectID(g.ID), g.DisplayName, reason)
			continue
		}
		o.do(ctx, stepGroups, model.ObjectID(g.ID), g.DisplayName, func(ctx context.Context) (change.Outcome, error) {
			return o.provision.Remove(ctx, g.ID+"/"+model.SlugMember+"/"+o.user,
				func(ctx context.Context) error {
					if o.provision.ByExchange(g) {
						return o.provision.Exchange.RemoveMember(ctx, g.ID, o.user)
					}
					return writing.By(o.client).RemoveGroupMember(ctx, g.ID, o.user)
				},
				change.Always) // A group that is gone has no members.
		})
	}
}

func (o *offboarding) leaveRoles(ctx context.Context) {
	held, err := o.client.PrincipalRoles(ctx, o.user)
	if o.listed(stepRoles, err) {
		for _, r := range held {
			o.do(ctx, stepRoles, r.RoleDefinitionID, r.DirectoryScopeID, func(ctx context.Context) (change.Outcome, error) {
				outcome, err := o.provision.Erase(ctx, r.ID, func(ctx context.Context) error { return writing.By(o.client).DeleteRoleAssignment(ctx, r.ID) })
				if failure.IsPolicyRefusal(err) {
					return o.request(ctx, &r, false)
				}
				return outcome, err
			})
		}
	}
	eligible, err := o.client.PrincipalEligibilities(ctx, o.user)
	if failure.IsUnlicensed(err) || !o.listed(stepEligibilities, err) {
		return // Without the licence there are none.
	}
	for _, r := range eligible {
		o.do(ctx, stepEligibilities, r.RoleDefinitionID, r.DirectoryScopeID, func(ctx context.Context) (change.Outcome, error) {
			return o.request(ctx, &r, true)
		})
	}
}

// request ends a role through Privileged Identity Management.
func (o *offboarding) request(ctx context.Context, r *graph.PrincipalRole, eligible bool) (change.Outcome, error) {
	h := writing.RoleHolding{RoleDefinitionID: r.RoleDefinitionID, PrincipalID: o.user, DirectoryScopeID: r.DirectoryScopeID}
	removal := pim.Request{Remove: true, Justification: o.provision.Schedule.Justification}
	return o.provision.Request(ctx, removal, roles.Scheduled(o.client, h, eligible))
}

func (o *offboarding) leaveAppRoles(ctx context.Context) {
	held, err := o.client.UserAppRoles(ctx, o.user)
	if !o.listed(stepAppRoles, err) {
		return
	}
	for _, r := range held {
		o.do(ctx, stepAppRoles, model.ObjectID(r.ResourceID), r.ResourceDisplayName, func(ctx context.Context) (change.Outcome, error) {
			return o.provision.Erase(ctx, r.ID, func(ctx context.Context) error {
				return writing.By(o.client).RemoveAppRoleAssignment(ctx, r.ResourceID, r.ID)
			})
		})
	}
}

// returnLicenses gives back what the user was given directly; what came through
// a group went with the membership.
func (o *offboarding) returnLicenses(ctx context.Context) {
	states, err := writing.By(o.client).UserLicenses(ctx, o.user)
	if !o.listed(stepLicenses, err) {
		return
	}
	for _, s := range states {
		if s.AssignedByGroup != "" {
			continue
		}
		o.do(ctx, stepLicenses, s.SKUID, "", func(ctx context.Context) (change.Outcome, error) {
			return o.provision.Settle(ctx, func(ctx context.Context) error {
				return writing.By(o.client).AssignUserLicense(ctx, o.user, "", s.SKUID, nil)
			}, failure.IsLicenseNotHeld)
		})
	}
}

func (o *offboarding) result() (*structpb.Struct, error) {
	failed := 0
	var first string
	rows := make([]*structpb.Value, 0, len(o.report))
	for _, r := range o.report {
		if r.outcome == outcomeFailed {
			if failed++; failed == 1 {
				first = r.step + ": " + r.reason
			}
		}
		rows = append(rows, structpb.NewStructValue(r.fields()))
	}
	open := o.stillOpen()
	result := actions.NewReturnValues(failed == 0 && open == "",
		actions.NewStringReturnField(argumentUserID, o.user),
		actions.NewListReturnField("steps", rows),
		actions.NewNumberReturnField("failed", float64(failed)),
	)
	switch {
	case failed > 0:
		return result, status.Errorf(codes.Aborted, "%s%s%d of %d parts of offboarding user %s failed, the first being %s; run it again to do what is left",
			model.ErrorPrefix, open, failed, len(o.report), o.user, first)
	case open != "":
		return result, status.Error(codes.FailedPrecondition, model.ErrorPrefix+open+"everything else was done")
	}
	return result, nil
}

func (r *offboardRow) fields() *structpb.Struct {
	fields := map[string]*structpb.Value{"step": structpb.NewStringValue(r.step), "outcome": structpb.NewStringValue(r.outcome)}
	for name, value := range map[string]string{"target": r.target, "name": r.name, resultReason: r.reason} {
		if value != "" {
			fields[name] = structpb.NewStringValue(value)
		}
	}
	return &structpb.Struct{Fields: fields}
}

// stillOpen says, before anything else, that the user can still sign in: whoever reads
// that somebody was offboarded believes the opposite.
func (o *offboarding) stillOpen() string {
	for _, r := range o.report {
		if r.step == stepDisable && r.outcome != outcomeDone && r.outcome != outcomeGone {
			return "user " + o.user + " can still sign in, because the account was not disabled " + r.reason + "; "
		}
	}
	return ""
}
