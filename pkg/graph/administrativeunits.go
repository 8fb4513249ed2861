package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// AdministrativeUnit is the part of Microsoft's administrativeUnit that the
// connector reads
// (https://learn.microsoft.com/graph/api/resources/administrativeunit).
type AdministrativeUnit struct {
	ID                           string `json:"id"`
	DisplayName                  string `json:"displayName"`
	Description                  string `json:"description"`
	IsMemberManagementRestricted *bool  `json:"isMemberManagementRestricted"`
	MembershipType               string `json:"membershipType"`
	MembershipRule               string `json:"membershipRule"`
	Visibility                   string `json:"visibility"`
}

// Dynamic reports whether a rule decides what is in the unit.
func (u *AdministrativeUnit) Dynamic() bool { return u.MembershipType == "Dynamic" }

// Restricted reports whether only roles held in the unit itself may change its
// members
// (https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management).
func (u *AdministrativeUnit) Restricted() bool {
	return u.IsMemberManagementRestricted != nil && *u.IsMemberManagementRestricted
}

var administrativeUnitList = sending.Query{
	Path:   "/directory/administrativeUnits",
	Fields: []string{"id", "displayName", "description", "isMemberManagementRestricted", "membershipType", "membershipRule", "visibility"},
	Top:    sending.MaxPageSize,
}

// ListAdministrativeUnits reads one page of the tenant's administrative units.
// Permission: AdministrativeUnit.Read.All
// (https://learn.microsoft.com/graph/api/directory-list-administrativeunits).
func (c *Client) ListAdministrativeUnits(ctx context.Context, next string) (*sending.Page[AdministrativeUnit], error) {
	return sending.GetPage[AdministrativeUnit](ctx, c.Sender, sending.OrFirst(next, administrativeUnitList))
}

// AdministrativeUnitMembersRef is the first page of what is in a unit: users,
// groups and devices. A unit with hidden membership shows nothing without
// Member.Read.Hidden
// (https://learn.microsoft.com/graph/api/administrativeunit-list-members).
func AdministrativeUnitMembersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("directory/administrativeUnits", id, "members"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
