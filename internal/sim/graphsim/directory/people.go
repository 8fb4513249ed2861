package directory

import (
	"fmt"
	"strings"
)

// Manager of a user: a tree eight wide, with holes.
func (t *Tenant) Manager(i int) (Ref, bool) {
	if m, written := t.Written.Managers[i]; written {
		return m, t.Live(m)
	}
	if t.MadeUser(i) || i == UserNobody || IsAgentUser(i) || (i >= FirstOrdinaryUser && i%10 == 0) {
		return 0, false
	}
	m := UserRef((i - 1) / 8)
	return m, t.Live(m)
}

// GivenName is the given name of a user.
func (t *Tenant) GivenName(i int) Spelling {
	return Pick(givenNames, t.Hash(UserRef(i), SaltGiven))
}

// FamilyName is the family name of a user.
func (t *Tenant) FamilyName(i int) Spelling {
	return Pick(familyNames, t.Hash(UserRef(i), saltFamily))
}

// UserDisplayName is the display name of a user before any write.
func (t *Tenant) UserDisplayName(i int) string {
	if IsAgentUser(i) {
		return fmt.Sprintf("Agent %s %d", Pick(AppNames, t.Hash(UserRef(i), SaltName)), i)
	}
	return t.lengthened(UserRef(i), t.GivenName(i).Shown+" "+t.FamilyName(i).Shown)
}

// Handle is the part of a sign-in name before the at sign; the index makes it unique.
func (t *Tenant) Handle(i int) string {
	if i == userDollar {
		return "$svc.backup"
	}
	return fmt.Sprintf("%s.%s%d", t.GivenName(i).ASCII, t.FamilyName(i).ASCII, i)
}

// UserPrincipalName is the sign-in name of a user before any write.
func (t *Tenant) UserPrincipalName(i int) string {
	switch {
	case t.IsCustomer(i):
		return t.IDOf(UserRef(i)) + "@" + t.Domain()
	case IsGuest(i):
		return fmt.Sprintf("%s_%s#EXT#@%s", t.Handle(i), PartnerDomain, t.Domain())
	case IsAgentUser(i):
		return fmt.Sprintf("agent%d@%s", i, MailDomain)
	default:
		return t.Handle(i) + "@" + MailDomain
	}
}

// UserMail is empty for users without a mailbox.
func (t *Tenant) UserMail(i int) string {
	switch {
	case !userHasMail(i), t.IsCustomer(i):
		return ""
	case IsGuest(i):
		return t.Handle(i) + "@" + PartnerDomain
	default:
		return t.UserPrincipalName(i)
	}
}

// ProxyAddresses are the addresses of a user's mailbox.
func (t *Tenant) ProxyAddresses(i int) []string {
	mail := t.UserMail(i)
	if mail == "" {
		return []string{}
	}
	out := []string{"SMTP:" + mail}
	if i%4 == 1 && !IsGuest(i) {
		out = append(out, "smtp:"+t.Handle(i)+"@"+t.Domain())
	}
	return append(out, t.aliases(i)...)
}

// OtherMails are further addresses of a user.
func (t *Tenant) OtherMails(i int) []string {
	if !t.IsCustomer(i) && (IsGuest(i) || i%9 == 2) {
		return []string{strings.TrimPrefix(t.Handle(i), "$") + "@mail.example"}
	}
	return []string{}
}

// EmployeeID is the employee id of a user, or empty.
func EmployeeID(i int) string {
	if i < FirstOrdinaryUser || i%5 == 4 || IsGuest(i) || IsAgentUser(i) {
		return ""
	}
	return fmt.Sprintf("E%06d", i)
}

const (
	SignInByName      = "userPrincipalName"
	SignInByAddress   = "emailAddress"
	SignInFederated   = "federated"
	IssuerOfGuests    = "ExternalAzureAD"
	TenantOfCustomers = "CIAM"
	TenantOfWorkforce = "AAD"
)

// IsCustomer is whether a user signed up, in a tenant of customers.
func (t *Tenant) IsCustomer(i int) bool {
	return t.Quirks.Has(QuirkCustomerTenant) && i >= FirstOrdinaryUser && !IsGuest(i) && !IsAgentUser(i)
}

// RestoredName is the sign-in name a deleted user gets back.
func (t *Tenant) RestoredName(i int) string {
	if name, written := t.writtenText(UserRef(i), "userPrincipalName"); written {
		return name
	}
	return t.UserPrincipalName(i)
}

// UserSignInName is UserPrincipalName: Entra puts the id before that of a deleted user, so that another may take it.
func (t *Tenant) UserSignInName(i int) string {
	name := t.RestoredName(i)
	if t.isDeletedUser(i) {
		return strings.ReplaceAll(t.IDOf(UserRef(i)), "-", "") + name
	}
	return name
}

// UserCity is where a user works.
func (t *Tenant) UserCity(i int) Spelling { return Pick(cities, t.Hash(UserRef(i), SaltCity)) }

// writtenText is a string property that a write set.
func (t *Tenant) writtenText(r Ref, name string) (string, bool) {
	w := t.Written.Objects[r]
	if w == nil {
		return "", false
	}
	v, ok := w.Values[name]
	s, _ := v.(string)
	return s, ok
}

const (
	// LongName is how many characters the longest names have (user, group and application display names).
	LongName = 256
	// RedirectAddresses is how many addresses an application sends people back to.
	RedirectAddresses = 20
	longStep          = 23 // How many objects there are to one with such a name.
	ManyAddresses     = 60
	SomeAddresses     = 10
)

// lengthened is the name of an object, of one in so many filled up to the greatest length.
func (t *Tenant) lengthened(r Ref, name string) string {
	if !t.Quirks.Has(QuirkLongValues) || r.Index()%longStep != 5 {
		return name
	}
	return Fill(name, " (formerly known under another name, and before the merger under a third)", LongName)
}

// Fill repeats a text behind a name up to a number of characters.
func Fill(name, text string, characters int) string {
	all := []rune(name + strings.Repeat(text, characters/len(text)+1))
	return strings.TrimRight(string(all[:min(len(all), characters)]), " ")
}

// aliases are the further proxy addresses of a user: many have some, some have many.
func (t *Tenant) aliases(i int) []string {
	if !t.Quirks.Has(QuirkLongValues) {
		return nil
	}
	count := 0
	switch {
	case i%50 == 21:
		count = ManyAddresses
	case i%3 == 1:
		count = SomeAddresses
	}
	handle := t.Handle(i)
	out := make([]string, 0, count)
	for n := range count {
		out = append(out, fmt.Sprintf("smtp:alias%d.%s@%s", n, handle, MailDomain))
	}
	return out
}

// Redirects are the addresses a registration or a service principal sends people back to.
func (t *Tenant) Redirects(own string) []string {
	if !t.Quirks.Has(QuirkLongValues) {
		return []string{}
	}
	out := make([]string, 0, RedirectAddresses)
	for n := range RedirectAddresses {
		out = append(out, fmt.Sprintf("https://stage%d.%s.apps.%s/signin-oidc/callback", n, own, MailDomain))
	}
	return out
}
