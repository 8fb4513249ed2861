package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

const (
	changesFeed = "directory-changes"
	usageFeed   = "application-usage"
)

// pollFeed reads a feed until there is no more, each call as if in another
// process, and gives the events and the cursor.
func pollFeed(t *testing.T, client types.ConnectorClient, feed, cursor string, start time.Time, size uint32) ([]*v2.Event, string) {
	t.Helper()
	var events []*v2.Event
	for range 1000 {
		answer, err := client.ListEvents(context.Background(), v2.ListEventsRequest_builder{
			EventFeedId: feed, Cursor: cursor, PageSize: size, StartAt: timestamppb.New(start),
		}.Build())
		require.NoError(t, err)
		events = append(events, answer.GetEvents()...)
		require.NotEmpty(t, answer.GetCursor())
		cursor = answer.GetCursor()
		if !answer.GetHasMore() {
			return events, cursor
		}
	}
	require.Fail(t, "the feed does not end")
	return nil, ""
}

// told is an event as text.
func told(e *v2.Event) string {
	switch {
	case e.HasCreateGrantEvent():
		g := e.GetCreateGrantEvent()
		return "+ " + edge(g.GetEntitlement().GetId(), g.GetPrincipal().GetId().GetResourceType(), g.GetPrincipal().GetId().GetResource())
	case e.HasCreateRevokeEvent():
		g := e.GetCreateRevokeEvent()
		return "- " + edge(g.GetEntitlement().GetId(), g.GetPrincipal().GetId().GetResourceType(), g.GetPrincipal().GetId().GetResource())
	case e.HasResourceChangeEvent():
		id := e.GetResourceChangeEvent().GetResourceId()
		return "* " + id.GetResourceType() + ":" + id.GetResource()
	default:
		u := e.GetUsageEvent()
		return "> " + u.GetTargetResource().GetId().GetResourceType() + ":" + u.GetTargetResource().GetId().GetResource() + " " + u.GetActorResource().GetId().GetResource()
	}
}

func toldAll(events []*v2.Event) []string {
	out := make([]string, 0, len(events))
	for _, e := range events {
		out = append(out, told(e))
	}
	return out
}

// happening is a tenant whose logs begin empty, and a connector for it.
type happening struct {
	*graphsim.Server
	client types.ConnectorClient
	start  time.Time
}

func happenings(t *testing.T, configure func(*config.AzureAd)) *happening {
	t.Helper()
	server := startTenant(t, graphsim.Small)
	server.ClearLogs()
	return &happening{server, connect(t, server, configure), time.Now().Add(-2 * time.Hour)}
}

// log puts entries into the audit log, a second apart, half an hour ago.
func (h *happening) log(entries ...graphsim.AuditEntry) {
	for i := range entries {
		entries[i].Time = h.start.Add(90*time.Minute + time.Duration(i)*time.Second)
	}
	h.AddAudit(entries...)
}

func (h *happening) changes(t *testing.T) []string {
	t.Helper()
	events, _ := pollFeed(t, h.client, changesFeed, "", h.start, 100)
	return toldAll(events)
}

func (h *happening) id(kind graphsim.Kind, n int) string { return h.Tenant().ID(kind, n) }

const someRole, nobodysID = "62e90394-69f5-4237-9190-012177145e10", "11111111-2222-3333-4444-555555555555"

