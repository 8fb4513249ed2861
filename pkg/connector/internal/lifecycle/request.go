package lifecycle

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

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// accountRequest is an account that somebody wants.
type accountRequest struct {
	guest bool
	// properties are the user's, under Graph's names.
	properties map[string]any
	manager    string
	invitation writing.Invitation
}

// userPrincipalName is how a member is to sign in.
func (r *accountRequest) userPrincipalName() string {
	upn, _ := r.properties[model.PropertyUserPrincipalName].(string)
	return upn
}

// DefaultRedirectURL is where a guest comes out who has to come out somewhere.
const DefaultRedirectURL = "https://myapplications.microsoft.com"

// Faults collect what is wrong with a request: who filled in a form wants to
// hear all of it.
type Faults []string

func (f *Faults) Addf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f Faults) Err(what string) error {
	if len(f) == 0 {
		return nil
	}
	return status.Error(codes.InvalidArgument, model.ErrorPrefix+what+": "+strings.Join(f, "; "))
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
	if local, _, isName := strings.Cut(login, "@"); isName && nothingElse(given) {
		given[model.PropertyDisplayName] = local // Who gives no more on the command line wants an account all the same.
	}
	wrong := &Faults{}
	values, flags := readAccountFields(given, wrong)
	r := &accountRequest{properties: map[string]any{}, manager: values[fieldManager]}
	switch values[fieldAccountKind] {
	case "", kindMember:
	case kindGuest:
		r.guest = true
	default:
		wrong.Addf("%s has to be %s or %s", fieldAccountKind, kindMember, kindGuest)
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
		if login == "" {
			login = values[fieldEmail]
		}
		r.describeMember(login, flags, tenant, wrong)
	}
	return r, wrong.Err("the account cannot be created as asked")
}

// nothingElse reports whether an account is described by nothing but an address.
func nothingElse(profile map[string]any) bool {
	for name := range profile {
		if name != fieldEmail {
			return false
		}
	}
	return true
}

// readAccountFields sorts what was given by field.
func readAccountFields(given map[string]any, wrong *Faults) (map[string]string, map[string]bool) {
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
				wrong.Addf("%s has to be a text", f.name)
			}
			if f.longest > 0 && len([]rune(text)) > f.longest && f.name != model.PropertyUsageLocation {
				wrong.Addf("%s has %d characters, and Entra takes %d at the most", f.name, len([]rune(text)), f.longest)
			}
			values[f.name] = text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			wrong.Addf("there is no field %q; a property of the user that has none goes into %s", name, fieldAdditionalAttributes)
		}
	}
	CheckUsageLocation(values, wrong)
	return values, flags
}

