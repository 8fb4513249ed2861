package model

import (
	"net/url"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

// Portal builds links to an object's page in the Entra admin centre of a cloud.
type Portal struct{ Root string }

const (
	TenantBlade       = "/#view/Microsoft_AAD_IAM/TenantOverview.ReactView"
	UserBlade         = "/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/"
	GroupBlade        = "/#view/Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Overview/groupId/"
	RoleBlade         = "/#view/Microsoft_AAD_IAM/RoleMenuBlade/~/RoleAssignments/objectId/"
	RegistrationBlade = "/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/objectId/"
	UnitBlade         = "/#view/Microsoft_AAD_IAM/AdminUnitDetailsMenuBlade/~/Users/objectId/"
	LicenseBlade      = "/#view/Microsoft_AAD_IAM/LicenseDetailsMenuBlade/~/Overview/skuId/"
	ConsentBlade      = "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Permissions/objectId/"
	DeviceBlade       = "/#view/Microsoft_AAD_Devices/DeviceDetailsMenuBlade/~/Properties/objectId/"
	// PartnersBlade is the same for all of them: none has a page of its own.
	PartnersBlade    = "/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles/adminUnitObjectId/"
	CatalogBlade     = "/#view/Microsoft_Azure_ELMAdmin/CatalogBlade/catalogId/"
	PackageBlade     = "/#view/Microsoft_Azure_ELMAdmin/EntitlementMenuBlade/~/overview/entitlementId/"
	ApplicationBlade = "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/"
)

func (p Portal) Link(blade, id string) rs.ResourceOption {
	return rs.WithAnnotation(v2.ExternalLink_builder{Url: p.Root + blade + url.PathEscape(id)}.Build())
}
