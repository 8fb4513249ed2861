package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// AccessPackageCatalog holds access packages and the resources that they can be made
// of (https://learn.microsoft.com/graph/api/resources/accesspackagecatalog).
type AccessPackageCatalog struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	// CatalogType is "userManaged", or "serviceDefault" for the one that was there
	// from the beginning.
	CatalogType string `json:"catalogType"`
	// State is "published", or "unpublished" while nobody may ask for what is in it.
	State               string     `json:"state"`
	IsExternallyVisible bool       `json:"isExternallyVisible"`
	CreatedDateTime     TimeOrNone `json:"createdDateTime"`
}

// AccessPackage is what can be asked for and given as a whole
// (https://learn.microsoft.com/graph/api/resources/accesspackage).
type AccessPackage struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	// IsHidden means that only those who know its address can ask for it.
	IsHidden        bool       `json:"isHidden"`
	CreatedDateTime TimeOrNone `json:"createdDateTime"`
	// Catalog is the catalogue that the package is in; nil where Graph does not tell.
	Catalog *EntityRef `json:"catalog"`
}

// EntityRef is an expanded entity of which the id is asked for.
type EntityRef struct {
	ID string `json:"id"`
}

// Of is the id, if Graph has given any.
func (r *EntityRef) Of() string {
	if r == nil {
		return ""
	}
	return r.ID
}

// AccessPackageContents are the resources that whoever holds a package gets
// (https://learn.microsoft.com/graph/api/accesspackage-list-resourcerolescopes).
type AccessPackageContents struct {
	ID string `json:"id"`
	// ResourceRoleScopes are nil where the answer does not have them, which is not
	// the same as none.
	ResourceRoleScopes *[]AccessPackageRoleScope `json:"resourceRoleScopes"`
}

// AccessPackageRoleScope is a role in a resource.
type AccessPackageRoleScope struct {
	Role  AccessPackageOrigin `json:"role"`
	Scope AccessPackageOrigin `json:"scope"`
}

// Systems that resources of access packages come from
// (https://learn.microsoft.com/graph/api/resources/accesspackageresource).
const (
	OriginGroup         = "AadGroup"
	OriginApplication   = "AadApplication"
	OriginDirectoryRole = "DirectoryRole"
)

// AccessPackageOrigin is a role or a scope as the system has it that it comes from.
// The scope's id is the group's, the service principal's, the directory role's, or a
// site's address; the role's is "Member_{group}", "Owner_{group}", an app role's id,
// "Eligible", "Active", or a number.
type AccessPackageOrigin struct {
	DisplayName  string `json:"displayName"`
	OriginID     string `json:"originId"`
	OriginSystem string `json:"originSystem"`
}

const (
	pathEntitlementManagement = "/identityGovernance/entitlementManagement/"
	pathAccessPackages        = pathEntitlementManagement + "accessPackages"
	pathCatalogs              = pathEntitlementManagement + "catalogs"
	pathCatalogRoles          = "/roleManagement/entitlementManagement/roleAssignments"
)

// The listings of entitlement management document no $top; Graph chooses the page
// size (https://learn.microsoft.com/graph/api/resources/entitlementmanagement-overview).
var (
	catalogList = sending.Query{
		Path:   pathCatalogs,
		Fields: []string{"id", "displayName", "description", "catalogType", "state", "isExternallyVisible", "createdDateTime"},
	}
	accessPackageList = sending.Query{
		Path:   pathAccessPackages,
		Fields: []string{"id", "displayName", "description", "isHidden", "createdDateTime"},
		Expand: "catalog($select=id)",
	}
)

// ListAccessPackageCatalogs reads one page of the catalogues. Permission:
// EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-list-catalogs).
func (c *Client) ListAccessPackageCatalogs(ctx context.Context, next string) (*sending.Page[AccessPackageCatalog], error) {
	return sending.GetPage[AccessPackageCatalog](ctx, c.Sender, sending.OrFirst(next, catalogList))
}

