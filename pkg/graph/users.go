package graph

import (
	"context"
	"time"
)

// User is the part of Microsoft's user that the connector reads
// (https://learn.microsoft.com/graph/api/resources/user).
type User struct {
	// ODataType is set on derived types only, "#microsoft.graph.agentUser".
	ODataType             string     `json:"@odata.type"`
	ID                    string     `json:"id"`
	UserPrincipalName     string     `json:"userPrincipalName"`
	DisplayName           string     `json:"displayName"`
	GivenName             string     `json:"givenName"`
	Surname               string     `json:"surname"`
	Mail                  string     `json:"mail"`
	OtherMails            []string   `json:"otherMails"`
	ProxyAddresses        []string   `json:"proxyAddresses"`
	AccountEnabled        *bool      `json:"accountEnabled"`
	UserType              string     `json:"userType"`
	ExternalUserState     string     `json:"externalUserState"`
	EmployeeID            string     `json:"employeeId"`
	EmployeeType          string     `json:"employeeType"`
	JobTitle              string     `json:"jobTitle"`
	Department            string     `json:"department"`
	CompanyName           string     `json:"companyName"`
	CreatedDateTime       *time.Time `json:"createdDateTime"`
	OnPremisesSyncEnabled *bool      `json:"onPremisesSyncEnabled"`
	Manager               *Reference `json:"manager"`
}

// userList keeps the $select short: Graph's own next links fail on a long one
// (seen from about 500 characters on), and signInActivity would put the walk
// under the reports service's far smaller budget
// (https://learn.microsoft.com/graph/throttling-limits). manager is a single
// value, which $expand never cuts short.
var userList = query{
	path: "/users",
	fields: []string{
		"id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "otherMails", "proxyAddresses",
		"accountEnabled", "userType", "externalUserState", "employeeId", "employeeType", "jobTitle", "department",
		"companyName", "createdDateTime", "onPremisesSyncEnabled",
	},
	expand: "manager($select=id)",
	top:    MaxPageSize,
}

// ListUsers reads one page of the tenant's users with their managers' ids.
// next is empty for the first page, or Page.Next of the page before.
// Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list).
func (c *Client) ListUsers(ctx context.Context, next string) (*Page[User], error) {
	return getPage[User](ctx, c, orFirst(next, userList))
}
