// Package actions is what the platform, or a person at the command line, can have
// done beside granting and revoking.
package actions

import (
	"context"
	"slices"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// resultReason is why something was not done, in the results of actions.
const resultReason = "reason"

// action is one thing that the platform, or a person at the command line, can
// have done.
type action struct {
	name, title, description string
	// operation names what it takes, in the table of operations; a read-only
	// action takes what reading users does.
	operation string
	kinds     []v2.ActionType
	arguments []*config.Field
	returns   []*config.Field
	// readOnly actions change nothing, and so need no provisioning.
	readOnly bool
	// run does it. What it returns is told also where it fails.
	run func(context.Context, *arguments) (*structpb.Struct, error)
}

// Doer is what the actions work with.
type Doer struct {
	client    *graph.Client
	provision *change.Provisioner
	// enabled lets actions change the tenant.
	enabled bool
	// ManageGroups lets actions change and delete groups.
	ManageGroups bool
}

func (a *action) schema() *v2.BatonActionSchema {
	return v2.BatonActionSchema_builder{
		Name: a.name, DisplayName: a.title, Description: a.description + " Least permissions: " + a.permissions() + ".",
		Arguments: a.taken(), ActionType: a.kinds,
		ReturnTypes: append([]*config.Field{flagField("success", "Success", "Whether all of it was done.", false)}, a.returns...),
	}.Build()
}

// handler runs an action after the checks that are the same for all of them. The
// SDK offers actions also where provisioning is off, so one of the checks is
// whether it is on.
func (do *Doer) handler(a action) actions.ActionHandler {
	return func(ctx context.Context, given *structpb.Struct) (*structpb.Struct, annotations.Annotations, error) {
		if !a.readOnly && !do.enabled {
			return nil, nil, change.Refused("the action %s changes the tenant, and provisioning is not enabled; start the connector with --provisioning", a.name)
		}
		fields, err := a.underOwnNames(given.GetFields())
		if err != nil {
			return nil, nil, err
		}
		args := &arguments{given: fields, client: do.client}
		if err := args.check(&a); err != nil {
			return nil, nil, err
		}
		result, err := a.run(ctx, args)
		if err != nil {
			return result, nil, lacking(change.ToChangeStatus(err), a.permissions())
		}
		return result, nil, nil
	}
}

// permissions are the least that the action takes.
func (a *action) permissions() string {
	if a.readOnly {
		return change.ReadUsers
	}
	at := slices.IndexFunc(change.Operations, func(o change.Operation) bool { return o.Name == a.operation })
	return strings.Join(change.Operations[at].Permissions, ", ")
}

// lacking names the permissions where one is missing.
func lacking(err error, permissions string) error {
	if status.Code(err) != codes.PermissionDenied {
		return err
	}
	return status.Error(codes.PermissionDenied, status.Convert(err).Message()+"; the least permissions for it are "+permissions)
}

// succeeded is the result of an action that did all it was to do.
func succeeded(fields ...actions.ReturnField) *structpb.Struct {
	return actions.NewReturnValues(true, fields...)
}

// accountAction is a kind that the platform knows what to do with.
func accountAction(kind v2.ActionType) []v2.ActionType {
	return []v2.ActionType{v2.ActionType_ACTION_TYPE_ACCOUNT, kind}
}

var dynamicAction = []v2.ActionType{v2.ActionType_ACTION_TYPE_DYNAMIC}
