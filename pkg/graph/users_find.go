package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// GetUser reads one user. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-get).
func (c *Client) GetUser(ctx context.Context, id string) (*User, error) {
	request, err := users.NewUsersRequestBuilderInternal(map[string]string{}, c.Adapter()).ByUserId(id).ToGetRequestInformation(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: userFields},
	})
	return sending.Receive[User](ctx, c.Sender, request, err)
}

// UserKey is a property that a user can be looked up by.
type UserKey string

// The properties that users are looked up by.
const (
	UserByPrincipalName UserKey = "userPrincipalName"
	UserByEmployeeID    UserKey = "employeeId"
	UserByMail          UserKey = "mail"
	// These two have several values, of which one is asked for.
	UserByOtherMail    UserKey = "otherMails"
	UserByProxyAddress UserKey = "proxyAddresses"
)

// FindUsers reads the users whose property has one of the values, fifteen at the
// most. Graph does not tell upper from lower case here
// (https://learn.microsoft.com/graph/filter-query-parameter).
func (c *Client) FindUsers(ctx context.Context, key UserKey, values ...string) ([]User, error) {
	filter := sending.AnyOf(string(key), values...)
	switch key { //nolint:exhaustive // The others have one value.
	case UserByOtherMail:
		filter = "otherMails/any(m:m eq " + sending.Literal(values[0]) + ")"
	case UserByProxyAddress:
		filter = "proxyAddresses/any(p:p eq " + sending.Literal("smtp:"+values[0]) + ")"
	}
	return sending.All[User](ctx, c.Sender, sending.Query{Path: "/users", Fields: userFields, Filter: filter})
}
