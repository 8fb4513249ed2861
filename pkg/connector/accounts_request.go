package connector

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// accountRequest is an account that somebody wants.
type accountRequest struct {
	guest bool
	// properties are the user's, under Graph's names.
	properties map[string]any
	manager    string
	invitation graph.Invitation
}

// userPrincipalName is how a member is to sign in.
func (r *accountRequest) userPrincipalName() string {
	upn, _ := r.properties[propertyUserPrincipalName].(string)
	return upn
}

// defaultRedirectURL is where a guest comes out who has to come out somewhere.
const defaultRedirectURL = "https://myapplications.microsoft.com"

// faults collect what is wrong with a request: who filled in a form wants to
// hear all of it.
type faults []string

func (f *faults) addf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f faults) err(what string) error {
	if len(f) == 0 {
		return nil
	}
	return status.Error(codes.InvalidArgument, errorPrefix+what+": "+strings.Join(f, "; "))
}

// newAccountRequest reads and checks what the platform or the command line says
// about an account.
func newAccountRequest(info *v2.AccountInfo, tenant *graph.Organization) (*accountRequest, error) {
	given := info.GetProfile().AsMap()
	// The command line puts these two beside the profile's own fields.
	login := info.GetLogin()
	if text, ok := given["login"].(string); ok && login == "" {
		login = text
	}
	delete(given, "login")
	wrong := &faults{}
	values, flags := readAccountFields(given, wrong)
	r := &accountRequest{properties: map[string]any{}, manager: values[fieldManager]}
	switch values[fieldAccountKind] {
	case "", kindMember:
	case kindGuest:
		r.guest = true
	default:
		wrong.addf("%s has to be %s or %s", fieldAccountKind, kindMember, kindGuest)
	}
	for _, f := range accountFields {
		if value := values[f.name]; f.property && value != "" {
			r.properties[f.name] = value
		}
	}
	additionalAttributes(given[fieldAdditionalAttributes], r.properties, wrong)
	if r.guest {
		r.describeGuest(info, values, flags, wrong)
	} else {
		r.describeMember(login, flags, tenant, wrong)
	}
	return r, wrong.err("the account cannot be created as asked")
}

// readAccountFields sorts what was given by field.
func readAccountFields(given map[string]any, wrong *faults) (map[string]string, map[string]bool) {
	values, flags := map[string]string{}, map[string]bool{}
	known := map[string]bool{}
	for i := range accountFields {
		f := &accountFields[i]
		known[f.name] = true
		value := given[f.name]
		switch {
		case f.name == fieldAdditionalAttributes:
		case f.flag:
			flags[f.name] = asFlag(f.name, value, f.preset, wrong)
		default:
			text, ok := asText(value)
			if !ok {
				wrong.addf("%s has to be a text", f.name)
			}
			if f.longest > 0 && len([]rune(text)) > f.longest && f.name != propertyUsageLocation {
				wrong.addf("%s has %d characters, and Entra takes %d at the most", f.name, len([]rune(text)), f.longest)
			}
			values[f.name] = text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			wrong.addf("there is no field %q; a property of the user that has none goes into %s", name, fieldAdditionalAttributes)
		}
	}
	checkUsageLocation(values, wrong)
	return values, flags
}

