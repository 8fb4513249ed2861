package exchange

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// notFound refuses an id that nothing has which the cmdlet is for.
func notFound(id string) error {
	return exception(tasks+"ManagementObjectNotFoundException", "The operation couldn't be performed because object '%s' couldn't be found on '%s'.", id, server)
}

// find resolves an id of Entra or a sign-in name, in any case.
func find(c *api.Call, id string) (directory.Ref, bool) {
	g, isGUID := directory.ParseGUID(id)
	if !isGUID {
		return c.Tenant.FindUserByName(id)
	}
	r, ok := c.Tenant.RefOf(g)
	return r, ok && r.Index() < c.Tenant.Count(r.Kind()) && c.Present(r)
}

// recipientOf finds who can receive mail: people with an address, groups of mail, contacts.
func recipientOf(c *api.Call, id string) (directory.Ref, error) {
	r, ok := find(c, id)
	if !ok {
		return 0, notFound(id)
	}
	switch r.Kind() {
	case directory.KindUser:
		ok = mailOf(c, r) != ""
	case directory.KindGroup:
		flags := c.Tenant.Groups[r.Index()].Flags
		ok = flags.ExchangeManaged() || flags&directory.FlagUnified != 0
	default:
		ok = r.Kind() == directory.KindContact
	}
	if !ok {
		return 0, notFound(id)
	}
	return r, nil
}

// groupOf finds a distribution list or a mail-enabled security group.
func groupOf(c *api.Call, id string) (directory.Ref, error) {
	r, ok := find(c, id)
	if !ok || r.Kind() != directory.KindGroup || !c.Tenant.Groups[r.Index()].Flags.ExchangeManaged() {
		return 0, notFound(id)
	}
	return r, nil
}

func mailOf(c *api.Call, r directory.Ref) string { return c.Tenant.TextOf(r, "mail") }

// nameOf is the name that lists of owners have: for one recipient in two the id in Entra, as for those of a later making,
// for the others what was once an alias.
func nameOf(c *api.Call, r directory.Ref) string {
	if r.Index()%2 == 0 {
		return c.Tenant.IDOf(r)
	}
	alias, _, _ := strings.Cut(mailOf(c, r), "@")
	return alias
}

func describe(c *api.Call, r directory.Ref) map[string]any {
	return map[string]any{
		"Name": nameOf(c, r), "Identity": nameOf(c, r), "ExternalDirectoryObjectId": c.Tenant.IDOf(r), "PrimarySmtpAddress": mailOf(c, r),
		"DistinguishedName": "CN=" + nameOf(c, r) + ",OU=" + directory.MailDomain + ",OU=Microsoft Exchange Hosted Organizations",
	}
}

func describeGroup(c *api.Call, g directory.Ref) map[string]any {
	row := describe(c, g)
	names := []string{}
	for _, r := range ownersOf(c, g) {
		names = append(names, nameOf(c, r))
	}
	row["ManagedBy"] = names
	return row
}

// ownersOf are the owners that are there.
func ownersOf(c *api.Call, g directory.Ref) []directory.Ref {
	var out []directory.Ref
	for _, r := range c.Tenant.Groups[g.Index()].Owners {
		if c.Tenant.Live(r) {
			out = append(out, r)
		}
	}
	return out
}
