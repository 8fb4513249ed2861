package connector

// Account fields that are, under Graph's names.
const (
	propertyDisplayName       = "displayName"
	propertyMailNickname      = "mailNickname"
	propertyUserPrincipalName = "userPrincipalName"
	propertyAccountEnabled    = "accountEnabled"
	propertyImmutableID       = "onPremisesImmutableId"
	propertyEmployeeID        = "employeeId"
	propertyUsageLocation     = "usageLocation"
	propertyGivenName         = "givenName"
	propertySurname           = "surname"
	propertyJobTitle          = "jobTitle"
	propertyDepartment        = "department"
)
