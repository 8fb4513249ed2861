package schema

import (
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// LeaveDate is the property of people that takes a permission of its own: without it the answer says that nobody leaves.
const LeaveDate = "employeeLeaveDateTime"

// OrgData is the property of people that says where they are in the organization.
const OrgData = "employeeOrgData"

// oddStep is how many people there are to one with odd values in the profile.
const oddStep = 12

// odd is whether a user's profile has the values that nobody expects: empty ones and the longest, and moments that are
// none. Which of so many kinds it is, the second value tells.
func odd(t *directory.Tenant, i int) (bool, int) {
	return t.Quirks.Has(directory.QuirkOddProfiles) && i%oddStep == 7, i / oddStep % 3
}

// userDetails are the properties of people that say where they are, when they come and go, and what their password is
// as old as.
func userDetails() []directory.Property {
	const more = directory.Filterable
	return []directory.Property{
		text("faxNumber", directory.Advanced, everyNth(9, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("+1 425 556 %04d", i%10000) })),
		text("postalCode", directory.Advanced, everyNth(2, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("%05d", i*37%100000) })),
		text("state", more, everyNth(3, func(t *directory.Tenant, i int) string { return t.UserCity(i).ASCII + "-" + fmt.Sprint(i%9) })),
		text("streetAddress", directory.Advanced, everyNth(2, func(_ *directory.Tenant, i int) string { return fmt.Sprintf("%d Main Street", i) })),
		date("employeeHireDate", directory.Advanced, hireDate),
		date(LeaveDate, 0, leaveDate),
		date("lastPasswordChangeDateTime", 0, passwordChange),
		value(OrgData, directory.EDMComplex, 0, userOrgData),
	}
}

// everyNth gives a value to one user in so many.
func everyNth(n int, get func(t *directory.Tenant, i int) string) func(t *directory.Tenant, i int) string {
	return func(t *directory.Tenant, i int) string {
		if i%n != 1 || directory.IsGuest(i) {
			return ""
		}
		return get(t, i)
	}
}

func userOffice(t *directory.Tenant, i int) string {
	office := fmt.Sprintf("B%d/%d", i%7, i%300)
	if is, kind := odd(t, i); is && kind == 1 {
		return strings.Repeat(office+" ", directory.LongName)[:directory.LongName-1]
	}
	return office
}

func userLanguage(_ *directory.Tenant, i int) string {
	if i%5 != 2 {
		return ""
	}
	return "en-GB"
}

func hireDate(t *directory.Tenant, i int) string {
	if directory.EmployeeID(i) == "" {
		return ""
	}
	if is, kind := odd(t, i); is && kind == 0 {
		return NoMoment
	}
	return t.Timestamp(directory.UserRef(i), directory.SaltStart)
}

// leaveDate is in the future for some, and past for others.
func leaveDate(t *directory.Tenant, i int) string {
	switch is, kind := odd(t, i); {
	case is && kind == 1:
		return NoMoment
	case directory.EmployeeID(i) == "" || i%9 != 4:
		return ""
	case i%2 == 0:
		return "2027-03-31T22:00:00Z"
	default:
		return "2026-01-31T00:00:00Z"
	}
}

func passwordChange(t *directory.Tenant, i int) string {
	if is, kind := odd(t, i); is && kind == 2 {
		return NoMoment
	}
	return t.Timestamp(directory.UserRef(i), directory.SaltExtra)
}

// EmployeeOrgData is the division and the cost center of a person (employeeOrgData).
type EmployeeOrgData struct {
	Division   any `json:"division"`
	CostCenter any `json:"costCenter"`
}

func userOrgData(t *directory.Tenant, i int) any {
	is, kind := odd(t, i)
	switch {
	case is && kind == 2:
		return EmployeeOrgData{nil, ""}
	case directory.EmployeeID(i) == "" || i%4 == 3:
		return nil
	case i%4 == 2:
		return EmployeeOrgData{nil, fmt.Sprintf("CC%04d", i%500)}
	}
	return EmployeeOrgData{directory.Pick(directory.Departments, t.Hash(directory.UserRef(i), directory.SaltShape)), fmt.Sprintf("CC%04d", i%500)}
}
