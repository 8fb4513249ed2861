package graphsim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

const extensionsProperty = "onPremisesExtensionAttributes"

// writableUser are the properties of a user that an application may set (user-update).
var writableUser = strings.Fields("accountEnabled ageGroup businessPhones city companyName consentProvidedForMinor country department displayName " +
	"employeeHireDate employeeId employeeLeaveDateTime employeeType faxNumber givenName jobTitle mail mailNickname mobilePhone officeLocation " +
	"onPremisesImmutableId otherMails passwordPolicies passwordProfile postalCode preferredLanguage showInAddressList state streetAddress surname " +
	"usageLocation userPrincipalName userType " + extensionsProperty)

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

// userValues checks the properties of a body and gives what is kept of them. Passwords are not.
func (c *call) userValues(body map[string]any) (map[string]any, error) {
	entity := c.tenant.model.of(KindUser)
	out := map[string]any{}
	for name, v := range body {
		p, known := entity.property(name)
		if !known {
			return nil, badRequest("Invalid property '%s'.", name)
		}
		if !slices.Contains(writableUser, name) {
			return nil, readOnly(name)
		}
		kept, err := c.userValue(p, v)
		if err != nil {
			return nil, err
		}
		out[name] = kept
	}
	return out, nil
}

func (c *call) userValue(p property, v any) (any, error) {
	wrong := invalidValue(p.name, "User")
	switch {
	case p.name == "passwordProfile":
		return c.passwordProfile(v)
	case p.name == extensionsProperty:
		return checkedExtensions(v)
	case p.edm.collection():
		return textList(v, wrong)
	case p.edm == edmBool:
		if _, ok := v.(bool); !ok {
			return nil, wrong
		}
		return v, nil
	case v == nil:
		if slices.Contains([]string{"displayName", "mailNickname", "userPrincipalName"}, p.name) {
			return nil, wrong
		}
		return nil, nil //nolint:nilnil // Null is a value.
	}
	s, ok := v.(string)
	if !ok {
		return nil, wrong
	}
	return s, c.checkUserText(p, s)
}

func (c *call) checkUserText(p property, s string) error {
	ok := s != ""
	switch p.name {
	case "userPrincipalName":
		return c.checkSignInName(s)
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
		if p.edm == edmDate {
			_, err := time.Parse(time.RFC3339, s)
			ok = err == nil
		}
	}
	if !ok {
		return invalidValue(p.name, "User")
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
func (c *call) passwordProfile(v any) (any, error) {
	profile, ok := v.(map[string]any)
	if !ok {
		return nil, invalidValue("passwordProfile", "User")
	}
	kept := map[string]any{"password": nil, "forceChangePasswordNextSignIn": true, "forceChangePasswordNextSignInWithMfa": false}
	for name, v := range profile {
		switch name {
		case "password":
			if p, ok := v.(string); !ok || !complexPassword(p) {
				return nil, badRequest(messagePassword)
			}
		case "forceChangePasswordNextSignIn", "forceChangePasswordNextSignInWithMfa":
			if _, ok := v.(bool); !ok {
				return nil, invalidValue(name, "PasswordProfile")
			}
			kept[name] = v
		default:
			if !strings.HasPrefix(name, "@odata.") {
				return nil, badRequest("Invalid property '%s'.", name)
			}
		}
	}
	if _, given := profile["password"]; !given && c.route.key() == "POST users" {
		return nil, badRequest("A password must be specified to create a new user.")
	}
	return kept, nil
}

// checkedExtensions takes extensionAttribute1 to 15, each a string or null.
func checkedExtensions(v any) (any, error) {
	given, ok := v.(map[string]any)
	if !ok {
		return nil, invalidValue(extensionsProperty, "User")
	}
	all := mergedExtensions(nil, nil)
	for name, v := range given {
		if strings.HasPrefix(name, "@odata.") {
			delete(given, name)
			continue
		}
		if _, known := all[name]; !known {
			return nil, badRequest("Invalid property '%s'.", name)
		}
		if s, isText := v.(string); v != nil && (!isText || len(s) > 1024) {
			return nil, invalidValue(name, "User")
		}
	}
	return given, nil
}

// mergedExtensions are all extension attributes: those there were, with those that change.
func mergedExtensions(had map[string]string, given map[string]any) map[string]any {
	out := make(map[string]any, extensionAttributes)
	for n := range extensionAttributes {
		name := fmt.Sprintf("extensionAttribute%d", n+1)
		out[name] = orNull(had[name])
		if v, changes := given[name]; changes {
			out[name] = v
		}
	}
	return out
}
