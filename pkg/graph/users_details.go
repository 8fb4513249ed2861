package graph

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// UserDetails are the further properties of a user
// (https://learn.microsoft.com/graph/api/resources/user): what joiner and leaver
// rules go by, what ties an account to one of Active Directory, and how to reach
// the person.
//
// They come with the manager, and not with the walk over users: a $select as long
// as both together, 700 characters, has been seen to make Graph's own next links
// fail, and a person is asked about twice anyway.
type UserDetails struct {
	UsageLocation     string           `json:"usageLocation"`
	OfficeLocation    string           `json:"officeLocation"`
	City              string           `json:"city"`
	State             string           `json:"state"`
	Country           string           `json:"country"`
	PreferredLanguage string           `json:"preferredLanguage"`
	MailNickname      string           `json:"mailNickname"`
	HireDate          TimeOrNone       `json:"employeeHireDate"`
	OrgData           *EmployeeOrgData `json:"employeeOrgData"`
	// LastPasswordChange is also when the password was first set.
	LastPasswordChange          TimeOrNone `json:"lastPasswordChangeDateTime"`
	OnPremisesSAMAccountName    string     `json:"onPremisesSamAccountName"`
	OnPremisesSID               string     `json:"onPremisesSecurityIdentifier"`
	OnPremisesImmutableID       string     `json:"onPremisesImmutableId"`
	OnPremisesDistinguishedName string     `json:"onPremisesDistinguishedName"`
	OnPremisesDomainName        string     `json:"onPremisesDomainName"`
	OnPremisesUPN               string     `json:"onPremisesUserPrincipalName"`

	// These are there if they were asked for (UserOptions).
	StreetAddress  string     `json:"streetAddress"`
	PostalCode     string     `json:"postalCode"`
	BusinessPhones []string   `json:"businessPhones"`
	MobilePhone    string     `json:"mobilePhone"`
	FaxNumber      string     `json:"faxNumber"`
	LeaveDate      TimeOrNone `json:"employeeLeaveDateTime"`
}

// EmployeeOrgData is where a person is in the organization
// (https://learn.microsoft.com/graph/api/resources/employeeorgdata).
type EmployeeOrgData struct {
	Division   string `json:"division"`
	CostCenter string `json:"costCenter"`
}

var (
	userDetailFields = []string{
		"usageLocation", "officeLocation", "city", "state", "country", "preferredLanguage", "mailNickname",
		"employeeHireDate", "employeeOrgData", "lastPasswordChangeDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
		"onPremisesImmutableId", "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesUserPrincipalName",
	}
	contactFields = []string{"streetAddress", "postalCode", "businessPhones", "mobilePhone", "faxNumber"}
)

// fieldLeaveDate takes a permission of its own, without which Graph says that
// nobody leaves.
const fieldLeaveDate = "employeeLeaveDateTime"

// LeaveDateProbe shows whether Graph has leave dates here, and not whether the
// caller may read them. Permission: User-LifeCycleInfo.Read.All
// (https://learn.microsoft.com/graph/api/resources/user).
const LeaveDateProbe = "/users?$select=id," + fieldLeaveDate + "&$top=1"

// details are the properties of UserDetails that are asked for.
func (o UserOptions) details() []string {
	fields := append([]string(nil), userDetailFields...)
	if o.ContactDetails {
		fields = append(fields, contactFields...)
	}
	if o.LeaveDates {
		fields = append(fields, fieldLeaveDate)
	}
	return fields
}

// lacksDetails is what people lack of whom nothing gives UserDetails.
const lacksDetails = "usage locations, offices and addresses, phones, hire and leave dates, organization data, password changes and on-premises names of people"

// userDetails is the ladder of DetailsByIDRefs.
var userDetails = &forms.Ladder{
	Name: "further properties of people", Path: pathUsers, Has: "$select=id,usageLocation",
	Steps: []forms.Step{
		{Form: "by lists of ids"},
		{Form: "ids alone", Plainer: forms.Selecting("id"), Lacks: lacksDetails},
	},
}

// DetailsByIDRefs are the listings of UserDetails by ids. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list).
func DetailsByIDRefs(ids []string, o UserOptions) []string {
	return sending.InRefs(pathUsers, "id", append([]string{"id"}, o.details()...), ids)
}

// ManagersSubject is what the filtered forms of Managers are about: the people of a
// filter (NameRange, IDFilter), and the properties that come with the managers.
func ManagersSubject(filter string, o UserOptions) string {
	return strings.Join(o.details(), ",") + " " + filter
}
