package graph

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
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
	// SecurityIdentifier is the group's SID in Entra, by which Windows knows it.
	SecurityIdentifier string `json:"securityIdentifier"`
	OnPremisesSID      string `json:"onPremisesSecurityIdentifier"`
	OnPremisesDomain   string `json:"onPremisesDomainName"`
	Classification     string `json:"classification"`
	// ExpirationDateTime is when the group goes unless somebody renews it.
	ExpirationDateTime TimeOrNone `json:"expirationDateTime"`
	// ProvisioningOptions are what was made with a Microsoft 365 group: a team, say.
	ProvisioningOptions []string `json:"resourceProvisioningOptions"`
	// AssignedLabels are the group's sensitivity labels.
	AssignedLabels []AssignedLabel `json:"assignedLabels"`
	// AssignedLicenses are the products that the group gives to its members.
	AssignedLicenses []AssignedLicense `json:"assignedLicenses"`
	// MemberOf are the group's parents: groups, administrative units, roles.
	MemberOf Expanded `json:"memberOf"`
}

// AssignedLabel is a sensitivity label of a group
// (https://learn.microsoft.com/graph/api/resources/assignedlabel).
type AssignedLabel struct {
	LabelID     string `json:"labelId"`
	DisplayName string `json:"displayName"`
}

// ProvisionedTeam is what stands for a team among the provisioning options.
const ProvisionedTeam = "Team"

// Team reports whether there is a team in Microsoft Teams to the group.
func (g *Group) Team() bool { return slices.Contains(g.ProvisioningOptions, ProvisionedTeam) }

// Dynamic reports whether a rule decides who is a member.
func (g *Group) Dynamic() bool { return slices.Contains(g.GroupTypes, "DynamicMembership") }

const groupTypeUnified = "Unified"

// Unified reports whether the group is a Microsoft 365 group.
func (g *Group) Unified() bool { return slices.Contains(g.GroupTypes, groupTypeUnified) }

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

// fieldLabels is kept apart: labels belong to Microsoft Purview, which has refused
// applications before (microsoft-graph-docs#9012, of writing them).
const fieldLabels = "assignedLabels"

var groupList = sending.Query{
	Path: "/groups",
	Fields: []string{
		"id", "displayName", "description", "mail", "mailNickname", "groupTypes", "mailEnabled", "securityEnabled",
		"onPremisesSyncEnabled", "onPremisesSamAccountName", "isAssignableToRole", "isManagementRestricted",
		"visibility", "membershipRule", "createdDateTime", "assignedLicenses", "securityIdentifier", "onPremisesSecurityIdentifier",
		"onPremisesDomainName", "classification", "expirationDateTime", "resourceProvisioningOptions", fieldLabels,
	},
	Expand: "memberOf($select=id)",
	Top:    sending.MaxPageSize,
}

// oldestGroupFields are the properties that groups have had for longest.
var oldestGroupFields = []string{
	"id", "displayName", "description", "mail", "mailNickname", "groupTypes", "mailEnabled", "securityEnabled",
	"onPremisesSyncEnabled", "isAssignableToRole", "visibility", "createdDateTime", "assignedLicenses",
}

// groupsLadder is the ladder of ListGroups. Labels are left out of a form only
// after the same form with them was refused.
var groupsLadder = &forms.Ladder{
	Name: "groups", Path: groupList.Path, Has: "$expand=memberOf",
	Steps: []forms.Step{
		{Form: "with ids of the relation"},
		{Form: "with ids of the relation, without sensitivity labels", Plainer: forms.Omitting(fieldLabels), Lacks: lacksLabels},
		{Form: "with the whole of the relation", Plainer: func(r forms.Request) forms.Request { return forms.WholeExpand(forms.Also(fieldLabels)(r)) }},
		{Form: "without the relation, which is read by itself", Plainer: forms.WithoutExpand},
		{Form: "without the relation and without sensitivity labels", Plainer: forms.Omitting(fieldLabels), Lacks: lacksLabels},
		{Form: "the oldest properties only", Plainer: forms.Selecting(oldestGroupFields...), Lacks: lacksNewest},
		{Form: "pages of Graph's own size", Plainer: forms.WithoutTop, Lacks: lacksNewest},
	},
}

const (
	lacksLabels = "sensitivity labels of groups"
	lacksNewest = "membership rules, management restrictions, security identifiers, on-premises names, classifications, labels, expiry dates and teams of groups"
)

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

// FindGroups reads the groups with a mail nickname. Permission:
// GroupMember.Read.All (https://learn.microsoft.com/graph/api/group-list).
func (c *Client) FindGroups(ctx context.Context, mailNickname string) ([]Group, error) {
	return sending.All[Group](ctx, c.Sender, sending.Query{Path: groupList.Path, Fields: groupList.Fields, Filter: sending.AnyOf("mailNickname", mailNickname)})
}
