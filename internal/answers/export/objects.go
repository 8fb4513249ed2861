package export

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

const hoursOfDay = 24

// subject is an object on its way into a row.
type subject struct {
	*access.Object
	names *names
	// at is when the tenant was read.
	at time.Time
}

type objectField = field[*subject]

// principalTypes can hold access.
var principalTypes = []string{
	access.TypeUser, access.TypeGroup, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypeDevice, access.TypePartner,
}

var principalsTable = newTable("principals", "Who can hold access: people, groups, applications, managed and agent identities, devices if they were read, "+
	"and principals of other tenants that hold roles.",
	objectField{"id", text, "The object id.", func(s *subject) any { return s.ID }},
	objectField{"type", text, "user, group, application, managed_identity, agent_identity, device or partner_principal.", func(s *subject) any { return s.Type }},
	objectField{columnName, text, aboutName, func(s *subject) any { return s.Name }},
	objectField{"login", text, "What a person signs in as (the user principal name).", func(s *subject) any { return s.Login }},
	objectField{"mail", text, "The mail address.", profile("mail")},
	objectField{"enabled", flag, "Whether it can sign in, or be signed in to.", func(s *subject) any { return told(enabled(s.Object)) }},
	objectField{"guest", flag, "Whether a person is a guest.", func(s *subject) any { return told(guest(s.Object)) }},
	objectField{"source", text, "Where it is managed: cloud or on-premises (Active Directory).", source},
	objectField{columnKind, text, "What kind of group, application or identity it is.", kindOf},
	objectField{"role_assignable", flag, "Whether a group can hold directory roles.", ofType(access.TypeGroup, func(s *subject) any { return s.Flag("isAssignableToRole") })},
	objectField{"department", text, "The person's department.", profile("department")},
	objectField{"job_title", text, "The person's job title.", profile("jobTitle")},
	objectField{"company", text, "The person's company.", profile("companyName")},
	objectField{"employee_id", text, "The person's employee id.", profile("employeeId")},
	objectField{"employee_type", text, "What kind of employee the person is.", profile("employeeType")},
	objectField{"manager_id", text, "The id of the person's manager.", profile("managerId")},
	objectField{"manager_name", text, "The name of the person's manager.", func(s *subject) any {
		return s.names.of[access.Ref{Type: access.TypeUser, ID: s.Text("managerId")}].name
	}},
	objectField{"last_sign_in", moment, "When it last signed in. Empty if never, if nobody knows (lastSignInUnknown in the profile), or if sign-ins were not read: see about.", lastSignIn},
	objectField{"days_since_sign_in", number, "Days from the last sign-in to the snapshot.", func(s *subject) any {
		at, ok := lastSignIn(s).(time.Time)
		if !ok || at.IsZero() {
			return nil
		}
		return days(s.at.Sub(at))
	}},
	objectField{"mfa", flag, "Whether the person registered for multifactor authentication. Empty if that was not read.", func(s *subject) any { return told(s.MFA) }},
	objectField{"created", moment, "When it was created.", func(s *subject) any { return s.Created.UTC() }},
	objectField{"deleted", moment, "When it was put in the recycle bin.", func(s *subject) any { return momentOf(s.Text("deletedDateTime")) }},
	objectField{"app_id", text, "The application (client) id.", profile("appId")},
	objectField{columnDescription, text, aboutDescription, func(s *subject) any { return s.Description }},
	objectField{columnDetails, text, "What else the snapshot has of it, as JSON.", detailsWithout(
		"mail", "userType", "source", "department", "jobTitle", "companyName", "employeeId", "employeeType", "managerId", "deletedDateTime",
		"appId", "userPrincipalName", "isAssignableToRole", "onPremisesSyncEnabled", "servicePrincipalType", "assignment", "trustType", "lastSignIn")},
)

