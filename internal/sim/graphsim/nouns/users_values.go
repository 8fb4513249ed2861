package nouns

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

const ExtensionsProperty = "onPremisesExtensionAttributes"

// writableUser are the properties of a user that an application may set (user-update).
var writableUser = strings.Fields("accountEnabled ageGroup businessPhones city companyName consentProvidedForMinor country department displayName " +
	"employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType faxNumber givenName jobTitle mail mailNickname mobilePhone officeLocation " +
	"onPremisesImmutableId otherMails passwordPolicies passwordProfile postalCode preferredLanguage showInAddressList state streetAddress surname " +
	"usageLocation userPrincipalName userType " + ExtensionsProperty)

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

// userValues checks the properties of a body and gives what is kept of them. Passwords are not.
func userValues(c *api.Call, body map[string]any) (map[string]any, error) {
	entity := c.Tenant.Model.Of(directory.KindUser)
	out := map[string]any{}
	for name, v := range body {
		p, known := entity.Property(name)
		if !known {
			return nil, api.BadRequest("Invalid property '%s'.", name)
		}
		if !slices.Contains(writableUser, name) {
			return nil, api.ReadOnly(name)
		}
		kept, err := userValue(c, p, v)
		if err != nil {
			return nil, err
		}
		out[name] = kept
	}
	return out, nil
}

func userValue(c *api.Call, p directory.Property, v any) (any, error) {
	wrong := api.InvalidValue(p.Name, "User")
	switch {
	case p.Name == "passwordProfile":
		return passwordProfile(c, v)
	case p.Name == ExtensionsProperty:
		return checkedExtensions(v)
	case p.Name == schema.OrgData && v != nil:
		return orgData(v)
	case p.EDM.Collection():
		return textList(v, wrong)
	case p.EDM == directory.EDMBool:
		if _, ok := v.(bool); !ok {
			return nil, wrong
		}
		return v, nil
	case v == nil:
		if slices.Contains([]string{"displayName", "mailNickname", "userPrincipalName"}, p.Name) {
			return nil, wrong
		}
		return nil, nil //nolint:nilnil // Null is a value.
	}
	s, ok := v.(string)
	if !ok {
		return nil, wrong
	}
	return s, checkUserText(c, p, s)
}

func checkUserText(c *api.Call, p directory.Property, s string) error {
	ok := s != ""
	switch p.Name {
	case "userPrincipalName":
		return checkSignInName(c, s)
	case "usageLocation":
		ok = countryCode.MatchString(s)
	case "employeeId":
		ok = ok && len(s) <= maxEmployeeID
	case "mailNickname":
		ok = ok && !strings.ContainsAny(s, "@ ")
	case "userType":
		ok = s == "Member" || s == "Guest"
	case "mail":
		ok = strings.Contains(s, "@")
	default:
		if p.EDM == directory.EDMDate {
			_, err := time.Parse(time.RFC3339, s)
			ok = err == nil
		}
	}
	if !ok {
		return api.InvalidValue(p.Name, "User")
	}
	return nil
}

func textList(v any, wrong error) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, wrong
	}
	out := make([]string, 0, len(list))
	for _, one := range list {
		s, ok := one.(string)
		if !ok || s == "" {
			return nil, wrong
		}
		out = append(out, s)
	}
	return out, nil
}

// passwordProfile checks a password and keeps whether it has to be changed, not the password.
func passwordProfile(c *api.Call, v any) (any, error) {
	profile, ok := v.(map[string]any)
	if !ok {
		return nil, api.InvalidValue("passwordProfile", "User")
	}
	kept := map[string]any{"password": nil, "forceChangePasswordNextSignIn": true, "forceChangePasswordNextSignInWithMfa": false}
	for name, v := range profile {
		switch name {
		case "password":
			if p, ok := v.(string); !ok || !complexPassword(p) {
				return nil, api.BadRequest(MessagePassword)
			}
		case "forceChangePasswordNextSignIn", "forceChangePasswordNextSignInWithMfa":
			if _, ok := v.(bool); !ok {
				return nil, api.InvalidValue(name, "PasswordProfile")
			}
			kept[name] = v
		default:
			if !strings.HasPrefix(name, "@odata.") {
				return nil, api.BadRequest("Invalid property '%s'.", name)
			}
		}
	}
	if _, given := profile["password"]; !given && c.Route.Key() == "POST users" {
		return nil, api.BadRequest("A password must be specified to create a new user.")
	}
	return kept, nil
}

// orgData takes division and cost center, of which one that is not given is cleared (user-update).
func orgData(v any) (any, error) {
	given, ok := v.(map[string]any)
	if !ok {
		return nil, api.InvalidValue(schema.OrgData, "User")
	}
	for name, one := range given {
		if _, isText := one.(string); one != nil && !isText || name != "division" && name != "costCenter" {
			return nil, api.InvalidValue(schema.OrgData, "User")
		}
	}
	return schema.EmployeeOrgData{Division: given["division"], CostCenter: given["costCenter"]}, nil
}

// checkedExtensions takes extensionAttribute1 to 15, each a string or null.
func checkedExtensions(v any) (any, error) {
	given, ok := v.(map[string]any)
	if !ok {
		return nil, api.InvalidValue(ExtensionsProperty, "User")
	}
	all := MergedExtensions(nil, nil)
	for name, v := range given {
		if strings.HasPrefix(name, "@odata.") {
			delete(given, name)
			continue
		}
		if _, known := all[name]; !known {
			return nil, api.BadRequest("Invalid property '%s'.", name)
		}
		if s, isText := v.(string); v != nil && (!isText || len(s) > 1024) {
			return nil, api.InvalidValue(name, "User")
		}
	}
	return given, nil
}

// MergedExtensions are all extension attributes: those there were, with those that change.
func MergedExtensions(had map[string]string, given map[string]any) map[string]any {
	out := make(map[string]any, schema.ExtensionAttributes)
	for n := range schema.ExtensionAttributes {
		name := fmt.Sprintf("extensionAttribute%d", n+1)
		out[name] = directory.OrNull(had[name])
		if v, changes := given[name]; changes {
			out[name] = v
		}
	}
	return out
}