// ListAccessPackages reads one page of the access packages. Permission:
// EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-list-accesspackages).
func (c *Client) ListAccessPackages(ctx context.Context, next string) (*sending.Page[AccessPackage], error) {
	return sending.GetPage[AccessPackage](ctx, c.Sender, sending.OrFirst(next, accessPackageList))
}

// AccessPackageContentsRef is what one access package gives. A listing of the packages
// is documented to have none of it.
func AccessPackageContentsRef(id string) string {
	return sending.Query{Path: sending.ObjectPath(pathAccessPackages[1:], id, ""), Expand: "resourceRoleScopes($expand=role,scope)"}.String()
}

// AccessPackageCatalog reads one catalogue
// (https://learn.microsoft.com/graph/api/accesspackagecatalog-get).
func (c *Client) AccessPackageCatalog(ctx context.Context, id string) (*AccessPackageCatalog, error) {
	return sending.GetObject[AccessPackageCatalog](ctx, c.Sender, catalogList.One(id))
}

// AccessPackage reads one access package with its catalogue
// (https://learn.microsoft.com/graph/api/accesspackage-get).
func (c *Client) AccessPackage(ctx context.Context, id string) (*AccessPackage, error) {
	q := accessPackageList
	q.Path = sending.ObjectPath(pathAccessPackages[1:], id, "")
	return sending.GetObject[AccessPackage](ctx, c.Sender, q.String())
}

// CatalogRoleAssignment says that a principal holds a role of entitlement management,
// in a catalogue or in all of them
// (https://learn.microsoft.com/graph/api/resources/unifiedroleassignment).
type CatalogRoleAssignment struct {
	RoleDefinitionID string `json:"roleDefinitionId"`
	// AppScopeID is "/AccessPackageCatalog/{id}"; empty where DirectoryScopeID is
	// TenantScope.
	AppScopeID       string `json:"appScopeId"`
	DirectoryScopeID string `json:"directoryScopeId"`
	// PrincipalID is the principal's id. The row does not tell what it is.
	PrincipalID string `json:"principalId"`
}

// Roles of entitlement management
// (https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate).
const (
	RoleCatalogCreator           = "ba92d953-d8e0-4e39-a797-0cbedb0a89e8"
	RoleCatalogOwner             = "ae79f266-94d4-4dab-b730-feca7e132178"
	RoleCatalogReader            = "44272f93-9762-48e8-af59-1b5351b1d6b3"
	RolePackageManager           = "7f480852-ebdc-47d4-87de-0d8498384a83"
	RolePackageAssignmentManager = "e2182095-804a-4656-ae11-64734e9b7ae5"
)

// CatalogRoles are the forms in which the roles of entitlement management are asked
// for: all of them at once, as the page of the listing says since 2024, or role by
// role, the subject then being a role's id: before that a filter was documented to be
// needed. Permission: EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
var CatalogRoles = &forms.Ladder{Name: "catalogue roles", Steps: []forms.Step{
	{Form: "all at once", Ref: func(string) string { return sending.Query{Path: pathCatalogRoles}.String() }},
	{Form: "role by role", Ref: func(role string) string {
		return sending.Query{Path: pathCatalogRoles, Filter: sending.AnyOf("roleDefinitionId", role)}.String()
	}},
}}

// ListCatalogRoles reads one page of the roles that next, or else a step of
// CatalogRoles, leads to.
func (c *Client) ListCatalogRoles(ctx context.Context, next string) (*sending.Page[CatalogRoleAssignment], error) {
	return sending.GetPage[CatalogRoleAssignment](ctx, c.Sender, next)
}

// CatalogRolePrincipalRef is the listing of the roles of entitlement management of one
// principal, as PrincipalRow.
func CatalogRolePrincipalRef(principalID string) string {
	return principalOf(pathCatalogRoles, principalID)
}
