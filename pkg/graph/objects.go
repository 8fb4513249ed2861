package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// User reads one user with the manager's id
// (https://learn.microsoft.com/graph/api/user-get).
func (c *Client) User(ctx context.Context, id string, o UserOptions) (*User, error) {
	q := sending.Query{Path: sending.ObjectPath("users", id, ""), Fields: append(o.fields(), o.details()...), Expand: expandManagerID}
	user, err := sending.GetObject[User](ctx, c.Sender, q.String())
	if err != nil && forms.IsRefused(err) {
		q.Fields = o.fields()
		user, err = sending.GetObject[User](ctx, c.Sender, q.String())
	}
	return user, err
}

// DeletedUser reads one user in the recycle bin
// (https://learn.microsoft.com/graph/api/directory-deleteditems-get).
func (c *Client) DeletedUser(ctx context.Context, id string) (*User, error) {
	q := sending.Query{Path: "/directory/deletedItems", Fields: deletedUserList.Fields}
	return sending.GetObject[User](ctx, c.Sender, q.One(id))
}

// SignInActivity reads when one user last signed in. It counts against the
// reports service's budget.
func (c *Client) SignInActivity(ctx context.Context, userID string) (*UserSignInActivity, error) {
	return sending.GetObject[UserSignInActivity](ctx, c.Sender, signInActivityList.One(userID))
}

// UserRegistration reads what one user has registered. It counts against the
// reports service's budget; there is nothing about disabled users
// (https://learn.microsoft.com/graph/api/userregistrationdetails-get).
func (c *Client) UserRegistration(ctx context.Context, userID string) (*UserRegistration, error) {
	return sending.GetObject[UserRegistration](ctx, c.Sender, userRegistrationList.One(userID))
}

// MailboxSettings reads the purpose of one user's mailbox.
func (c *Client) MailboxSettings(ctx context.Context, userID string) (*MailboxSettings, error) {
	return sending.GetObject[MailboxSettings](ctx, c.Sender, MailboxSettingsRef(userID))
}

// RiskyUser reads the risk of one user
// (https://learn.microsoft.com/graph/api/riskyuser-get).
func (c *Client) RiskyUser(ctx context.Context, id string) (*RiskyUser, error) {
	return sending.GetObject[RiskyUser](ctx, c.Sender, riskyUserList.One(id))
}

// Group reads one group, without its parents
// (https://learn.microsoft.com/graph/api/group-get).
func (c *Client) Group(ctx context.Context, id string) (*Group, error) {
	group, err := sending.GetObject[Group](ctx, c.Sender, groupList.One(id))
	if err != nil && forms.IsRefused(err) {
		plainer := sending.Query{Path: groupList.Path, Fields: oldestGroupFields}
		group, err = sending.GetObject[Group](ctx, c.Sender, plainer.One(id))
	}
	return group, err
}

// RoleDefinition reads one role
// (https://learn.microsoft.com/graph/api/unifiedroledefinition-get).
func (c *Client) RoleDefinition(ctx context.Context, id string) (*RoleDefinition, error) {
	return sending.GetObject[RoleDefinition](ctx, c.Sender, roleDefinitionList.One(id))
}

// Application reads one app registration
// (https://learn.microsoft.com/graph/api/application-get).
func (c *Client) Application(ctx context.Context, id string) (*Application, error) {
	return sending.GetObject[Application](ctx, c.Sender, applicationList.One(id))
}

// ServicePrincipal reads one service principal as ListServicePrincipals does,
// without what it is in
// (https://learn.microsoft.com/graph/api/serviceprincipal-get).
func (c *Client) ServicePrincipal(ctx context.Context, id string) (*ServicePrincipal, error) {
	return sending.GetObject[ServicePrincipal](ctx, c.Sender, servicePrincipalList.One(id))
}

// ManagedIdentity reads one service principal as ListManagedIdentities does.
func (c *Client) ManagedIdentity(ctx context.Context, id string) (*ServicePrincipal, error) {
	return sending.GetObject[ServicePrincipal](ctx, c.Sender, managedIdentityList.One(id))
}

// AgentIdentity reads one service principal with what only agents have.
func (c *Client) AgentIdentity(ctx context.Context, id string) (*ServicePrincipal, error) {
	return sending.GetObject[ServicePrincipal](ctx, c.Sender, ServicePrincipalRef(id))
}

// ServicePrincipalCredentials reads the credentials of one service principal.
func (c *Client) ServicePrincipalCredentials(ctx context.Context, id string) (*ServicePrincipalCredentials, error) {
	return sending.GetObject[ServicePrincipalCredentials](ctx, c.Sender, servicePrincipalCredentialsList.One(id))
}

// ApplicationCredentials reads the secrets and certificates of one app
// registration.
func (c *Client) ApplicationCredentials(ctx context.Context, id string) (*ApplicationCredentials, error) {
	return sending.GetObject[ApplicationCredentials](ctx, c.Sender, applicationCredentialsList.One(id))
}

// AdministrativeUnit reads one administrative unit
// (https://learn.microsoft.com/graph/api/administrativeunit-get).
func (c *Client) AdministrativeUnit(ctx context.Context, id string) (*AdministrativeUnit, error) {
	return sending.GetObject[AdministrativeUnit](ctx, c.Sender, administrativeUnitList.One(id))
}

// OAuth2PermissionGrant reads one delegated consent
// (https://learn.microsoft.com/graph/api/oauth2permissiongrant-get).
func (c *Client) OAuth2PermissionGrant(ctx context.Context, id string) (*OAuth2PermissionGrant, error) {
	return sending.GetObject[OAuth2PermissionGrant](ctx, c.Sender, permissionGrantList.One(id))
}

// Device reads one device, without its owners
// (https://learn.microsoft.com/graph/api/device-get).
func (c *Client) Device(ctx context.Context, id string) (*Device, error) {
	return sending.GetObject[Device](ctx, c.Sender, deviceList.One(id))
}

var servicePrincipalIdentityFields = []string{"id", "appId", "servicePrincipalType"}

// ServicePrincipalsByIDRefs are the listings that tell what service principals
// stand for.
func ServicePrincipalsByIDRefs(ids []string) []string {
	return sending.InRefs("/servicePrincipals", "id", servicePrincipalIdentityFields, ids)
}

// ServicePrincipalsByAppIDRefs are the listings that tell which service
// principals stand for applications in this tenant.
func ServicePrincipalsByAppIDRefs(appIDs []string) []string {
	return sending.InRefs("/servicePrincipals", "appId", servicePrincipalIdentityFields, appIDs)
}

// UsersByIDRefs are the listings that tell which ids are of users of this
// tenant.
func UsersByIDRefs(ids []string) []string { return sending.InRefs("/users", "id", []string{"id"}, ids) }

// GroupSourcesByIDRefs are the listings that tell where groups come from.
func GroupSourcesByIDRefs(ids []string) []string {
	return sending.InRefs("/groups", "id", []string{"id", "onPremisesSyncEnabled"}, ids)
}
