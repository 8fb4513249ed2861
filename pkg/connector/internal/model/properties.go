package model

// Account fields that are, under Graph's names.
const (
	PropertyDisplayName       = "displayName"
	PropertyMailNickname      = "mailNickname"
	PropertyUserPrincipalName = "userPrincipalName"
	PropertyAccountEnabled    = "accountEnabled"
	PropertyImmutableID       = "onPremisesImmutableId"
	PropertyEmployeeID        = "employeeId"
	PropertyUsageLocation     = "usageLocation"
	PropertyGivenName         = "givenName"
	PropertySurname           = "surname"
	PropertyJobTitle          = "jobTitle"
	PropertyDepartment        = "department"
)
