package snapshotdiff

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

const (
	groupsAdministrator   = "fdd7a751-b60b-444a-984c-02652fe8fa1c"
	helpdeskAdministrator = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
)

// enterprise is an office with Microsoft Graph, an application that can take the tenant
// over, and its registration.
func enterprise(t *testing.T) *tenant {
	t.Helper()
	n := office(t)
	n.types = append(n.types, typeRegistration, typeConsent, typeScopedRole, typeCredential)
	n.profiled(t, typeApplication, "graph", "Microsoft Graph", map[string]any{"appId": powers.MicrosoftGraph})
	n.entitlement(typeApplication, "graph", "mail", "Mail.Read on Microsoft Graph")
	n.entitlement(typeApplication, "graph", "roles", "RoleManagement.ReadWrite.Directory")
	n.entitlement(typeApplication, "graph", "profile", "User.Read.All")
	n.profiled(t, typeApplication, "fake", "Microsoft Graph", map[string]any{"appId": "11111111-2222-3333-4444-555555555555"})
	n.entitlement(typeApplication, "fake", "mail", "Mail.Read")
	n.profiled(t, typeApplication, "robot", "Robot", map[string]any{"appId": "robot-app"})
	n.entitlement(typeApplication, "robot", "owner", "Owner")
	n.profiled(t, typeRegistration, "robot-registration", "Robot", map[string]any{"appId": "robot-app"})
	n.entitlement(typeRegistration, "robot-registration", "owner", "Owner")
	n.grant(entitlementOf(typeApplication, "graph", "roles"), typeApplication, "robot")
	n.resource(typeRole, helpdeskAdministrator, "Helpdesk Administrator")
	for _, slug := range []string{"owner", "eligible_member", "eligible_owner"} {
		n.entitlement(typeGroup, "admins", slug, slug)
	}
	n.profiled(t, typeGroup, "assignable", "Assignable", map[string]any{"isAssignableToRole": true})
	n.entitlement(typeGroup, "assignable", "member", "Member")
	return n
}

// compareTold is compare for snapshots that say what was read for them: everything.
func compareTold(t *testing.T, old, recent *tenant) *compared {
	t.Helper()
	for _, n := range []*tenant{old, recent} {
		if !slices.Contains(n.types, typeTenant) {
			n.says(t, about())
		}
	}
	return compare(t, old, recent, Options{})
}

// privilegedIn are the privileged changes of access in their order: what, and why.
func privilegedIn(c *compared) [][2]string {
	var found [][2]string
	for _, a := range c.document.Access {
		if a.Privileged {
			found = append(found, [2]string{a.Entitlement.ID, a.Reason})
		}
	}
	return found
}

func TestPermissionOfAnApplicationIsNotMissedAmongPrivilegedChanges(t *testing.T) {
	old, recent := enterprise(t), enterprise(t)
	for _, slug := range []string{"mail", "profile"} {
		recent.grant(entitlementOf(typeApplication, "graph", slug), typeApplication, "fake")
	}
	recent.grant(entitlementOf(typeApplication, "graph", "roles"), typeApplication, "fake")
	recent.grant(entitlementOf(typeApplication, "fake", "mail"), typeApplication, "robot")
	recent.grant(entitlementOf(typeRole, globalAdministrator, slugEligible), typeUser, "ann")
	c := compareTold(t, old, recent)
	require.Equal(t, [][2]string{
		{"role:" + globalAdministrator + ":eligible", whyTopRole},
		{"application:graph:roles", "gives any directory role to anybody, itself included"},
		{"application:graph:mail", "reads every mailbox"},
	}, privilegedIn(c), "the most dangerous first, and nothing of an application that only has the name")
	require.Equal(t, AccessCounts{Gained: 3}, c.document.Summary.Access.Privileged)
	require.Equal(t, 3, c.document.Summary.Privileged)
	require.Contains(t, c.text, "  Microsoft Graph (application): reads every mailbox\n    + Microsoft Graph (application): Mail.Read on Microsoft Graph, directly\n")
	require.True(t, c.diff.Privileged())
}

