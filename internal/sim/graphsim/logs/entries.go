// Package logs is what the logs of a tenant are made of: entries of the audit log and
// of the sign-in log, and the entry that each kind of change leaves. It knows no
// tenant: ids and names are given to it.
package logs

import (
	"fmt"
	"strings"
	"time"
)

// AuditEntry is an entry of the directory audit log. What is left empty the tenant's AddAudit fills in.
type AuditEntry struct {
	ID        string
	Time      time.Time
	Activity  string
	Category  string
	Service   string // "Core Directory" unless said.
	Operation string
	Result    string // "success" unless said.
	Reason    string
	By        AuditInitiator
	Targets   []AuditTarget
	Details   []AuditDetail
}

// AuditInitiator is who did it: a person or an application.
type AuditInitiator struct {
	App  *AuditApp  `json:"app"`
	User *AuditUser `json:"user"`
}

// AuditApp is an application that did something.
type AuditApp struct {
	AppID                string  `json:"appId"`
	DisplayName          string  `json:"displayName"`
	ServicePrincipalID   string  `json:"servicePrincipalId"`
	ServicePrincipalName *string `json:"servicePrincipalName"`
}

// AuditUser is a person who did something.
type AuditUser struct {
	ID                string `json:"id"`
	DisplayName       string `json:"displayName"`
	UserPrincipalName string `json:"userPrincipalName"`
	IPAddress         string `json:"ipAddress"`
}

// AuditTarget is something that was changed.
type AuditTarget struct {
	ID                string          `json:"id"`
	DisplayName       string          `json:"displayName"`
	Type              string          `json:"type"`
	UserPrincipalName *string         `json:"userPrincipalName"`
	GroupType         *string         `json:"groupType"`
	Modified          []AuditProperty `json:"modifiedProperties"`
}

// AuditProperty is a change of one property. Values are JSON: a string has its own quotes.
type AuditProperty struct {
	DisplayName string  `json:"displayName"`
	OldValue    *string `json:"oldValue"`
	NewValue    *string `json:"newValue"`
}

// AuditDetail is a further fact of an entry.
type AuditDetail struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Added is a property that has a value now and had none; the value is a string.
func Added(name, value string) AuditProperty {
	quoted := `"` + value + `"`
	return AuditProperty{DisplayName: name, NewValue: &quoted}
}

// Removed is a property that had a value and has none now; the value is a string.
func Removed(name, value string) AuditProperty {
	quoted := `"` + value + `"`
	return AuditProperty{DisplayName: name, OldValue: &quoted}
}

// SignInEntry is an entry of the sign-in log. What is left empty the tenant's AddSignIn fills in.
type SignInEntry struct {
	ID             string
	Time           time.Time // Logged to the second.
	UserID         string
	AppID          string
	ResourceID     string // The application id of the resource.
	HomeTenant     string // This tenant unless said.
	ResourceTenant string // This tenant unless said.
	ErrorCode      int    // Zero for success.
}

// Principal is what an entry of the audit log names as the one who got or lost something. Type is as the log spells it:
// User, Group, ServicePrincipal or Device.
type Principal struct{ Type, ID string }

func (p Principal) target(modified ...AuditProperty) AuditTarget {
	return AuditTarget{ID: p.ID, Type: p.Type, Modified: modified}
}

// edge is an addition's or a removal's property.
func edgeProperty(added bool, name, value string) AuditProperty {
	if added {
		return Added(name, value)
	}
	return Removed(name, value)
}

func wording(added bool, yes, no string) string {
	if added {
		return yes
	}
	return no
}

// GroupMemberAudit is that a principal was made a member of a group, or no longer is one.
func GroupMemberAudit(added bool, group string, p Principal) AuditEntry {
	return AuditEntry{
		Activity: wording(added, "Add member to group", "Remove member from group"), Category: "GroupManagement",
		Operation: wording(added, "Assign", "Unassign"),
		Targets: []AuditTarget{
			p.target(edgeProperty(added, "Group.ObjectID", group), edgeProperty(added, "Group.DisplayName", "A group")),
			{ID: group, Type: "Group"},
		},
	}
}