func CheckUsageLocation(values map[string]string, wrong *Faults) {
	location := strings.ToUpper(values[model.PropertyUsageLocation])
	if location != "" && (len(location) != 2 || strings.Trim(location, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		wrong.Addf("%s has to be a two-letter country code, such as US", model.PropertyUsageLocation)
	}
	values[model.PropertyUsageLocation] = location
}

// additionalAttributes are properties that have no field.
func additionalAttributes(given any, properties map[string]any, wrong *Faults) {
	attributes, ok := given.(map[string]any)
	if text, isText := given.(string); isText && strings.TrimSpace(text) != "" {
		ok = json.Unmarshal([]byte(text), &attributes) == nil && attributes != nil
	} else if given == nil || isText {
		return
	}
	if !ok {
		wrong.Addf("%s has to be a JSON object", fieldAdditionalAttributes)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		switch {
		case slices.ContainsFunc(accountFields, func(f accountField) bool { return strings.EqualFold(f.name, name) }):
			wrong.Addf("%s cannot set %s, which has a field of its own", fieldAdditionalAttributes, name)
		case !Settable(name):
			wrong.Addf("%s cannot set %s", fieldAdditionalAttributes, name)
		default:
			properties[name] = attributes[name]
		}
	}
}

// unsettable are properties that nobody sets by name: the id is given by Entra,
// and passwords have their own ways, which keep them out of logs.
var unsettable = []string{"id", "passwordProfile", "password"}

func Settable(property string) bool {
	return property != "" && !strings.ContainsAny(property, "@/ ") &&
		!slices.ContainsFunc(unsettable, func(name string) bool { return strings.EqualFold(name, property) })
}

// describeMember checks what only a member has.
func (r *accountRequest) describeMember(login string, flags map[string]bool, tenant *graph.Organization, wrong *Faults) {
	if r.userPrincipalName() == "" && login != "" {
		r.properties[model.PropertyUserPrincipalName] = login
	}
	r.properties[model.PropertyAccountEnabled] = flags[model.PropertyAccountEnabled]
	checkRequired(r.properties[model.PropertyDisplayName], model.PropertyDisplayName, wrong)
	upn := r.userPrincipalName()
	if upn == "" {
		wrong.Addf("%s is required for a member", model.PropertyUserPrincipalName)
		return
	}
	CheckPrincipalName(upn, tenant, wrong)
	if r.properties[model.PropertyImmutableID] == nil && inDomain(upn, tenant.FederatedDomains) {
		wrong.Addf("%s is required, because the domain of %s is federated", model.PropertyImmutableID, model.PropertyUserPrincipalName)
	}
	local, _, _ := strings.Cut(upn, "@")
	if r.properties[model.PropertyMailNickname] == nil {
		r.properties[model.PropertyMailNickname] = local
	}
	if nickname, _ := r.properties[model.PropertyMailNickname].(string); !NicknameAllowed(nickname) {
		wrong.Addf("%s cannot hold spaces, letters outside ASCII or any of %s", model.PropertyMailNickname, NicknameForbidden)
	}
}

const NicknameForbidden = `@()\[]";:<>,`

func NicknameAllowed(nickname string) bool {
	return nickname != "" && !strings.ContainsAny(nickname, NicknameForbidden+" ") && !strings.ContainsFunc(nickname, func(c rune) bool { return c > 127 })
}

// localCharacters are what may stand before the @ beside letters and digits
// (https://learn.microsoft.com/graph/api/resources/user).
const localCharacters = "'.-_!#^~"

// CheckPrincipalName checks a name to sign in with, before Graph does: its
// refusal would not say which domains there are.
func CheckPrincipalName(upn string, tenant *graph.Organization, wrong *Faults) {
	local, domain, ok := strings.Cut(upn, "@")
	odd := strings.ContainsFunc(local, func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		return !letter && !strings.ContainsRune(localCharacters, c)
	})
	switch {
	case !ok || local == "" || domain == "" || odd || strings.HasPrefix(local, ".") || strings.HasSuffix(local, "."):
		wrong.Addf("%s has to be a name@domain of unaccented letters, digits and %s", model.PropertyUserPrincipalName, localCharacters)
	case len(local) > 64:
		wrong.Addf("%s has %d characters before the @, and Entra takes 64 at the most", model.PropertyUserPrincipalName, len(local))
	case !inDomain(upn, tenant.Domains):
		wrong.Addf("the domain %s is not one that the tenant has verified (%s)", domain, strings.Join(tenant.Domains, ", "))
	}
}

func inDomain(upn string, domains []string) bool {
	_, domain, _ := strings.Cut(upn, "@")
	return slices.ContainsFunc(domains, func(name string) bool { return strings.EqualFold(name, domain) })
}

// describeGuest checks what only a guest has.
func (r *accountRequest) describeGuest(info *v2.AccountInfo, values map[string]string, flags map[string]bool, wrong *Faults) {
	email := values[fieldEmail]
	for _, address := range info.GetEmails() {
		if email == "" || address.GetIsPrimary() && values[fieldEmail] == "" {
			email = address.GetAddress()
		}
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
		wrong.Addf("%s has to be the address of the guest", fieldEmail)
	}
	redirect := values[fieldRedirectURL]
	if redirect == "" {
		redirect = DefaultRedirectURL
	}
	if u, err := url.Parse(redirect); err != nil || u.Scheme != "https" || u.Host == "" {
		wrong.Addf("%s has to be an https address", fieldRedirectURL)
	}
	for _, name := range []string{model.PropertyUserPrincipalName, model.PropertyMailNickname, model.PropertyImmutableID} {
		if r.properties[name] != nil {
			wrong.Addf("%s is for members; a guest gets it from Entra", name)
		}
	}
	if MakesMember(r.properties) {
		wrong.Addf("a guest is not made a member: %s", WhyNoConversion)
	}
	r.invitation = writing.Invitation{
		Email: email, DisplayName: values[model.PropertyDisplayName], RedirectURL: redirect,
		SendMessage: flags[fieldSendInvitation], Message: values[fieldInvitationMessage],
	}
	delete(r.properties, model.PropertyDisplayName) // It goes with the invitation.
	if !flags[model.PropertyAccountEnabled] {
		r.properties[model.PropertyAccountEnabled] = false
	}
}

func checkRequired(value any, name string, wrong *Faults) {
	if value == nil || value == "" {
		wrong.Addf("%s is required", name)
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
func asFlag(name string, value any, preset bool, wrong *Faults) bool {
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
	wrong.Addf("%s has to be true or false", name)
	return preset
}