func TestWayToARoleIsNotTakenForAnOrdinaryMembership(t *testing.T) {
	for name, way := range map[string]struct {
		on, id, slug string
		powerOf      string // The role that the group has.
		power        string // How.
		why          string
	}{
		"eligible member":      {typeGroup, "admins", "eligible_member", globalAdministrator, slugAssigned, "the group holds Global Administrator"},
		"eligible owner":       {typeGroup, "admins", "eligible_owner", helpdeskAdministrator, slugEligible, "the group may activate Helpdesk Administrator"},
		"owner":                {typeGroup, "admins", "owner", globalAdministrator, slugAssigned, "the group holds Global Administrator"},
		"member without rows":  {typeGroup, "admins", "member", globalAdministrator, slugAssigned, "the group holds Global Administrator"},
		"assignable":           {typeGroup, "assignable", "member", "", "", whyAssignable},
		"owner of application": {typeApplication, "robot", "owner", "", "", "its owners can act as it, and it has the permission RoleManagement.ReadWrite.Directory"},
		"owner of registration": {
			typeRegistration, "robot-registration", "owner", "", "",
			"its owners can act as the application, and that has the permission RoleManagement.ReadWrite.Directory",
		},
		"plain group":    {typeGroup, "staff", "member", globalAdministrator, slugAssigned, ""},
		"harmless role":  {typeGroup, "admins", "owner", directoryReaders, slugAssigned, ""},
		"role of a part": {typeGroup, "admins", "owner", globalAdministrator + "@unit", slugAssigned, "the group holds Global Administrator of a unit"},
	} {
		t.Run(name, func(t *testing.T) {
			old, recent := enterprise(t), enterprise(t)
			for _, n := range []*tenant{old, recent} {
				switch {
				case strings.Contains(way.powerOf, "@"):
					n.resource(typeScopedRole, way.powerOf, "Global Administrator of a unit")
					n.grant(entitlementOf(typeScopedRole, way.powerOf, way.power), typeGroup, "admins")
				case way.powerOf != "":
					n.grant(entitlementOf(typeRole, way.powerOf, way.power), typeGroup, "admins")
				}
			}
			recent.grant(entitlementOf(way.on, way.id, way.slug), typeUser, "ann")
			for _, gained := range []bool{true, false} {
				before, after := old, recent
				if !gained {
					before, after = recent, old
				}
				c := compareTold(t, before, after)
				require.Len(t, c.document.Access, 1)
				require.Equal(t, way.why, c.document.Access[0].Reason)
				require.Equal(t, way.why != "", c.document.Access[0].Privileged)
				require.Equal(t, way.why != "", strings.Contains(c.text, "\nPrivileged access\n"))
			}
		})
	}
}

// consented is an enterprise in which Robot acts for everybody, or for Ann.
func consented(t *testing.T, by, scope string) *tenant {
	t.Helper()
	n := enterprise(t)
	if scope == "" {
		return n
	}
	n.profiled(t, typeConsent, "c1", "Robot: "+scope+" for everybody", map[string]any{"clientId": "robot", "resourceId": "graph", "givenBy": by, "scope": scope})
	n.entitlement(typeConsent, "c1", access.SlugGranted, "Granted")
	n.grant(entitlementOf(typeConsent, "c1", access.SlugGranted), typeApplication, "robot")
	n.grant(entitlementOf(typeConsent, "c1", access.SlugGranted), typeUser, "ann")
	return n
}

func TestConsentToMailIsToldOnceAndConsentToNothingMuchIsNotPrivileged(t *testing.T) {
	for name, is := range map[string]struct{ was, is, says, why string }{
		"given":      {"", "User.Read Mail.Read", "+ Robot (application): User.Read Mail.Read for everybody (Mail.Read: ", "Mail.Read: reads every mailbox, for everybody who signs in"},
		"taken back": {"Mail.Read", "", "- Robot (application): Mail.Read for everybody (Mail.Read: ", "Mail.Read: reads every mailbox, for everybody who signs in"},
		"widened": {"User.Read", "User.Read Mail.Read", "~ Robot (application): User.Read Mail.Read for everybody: +Mail.Read (Mail.Read: ",
			"Mail.Read: reads every mailbox, for everybody who signs in"},
		"harmless":    {"", "User.Read", "+ Robot (application): User.Read for everybody\n", ""},
		"still there": {"Mail.Read", "Mail.Read User.Read", "~ Robot (application): Mail.Read User.Read for everybody: +User.Read\n", ""},
		"in another order": {
			"Mail.Read User.Read", "User.Read Mail.Read", "", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := compareTold(t, consented(t, "admin", is.was), consented(t, "admin", is.is))
			if name == "in another order" {
				require.False(t, c.diff.Different(), "the order of scopes says nothing")
				return
			}
			require.Contains(t, c.text, is.says)
			require.Equal(t, 1, strings.Count(c.text, "Robot (application)"), c.text)
			require.NotContains(t, c.text, "Granted", "the hold on a consent is told by the consent")
			require.Len(t, c.document.Resources, 1)
			require.Equal(t, is.why, c.document.Resources[0].Reason)
			require.Equal(t, is.why != "", c.document.Resources[0].Privileged)
			require.Equal(t, is.why != "", c.diff.Privileged())
			for _, a := range c.document.Access {
				require.Equal(t, toldByConsent, a.ToldBy)
			}
		})
	}
}
