package kinds

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// FindPerson finds the user that an object id, a user principal name or an
// employee id stands for.
func FindPerson(ctx context.Context, client *graph.Client, who string) (*graph.User, error) {
	key, what := graph.UserByEmployeeID, "employee id"
	switch {
	case uuid.Validate(who) == nil:
		user, err := client.GetUser(ctx, model.ObjectID(who))
		if failure.IsNotFound(err) {
			return nil, change.Refused("no user has the object id %s", who)
		}
		return user, err
	case strings.Contains(who, "@"):
		key, what = graph.UserByPrincipalName, "user principal name"
	}
	found, err := client.FindUsers(ctx, key, who)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, change.Refused("no user has the %s %s", what, who)
	case len(found) > 1:
		return nil, change.Refused("%d users have the %s %s; name one by its object id", len(found), what, who)
	}
	return &found[0], nil
}