func TestChangeOfAccessWouldBeToldOfAnotherEntitlementOrPrincipal(t *testing.T) {
	needsTime(t)
	t.Parallel()
	h := happenings(t, everything)
	truth := h.Tenant().Truth()
	sp := map[string]string{}
	for _, p := range truth.ServicePrincipals {
		if sp[p.Kind] == "" || p.DisplayName == "Payroll" {
			sp[p.Kind] = p.ID
		}
	}
	payroll := truth.ServicePrincipals[slices.IndexFunc(truth.ServicePrincipals, func(p graphsim.TruthServicePrincipal) bool { return p.DisplayName == "Payroll" })]
	person := graphsim.Principal{Type: "User", ID: h.id(graphsim.KindUser, 7)}
	inner := graphsim.Principal{Type: "Group", ID: h.id(graphsim.KindGroup, graphsim.GroupTwenty)}
	managed := graphsim.Principal{Type: "ServicePrincipal", ID: sp["managed_identity"]}
	device := graphsim.Principal{Type: "Device", ID: h.id(graphsim.KindDevice, 0)}
	group, registration, unit := h.id(graphsim.KindGroup, graphsim.GroupBig), h.id(graphsim.KindApplication, 0), h.id(graphsim.KindAdministrativeUnit, 0)
	const e3, e5 = "05e9a617-0261-4cee-bb44-138d3ef5d965", "06ebc4ee-1bb5-47dd-8120-11054bc54e15"
	scoped := graphsim.RoleAudit(true, nobodysID, someRole, person)
	scoped.Activity, scoped.Targets = "Add scoped member to role", append(scoped.Targets, graphsim.AuditTarget{ID: unit, Type: "AdministrativeUnit"})
	inUnit := graphsim.AuditEntry{
		Activity: "Add member to administrative unit", Category: "AdministrativeUnit",
		Targets: []graphsim.AuditTarget{{ID: person.ID, Type: "User"}, {ID: unit, Type: "AdministrativeUnit"}},
	}
	role := payroll.AppRoles[0].ID
	h.log(
		graphsim.GroupMemberAudit(true, group, person), graphsim.GroupMemberAudit(false, group, inner), graphsim.GroupMemberAudit(true, group, inner),
		graphsim.GroupMemberAudit(true, group, managed), graphsim.GroupMemberAudit(true, group, device),
		graphsim.OwnerAudit(true, "Group", group, person), graphsim.OwnerAudit(false, "Application", registration, person),
		graphsim.OwnerAudit(true, "ServicePrincipal", managed.ID, person), graphsim.OwnerAudit(true, "ServicePrincipal", sp["agent_identity"], person),
		graphsim.RoleAudit(true, nobodysID, someRole, person), graphsim.RoleAudit(false, nobodysID, someRole, inner), scoped, inUnit,
		graphsim.AppRoleAudit(true, payroll.ID, role, person), graphsim.AppRoleAudit(false, payroll.ID, role, inner),
		graphsim.AppRoleAudit(true, payroll.ID, role, managed), graphsim.AppRoleAudit(true, payroll.ID, "00000000-0000-0000-0000-000000000000", person),
		graphsim.LicenseAudit(person.ID, h.TenantID(), []string{e3}, []string{e5}),
		graphsim.PIMAudit("Add eligible member to role in PIM completed (timebound)", someRole, person),
		graphsim.PIMAudit("Add member to role completed (PIM activation)", someRole, person),
		graphsim.PIMAudit("Remove member from role (PIM activation expired)", someRole, person),
	)
	assert.Equal(t, []string{
		"+ " + edge("group:"+group+":member", "user", person.ID), "- " + edge("group:"+group+":member", "group", inner.ID), "+ " + edge("group:"+group+":member", "group", inner.ID),
		"+ " + edge("group:"+group+":member", "managed_identity", managed.ID), "+ " + edge("group:"+group+":member", "device", device.ID),
		"+ " + edge("group:"+group+":owner", "user", person.ID), "- " + edge("app_registration:"+registration+":owner", "user", person.ID),
		"+ " + edge("managed_identity:"+managed.ID+":owner", "user", person.ID), "+ " + edge("agent_identity:"+sp["agent_identity"]+":owner", "user", person.ID),
		"+ " + edge("role:"+someRole+":assigned", "user", person.ID), "- " + edge("role:"+someRole+":assigned", "group", inner.ID),
		"+ " + edge("scoped_role:"+someRole+"@"+unit+":assigned", "user", person.ID), "+ " + edge("administrative_unit:"+unit+":member", "user", person.ID),
		"+ " + edge("application:"+payroll.ID+":"+role, "user", person.ID), "- " + edge("application:"+payroll.ID+":"+role, "group", inner.ID),
		"+ " + edge("application:"+payroll.ID+":"+role, "managed_identity", managed.ID), "+ " + edge("application:"+payroll.ID+":default_access", "user", person.ID),
		"+ " + edge("license:"+e5+":assigned", "user", person.ID), "- " + edge("license:"+e3+":assigned", "user", person.ID),
		"+ " + edge("role:"+someRole+":eligible", "user", person.ID), "+ " + edge("role:"+someRole+":assigned", "user", person.ID), "- " + edge("role:"+someRole+":assigned", "user", person.ID),
	}, h.changes(t))

	events, _ := pollFeed(t, h.client, changesFeed, "", h.start, 0)
	o := runSync(t, h.Server, options{workers: 4, configure: everything})
	require.NoError(t, o.err)
	snapshot := readSnapshot(t, o.path)
	ids := set{}
	for _, e := range events {
		ids.add(e.GetId())
		entitlement, principal := e.GetCreateGrantEvent().GetEntitlement(), e.GetCreateGrantEvent().GetPrincipal()
		if entitlement == nil {
			entitlement, principal = e.GetCreateRevokeEvent().GetEntitlement(), e.GetCreateRevokeEvent().GetPrincipal()
		}
		if entitlement.GetResource().GetId().GetResourceType() != "scoped_role" { // There is one only where somebody holds it.
			assert.Contains(t, snapshot.entitlements, entitlement.GetId(), "the snapshot has no such entitlement")
		}
		assert.Contains(t, snapshot.resources, principal.GetId().GetResourceType()+":"+principal.GetId().GetResource(), "the snapshot has no such principal")
		if principal.GetId().GetResourceType() == "group" && e.HasCreateGrantEvent() {
			assert.NotEmpty(t, e.GetCreateGrantEvent().GetAnnotations(), "what a group was given does not reach its members")
		}
	}
	require.Len(t, ids, len(events), "two events have one id")
}

