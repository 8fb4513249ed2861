package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
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
	// IdentityParentID is the agent identity that an agent user is of.
	IdentityParentID string `json:"identityParentId"`
	// DeletedDateTime is set on users in the recycle bin.
	DeletedDateTime TimeOrNone `json:"deletedDateTime"`
	Manager         *Reference `json:"manager"`
	// Identities are what the user signs in with.
	Identities []Identity `json:"identities"`
	// LicenseAssignmentStates are there if they were asked for.
	LicenseAssignmentStates []LicenseAssignmentState `json:"licenseAssignmentStates"`
	// ExtensionAttributes are extensionAttribute1 to 15, if they were asked for.
	ExtensionAttributes map[string]string `json:"onPremisesExtensionAttributes"`

	UserDetails
}

// userFields are kept few: Graph's own next links fail on a long $select (seen
// from about 500 characters on; what is more is in UserDetails), and
// signInActivity would put the walk under the reports service's far smaller budget
// (https://learn.microsoft.com/graph/throttling-limits).
var userFields = []string{
	"id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "otherMails", "proxyAddresses",
	"accountEnabled", "userType", "externalUserState", "employeeId", "employeeType", "jobTitle", "department",
	"companyName", "createdDateTime", "onPremisesSyncEnabled", "identities",
	"identityParentId",
}

// UserOptions are parts of a user that not every caller wants.
type UserOptions struct {
	// Licenses asks for LicenseAssignmentStates.
	Licenses bool
	// ExtensionAttributes asks for the attributes of that name.
	ExtensionAttributes bool
	// ContactDetails asks for where people live or get their mail, and for phones.
	ContactDetails bool
	// LeaveDates asks for when people leave.
	LeaveDates bool
}

func (o UserOptions) fields() []string {
	fields := slices.Clone(userFields)
	if o.Licenses {
		fields = append(fields, "licenseAssignmentStates")
	}
	if o.ExtensionAttributes {
		fields = append(fields, "onPremisesExtensionAttributes")
	}
	return fields
}

// list is the walk over all users. It expands nothing, for that would cut each
// page to 100 rows. The order makes each page a range of sign-in names, which is
// how their managers are asked for (Managers).
func (o UserOptions) list() sending.Query {
	return sending.Query{Path: pathUsers, Fields: o.fields(), Order: "userPrincipalName", Top: sending.MaxPageSize}
}

// ListUsers reads one page of the tenant's users, without their managers.
// next is empty for the first page, or Page.Next of the page before; the error
// wraps forms.ErrBeginAgain where the listing has to go back to its first page.
// Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list).
func (c *Client) ListUsers(ctx context.Context, next string, o UserOptions) (*sending.Page[User], error) {
	return sending.GetPage[User](ctx, c.Sender, sending.OrFirst(next, o.list()))
}

// ListUsersAndManagers reads a further page of ListUsers, at next, and pages of
// what Managers asks for in one round trip, of which a batch's size fit. next is
// empty after the last page: then there is no first result. The errors of the
// others are in their results.
func (c *Client) ListUsersAndManagers(ctx context.Context, next string, managers []string) (*sending.Page[User], []sending.PageResult[User], error) {
	if next == "" {
		results, err := sending.BatchPages[User](ctx, c.Sender, managers)
		return nil, results, err
	}
	results, err := sending.BatchPages[User](ctx, c.Sender, append([]string{next}, managers...))
	if err != nil {
		return nil, nil, err
	}
	return results[0].Page, results[1:], results[0].Err
}

// UsersInFullByIDRefs are the listings of users by their ids, with the properties
// of ListUsers.
func UsersInFullByIDRefs(ids []string, o UserOptions) []string {
	return sending.InRefs(pathUsers, "id", o.fields(), ids)
}

var deletedUserList = sending.Query{
	Path:   "/directory/deletedItems/microsoft.graph.user",
	Fields: append(slices.Clone(userFields), "deletedDateTime"),
	Top:    sending.MaxPageSize,
}

// ListDeletedUsers reads one page of the users in the recycle bin, where they
// stay for 30 days. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/directory-deleteditems-list).
func (c *Client) ListDeletedUsers(ctx context.Context, next string) (*sending.Page[User], error) {
	return sending.GetPage[User](ctx, c.Sender, sending.OrFirst(next, deletedUserList))
}

// Identity is something that a user signs in with
// (https://learn.microsoft.com/graph/api/resources/objectidentity).
type Identity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
	// IssuerAssignedID is the sign-in name of a local account, and otherwise
	// whatever the issuer calls the user.
	IssuerAssignedID string `json:"issuerAssignedId"`
}

// LocalName is the name that the user types at sign-in to an account of this
// tenant; empty for what another issuer calls the user, and for the user
// principal name, which is a property of its own. Every other type of sign-in is
// a local account: a customer tenant gives the types names of its own.
func (i *Identity) LocalName() string {
	switch strings.ToLower(i.SignInType) {
	case "", "federated", "userprincipalname":
		return ""
	}
	return i.IssuerAssignedID
}

// IsAddress reports whether a local name is an e-mail address: of the types that
// begin like this one, Graph takes nothing else.
func (i *Identity) IsAddress() bool {
	return strings.HasPrefix(strings.ToLower(i.SignInType), "emailaddress")
}
