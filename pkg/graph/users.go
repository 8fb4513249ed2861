package graph

import (
	"context"
	"slices"
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
	CreatedDateTime       TimeOrNone `json:"createdDateTime"`
	OnPremisesSyncEnabled *bool      `json:"onPremisesSyncEnabled"`
	// DeletedDateTime is set on users in the recycle bin.
	DeletedDateTime TimeOrNone `json:"deletedDateTime"`
	Manager         *Reference `json:"manager"`
	// Identities are what the user signs in with.
	Identities []Identity `json:"identities"`
	// LicenseAssignmentStates are there if they were asked for.
	LicenseAssignmentStates []LicenseAssignmentState `json:"licenseAssignmentStates"`
	// ExtensionAttributes are extensionAttribute1 to 15, if they were asked for.
	ExtensionAttributes map[string]string `json:"onPremisesExtensionAttributes"`
}

// userFields are kept few: Graph's own next links fail on a long $select (seen
// from about 500 characters on), and signInActivity would put the walk under the
// reports service's far smaller budget
// (https://learn.microsoft.com/graph/throttling-limits).
var userFields = []string{
	"id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "otherMails", "proxyAddresses",
	"accountEnabled", "userType", "externalUserState", "employeeId", "employeeType", "jobTitle", "department",
	"companyName", "createdDateTime", "onPremisesSyncEnabled", "identities",
}

// UserOptions are parts of a user that not every caller wants.
type UserOptions struct {
	// Licenses asks for LicenseAssignmentStates.
	Licenses bool
	// ExtensionAttributes asks for the attributes of that name.
	ExtensionAttributes bool
}

// list is the walk over all users. manager is a single value, which $expand
// never cuts short.
func (o UserOptions) list() query {
	fields := slices.Clone(userFields)
	if o.Licenses {
		fields = append(fields, "licenseAssignmentStates")
	}
	if o.ExtensionAttributes {
		fields = append(fields, "onPremisesExtensionAttributes")
	}
	return query{path: "/users", fields: fields, expand: "manager($select=id)", top: MaxPageSize}
}

// ListUsers reads one page of the tenant's users with their managers' ids.
// next is empty for the first page, or Page.Next of the page before.
// Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list).
func (c *Client) ListUsers(ctx context.Context, next string, o UserOptions) (*Page[User], error) {
	return getPage[User](ctx, c, orFirst(next, o.list()))
}

var deletedUserList = query{
	path:   "/directory/deletedItems/microsoft.graph.user",
	fields: append(slices.Clone(userFields), "deletedDateTime"),
	top:    MaxPageSize,
}

// ListDeletedUsers reads one page of the users in the recycle bin, where they
// stay for 30 days. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/directory-deleteditems-list).
func (c *Client) ListDeletedUsers(ctx context.Context, next string) (*Page[User], error) {
	return getPage[User](ctx, c, orFirst(next, deletedUserList))
}