func TestFailedOrRequestedOperationWouldBeToldAsAChange(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	person := graphsim.Principal{Type: "User", ID: h.id(graphsim.KindUser, 7)}
	failed := graphsim.GroupMemberAudit(true, h.id(graphsim.KindGroup, graphsim.GroupBig), person)
	failed.Result = "failure"
	late := graphsim.ChangeAudit("Update user", "UserManagement", "User", person.ID)
	late.Result = "timeout"
	h.log(failed, late,
		graphsim.PIMAudit("Add member to role requested (PIM activation)", someRole, person),
		graphsim.PIMAudit("Add eligible member to role in PIM requested (permanent)", someRole, person),
		graphsim.PIMAudit("Add member to role approval requested (PIM activation)", someRole, person),
		graphsim.PIMAudit("Add member to role request denied (PIM activation)", someRole, person),
	)
	assert.Empty(t, h.changes(t))
}

func TestIDThatLooksAlikeWouldBeTakenForAnObject(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	person := graphsim.Principal{Type: "User", ID: h.id(graphsim.KindUser, 7)}
	group := h.id(graphsim.KindGroup, graphsim.GroupBig)
	noTemplate := graphsim.RoleAudit(true, nobodysID, someRole, person) // Role.ObjectID is the role's activation in this tenant.
	noTemplate.Targets[0].Modified = noTemplate.Targets[0].Modified[:2]
	inScope := graphsim.PIMAudit("Add member to role completed (PIM activation)", someRole, person,
		graphsim.AuditTarget{ID: h.id(graphsim.KindAdministrativeUnit, 0), Type: "AdministrativeUnit"})
	twoPeople := graphsim.GroupMemberAudit(true, group, person)
	twoPeople.Targets = append(twoPeople.Targets, graphsim.AuditTarget{ID: h.id(graphsim.KindUser, 8), Type: "User"})
	byGroup := graphsim.LicenseAudit(person.ID, h.TenantID(), nil, []string{"05e9a617-0261-4cee-bb44-138d3ef5d965"})
	byGroup.By.App = &graphsim.AuditApp{DisplayName: "Microsoft Azure AD Group-Based Licensing"}
	gone := graphsim.GroupMemberAudit(true, group, graphsim.Principal{Type: "ServicePrincipal", ID: nobodysID})
	h.log(noTemplate, inScope, twoPeople, byGroup, gone, graphsim.LicenseAudit(person.ID, h.TenantID(), nil, nil))
	assert.Equal(t, []string{"* user:" + person.ID, "* user:" + person.ID, "* user:" + person.ID}, h.changes(t),
		"what is not understood is told as a change of the resource, or not at all")
}

