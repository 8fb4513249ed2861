package connector

import (
	"net/url"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
)

// portal builds links to an object's page in the Entra admin centre of a cloud.
type portal struct{ root string }

const (
	userBlade         = "/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/"
	groupBlade        = "/#view/Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Overview/groupId/"
	roleBlade         = "/#view/Microsoft_AAD_IAM/RoleMenuBlade/~/RoleAssignments/objectId/"
	registrationBlade = "/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/objectId/"
	unitBlade         = "/#view/Microsoft_AAD_IAM/AdminUnitDetailsMenuBlade/~/Users/objectId/"
	licenseBlade      = "/#view/Microsoft_AAD_IAM/LicenseDetailsMenuBlade/~/Overview/skuId/"
	consentBlade      = "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Permissions/objectId/"
	deviceBlade       = "/#view/Microsoft_AAD_Devices/DeviceDetailsMenuBlade/~/Properties/objectId/"
	applicationBlade  = "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/"
)

func (p portal) link(blade, id string) rs.ResourceOption {
	return rs.WithAnnotation(v2.ExternalLink_builder{Url: p.root + blade + url.PathEscape(id)}.Build())
}
