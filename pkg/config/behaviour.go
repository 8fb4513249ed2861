package config

import "github.com/conductorone/baton-sdk/pkg/field"

// The values of --pim-groups: whose eligibilities are read, group by group.
const (
	PimGroupsRoleAssignable = "role-assignable"
	PimGroupsAll            = "all"
	PimGroupsNone           = "none"
)

// Fields that say what a snapshot holds. What is cheap and permitted is read
// unless one of them says otherwise.
var (
	// SkipADGroupsField leaves synchronized groups out.
	SkipADGroupsField = field.BoolField(
		"skip-ad-groups",
		field.WithDisplayName("Skip AD groups"),
		field.WithDescription("Leave out groups that are synchronized from on-premises Active Directory, and what is held only through them"),
	)

	// IncludeOnPremGroupMembersField keeps the access that a skipped group
	// gives.
	IncludeOnPremGroupMembersField = field.BoolField(
		"include-on-prem-group-members",
		field.WithDisplayName("Include members of skipped AD groups"),
		field.WithDescription("With --skip-ad-groups: show people who reach a group, an application or a licence through a skipped group as holding it themselves"),
	)

	// SkipUnassignedAppsField leaves out applications that play no part.
	SkipUnassignedAppsField = field.BoolField(
		"skip-unassigned-apps",
		field.WithDisplayName("Skip unassigned applications"),
		field.WithDescription("Leave out applications that nobody is assigned to and that hold no access, no ownership and no credential themselves"),
	)

	// PimGroupsField bounds the cost of PIM for Groups, which Graph lists group
	// by group only.
	PimGroupsField = field.SelectField(
		"pim-groups",
		[]string{PimGroupsRoleAssignable, PimGroupsAll, PimGroupsNone},
		field.WithDisplayName("PIM for Groups"),
		field.WithDescription("Groups whose eligible members and owners are read: role-assignable ones, all that can have some (a request for each), or none"),
		field.WithDefaultValue(PimGroupsRoleAssignable),
	)

	// SkipSignInActivityField leaves out what takes long in a large tenant.
	SkipSignInActivityField = field.BoolField(
		"skip-sign-in-activity",
		field.WithDisplayName("Skip sign-in activity"),
		field.WithDescription("Do not read when people last signed in (about 1,000 people a minute or fewer, as Graph allows)"),
	)

	// SkipMFARegistrationField leaves out what takes long in a large tenant.
	SkipMFARegistrationField = field.BoolField(
		"skip-mfa-registration",
		field.WithDisplayName("Skip MFA registration"),
		field.WithDescription("Do not read who has registered for multifactor authentication"),
	)

	// ReuseReportsDaysField bounds how old may be what takes long in a large tenant.
	ReuseReportsDaysField = field.IntField(
		"reuse-reports-days",
		field.WithDisplayName("Reuse reports for days"),
		field.WithDescription("Take last sign-ins and MFA registration of more than 2,000 people from the sync before if they are at most so many days old, and ask for newer sign-ins; 0 reads all each time"),
		field.WithDefaultValue(3),
	)

	// MailboxPurposeField asks for one request a mailbox.
	MailboxPurposeField = field.BoolField(
		"mailbox-purpose",
		field.WithDisplayName("Mailbox purpose"),
		field.WithDescription("Read whether each mailbox is a person's, shared, a room or equipment (a request for each mailbox)"),
	)

	// OnPremisesExtensionAttributesField adds fifteen attributes to profiles.
	OnPremisesExtensionAttributesField = field.BoolField(
		"on-premises-extension-attributes",
		field.WithDisplayName("On-premises extension attributes"),
		field.WithDescription("Put extensionAttribute1 to extensionAttribute15 into the profiles of users"),
	)

	// ContactDetailsField adds what is personal and gives no access.
	ContactDetailsField = field.BoolField(
		"contact-details",
		field.WithDisplayName("Contact details"),
		field.WithDescription("Put street addresses, postal codes, telephone and fax numbers into the profiles of users"),
	)

	// GuestSponsorsField asks for a request for each hundred guests.
	GuestSponsorsField = field.BoolField(
		"guest-sponsors",
		field.WithDisplayName("Sponsors of guests"),
		field.WithDescription("Read who answers for each guest (a request for each hundred guests)"),
	)

	// CustomSecurityAttributesField adds what can be sensitive.
	CustomSecurityAttributesField = field.BoolField(
		"custom-security-attributes",
		field.WithDisplayName("Custom security attributes"),
		field.WithDescription("Put custom security attributes into the profiles of users and applications (a request for each 999 of them)"),
	)

	// ResourceSpecificConsentsField asks for a request for each Microsoft 365 group.
	ResourceSpecificConsentsField = field.BoolField(
		"resource-specific-consents",
		field.WithDisplayName("Applications in groups and teams"),
		field.WithDescription("Read what applications may do in single groups and teams (a request for each Microsoft 365 group)"),
	)

	// SyncDeletedUsersField adds the recycle bin.
	SyncDeletedUsersField = field.BoolField(
		"sync-deleted-users",
		field.WithDisplayName("Deleted users"),
		field.WithDescription("Show users in the recycle bin, marked as deleted"),
	)

	// SyncChannelsField adds private and shared channels.
	SyncChannelsField = field.BoolField(
		"sync-channels",
		field.WithDisplayName("Private and shared channels"),
		field.WithDescription("Show private and shared channels of teams, and who is in them (a request for each team, and one for each such channel)"),
	)

	// SyncDevicesField adds devices.
	SyncDevicesField = field.BoolField(
		"sync-devices",
		field.WithDisplayName("Devices"),
		field.WithDescription("Show devices, who registered them, and the groups and administrative units they are in"),
	)

	// SyncUserRiskField adds Identity Protection's view of users.
	SyncUserRiskField = field.BoolField(
		"sync-user-risk",
		field.WithDisplayName("User risk"),
		field.WithDescription("Show users whose account may be taken over, as security insights (one request a second)"),
	)

	// SkipDirectoryChangesField turns a feed off.
	SkipDirectoryChangesField = field.BoolField(
		"skip-directory-changes",
		field.WithDisplayName("Skip directory changes"),
		field.WithDescription("Do not offer the event feed of changes in the directory's audit log"),
	)

	// SkipApplicationUsageField turns a feed off.
	SkipApplicationUsageField = field.BoolField(
		"skip-application-usage",
		field.WithDisplayName("Skip application usage"),
		field.WithDescription("Do not offer the event feed of people's sign-ins to applications (at most 30,000 a minute can be read)"),
	)
)