func TestOtherChangesWouldGoUnnoticed(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	truth := h.Tenant().Truth()
	user, group, app := h.id(graphsim.KindUser, 3), h.id(graphsim.KindGroup, 3), h.id(graphsim.KindApplication, 1)
	managed := truth.ServicePrincipals[slices.IndexFunc(truth.ServicePrincipals, func(p graphsim.TruthServicePrincipal) bool { return p.Kind == "managed_identity" })].ID
	h.log(
		graphsim.ChangeAudit("Update user", "UserManagement", "User", user), graphsim.ChangeAudit("Delete user", "UserManagement", "User", user),
		graphsim.ChangeAudit("Update group", "GroupManagement", "Group", group), graphsim.ChangeAudit("Update application", "ApplicationManagement", "Application", app),
		graphsim.ChangeAudit("Update service principal", "ApplicationManagement", "ServicePrincipal", managed),
		graphsim.ChangeAudit("Update device", "Device", "Device", h.id(graphsim.KindDevice, 0)), // Devices are not synced unless asked for.
		graphsim.ChangeAudit("Update policy", "Policy", "Policy", nobodysID), graphsim.ChangeAudit("Redeem invite", "UserManagement", "Other", nobodysID),
	)
	assert.Equal(t, []string{"* user:" + user, "* user:" + user, "* group:" + group, "* app_registration:" + app, "* managed_identity:" + managed}, h.changes(t))
}

func TestGroupThatIsLeftOutWouldComeBackThroughEvents(t *testing.T) {
	t.Parallel()
	h := happenings(t, func(cfg *config.AzureAd) { cfg.SkipAdGroups = true })
	synced := h.id(graphsim.KindGroup, graphsim.GroupSynced)
	h.log(graphsim.GroupMemberAudit(true, synced, graphsim.Principal{Type: "User", ID: h.id(graphsim.KindUser, 7)}),
		graphsim.ChangeAudit("Update group", "GroupManagement", "Group", synced),
		graphsim.ChangeAudit("Update group", "GroupManagement", "Group", h.id(graphsim.KindGroup, graphsim.GroupBig)))
	assert.Equal(t, []string{"* group:" + h.id(graphsim.KindGroup, graphsim.GroupBig)}, h.changes(t))
}

func TestSignInsOfOtherTenantsOrThatFailedWouldCountAsUsage(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	payroll := h.Tenant().Truth().ServicePrincipals
	app := payroll[slices.IndexFunc(payroll, func(p graphsim.TruthServicePrincipal) bool { return p.DisplayName == "Payroll" })]
	person, guest := h.id(graphsim.KindUser, 7), h.id(graphsim.KindUser, 8)
	at := h.start.Add(time.Hour)
	h.AddSignIn(
		graphsim.SignInEntry{Time: at, UserID: person, AppID: app.AppID},
		graphsim.SignInEntry{Time: at, UserID: person, AppID: app.AppID, ErrorCode: 50126},
		graphsim.SignInEntry{Time: at, UserID: person, AppID: app.AppID, ResourceTenant: nobodysID},
		graphsim.SignInEntry{Time: at, UserID: nobodysID, AppID: app.AppID, HomeTenant: nobodysID},
		graphsim.SignInEntry{Time: at.Add(time.Second), UserID: guest, AppID: app.AppID, HomeTenant: nobodysID},
		graphsim.SignInEntry{Time: at, UserID: person, AppID: nobodysID},
		graphsim.SignInEntry{Time: at, UserID: "00000000-0000-0000-0000-000000000000", AppID: app.AppID},
	)
	events, _ := pollFeed(t, h.client, usageFeed, "", h.start, 100)
	assert.Equal(t, []string{"> application:" + app.ID + " " + person, "> application:" + app.ID + " " + guest}, toldAll(events))
	assert.Equal(t, at.Unix(), events[0].GetOccurredAt().GetSeconds())
}
