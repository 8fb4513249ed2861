package connector

// dataSet names a part of the tenant that is read as a whole or not at all.
type dataSet string

const (
	dataUsers                dataSet = "users"
	dataGroups               dataSet = "groups"
	dataApplications         dataSet = "applications"
	dataRoles                dataSet = "directory roles"
	dataHiddenMembers        dataSet = "hidden memberships"
	dataRoleSchedules        dataSet = "role assignment times"
	dataRoleEligibility      dataSet = "role eligibilities"
	dataGroupEligibility     dataSet = "group eligibilities"
	dataFederatedCredentials dataSet = "federated credentials"
	dataAgentSponsors        dataSet = "agent sponsors"
	dataAdministrativeUnits  dataSet = "administrative units"
	dataLicenses             dataSet = "licences"
	dataConsents             dataSet = "consents"
	dataSignIns              dataSet = "sign-in activity"
	dataRegistrations        dataSet = "MFA registration"
	dataMailboxes            dataSet = "mailbox purposes"
	dataDeletedUsers         dataSet = "deleted users"
	dataDevices              dataSet = "devices"
	dataRisk                 dataSet = "user risk"
	dataDirectoryAudits      dataSet = "directory changes"
	dataSignInLog            dataSet = "application usage"
)