var resourcesTable = newTable("resources", "What else can be held, or is known of the tenant: directory roles, roles at a scope, administrative units, app registrations, licences, consents.",
	objectField{"id", text, "The object id. Of a role at a scope it is role@scope.", func(s *subject) any { return s.ID }},
	objectField{"type", text, "role, scoped_role, administrative_unit, app_registration, license, consent or user_risk.", func(s *subject) any { return s.Type }},
	objectField{columnName, text, aboutName, func(s *subject) any { return s.Name }},
	objectField{columnDescription, text, aboutDescription, func(s *subject) any { return s.Description }},
	objectField{"enabled", flag, "Whether it can be used.", func(s *subject) any { return told(enabled(s.Object)) }},
	objectField{"privileged", flag, "Whether Microsoft labels the directory role as privileged. Custom roles are not labelled, whatever they allow.", privileged},
	objectField{"built_in", flag, "Whether a directory role is Microsoft's own, and not custom.", ofType(access.TypeRole, func(s *subject) any { return s.Flag("isBuiltIn") })},
	objectField{"role_id", text, "Of a role at a scope: the role's id.", profile("roleDefinitionId")},
	objectField{"scope_type", text, "Of a role at a scope: what the scope is.", profile("scopeType")},
	objectField{"scope_id", text, "Of a role at a scope: the scope's id.", profile("scopeId")},
	objectField{"scope_name", text, "Of a role at a scope: the scope's name.", ofType(access.TypeScopedRole, profile("scope"))},
	objectField{"app_id", text, "Of an app registration: its application (client) id.", profile("appId")},
	objectField{"seats_purchased", number, "Of a licence: how many seats were bought.", ofType(access.TypeLicense, func(s *subject) any { return s.Purchased })},
	objectField{"seats_consumed", number, "Of a licence: how many seats are taken.", ofType(access.TypeLicense, func(s *subject) any { return s.Consumed })},
	objectField{"client_id", text, "Of a consent: the application that may act.", profile("clientId")},
	objectField{"client_name", text, "Of a consent: its name.", func(s *subject) any { return s.names.application(s.Text("clientId")) }},
	objectField{"api_id", text, "Of a consent: the application that it may act on.", profile("resourceId")},
	objectField{"api_name", text, "Of a consent: its name.", func(s *subject) any { return s.names.application(s.Text("resourceId")) }},
	objectField{"permissions", text, "Of a consent: the delegated permissions, with spaces between.", ofType(access.TypeConsent, profile("scope"))},
	objectField{"given_by", text, "Of a consent: admin if it is for everybody, user if one person gave it.", profile("givenBy")},
	objectField{"created", moment, "When it was created.", func(s *subject) any { return s.Created.UTC() }},
	objectField{columnDetails, text, "What else the snapshot has of it, as JSON.", detailsWithout(
		"isBuiltIn", "isEnabled", "roleDefinitionId", "role", "scopeType", "scopeId", "scope", "appId", "clientId", "resourceId", "givenBy")},
)

var credentialsTable = newTable("credentials", "Secrets, certificates and federated credentials of applications and registrations, expired ones too. Their values are in no snapshot.",
	objectField{"id", text, "The id: whose it is, and the key's own.", func(s *subject) any { return s.ID }},
	objectField{columnName, text, "Whose it is, and what it is called.", func(s *subject) any { return s.Name }},
	objectField{"owner_type", text, "What it belongs to: app_registration, application, managed_identity or agent_identity.", func(s *subject) any { return s.Parent.Type }},
	objectField{"owner_id", text, "The id of what it belongs to.", func(s *subject) any { return s.Parent.ID }},
	objectField{"owner_name", text, "The name of what it belongs to.", func(s *subject) any {
		if known, ok := s.names.of[s.Parent]; ok {
			return known.name
		}
		return s.Text("owner")
	}},
	objectField{columnKind, text, "clientSecret, federatedIdentityCredential, or what kind of certificate it is: AsymmetricX509Cert, X509CertAndPassword.", profile("kind")},
	objectField{"starts", moment, "From when it can be used.", func(s *subject) any { return momentOf(s.Text("startDateTime")) }},
	objectField{"ends", moment, "Until when it can be used; empty for no end.", func(s *subject) any { return momentOf(s.Text("endDateTime")) }},
	objectField{"days_left", number, "Whole days from the snapshot to the end; negative if it is over.", func(s *subject) any {
		ends, ok := momentOf(s.Text("endDateTime")).(time.Time)
		if !ok {
			return nil
		}
		return days(ends.Sub(s.at))
	}},
	objectField{"expired", flag, "Whether the end was over when the snapshot was made.", func(s *subject) any {
		ends, ok := momentOf(s.Text("endDateTime")).(time.Time)
		return ok && ends.Before(s.at)
	}},
	objectField{columnDetails, text, "What else the snapshot has of it, as JSON: the issuer and subject of a federated credential, for one.", detailsWithout(
		"owner", "ownerId", "kind", "startDateTime", "endDateTime")},
)

