package powers

import "slices"

// ResetsPage is Microsoft's table of who can reset whose password.
const ResetsPage = "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions#who-can-reset-passwords"

// UnitResetsPage is what Microsoft says of the same roles in an administrative unit.
const UnitResetsPage = "https://learn.microsoft.com/entra/identity/role-based-access-control/manage-roles-portal#roles-that-can-be-assigned-with-administrative-unit-scope"

// Resetter is a directory role whose holders can set a new password for others, or
// give them another way to sign in.
type Resetter struct {
	// ID is the template id, which is the id of a built-in role in every tenant.
	ID   string
	Name string
	// Everybody says that nobody is out of reach but for a restricted administrative unit.
	Everybody bool
	// Roles are the roles that do not put their holders out of reach.
	Roles []string
	// InUnit says that the same roles do not in an administrative unit either. The
	// others reach there only people without any role.
	InUnit bool
	Page   string
}

// The roles in Microsoft's table whose holders not everybody may reset.
const (
	authenticationAdministrator = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
	directoryReaders            = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
	groupsAdministrator         = "fdd7a751-b60b-444a-984c-02652fe8fa1c"
	guestInviter                = "95e79109-95c0-4d8e-aee3-d01accf2d47b"
	helpdeskAdministrator       = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	messageCenterReader         = "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b"
	passwordAdministrator       = "966707d0-3269-4727-9be2-8c3a10f19b9d" //nolint:gosec // The id of a role.
	reportsReader               = "4a5d8f65-41da-4de4-8968-e035b65339cf"
	userAdministrator           = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	userExperienceSuccess       = "27460883-1df1-4691-b032-3b79643e5e63"
	usageSummaryReportsReader   = "75934031-6c7e-415a-99d7-48dbd49e875e"
)

// resetters are the columns of Microsoft's table, and the two roles for partners that
// its note names (October 2024, looked at in 2026).
var resetters = []Resetter{
	{ID: "62e90394-69f5-4237-9190-012177145e10", Name: "Global Administrator", Everybody: true, Page: ResetsPage},
	{ID: "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", Name: "Privileged Authentication Administrator", Everybody: true, Page: ResetsPage},
	{ID: "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", Name: "Partner Tier2 Support", Everybody: true, Page: ResetsPage},
	{ID: "4ba39ca4-527c-499a-b93d-d9b492c50246", Name: "Partner Tier1 Support", Page: ResetsPage},
	{ID: userAdministrator, Name: "User Administrator", InUnit: true, Page: ResetsPage, Roles: []string{
		directoryReaders, groupsAdministrator, guestInviter, helpdeskAdministrator, messageCenterReader, passwordAdministrator,
		reportsReader, userAdministrator, userExperienceSuccess, usageSummaryReportsReader,
	}},
	{ID: authenticationAdministrator, Name: "Authentication Administrator", Page: ResetsPage, Roles: []string{
		authenticationAdministrator, directoryReaders, guestInviter, messageCenterReader, passwordAdministrator, reportsReader,
		userExperienceSuccess, usageSummaryReportsReader,
	}},
	{ID: helpdeskAdministrator, Name: "Helpdesk Administrator", Page: ResetsPage, Roles: []string{
		directoryReaders, guestInviter, helpdeskAdministrator, messageCenterReader, passwordAdministrator, reportsReader,
		userExperienceSuccess, usageSummaryReportsReader,
	}},
	{ID: passwordAdministrator, Name: "Password Administrator", Page: ResetsPage, Roles: []string{
		directoryReaders, guestInviter, passwordAdministrator,
	}},
}

// Standing is what decides who may reset somebody.
type Standing struct {
	// Roles are the template ids of the directory roles that are held now, at any scope.
	Roles []string
	// Guarded says that the person is in or owns a group that can hold roles, or holds a
	// role over a restricted administrative unit.
	Guarded bool
}

// Resetters are the roles that reset others, in the order of the table.
func Resetters() []Resetter { return resetters }

// ResetterOf is the row of a role, by its template id, and nil where it resets nobody.
func ResetterOf(id string) *Resetter {
	for i := range resetters {
		if resetters[i].ID == id {
			return &resetters[i]
		}
	}
	return nil
}

// Reaches reports whether holders of the role may reset somebody: in the whole tenant,
// or in an administrative unit that the person is in.
func (r *Resetter) Reaches(who Standing, inUnit bool) bool {
	switch {
	case r.Everybody:
		return true
	case who.Guarded:
		return false
	case inUnit && !r.InUnit:
		return len(who.Roles) == 0
	default:
		return !slices.ContainsFunc(who.Roles, func(id string) bool { return !slices.Contains(r.Roles, id) })
	}
}
