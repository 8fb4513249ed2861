package snapshotdiff

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// Type ids and slugs of the snapshot's data model.
const (
	typeUser         = access.TypeUser
	typeGroup        = access.TypeGroup
	typeRole         = access.TypeRole
	typeScopedRole   = access.TypeScopedRole
	typeApplication  = access.TypeApplication
	typeRegistration = access.TypeRegistration
	typeCredential   = access.TypeCredential
	typeLicense      = access.TypeLicense
	typeConsent      = access.TypeConsent
	typeTenant       = access.TypeTenant
	slugAssigned     = access.SlugAssigned
	slugEligible     = access.SlugEligible
)

// typeNames are the resource types of the data model in the order in which they
// are reported. Types that are not named here come last, under their ids.
var typeNames = []struct{ id, many, one string }{
	{typeUser, "Users", "user"},
	{typeGroup, "Groups", "group"},
	{typeRole, "Directory roles", "directory role"},
	{typeScopedRole, "Directory roles at a scope", "directory role at a scope"},
	{typeApplication, "Applications", "application"},
	{typeCredential, "Credentials", "credential"},
	{typeRegistration, "App registrations", "app registration"},
	{access.TypeManagedIdentity, "Managed identities", "managed identity"},
	{access.TypeAgentIdentity, "Agent identities", "agent identity"},
	{access.TypeUnit, "Administrative units", "administrative unit"},
	{typeLicense, "Licences", "licence"},
	{typeConsent, "Consents", "consent"},
	{access.TypePackage, "Access packages", "access package"},
	{access.TypePackageCatalog, "Catalogues of access packages", "catalogue of access packages"},
	{access.TypeChannel, "Channels", "channel"},
	{access.TypeDevice, "Devices", "device"},
	{access.TypeRisk, "Risks of users", "risk of a user"},
	{typeTenant, "Tenant", "tenant"},
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
