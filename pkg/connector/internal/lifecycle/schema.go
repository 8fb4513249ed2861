package lifecycle

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// The kinds of account that can be created.
const (
	kindMember = "member"
	kindGuest  = "guest"
)

// Account fields that are not properties of a user.
const (
	fieldAccountKind          = "accountKind"
	fieldEmail                = "email"
	fieldRedirectURL          = "redirectUrl"
	fieldSendInvitation       = "sendInvitationMessage"
	fieldInvitationMessage    = "invitationMessage"
	fieldManager              = "manager"
	fieldAdditionalAttributes = "additionalAttributes"
)

// accountField is one thing that can be said about an account to create. The
// platform's form and the check of what comes back are both made from these.
type accountField struct {
	name, title, description, placeholder string
	// flag means yes or no; its answer is preset where nobody says.
	flag, preset bool
	required     bool
	// property means that it becomes a property of the user, of at most longest
	// characters.
	property bool
	longest  int
}

// accountFields are in the order of the form.
var accountFields = []accountField{
	{name: model.PropertyDisplayName, title: "Display name", description: "The name that people see.", placeholder: "Jane Doe", required: true, property: true, longest: 256},
	{name: fieldAccountKind, title: "Kind of account", description: "member for an account of this tenant, guest to invite somebody from elsewhere. Without it, a member.", placeholder: kindMember},
	{
		name: model.PropertyUserPrincipalName, title: "User principal name", property: true, longest: 113, placeholder: "jane.doe@contoso.com",
		description: "How a member signs in. Its domain has to be one that the tenant has verified. Guests get theirs from Entra.",
	},
	{
		name: model.PropertyMailNickname, title: "Mail nickname", property: true, longest: 64, placeholder: "jane.doe",
		description: "The alias of a member. Without it, what stands before the @ of the user principal name.",
	},
	{name: model.PropertyAccountEnabled, title: "Enabled", description: "Whether the account may sign in.", flag: true, preset: true},
	{name: model.PropertyGivenName, title: "Given name", property: true, longest: 64, placeholder: "Jane"},
	{name: model.PropertySurname, title: "Surname", property: true, longest: 64, placeholder: "Doe"},
	{name: model.PropertyEmployeeID, title: "Employee id", description: "At most 16 characters.", property: true, longest: 16},
	{name: model.PropertyJobTitle, title: "Job title", property: true, longest: 128},
	{name: model.PropertyDepartment, title: "Department", property: true, longest: 64},
	{
		name: model.PropertyUsageLocation, title: "Usage location", property: true, longest: 2, placeholder: "US",
		description: "The two-letter country code of where licences are used. Without it, no licence can be assigned.",
	},
	{name: fieldManager, title: "Manager", description: "The manager's object id, user principal name or employee id.", placeholder: "john.roe@contoso.com"},
	{
		name: model.PropertyImmutableID, title: "On-premises immutable id", property: true, longest: 256,
		description: "The anchor of the account in another directory. A user principal name in a federated domain needs it.",
	},
	{
		name: fieldAdditionalAttributes, title: "Additional attributes", placeholder: `{"officeLocation": "B2/114"}`,
		description: "Other properties of the user, as a JSON object under Microsoft Graph's names. What has a field of its own cannot be given here.",
	},
	{name: fieldEmail, title: "Email", description: "Where a guest's invitation goes, and how the guest signs in.", placeholder: "jane@partner.example"},
	{
		name: fieldRedirectURL, title: "Redirect URL", placeholder: DefaultRedirectURL,
		description: "Where a guest comes out after accepting. Without it, the guest's own applications.",
	},
	{name: fieldSendInvitation, title: "Send the invitation", description: "Whether Microsoft sends the invitation to a guest by mail.", flag: true, preset: true},
	{name: fieldInvitationMessage, title: "Invitation message", description: "A text to add to a guest's invitation."},
}

// AccountCreationSchema is the platform's form.
func AccountCreationSchema() *v2.ConnectorAccountCreationSchema {
	fields := make(map[string]*v2.ConnectorAccountCreationSchema_Field, len(accountFields))
	for i := range accountFields {
		f := &accountFields[i]
		field := v2.ConnectorAccountCreationSchema_Field_builder{
			DisplayName: f.title, Required: f.required, Description: f.description, Placeholder: f.placeholder,
			Order: int32(i + 1),
		}
		if f.flag {
			field.BoolField = v2.ConnectorAccountCreationSchema_BoolField_builder{DefaultValue: &f.preset}.Build()
		} else {
			field.StringField = &v2.ConnectorAccountCreationSchema_StringField{}
		}
		fields[f.name] = field.Build()
	}
	return v2.ConnectorAccountCreationSchema_builder{FieldMap: fields}.Build()
}
