package actions

import (
	"context"
	"fmt"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

func (d *Doer) revokeSessions() action {
	return action{
		name: change.ActionRevokeSessions, title: "Revoke sessions", operation: change.OperationSessions,
		description: "Makes a user sign in anew everywhere. Access that was handed out before lasts until it is to be renewed, an hour at the most as a rule.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{userArgument}, returns: []*config.Field{userResult},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			return d.forUser(ctx, args, d.endSessions)
		},
	}
}

func (d *Doer) endSessions(ctx context.Context, id string) error {
	return d.provision.Apply(ctx, func(ctx context.Context) error { return writing.By(d.client).RevokeSignInSessions(ctx, id) })
}

// methodOutcome is what became of one authentication method.
type methodOutcome struct {
	id, kind, outcome, reason string
}

// The outcomes of an authentication method.
const (
	methodDeleted = "deleted"
	methodFailed  = "failed"
	methodSkipped = "skipped"
)

func (d *Doer) revokeMFA() action {
	return action{
		name: change.ActionRevokeMFA, title: "Revoke MFA", operation: change.OperationMFA,
		description: "Takes away all that a user proves its identity with beside the password, and tells of each method what became of it. The user has to register anew.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{userArgument},
		returns: []*config.Field{
			userResult,
			numberField("deleted", "Deleted", "How many methods were taken away."),
			numberField("failed", "Failed", "How many could not be."),
			numberField("skipped", "Skipped", "How many cannot be: the password, and kinds that Microsoft Graph v1.0 does not remove."),
			listField("methods", "Methods", "What became of each: id, method, outcome and reason."),
			numberField("deleted_count", "Deleted", "The same as deleted, as ConductorOne's Entra connector names it."),
			numberField("failed_count", "Failed", "The same as failed."),
			numberField("skipped_count", "Skipped", "The same as skipped."),
			listField("results", "Results", "The same as methods."),
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
			outcomes, firstFailure, err := d.removeMethods(ctx, id)
			if err != nil {
				return nil, err
			}
			return methodsResult(id, outcomes), firstFailure
		},
	}
}

// removeMethods takes a user's methods away. Graph keeps the default one while
// there are others, so what failed is tried once more at the end.
func (d *Doer) removeMethods(ctx context.Context, id string) ([]methodOutcome, error, error) {
	var methods []writing.AuthenticationMethod
	err := d.provision.Apply(ctx, func(ctx context.Context) error {
		var err error
		methods, err = writing.By(d.client).AuthenticationMethods(ctx, id)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	outcomes := make([]methodOutcome, len(methods))
	failures := make([]error, len(methods))
	for round := range 2 {
		for i := range methods {
			if round == 0 || failures[i] != nil {
				outcomes[i], failures[i] = d.removeMethod(ctx, id, &methods[i])
			}
		}
	}
	for i, err := range failures {
		if err != nil {
			return outcomes, fmt.Errorf("removing the authentication method %s of user %s: %w", methods[i].ID, id, err), nil
		}
	}
	return outcomes, nil, nil
}

func (d *Doer) removeMethod(ctx context.Context, id string, m *writing.AuthenticationMethod) (methodOutcome, error) {
	o := methodOutcome{id: m.ID, kind: strings.TrimPrefix(m.ODataType, "#microsoft.graph.")}
	switch {
	case m.ODataType == writing.TypePassword:
		o.outcome, o.reason = methodSkipped, "the password stays; rotating the user's credentials replaces it"
		return o, nil
	case !m.Removable():
		o.outcome, o.reason = methodSkipped, "Microsoft Graph v1.0 does not remove this kind of method"
		return o, nil
	}
	_, err := d.provision.Erase(ctx, "method/"+m.ID, func(ctx context.Context) error { return writing.By(d.client).RemoveAuthenticationMethod(ctx, id, *m) })
	if err != nil {
		o.outcome, o.reason = methodFailed, lifecycle.Sentence(change.ToChangeStatus(err))
		return o, err
	}
	o.outcome = methodDeleted
	return o, nil
}

func methodsResult(id string, outcomes []methodOutcome) *structpb.Struct {
	counts := map[string]float64{}
	rows := make([]*structpb.Value, 0, len(outcomes))
	for _, o := range outcomes {
		counts[o.outcome]++
		row := &structpb.Struct{Fields: map[string]*structpb.Value{
			"id": structpb.NewStringValue(o.id), "method": structpb.NewStringValue(o.kind), "outcome": structpb.NewStringValue(o.outcome),
		}}
		if o.reason != "" {
			row.Fields[resultReason] = structpb.NewStringValue(o.reason)
		}
		rows = append(rows, structpb.NewStructValue(row))
	}
	return actions.NewReturnValues(counts[methodFailed] == 0,
		actions.NewStringReturnField(argumentUserID, id),
		actions.NewNumberReturnField("deleted", counts[methodDeleted]),
		actions.NewNumberReturnField("failed", counts[methodFailed]),
		actions.NewNumberReturnField("skipped", counts[methodSkipped]),
		actions.NewListReturnField("methods", rows),
		actions.NewNumberReturnField("deleted_count", counts[methodDeleted]),
		actions.NewNumberReturnField("failed_count", counts[methodFailed]),
		actions.NewNumberReturnField("skipped_count", counts[methodSkipped]),
		actions.NewListReturnField("results", rows),
	)
}
