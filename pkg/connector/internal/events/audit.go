package events

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// relation is what an activity of the audit log changes.
type relation int

const (
	relationMember relation = iota + 1
	relationGroupOwner
	relationRegistrationOwner
	relationServicePrincipalOwner
	relationUnitMember
	relationRole
	relationScopedRole
	relationPIMRole
	relationAppRole
	relationLicense
)

// activity is how an activity's name is understood.
type activity struct {
	relation relation
	added    bool
	eligible bool
}

// activities are the names of what changes who has what
// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities).
// Names have to match whole: Privileged Identity Management logs requests and
// approvals, which succeed without changing anything yet, under names that begin
// like those of the change.
var activities = map[string]activity{
	"Add member to group":      {relationMember, true, false},
	"Remove member from group": {relationMember, false, false},

	"Add owner to group":                  {relationGroupOwner, true, false},
	"Remove owner from group":             {relationGroupOwner, false, false},
	"Add owner to application":            {relationRegistrationOwner, true, false},
	"Remove owner from application":       {relationRegistrationOwner, false, false},
	"Add owner to service principal":      {relationServicePrincipalOwner, true, false},
	"Remove owner from service principal": {relationServicePrincipalOwner, false, false},

	"Add member to administrative unit":      {relationUnitMember, true, false},
	"Remove member from administrative unit": {relationUnitMember, false, false},

	"Add member to role":               {relationRole, true, false},
	"Remove member from role":          {relationRole, false, false},
	"Add eligible member to role":      {relationRole, true, true},
	"Remove eligible member from role": {relationRole, false, true},

	"Add scoped member to role":      {relationScopedRole, true, false},
	"Remove scoped member from role": {relationScopedRole, false, false},

	"Add member to role scoped over Restricted Management Administrative Unit":      {relationScopedRole, true, false},
	"Remove member from role scoped over Restricted Management Administrative Unit": {relationScopedRole, false, false},

	"Add member to role completed (PIM activation)":                 {relationPIMRole, true, false},
	"Add member to role in PIM completed (permanent)":               {relationPIMRole, true, false},
	"Add member to role in PIM completed (timebound)":               {relationPIMRole, true, false},
	"Remove member from role (PIM activation expired)":              {relationPIMRole, false, false},
	"Remove member from role completed (PIM deactivate)":            {relationPIMRole, false, false},
	"Remove member from role in PIM completed (permanent)":          {relationPIMRole, false, false},
	"Remove member from role in PIM completed (timebound)":          {relationPIMRole, false, false},
	"Add eligible member to role in PIM completed (permanent)":      {relationPIMRole, true, true},
	"Add eligible member to role in PIM completed (timebound)":      {relationPIMRole, true, true},
	"Remove eligible member from role in PIM completed (permanent)": {relationPIMRole, false, true},
	"Remove eligible member from role in PIM completed (timebound)": {relationPIMRole, false, true},
	"Add app role assignment grant to user":                         {relationAppRole, true, false},
	"Add app role assignment to group":                              {relationAppRole, true, false},
	"Add app role assignment to service principal":                  {relationAppRole, true, false},
	"Remove app role assignment from user":                          {relationAppRole, false, false},
	"Remove app role assignment from group":                         {relationAppRole, false, false},
	"Remove app role assignment from service principal":             {relationAppRole, false, false},
	"Change user license":                                           {relationLicense, true, false},
}

// The types of targets in the log.
const (
	targetUser             = "User"
	targetGroup            = "Group"
	targetServicePrincipal = "ServicePrincipal"
	targetApplication      = "Application"
	targetDevice           = "Device"
	targetUnit             = "AdministrativeUnit"
)

// auditObject is an object that an entry names.
type auditObject struct{ Type, ID string }

// property is what an entry says of a property, of any of its targets: the new
// value, or the old one where something was taken away.
func property(targets []graph.AuditTarget, name string) string {
	for i := range targets {
		for _, p := range targets[i].Modified {
			if p.Name == name {
				if value := unquoted(p.NewValue); value != "" {
					return value
				}
				return unquoted(p.OldValue)
			}
		}
	}
	return ""
}

// unquoted is a value without its JSON quotes; values that are no strings stay
// as they are.
func unquoted(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) == nil {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(value)
}

// objectsOf are the targets that are objects of a type, other than one.
func objectsOf(targets []graph.AuditTarget, except string, types ...string) []auditObject {
	var found []auditObject
	for i := range targets {
		object := auditObject{targets[i].Type, model.ObjectID(targets[i].ID)}
		if slices.Contains(types, object.Type) && object.ID != except && isObject(object.ID) && !slices.Contains(found, object) {
			found = append(found, object)
		}
	}
	return found
}

// sides tells who has what apart: the object that an entry's property names, or
// that is the only target of its type, and the only other target that can hold
// something.
func sides(a *graph.DirectoryAudit, name, objectType string) (string, auditObject, bool) {
	object := model.ObjectID(property(a.Targets, name))
	if object == "" {
		candidates := objectsOf(a.Targets, "", objectType)
		if len(candidates) != 1 {
			return "", auditObject{}, false
		}
		object = candidates[0].ID
	}
	holders := objectsOf(a.Targets, object, targetUser, targetGroup, targetServicePrincipal, targetDevice)
	if len(holders) != 1 || !isObject(object) {
		return "", auditObject{}, false
	}
	return object, holders[0], true
}

// roleOf is the id of the role's definition. Role.ObjectID is another one: that
// of the role's activation in this tenant.
func roleOf(a *graph.DirectoryAudit) string {
	for _, name := range []string{"Role.TemplateId", "RoleDefinitionOriginId", "TemplateId"} {
		if id := property(a.Targets, name); isObject(id) {
			return model.ObjectID(id)
		}
		for _, d := range a.Details {
			if d.Key == name && isObject(d.Value) {
				return model.ObjectID(d.Value)
			}
		}
	}
	return ""
}

// licensedSKU finds the products in the list of a user's licences, whose rows
// are no JSON. AccountId, which looks alike, is the tenant.
var licensedSKU = regexp.MustCompile(`(?i)\bSkuId["']?\s*[=:]\s*["']?(` + model.GUIDForm + `)`)

// licenseChange are the products that a user has more and those that the user
// has less.
func licenseChange(a *graph.DirectoryAudit) ([]string, []string) {
	var added, removed []string
	for i := range a.Targets {
		for _, p := range a.Targets[i].Modified {
			if p.Name == "AssignedLicense" {
				before, after := skusIn(p.OldValue), skusIn(p.NewValue)
				added = append(added, slices.DeleteFunc(slices.Clone(after), func(s string) bool { return slices.Contains(before, s) })...)
				removed = append(removed, slices.DeleteFunc(before, func(s string) bool { return slices.Contains(after, s) })...)
			}
		}
	}
	return added, removed
}

func skusIn(value string) []string {
	var skus []string
	for _, m := range licensedSKU.FindAllStringSubmatch(unquoted(value), -1) {
		if sku := model.ObjectID(m[1]); !slices.Contains(skus, sku) {
			skus = append(skus, sku)
		}
	}
	return skus
}

// byGroupLicensing reports whether the entry is the effect of a group's licence:
// an event has no sources, and would show it as given directly.
func byGroupLicensing(a *graph.DirectoryAudit) bool {
	return a.InitiatedBy.App != nil && strings.Contains(a.InitiatedBy.App.DisplayName, "Group-Based Licensing")
}
