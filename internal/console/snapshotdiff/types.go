package snapshotdiff

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// Type ids and slugs of the snapshot's data model.
const (
	typeTenant     = "tenant"
	typeUser       = "user"
	typeRole       = "role"
	typeScopedRole = "scoped_role"
	typeLicense    = "license"
	slugAssigned   = "assigned"
	slugEligible   = "eligible"
)

// typeNames are the resource types of the data model in the order in which they
// are reported. Types that are not named here come last, under their ids.
var typeNames = []struct{ id, many, one string }{
	{typeTenant, "Tenants", "tenant"},
	{typeUser, "Users", "user"},
	{"group", "Groups", "group"},
	{typeRole, "Directory roles", "directory role"},
	{typeScopedRole, "Directory roles at a scope", "directory role at a scope"},
	{"application", "Applications", "application"},
	{"credential", "Credentials", "credential"},
	{"app_registration", "App registrations", "app registration"},
	{"managed_identity", "Managed identities", "managed identity"},
	{"agent_identity", "Agent identities", "agent identity"},
	{"administrative_unit", "Administrative units", "administrative unit"},
	{typeLicense, "Licences", "licence"},
	{"consent", "Consents", "consent"},
	{"device", "Devices", "device"},
}

// typeOrder is a type's place in reports.
func typeOrder(id string) byte {
	for i := range typeNames {
		if typeNames[i].id == id {
			return byte(i)
		}
	}
	return byte(len(typeNames)) //nolint:gosec // They are few.
}

// typeMany is what objects of a type are called in a report.
func typeMany(id string) string {
	if i := int(typeOrder(id)); i < len(typeNames) {
		return typeNames[i].many
	}
	return terminal.Harmless(id)
}

func typeOne(id string) string {
	if i := int(typeOrder(id)); i < len(typeNames) {
		return typeNames[i].one
	}
	return terminal.Harmless(id)
}

// sortTypes puts type ids in the order of reports.
func sortTypes(ids []string) {
	slices.SortFunc(ids, func(a, b string) int {
		if order := int(typeOrder(a)) - int(typeOrder(b)); order != 0 {
			return order
		}
		if a < b {
			return -1
		}
		return 1
	})
}