func checkUsageLocation(values map[string]string, wrong *faults) {
	location := strings.ToUpper(values[propertyUsageLocation])
	if location != "" && (len(location) != 2 || strings.Trim(location, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		wrong.addf("%s has to be a two-letter country code, such as US", propertyUsageLocation)
	}
	values[propertyUsageLocation] = location
}

// additionalAttributes are properties that have no field.
func additionalAttributes(given any, properties map[string]any, wrong *faults) {
	attributes, ok := given.(map[string]any)
	if text, isText := given.(string); isText && strings.TrimSpace(text) != "" {
		ok = json.Unmarshal([]byte(text), &attributes) == nil && attributes != nil
	} else if given == nil || isText {
		return
	}
	if !ok {
		wrong.addf("%s has to be a JSON object", fieldAdditionalAttributes)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		switch {
		case slices.ContainsFunc(accountFields, func(f accountField) bool { return strings.EqualFold(f.name, name) }):
			wrong.addf("%s cannot set %s, which has a field of its own", fieldAdditionalAttributes, name)
		case !settable(name):
			wrong.addf("%s cannot set %s", fieldAdditionalAttributes, name)
		default:
			properties[name] = attributes[name]
		}
	}
}

// unsettable are properties that nobody sets by name: the id is given by Entra,
// and passwords have their own ways, which keep them out of logs.
var unsettable = []string{"id", "passwordProfile", "password"}

func settable(property string) bool {
	return property != "" && !strings.ContainsAny(property, "@/ ") &&
		!slices.ContainsFunc(unsettable, func(name string) bool { return strings.EqualFold(name, property) })
}

// describeMember checks what only a member has.
func (r *accountRequest) describeMember(login string, flags map[string]bool, tenant *graph.Organization, wrong *faults) {
	if r.userPrincipalName() == "" && login != "" {
		r.properties[propertyUserPrincipalName] = login
	}
	r.properties[propertyAccountEnabled] = flags[propertyAccountEnabled]
	checkRequired(r.properties[propertyDisplayName], propertyDisplayName, wrong)
	upn := r.userPrincipalName()
	if upn == "" {
		wrong.addf("%s is required for a member", propertyUserPrincipalName)
		return
	}
	checkPrincipalName(upn, tenant, wrong)
	if r.properties[propertyImmutableID] == nil && inDomain(upn, tenant.FederatedDomains) {
		wrong.addf("%s is required, because the domain of %s is federated", propertyImmutableID, propertyUserPrincipalName)
	}
	local, _, _ := strings.Cut(upn, "@")
	if r.properties[propertyMailNickname] == nil {
		r.properties[propertyMailNickname] = local
	}
	if nickname, _ := r.properties[propertyMailNickname].(string); !nicknameAllowed(nickname) {
		wrong.addf("%s cannot hold spaces, letters outside ASCII or any of %s", propertyMailNickname, nicknameForbidden)
	}
}

const nicknameForbidden = `@()\[]";:<>,`

func nicknameAllowed(nickname string) bool {
	return nickname != "" && !strings.ContainsAny(nickname, nicknameForbidden+" ") && !strings.ContainsFunc(nickname, func(c rune) bool { return c > 127 })
}

// localCharacters are what may stand before the @ beside letters and digits
// (https://learn.microsoft.com/graph/api/resources/user).
const localCharacters = "'.-_!#^~"

// checkPrincipalName checks a name to sign in with, before Graph does: its
// refusal would not say which domains there are.
func checkPrincipalName(upn string, tenant *graph.Organization, wrong *faults) {
	local, domain, ok := strings.Cut(upn, "@")
	odd := strings.ContainsFunc(local, func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		return !letter && !strings.ContainsRune(localCharacters, c)
	})
	switch {
	case !ok || local == "" || domain == "" || odd || strings.HasPrefix(local, ".") || strings.HasSuffix(local, "."):
		wrong.addf("%s has to be a name@domain of unaccented letters, digits and %s", propertyUserPrincipalName, localCharacters)
	case len(local) > 64:
		wrong.addf("%s has %d characters before the @, and Entra takes 64 at the most", propertyUserPrincipalName, len(local))
	case !inDomain(upn, tenant.Domains):
		wrong.addf("the domain %s is not one that the tenant has verified (%s)", domain, strings.Join(tenant.Domains, ", "))
	}
}

func inDomain(upn string, domains []string) bool {
	_, domain, _ := strings.Cut(upn, "@")
	return slices.ContainsFunc(domains, func(name string) bool { return strings.EqualFold(name, domain) })
}

// describeGuest checks what only a guest has.
func (r *accountRequest) describeGuest(info *v2.AccountInfo, values map[string]string, flags map[string]bool, wrong *faults) {
	email := values[fieldEmail]
	for _, address := range info.GetEmails() {
		if email == "" || address.GetIsPrimary() && values[fieldEmail] == "" {
			email = address.GetAddress()
		}
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
		wrong.addf("%s has to be the address of the guest", fieldEmail)
	}
	redirect := values[fieldRedirectURL]
	if redirect == "" {
		redirect = defaultRedirectURL
	}
	if u, err := url.Parse(redirect); err != nil || u.Scheme != "https" || u.Host == "" {
		wrong.addf("%s has to be an https address", fieldRedirectURL)
	}
	for _, name := range []string{propertyUserPrincipalName, propertyMailNickname, propertyImmutableID} {
		if r.properties[name] != nil {
			wrong.addf("%s is for members; a guest gets it from Entra", name)
		}
	}
	r.invitation = graph.Invitation{
		Email: email, DisplayName: values[propertyDisplayName], RedirectURL: redirect,
		SendMessage: flags[fieldSendInvitation], Message: values[fieldInvitationMessage],
	}
	delete(r.properties, propertyDisplayName) // It goes with the invitation.
	if !flags[propertyAccountEnabled] {
		r.properties[propertyAccountEnabled] = false
	}
}

func checkRequired(value any, name string, wrong *faults) {
	if value == nil || value == "" {
		wrong.addf("%s is required", name)
	}
}

func asText(value any) (string, bool) {
	if value == nil {
		return "", true
	}
	text, ok := value.(string)
	return strings.TrimSpace(text), ok
}

// asFlag takes yes or no also where a form or a shell gave it as a text.
func asFlag(name string, value any, preset bool, wrong *faults) bool {
	switch given := value.(type) {
	case nil:
		return preset
	case bool:
		return given
	case string:
		switch strings.ToLower(strings.TrimSpace(given)) {
		case "":
			return preset
		case "true":
			return true
		case "false":
			return false
		}
	}
	wrong.addf("%s has to be true or false", name)
	return preset
}