// profile is a column that is a text of the object's profile.
func profile(key string) func(*subject) any {
	return func(s *subject) any { return s.Text(key) }
}

// ofType limits a column to objects of one type.
func ofType(resourceType string, of func(*subject) any) func(*subject) any {
	return func(s *subject) any {
		if s.Type != resourceType {
			return nil
		}
		return of(s)
	}
}

// detailsWithout is the profile without what has a column, and without the id.
func detailsWithout(columns ...string) func(*subject) any {
	return func(s *subject) any {
		rest := make(map[string]any, len(s.Profile))
		for key, value := range s.Profile {
			if key != "id" && !slices.Contains(columns, key) {
				rest[key] = value
			}
		}
		if len(rest) == 0 {
			return nil
		}
		encoded, err := json.Marshal(rest)
		if err != nil {
			return nil // A profile came out of JSON.
		}
		return string(encoded)
	}
}

func source(s *subject) any {
	switch {
	case s.Type == access.TypeUser:
		return s.Text("source")
	case s.Type != access.TypeGroup:
		return nil
	case s.Flag("onPremisesSyncEnabled"):
		return "on-premises"
	default:
		return "cloud"
	}
}

func kindOf(s *subject) any {
	switch s.Type {
	case access.TypeGroup:
		return kindOfGroup(s)
	case access.TypeApplication:
		return s.Text("servicePrincipalType")
	case access.TypeManagedIdentity:
		return s.Text("assignment")
	case access.TypeDevice:
		return s.Text("trustType")
	default:
		return s.Text("kind")
	}
}

// kindOfGroup is what Microsoft's portal calls the group.
func kindOfGroup(s *subject) string {
	types := s.Texts("groupTypes")
	name := "security"
	switch mail, security := s.Flag("mailEnabled"), s.Flag("securityEnabled"); {
	case slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, "Unified") }):
		name = "Microsoft 365"
	case mail && security:
		name = "mail-enabled security"
	case mail:
		name = "distribution"
	}
	if slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, "DynamicMembership") }) {
		name += ", dynamic"
	}
	return name
}

func privileged(s *subject) any {
	role := s.ID
	switch s.Type {
	case access.TypeScopedRole:
		role, _, _ = strings.Cut(role, "@")
	case access.TypeRole:
	default:
		return nil
	}
	_, _, labelled := powers.PrivilegedRoleOf(role)
	return labelled
}

// lastSignIn is a person's in their trait, and a device's in its profile.
func lastSignIn(s *subject) any {
	if s.Type == access.TypeDevice {
		return momentOf(s.Text("lastSignIn"))
	}
	return s.LastSignIn.UTC()
}

// application is the name of a service principal of any kind.
func (n *names) application(id string) string {
	for _, t := range []string{access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity} {
		if known, ok := n.of[access.Ref{Type: t, ID: id}]; ok {
			return known.name
		}
	}
	return ""
}

// days are whole days, rounded down: what ends in an hour has none left, and what ended
// an hour ago is a day over.
func days(d time.Duration) int64 {
	whole := int64(d / (hoursOfDay * time.Hour))
	if d%(hoursOfDay*time.Hour) < 0 {
		whole--
	}
	return whole
}