// OwnerAudit is that a principal was made an owner, or no longer is one. Of is Group, Application or ServicePrincipal.
func OwnerAudit(added bool, of, id string, p Principal) AuditEntry {
	noun, category := strings.ToLower(of), "ApplicationManagement"
	switch of {
	case "ServicePrincipal":
		noun = "service principal"
	case "Group":
		category = "GroupManagement"
	}
	return AuditEntry{
		Activity: wording(added, "Add owner to ", "Remove owner from ") + noun, Category: category,
		Operation: wording(added, "Assign", "Unassign"),
		Targets:   []AuditTarget{p.target(edgeProperty(added, of+".ObjectID", id)), {ID: id, Type: of}},
	}
}

// RoleAudit is that a principal was given a directory role in the whole tenant, or lost it. The log shows the object id
// of the role in this tenant beside the id of its definition.
func RoleAudit(added bool, activeRole, definition string, p Principal) AuditEntry {
	return AuditEntry{
		Activity: wording(added, "Add member to role", "Remove member from role"), Category: "RoleManagement",
		Operation: wording(added, "Assign", "Unassign"),
		Targets: []AuditTarget{p.target(
			edgeProperty(added, "Role.ObjectID", activeRole), edgeProperty(added, "Role.DisplayName", "A role"),
			edgeProperty(added, "Role.TemplateId", definition), edgeProperty(added, "Role.WellKnownObjectName", "ARole"))},
	}
}

// PIMAudit is an entry of Privileged Identity Management about a role, with the activity's full name.
func PIMAudit(activity, definition string, p Principal, further ...AuditTarget) AuditEntry {
	targets := []AuditTarget{
		{ID: definition, Type: "Role", DisplayName: "A role"},
		{ID: "00000000-0000-0000-0000-00000000feed", Type: "Request"},
		p.target(),
	}
	return AuditEntry{
		Activity: activity, Category: "RoleManagement", Service: "PIM", Operation: "Assign", Targets: append(targets, further...),
		Details: []AuditDetail{
			{Key: "RoleDefinitionOriginId", Value: definition}, {Key: "RoleDefinitionOriginType", Value: "BuiltInRole"},
			{Key: "TemplateId", Value: definition}, {Key: "Justification", Value: "work"},
		},
	}
}

// AppRoleAudit is that a principal was assigned to an application, or no longer is.
func AppRoleAudit(added bool, application, appRole string, p Principal) AuditEntry {
	activity := map[string]string{"User": "Add app role assignment grant to user", "Group": "Add app role assignment to group"}[p.Type]
	if activity == "" {
		activity = "Add app role assignment to service principal"
	}
	if !added {
		activity = "Remove app role assignment from " + map[string]string{"User": "user", "Group": "group", "ServicePrincipal": "service principal"}[p.Type]
	}
	return AuditEntry{
		Activity: activity, Category: "ApplicationManagement", Operation: wording(added, "Assign", "Unassign"),
		Targets: []AuditTarget{
			{ID: application, Type: "ServicePrincipal", Modified: []AuditProperty{
				edgeProperty(added, "AppRole.Id", appRole), edgeProperty(added, "AppRole.Value", "Some.Role"),
				edgeProperty(added, p.Type+".ObjectID", p.ID), edgeProperty(added, "TargetId.ServicePrincipalNames", "api://x"),
			}},
			p.target(),
		},
	}
}

// LicenseAudit is that the licences of a user changed from some products to others.
func LicenseAudit(user, tenant string, before, after []string) AuditEntry {
	list := func(skus []string) *string {
		rows := make([]string, 0, len(skus))
		for _, sku := range skus {
			rows = append(rows, fmt.Sprintf(`"[SkuName=A_PRODUCT, AccountId=%s, SkuId=%s, DisabledPlans=[]]"`, tenant, sku))
		}
		out := "[" + strings.Join(rows, ",") + "]"
		return &out
	}
	return AuditEntry{
		Activity: "Change user license", Category: "UserManagement",
		Targets: []AuditTarget{{ID: user, Type: "User", Modified: []AuditProperty{
			{DisplayName: "AssignedLicense", OldValue: list(before), NewValue: list(after)},
			Added("Included Updated Properties", "AssignedLicense"),
		}}},
	}
}

// ChangeAudit is any other change of an object. Type is User, Group, Application, ServicePrincipal or the like.
func ChangeAudit(activity, category, of, id string) AuditEntry {
	return AuditEntry{
		Activity: activity, Category: category,
		Targets: []AuditTarget{{ID: id, Type: of, Modified: []AuditProperty{Added("Included Updated Properties", "DisplayName")}}},
	}
}