// Fields that say how the connector changes the tenant.
var (
	// ExchangeField lets the groups be changed that Graph only shows.
	ExchangeField = field.BoolField(
		"exchange",
		field.WithDisplayName("Exchange-managed groups"),
		field.WithDescription("Change members and owners of distribution lists and mail-enabled security groups, through an endpoint of Exchange Online that Microsoft does not document"),
	)

	// PimDurationField bounds what is granted.
	PimDurationField = field.StringField(
		"pim-duration",
		field.WithDisplayName("Duration of granted roles"),
		field.WithDescription("How long a directory role or an eligibility that the connector grants lasts, such as 8h or 720h; for good if empty, or as long as the tenant's policy allows"),
	)

	// ManageGroupsField is asked for by itself: deleting a group takes all the
	// access away that it gives, and most groups cannot be brought back.
	ManageGroupsField = field.BoolField(
		"manage-groups",
		field.WithDisplayName("Change and delete groups"),
		field.WithDescription("With provisioning: let the actions update_group and delete_group change and delete groups"),
	)

	// ProvisionAfterGrantField makes a change of access arrive before the next
	// cycle of the provisioning service, which comes every 40 minutes.
	ProvisionAfterGrantField = field.BoolField(
		"provision-after-grant",
		field.WithDisplayName("Provision after each grant"),
		field.WithDescription("With provisioning: after an app role is granted or revoked, have the application's provisioning (SCIM) job carry it over at once"),
	)

	// PimJustificationField is told to Privileged Identity Management.
	PimJustificationField = field.StringField(
		"pim-justification",
		field.WithDisplayName("Reason for granted roles"),
		field.WithDescription("The reason that Privileged Identity Management is told, where a grant has none of its own"),
	)
)

// applicationFields serve the methods that sign in as an application.
var applicationFields = []field.SchemaField{
	ExchangeField,
}

// behaviourFields serve every authentication method.
var behaviourFields = []field.SchemaField{
	SkipADGroupsField,
	IncludeOnPremGroupMembersField,
	SkipUnassignedAppsField,
	PimGroupsField,
	SkipSignInActivityField,
	SkipMFARegistrationField,
	ReuseReportsDaysField,
	MailboxPurposeField,
	OnPremisesExtensionAttributesField,
	ContactDetailsField,
	GuestSponsorsField,
	CustomSecurityAttributesField,
	ResourceSpecificConsentsField,
	SyncDeletedUsersField,
	SyncChannelsField,
	SyncDevicesField,
	SyncUserRiskField,
	SkipDirectoryChangesField,
	SkipApplicationUsageField,
	PimDurationField,
	PimJustificationField,
	ManageGroupsField,
	ProvisionAfterGrantField,
}
