package events

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// applicationUsage makes events of people's sign-ins to applications.
type applicationUsage struct {
	look   *lookup
	filter decide.Filters
}

// events gives an event for each sign-in that succeeded, of a user of this
// tenant to an application of it. The log also has sign-ins of its users to
// other tenants, and of other tenants' users who are nobody here; the same
// application can be in use on both sides.
func (u *applicationUsage) events(ctx context.Context, rows []graph.SignIn) ([][]*v2.Event, error) {
	own, err := u.look.own(ctx)
	if err != nil {
		return nil, err
	}
	var appIDs, strangers []string
	for i := range rows {
		if !successHere(&rows[i], own) {
			continue
		}
		appIDs = append(appIDs, model.ObjectID(rows[i].AppID))
		if home := model.ObjectID(rows[i].HomeTenantID); home != "" && home != own {
			strangers = append(strangers, model.ObjectID(rows[i].UserID))
		}
	}
	applications, err := u.look.applications(ctx, appIDs)
	if err != nil {
		return nil, err
	}
	guests, err := u.look.users(ctx, strangers)
	if err != nil {
		return nil, err
	}
	made := make([][]*v2.Event, len(rows))
	for i := range rows {
		row := &rows[i]
		application, known := applications[model.ObjectID(row.AppID)]
		if !known || !u.filter.Syncs(application.Type) || !successHere(row, own) {
			continue
		}
		if home := model.ObjectID(row.HomeTenantID); home != "" && home != own && !guests[model.ObjectID(row.UserID)] {
			continue
		}
		made[i] = []*v2.Event{v2.Event_builder{
			Id:         row.ID,
			OccurredAt: timestamppb.New(row.Time),
			UsageEvent: v2.UsageEvent_builder{
				TargetResource: model.ResourceRef(application.Type, application.ID),
				ActorResource:  model.ResourceRef(model.TypeUser, model.ObjectID(row.UserID)),
			}.Build(),
		}.Build()}
	}
	return made, nil
}

// successHere reports whether somebody with an id has signed in, to this tenant.
func successHere(s *graph.SignIn, own string) bool {
	at := model.ObjectID(s.ResourceTenantID)
	return s.Status.ErrorCode == 0 && (at == "" || at == own) && isObject(s.AppID) && isObject(s.UserID)
}

// isObject reports whether an id of a log entry can be one of an object.
func isObject(id string) bool {
	return id != graph.DefaultAccessRoleID && model.ObjectIDForm.MatchString(model.ObjectID(id))
}
