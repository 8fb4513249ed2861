package users

import (
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// userProfile is what the walk over users knows of a person.
func userProfile(u *graph.User) map[string]any {
	profile := map[string]any{
		"id":                u.ID,
		"userPrincipalName": u.UserPrincipalName,
		"source":            "cloud",
	}
	if u.OnPremisesSyncEnabled != nil && *u.OnPremisesSyncEnabled {
		profile["source"] = "on-premises"
	}
	model.SetNonEmpty(profile, map[string]string{"deletedDateTime": model.Timestamp(u.DeletedDateTime.Time)})
	for name, value := range u.ExtensionAttributes {
		model.SetNonEmpty(profile, map[string]string{name: value})
	}
	if u.Manager != nil && u.Manager.ID != "" {
		profile["managerId"] = model.ObjectID(u.Manager.ID)
	}
	model.SetNonEmpty(profile, map[string]string{
		"mail": u.Mail, model.PropertyGivenName: u.GivenName, model.PropertySurname: u.Surname, "userType": u.UserType,
		"externalUserState": u.ExternalUserState, model.PropertyEmployeeID: u.EmployeeID, "employeeType": u.EmployeeType,
		model.PropertyJobTitle: u.JobTitle, model.PropertyDepartment: u.Department, "companyName": u.CompanyName,
	})
	model.SetNonEmpty(profile, map[string]string{
		model.ExportUserID: model.ObjectID(u.ID), model.ExportFirstName: u.GivenName, model.ExportLastName: u.Surname,
	})
	model.SetNonEmpty(profile, map[string]string{"agentIdentityId": model.ObjectID(u.IdentityParentID)})
	if failed := kinds.LicenseErrors(u); len(failed) > 0 {
		profile["licenseErrors"] = failed
	}
	return profile
}

// userDetails are a person's further properties, under the names that they are written
// with; the two of the organization data, which are written together, by
// themselves. What is personal and gives no access is there on demand only: an
// answer to a change can have it unasked.
func userDetails(u *graph.User, contact bool) map[string]any {
	d := &u.UserDetails
	found := map[string]any{}
	model.SetNonEmpty(found, map[string]string{
		model.PropertyUsageLocation: d.UsageLocation, "officeLocation": d.OfficeLocation, "city": d.City, "state": d.State, "country": d.Country,
		"preferredLanguage": d.PreferredLanguage, model.PropertyMailNickname: d.MailNickname,
		"employeeHireDate": model.Timestamp(d.HireDate.Time), "employeeLeaveDateTime": model.Timestamp(d.LeaveDate.Time),
		"lastPasswordChangeDateTime": model.Timestamp(d.LastPasswordChange.Time),
		"onPremisesSamAccountName":   d.OnPremisesSAMAccountName, "onPremisesSecurityIdentifier": d.OnPremisesSID,
		model.PropertyImmutableID: d.OnPremisesImmutableID, "onPremisesDistinguishedName": d.OnPremisesDistinguishedName,
		"onPremisesDomainName": d.OnPremisesDomainName, "onPremisesUserPrincipalName": d.OnPremisesUPN,
	})
	if d.OrgData != nil {
		model.SetNonEmpty(found, map[string]string{"division": d.OrgData.Division, "costCenter": d.OrgData.CostCenter})
	}
	if !contact {
		return found
	}
	model.SetNonEmpty(found, map[string]string{
		"streetAddress": d.StreetAddress, "postalCode": d.PostalCode, "mobilePhone": d.MobilePhone, "faxNumber": d.FaxNumber,
	})
	var phones []any
	for _, phone := range d.BusinessPhones {
		if phone != "" {
			phones = append(phones, phone)
		}
	}
	if len(phones) > 0 {
		found["businessPhones"] = phones
	}
	return found
}
