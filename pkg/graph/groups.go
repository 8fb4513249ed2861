package graph

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Group is the part of Microsoft's group that the connector reads
// (https://learn.microsoft.com/graph/api/resources/group).
type Group struct {
	ID                       string     `json:"id"`
	DisplayName              string     `json:"displayName"`
	Description              string     `json:"description"`
	Mail                     string     `json:"mail"`
	MailNickname             string     `json:"mailNickname"`
	GroupTypes               []string   `json:"groupTypes"`
	MailEnabled              bool       `json:"mailEnabled"`
	SecurityEnabled          bool       `json:"securityEnabled"`
	OnPremisesSyncEnabled    *bool      `json:"onPremisesSyncEnabled"`
	OnPremisesSAMAccountName string     `json:"onPremisesSamAccountName"`
	IsAssignableToRole       *bool      `json:"isAssignableToRole"`
	IsManagementRestricted   *bool      `json:"isManagementRestricted"`
	Visibility               string     `json:"visibility"`
	MembershipRule           string     `json:"membershipRule"`
	CreatedDateTime          TimeOrNone `json:"createdDateTime"`
	// AssignedLicenses are the products that the group gives to its members.
	AssignedLicenses []AssignedLicense `json:"assignedLicenses"`
	// MemberOf are the group's parents: groups, administrative units, roles.
	MemberOf Expanded `json:"memberOf"`
}

// Dynamic reports whether a rule decides who is a member.
func (g *Group) Dynamic() bool { return slices.Contains(g.GroupTypes, "DynamicMembership") }

// Unified reports whether the group is a Microsoft 365 group.
func (g *Group) Unified() bool { return slices.Contains(g.GroupTypes, "Unified") }

// Synced reports whether on-premises Active Directory is the group's source.
func (g *Group) Synced() bool { return g.OnPremisesSyncEnabled != nil && *g.OnPremisesSyncEnabled }

// ExchangeManaged reports whether only Exchange can change the group: a
// distribution group or a mail-enabled security group.
func (g *Group) ExchangeManaged() bool { return g.MailEnabled && !g.Unified() }

// RoleAssignable reports whether the group can hold directory roles. Only those
// who manage privileged roles can change such a group.
func (g *Group) RoleAssignable() bool { return g.IsAssignableToRole != nil && *g.IsAssignableToRole }

// HiddenMembership reports whether the members show only with
// Member.Read.Hidden.
func (g *Group) HiddenMembership() bool { return g.Visibility == "HiddenMembership" }

var groupList = sending.Query{
	Path: "/groups",
	Fields: []string{
		"id", "displayName", "description", "mail", "mailNickname", "groupTypes", "mailEnabled", "securityEnabled",
		"onPremisesSyncEnabled", "onPremisesSamAccountName", "isAssignableToRole", "isManagementRestricted",
		"visibility", "membershipRule", "createdDateTime", "assignedLicenses",
	},
	Expand: "memberOf($select=id)",
	Top:    sending.MaxPageSize,
}

// ListGroups reads one page of the tenant's groups with up to ExpandLimit of
// each group's parents. next is empty for the first page, or Page.Next of the
// page before. Permission: GroupMember.Read.All
// (https://learn.microsoft.com/graph/api/group-list).
func (c *Client) ListGroups(ctx context.Context, next string) (*sending.Page[Group], error) {
	return sending.GetPage[Group](ctx, c.Sender, sending.OrFirst(next, groupList))
}

// ObjectOwners is a directory object and its owners.
type ObjectOwners struct {
	ID     string   `json:"id"`
	Owners Expanded `json:"owners"`
}

// GroupMembersRef is the first page of a group's direct members, top rows to a
// page. Service principals can be missing from it in v1.0
// (known issue, https://learn.microsoft.com/graph/api/group-list-members):
// ServicePrincipal.MemberOf has them.
func GroupMembersRef(id string, top int) string {
	return sending.Query{Path: sending.ObjectPath("groups", id, "members"), Fields: []string{"id"}, Top: top}.String()
}

// GroupTransitiveMembersRef is the first page of all members of a group, those
// of the groups in it included
// (https://learn.microsoft.com/graph/api/group-list-transitivemembers).
func GroupTransitiveMembersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("groups", id, "transitiveMembers"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}

// GroupOwnersRef is the first page of a group's owners. Service principals can
// be missing from it in v1.0
// (https://learn.microsoft.com/graph/api/group-list-owners):
// ServicePrincipalOwnership has them.
func GroupOwnersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("groups", id, "owners"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}

// GroupMemberOfRef is the first page of a group's parents, in full
// (https://learn.microsoft.com/graph/api/group-list-memberof).
func GroupMemberOfRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("groups", id, "memberOf"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
