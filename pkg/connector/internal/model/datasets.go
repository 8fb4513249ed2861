package model

// DataSet names a part of the tenant that is read as a whole or not at all.
type DataSet string

const (
	DataUsers                DataSet = "users"
	DataGroups               DataSet = "groups"
	DataApplications         DataSet = "applications"
	DataRoles                DataSet = "directory roles"
	DataHiddenMembers        DataSet = "hidden memberships"
	DataRoleSchedules        DataSet = "role assignment times"
	DataRoleEligibility      DataSet = "role eligibilities"
	DataGroupEligibility     DataSet = "group eligibilities"
	DataRoleRules            DataSet = "PIM rules of roles"
	DataGroupRules           DataSet = "PIM rules of groups"
	DataFederatedCredentials DataSet = "federated credentials"
	DataAgentSponsors        DataSet = "agent sponsors"
	DataInherited            DataSet = "inherited permissions of agents"
	DataAdministrativeUnits  DataSet = "administrative units"
	DataLicenses             DataSet = "licences"
	DataConsents             DataSet = "consents"
	DataLeaveDates           DataSet = "leave dates"
	DataGuestSponsors        DataSet = "guest sponsors"
	DataResourceConsents     DataSet = "resource-specific consents"
	DataSignIns              DataSet = "sign-in activity"
	DataRegistrations        DataSet = "MFA registration"
	DataMailboxes            DataSet = "mailbox purposes"
	DataDeletedUsers         DataSet = "deleted users"
	DataDevices              DataSet = "devices"
	DataRisk                 DataSet = "user risk"
	DataPackageCatalogs      DataSet = "access package catalogues"
	DataAccessPackages       DataSet = "access packages"
	DataDirectoryAudits      DataSet = "directory changes"
	DataSignInLog            DataSet = "application usage"
)
