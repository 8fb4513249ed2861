package connector

import (
	"context"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

type roleLister interface {
	List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)
	GrantsForResourceType(ctx context.Context, resourceType string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error)
}

// syncRoles lists roles and scoped roles, and gives the resources and the grants of
// both.
func syncRoles(t *testing.T, g *fakeGraph, only ...string) ([]*v2.Resource, []*v2.Grant, *tally, index) {
	t.Helper()
	ix, store := peopleListedIn(t, here)
	require.NoError(t, put(t.Context(), ix, keyGroup, map[string]groupTraits{someGroup: 0}))
	require.NoError(t, ix.putObjects(t.Context(), typeManagedIdentity, []string{someApp}))
	client, left := g.over(t), &tally{}
	decider := &decider{client: client}
	filter := filters{only: only}
	rows := roleReader{kit: kit{client: client, left: left, decider: decider, expand: newExpander(&filter)}}
	role := &roleSyncer{kit: kit{client: client, decider: decider, filter: filter}, rows: rows}
	scoped := &scopedRoleSyncer{kit: kit{client: client, left: left, decider: decider}, rows: rows}

	var resources []*v2.Resource
	var grants []*v2.Grant
	all := func(call func(opts rs.SyncOpAttrs) (*rs.SyncOpResults, error)) {
		for token, first := "", true; first || token != ""; first = false {
			res, err := call(rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
			require.NoError(t, err)
			if token = ""; res != nil {
				token = res.NextPageToken
			}
		}
	}
	syncers := []struct {
		name string
		roleLister
	}{{typeRole, role}, {typeScopedRole, scoped}}
	for _, s := range syncers {
		if filter.syncs(s.name) {
			all(func(opts rs.SyncOpAttrs) (*rs.SyncOpResults, error) {
				found, res, err := s.List(t.Context(), nil, opts)
				resources = append(resources, found...)
				return res, err
			})
		}
	}
	for _, s := range syncers {
		if filter.syncs(s.name) {
			all(func(opts rs.SyncOpAttrs) (*rs.SyncOpResults, error) {
				found, res, err := s.GrantsForResourceType(t.Context(), s.name, opts)
				grants = append(grants, found...)
				return res, err
			})
		}
	}
	return resources, grants, left, ix
}

// Options within an $expand are refused on the listings of Privileged Identity
// Management, which every tenant with Entra ID P2 has.
func TestATenantWithP2WouldNotBeSyncedAtAll(t *testing.T) {
	g := tenantWithRoles(map[string]string{
		schedules:     rowsIn(roleRowOf(helpdesk, here, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
		assignments:   rowsIn(roleRowOf(helpdesk, here, "/", ""), roleRowOf(helpdesk, someGroup, "/", ""), roleRowOf(custom, someApp, "/", "")),
		eligibilities: rowsIn(roleRowOf(custom, here, "/administrativeUnits/"+unit, `,"memberType":"Direct"`)),
		scopeRef(eligibilities, "directoryScope($select=id,displayName,servicePrincipalType)"): `400 {"error":{"error":{"code":"InvalidFilter"}}}`,
		scopeRef(eligibilities, "directoryScope"):                                              rowsIn(unitObject),
	})
	resources, grants, left, _ := syncRoles(t, g)
	require.ElementsMatch(t, []string{
		"role:" + helpdesk + ":assigned user:" + here,
		"role:" + helpdesk + ":assigned group:" + someGroup,
		"role:" + custom + ":assigned managed_identity:" + someApp,
		"scoped_role:" + custom + "@" + unit + ":eligible user:" + here,
	}, edges(grants))
	require.Len(t, resources, 3)
	require.Empty(t, left.peek())
	require.Empty(t, g.askedFor("$expand=principal"), "everybody is in the snapshot, so nobody is to be asked about")
	require.Empty(t, slicesWith(g.askedFor("Schedule"), "$expand=", "("))
}

func slicesWith(refs []string, texts ...string) []string {
	var found []string
	for _, ref := range refs {
		all := true
		for _, text := range texts {
			all = all && strings.Contains(ref, text)
		}
		if all {
			found = append(found, ref)
		}
	}
	return found
}

func TestARoleWouldBeHeldBySomebodyWhoIsNotThere(t *testing.T) {
	for _, only := range [][]string{nil, {typeRole, typeUser}} {
		g := tenantWithRoles(map[string]string{
			assignments: rowsIn(
				roleRowOf(helpdesk, here, "/", ""), roleRowOf(helpdesk, deleted, "/", ""), roleRowOf(helpdesk, orphan, "/", ""), roleRowOf(helpdesk, unsaid, "/", "")),
			assignments + "?$filter=principalId eq '" + unsaid + "'&$expand=principal": `400 {"error":{"code":"BadRequest","message":""}}`,
			schedules + "?$filter=principalId eq '" + unsaid + "'&$expand=principal":   `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`,
		}).says(deleted, `{"@odata.type":"#microsoft.graph.user","id":"`+deleted+`"}`).says(orphan, "null")
		_, grants, left, _ := syncRoles(t, g, only...)
		require.Equal(t, []string{"role:" + helpdesk + ":assigned user:" + here}, edges(grants))
		require.Equal(t, map[string]int{leftUnlistedPerson: 1, leftOrphaned: 1, leftUnsaid: 1}, left.peek())
	}
}

// Nobody holds the role there: a resource would claim that somebody does.
func TestAScopedRoleOfNobodyWouldBeShown(t *testing.T) {
	g := tenantWithRoles(map[string]string{
		assignments: rowsIn(roleRowOf(helpdesk, orphan, "/administrativeUnits/"+unit, "")),
		scopeRef(assignments, "directoryScope($select=id,displayName,servicePrincipalType)"): rowsIn(unitObject),
	}).says(orphan, "null")
	resources, grants, left, _ := syncRoles(t, g, typeScopedRole)
	require.Empty(t, resources)
	require.Empty(t, grants)
	require.Equal(t, map[string]int{leftOrphaned: 1}, left.peek())
}

func TestAPartnerThatHoldsARoleWouldGoUnsaid(t *testing.T) {
	const second = "0c000000-0000-4000-8000-000000000009"
	g := tenantWithRoles(map[string]string{
		assignments:   rowsIn(roleRowOf(helpdesk, partner, "/", ""), roleRowOf(custom, partner, "/", "")),
		eligibilities: rowsIn(roleRowOf(helpdesk, second, "/", `,"memberType":"Direct"`)),
	}).says(partner, `{"@odata.type":"#microsoft.graph.directoryObjectPartnerReference","id":"x"}`).
		says(second, `{"@odata.type":"#microsoft.graph.remoteTenantGroup","id":"x"}`)
	_, grants, left, ix := syncRoles(t, g)
	require.Empty(t, grants)
	require.Equal(t, map[string]int{notSynced(graph.KindOtherTenant.String()): 3}, left.peek())

	core, logs := observer.New(zap.WarnLevel)
	warnOfOtherTenants(ctxzap.ToContext(t.Context(), zap.New(core)), ix)
	require.Len(t, logs.All(), 1)
	require.EqualValues(t, 2, logs.All()[0].ContextMap()["principals"])
	require.Equal(t, []any{"Helpdesk Administrator", "Reader of everything"}, logs.All()[0].ContextMap()["roles"])

	core, logs = observer.New(zap.WarnLevel)
	_, _, _, ix = syncRoles(t, tenantWithRoles(nil))
	warnOfOtherTenants(ctxzap.ToContext(t.Context(), zap.New(core)), ix)
	require.Empty(t, logs.All())
}

// Privileged Identity Management can know a custom role by another id.
func TestACustomRoleWouldBeTwoOfWhichOneDoesNotExist(t *testing.T) {
	const direct = `,"memberType":"Direct","assignmentType":"Assigned","endDateTime":"2031-05-01T18:00:00Z"`
	for _, only := range [][]string{nil, {typeRole, typeUser}} {
		g := tenantWithRoles(map[string]string{
			schedules: rowsIn(roleRowOf(customPIM, here, "/", direct), roleRowOf(customPIM, here, "/administrativeUnits/"+unit, direct),
				roleRowOf(goneRole, here, "/", direct), roleRowOf(goneRole, here, "/administrativeUnits/"+unit, direct)),
			assignments: rowsIn(roleRowOf(custom, here, "/", ""), roleRowOf(custom, here, "/administrativeUnits/"+unit, "")),
			scopeRef(assignments, "directoryScope($select=id,displayName,servicePrincipalType)"): rowsIn(unitObject),
			graph.RoleDefinitionRef(customPIM):                                                   definition(custom, "Reader of everything"),
			graph.RoleDefinitionRef(goneRole):                                                    `404 {"error":{"code":"Request_ResourceNotFound","message":""}}`,
		})
		resources, grants, left, _ := syncRoles(t, g, only...)
		want := []string{"role:" + custom + ":assigned user:" + here}
		if only == nil {
			want = append(want, "scoped_role:"+custom+"@"+unit+":assigned user:"+here)
		}
		require.ElementsMatch(t, want, edges(grants))
		require.Len(t, resources, len(want)+1)
		for _, granted := range grants {
			require.Equal(t, "2031-05-01T18:00:00Z", metadataOf(t, granted)["endDateTime"])
		}
		require.Equal(t, map[string]int{leftGoneRole: 2}, left.peek())
		require.Len(t, g.askedFor(graph.RoleDefinitionRef(customPIM)), 1)
	}
}

func TestAnActivationThroughAGroupWouldSeemToBeForGood(t *testing.T) {
	g := tenantWithRoles(map[string]string{
		schedules: rowsIn(
			roleRowOf(helpdesk, here, "/", `,"memberType":"Group","assignmentType":"Activated","startDateTime":"2030-05-01T10:00:00Z","endDateTime":"2030-05-01T18:00:00Z"`),
			roleRowOf(custom, here, "/", `,"memberType":"Group","assignmentType":"Assigned","endDateTime":"2030-05-01T18:00:00Z"`)),
		assignments: rowsIn(roleRowOf(helpdesk, here, "/", ""), roleRowOf(custom, here, "/", "")),
	})
	_, grants, left, _ := syncRoles(t, g)
	require.Empty(t, left.peek())
	require.Len(t, grants, 2)
	require.Equal(t, map[string]any{"assignmentType": "activated", "startDateTime": "2030-05-01T10:00:00Z", "endDateTime": "2030-05-01T18:00:00Z"}, metadataOf(t, grants[0]))
	require.NotContains(t, metadataOf(t, grants[1]), "endDateTime", "what the group gives ends, not what the person has of its own")
}

// A sync that does not list people takes whom Graph says to be a person.
func TestAPersonOfASyncWithoutPeopleWouldVanish(t *testing.T) {
	g := tenantWithRoles(map[string]string{assignments: rowsIn(roleRowOf(helpdesk, here, "/", ""))}).says(here, `{"@odata.type":"#microsoft.graph.user","id":"x"}`)
	store := syncReading(t)
	client := g.over(t)
	rows := roleReader{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
	grants, err := rows.grants(t.Context(), index{store}, typeRole, []roleRow{{Role: helpdesk, ID: here}}, func(row *roleRow) string { return row.Role })
	require.NoError(t, err)
	require.Equal(t, []string{"role:" + helpdesk + ":assigned user:" + here}, edges(grants))
}

// Roles are listed twice, and the rows after the second time.
func TestARoleThatWasCreatedInBetweenWouldBeHeldWithoutBeingThere(t *testing.T) {
	ix, store := peopleListedIn(t, here)
	client := tenantWithRoles(nil).over(t)
	left := &tally{}
	s := &roleSyncer{kit: kit{client: client, decider: &decider{client: client}}, rows: roleReader{kit: kit{client: client, left: left, decider: &decider{client: client}}}}
	require.NoError(t, putRoleNames(t.Context(), ix, keyRoleName, []graph.RoleDefinition{{ID: helpdesk}}))
	require.NoError(t, putRoleNames(t.Context(), ix, keyScopedRoleName, []graph.RoleDefinition{{ID: helpdesk}, {ID: custom}}))
	rows, err := s.rows.resolve(t.Context(), ix, []roleRow{{Role: helpdesk, ID: here}, {Role: custom, ID: here}})
	require.NoError(t, err)
	require.NoError(t, putPage(t.Context(), ix, keyRoleRows, 0, true, rows))
	grants, _, err := s.GrantsForResourceType(t.Context(), typeRole, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Equal(t, []string{"role:" + helpdesk + ":assigned user:" + here}, edges(grants))
	require.Equal(t, map[string]int{leftUnlistedRole: 1}, left.peek())
}

// A partner's group is nothing that the groups' own listing could show.
func TestAPrincipalThatOneListingDoesNotKnowWouldNotBeLookedForInTheOther(t *testing.T) {
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	for _, row := range []string{`{"principal":null}`, `{"principal":{"id":"x"}}`} {
		g := tenantWithRoles(map[string]string{
			groups + "?$filter=groupId eq '" + someGroup + "'":                     rowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + partner + `"}`),
			groups + "?$filter=principalId eq '" + partner + "'&$expand=principal": rowsIn(row),
		}).says(partner, `{"@odata.type":"#microsoft.graph.remoteTenantGroup","id":"x"}`)
		ix, _ := peopleListedIn(t, here)
		client := g.over(t)
		_, err := identify(t.Context(), ix, client, []string{partner}, sayGroups, func(id string) []string { return []string{graph.GroupEligibilityPrincipalRef(id)} })
		require.NoError(t, err)
		rows := roleReader{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
		_, err = rows.grants(t.Context(), ix, typeRole, []roleRow{{Role: helpdesk, ID: partner}}, func(row *roleRow) string { return row.Role })
		require.NoError(t, err)
		principals, _, err := otherTenantsOf(t.Context(), ix)
		require.NoError(t, err)
		require.Equal(t, 1, principals)
	}
}

// A platform that reads the resource by itself would take it for deleted.
func TestAScopedCustomRoleThatCanOnlyBeActivatedWouldSeemToBeDeleted(t *testing.T) {
	const at = "?$filter=directoryScopeId eq '/administrativeUnits/" + unit + "'"
	for who, there := range map[string]bool{here: true, orphan: false, unsaid: true} {
		g := tenantWithRoles(map[string]string{
			eligibilities + at:                        rowsIn(roleRowOf(customPIM, who, "/administrativeUnits/"+unit, `,"memberType":"Direct"`)),
			scopeRef(eligibilities, "directoryScope"): rowsIn(unitObject),
			graph.RoleDefinitionRef(custom):           definition(custom, "Reader of everything"),
			graph.RoleDefinitionRef(customPIM):        definition(custom, "Reader of everything"),
		}).says(orphan, "null").says(here, `{"@odata.type":"#microsoft.graph.user","id":"x"}`)
		client := g.over(t)
		d := &decider{client: client}
		_, err := d.decide(t.Context(), nil, nil)
		require.NoError(t, err)
		s := &scopedRoleSyncer{kit: kit{client: client, left: &tally{}, decider: d}}
		found, _, err := s.Get(t.Context(), resourceID(typeScopedRole, custom+"@"+unit), nil)
		if there {
			require.NoError(t, err)
			require.Equal(t, "Reader of everything in Unit", found.GetDisplayName())
		} else {
			require.Equal(t, codes.NotFound, status.Code(err))
		}
	}
}

// Without people at hand, a principal of which Graph refuses to tell may be anybody.
func TestAHolderOfASyncWithoutPeopleWouldVanishWhereGraphRefusesToTell(t *testing.T) {
	const by = "?$filter=principalId eq '" + unsaid + "'&$expand=principal"
	refused := `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`
	g := tenantWithRoles(map[string]string{
		assignments + by: refused, schedules + by: refused,
	})
	client := g.over(t)
	everybody, _ := peopleListedIn(t, here)
	for _, ix := range []index{{syncReading(t)}, everybody} {
		left := &tally{}
		rows := roleReader{kit: kit{client: client, left: left, decider: &decider{client: client}}}
		for range 2 { // The second call begins with what the first has noted.
			_, err := rows.grants(t.Context(), ix, typeRole, []roleRow{{Role: helpdesk, ID: unsaid}}, func(row *roleRow) string { return row.Role })
			if ix != everybody {
				require.True(t, failure.IsAccessDenied(err))
				continue
			}
			require.NoError(t, err)
		}
		_, err := rows.held(t.Context(), ix, []roleRow{{Role: helpdesk, ID: unsaid, Scope: "/administrativeUnits/" + unit}})
		require.NoError(t, err, "people may be listed still")
	}
}
