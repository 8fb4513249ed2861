// Package teams is what teams have beside the members of their groups: what applications may do in them, and who is in
// channels of their own. It follows from
// the tenant and is not stored. It does not know how Graph shows it.
package teams

import (
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// The kinds of permissions.
const (
	Application = "Application"
	Delegated   = "Delegated"
	strange     = "KindOfTomorrow"
)

// Consent is a permission that an application has in one group.
type Consent struct {
	ID                    string
	Client                directory.Ref // Zero for an application that is gone.
	ClientID, ClientAppID string        // As Graph gives them.
	Permission, Type      string
}

var (
	permissions = strings.Fields("TeamSettings.Read.Group TeamSettings.ReadWrite.Group ChannelMessage.Read.Group TeamMember.Read.Group " +
		"ChannelSettings.ReadWrite.Group TeamsTab.Create.Group TeamsAppInstallation.Read.Group Member.Read.Group")
	delegated = strings.Fields("ChannelMeetingParticipant.Read.Group ChannelMeeting.ReadBasic.Group")
)

// firstConsent keeps ids of consents, and of applications that are gone, apart from what else has no kind of its own.
const firstConsent = 4_000_000

// ConsentsOf is what applications may do in a group. Only Microsoft 365 groups have such consents, and not all of them.
func ConsentsOf(t *directory.Tenant, g int) []Consent {
	if t.Groups[g].Flags&directory.FlagUnified == 0 {
		return nil
	}
	of := maker{t: t, group: g}
	if g == directory.GroupMicrosoft365 { // All that there is.
		for _, name := range permissions {
			of.add(directory.SPRef(directory.SPWiki), name, Application)
		}
		of.add(directory.SPRef(directory.SPWiki), delegated[0], Delegated)
		of.add(directory.SPRef(directory.SPPayroll), permissions[0], Application)
		of.add(directory.SPRef(directory.SPPayroll), permissions[0], Delegated)
		of.add(t.FirstSP(directory.SPAgentBlueprint), permissions[1], Application)
		of.add(directory.SPRef(directory.SPWiki), permissions[0], Application) // Twice, under another id.
		of.add(0, permissions[0], Application)
		of.add(0, permissions[2], Application)
		of.add(directory.SPRef(directory.SPWiki), permissions[0], strange)
		of.add(directory.SPRef(directory.SPWiki), "", Application)
		of.add(directory.SPRef(directory.SPWiki), "not a:name", Delegated)
		return of.list
	}
	h := t.Hash(directory.GroupRef(g), directory.SaltScope)
	for n := range directory.Below(h, 5) { // None in one of five.
		client := directory.SPRef(directory.FirstRandomSP + directory.Below(h>>(8+4*n), len(t.SPs)-directory.FirstRandomSP))
		switch h >> (32 + 3*n) % 6 {
		case 0:
			of.add(client, delegated[n%2], Delegated)
		case 1:
			of.add(client, permissions[n], strings.ToLower(Application))
		default:
			of.add(client, permissions[n], Application)
		}
	}
	return of.list
}

type maker struct {
	t     *directory.Tenant
	group int
	list  []Consent
}

func (m *maker) add(client directory.Ref, permission, kind string) {
	at := directory.MakeRef(directory.KindMisc, firstConsent+m.group*64+len(m.list))
	c := Consent{ID: fmt.Sprintf("%x", m.t.Hash(at, directory.SaltName)), Client: client, Permission: permission, Type: kind}
	if client == 0 {
		c.ClientID, c.ClientAppID = m.t.GUIDOf(at).String(), m.t.GUIDOf(directory.MakeRef(directory.KindMisc, firstConsent-1)).String()
	} else {
		c.ClientID, c.ClientAppID = m.t.IDOf(client), m.t.AppID(client.Index())
	}
	switch len(m.list) % 5 {
	case 1: // As Microsoft's page of the type has it, against its examples.
		c.ClientID, c.ClientAppID = c.ClientAppID, c.ClientID
	case 3:
		c.ClientID = strings.ToUpper(c.ClientID)
	}
	m.list = append(m.list, c)
}
