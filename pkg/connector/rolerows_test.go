package connector

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
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

const (
	helpdesk  = "0d000000-0000-4000-8000-000000000001"
	custom    = "0d000000-0000-4000-8000-000000000002"
	customPIM = "0d000000-0000-4000-8000-000000000003"
	goneRole  = "0d000000-0000-4000-8000-000000000004"
	unit      = "0e000000-0000-4000-8000-000000000001"
	someGroup = "0f000000-0000-4000-8000-000000000001"
	partner   = "0c000000-0000-4000-8000-000000000001"
	orphan    = "0c000000-0000-4000-8000-000000000002"
	unsaid    = "0c000000-0000-4000-8000-000000000003"

	roleDefinitions = "/roleManagement/directory/roleDefinitions?$select=id,templateId,displayName,description,isBuiltIn,isEnabled"
	assignments     = "/roleManagement/directory/roleAssignments"
	schedules       = "/roleManagement/directory/roleAssignmentScheduleInstances"
	eligibilities   = "/roleManagement/directory/roleEligibilityScheduleInstances"
)

func definition(id, name string) string {
	return `{"id":"` + id + `","templateId":"` + id + `","displayName":"` + name + `","isEnabled":true}`
}

func rowsIn(rows ...string) string { return `{"value":[` + strings.Join(rows, ",") + `]}` }

// roleRowOf is a row of a role listing, with further properties.
func roleRowOf(role, who, scope, more string) string {
	return `{"id":"row","roleDefinitionId":"` + role + `","principalId":"` + who + `","directoryScopeId":"` + scope + `"` + more + `}`
}

// tenantWithRoles is a Graph that refuses options within an $expand on the listings
// of Privileged Identity Management, as the service does.
func tenantWithRoles(answers map[string]string) *fakeGraph {
	g := &fakeGraph{answers: map[string]string{
		roleDefinitions: rowsIn(definition(helpdesk, "Helpdesk Administrator"), definition(custom, "Reader of everything")),
	}}
	for _, listing := range []string{schedules, eligibilities} {
		g.answers[listing+"?$expand=principal($select=id)"] = `400 {"error":{"error":{"code":"InvalidFilter","message":"The  filter is invalid."}}}`
	}
	maps.Copy(g.answers, answers)
	return g
}

func (f *fakeGraph) says(who, principal string) *fakeGraph {
	for _, listing := range []string{assignments, schedules, eligibilities} {
		f.answers[listing+"?$filter=principalId eq '"+who+"'&$expand=principal"] = rowsIn(`{"principalId":"` + who + `","principal":` + principal + `}`)
	}
	return f
}

type roleLister interface {
	List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)
	GrantsForResourceType(ctx context.Context, resourceType string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error)
}

// syncRoles lists roles and scoped roles, and gives the resources and the grants of
// both.
func syncRoles(t *testing.T, g *fakeGraph, only ...string) ([]*v2.Resource, []*v2.Grant, *tally, index) {
	t.Helper()
	ix, store := listedPeopleIn(t, here)
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

// edges are grants as entitlement and holder.
func edges(grants []*v2.Grant) []string {
	found := []string{}
	for _, g := range grants {
		who := g.GetPrincipal().GetId()
		found = append(found, g.GetEntitlement().GetId()+" "+who.GetResourceType()+":"+who.GetResource())
	}
	return found
}

func metadataOf(t *testing.T, g *v2.Grant) map[string]any {
	t.Helper()
	metadata := &v2.GrantMetadata{}
	annos := annotations.Annotations(g.GetAnnotations())
	_, err := annos.Pick(metadata)
	require.NoError(t, err)
	return metadata.GetMetadata().AsMap()
}

func scopeRef(listing, expand string) string {
	return listing + "?$filter=directoryScopeId eq '/administrativeUnits/" + unit + "'&$expand=" + expand
}

const unitObject = `{"directoryScopeId":"x","directoryScope":{"@odata.type":"#microsoft.graph.administrativeUnit","id":"` + unit + `","displayName":"Unit"}}`

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

func TestAnEligibilityForAGroupWouldBeRefusedOrHeldByNobody(t *testing.T) {
	const listing = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	row := func(who string) string {
		return `{"accessId":"member","memberType":"Direct","principalId":"` + who + `"}`
	}
	g := &fakeGraph{answers: map[string]string{
		listing + "?$filter=groupId eq '" + someGroup + "'&$expand=principal($select=id)": `400 {"error":{"error":{"code":"InvalidFilter"}}}`,
		listing + "?$filter=groupId eq '" + someGroup + "'":                               rowsIn(row(here), row(deleted), row(orphan), row(unsaid)),
		listing + "?$filter=principalId eq '" + deleted + "'&$expand=principal":           rowsIn(`{"principal":{"@odata.type":"#microsoft.graph.user","id":"` + deleted + `"}}`),
		listing + "?$filter=principalId eq '" + orphan + "'&$expand=principal":            rowsIn(`{"principal":null}`),
		listing + "?$filter=principalId eq '" + unsaid + "'&$expand=principal":            `400 {"error":{"code":"InvalidFilter"}}`,
	}}
	ix, _ := listedPeopleIn(t, here)
	s := &groupSyncer{kit: kit{client: g.over(t), left: &tally{}}}
	grants, _, err := s.readEligible(t.Context(), ix, task{Work: groupsNamed(someGroup)})
	require.NoError(t, err)
	require.Equal(t, []string{"group:" + someGroup + ":eligible_member user:" + here}, edges(grants))
	require.Equal(t, map[string]int{leftUnlistedPerson: 1, leftOrphaned: 1, leftUnsaid: 1}, s.left.peek())
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
	ix, store := listedPeopleIn(t, here)
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

// Without people at hand, a principal of which Graph refuses to tell may be anybody.
func TestAHolderOfASyncWithoutPeopleWouldVanishWhereGraphRefusesToTell(t *testing.T) {
	const by = "?$filter=principalId eq '" + unsaid + "'&$expand=principal"
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	refused := `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`
	g := tenantWithRoles(map[string]string{
		assignments + by: refused, schedules + by: refused, groups + by: refused,
		groups + "?$filter=groupId eq '" + someGroup + "'": rowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + unsaid + `"}`),
	})
	client := g.over(t)
	everybody, _ := listedPeopleIn(t, here)
	for _, ix := range []index{{syncReading(t)}, everybody} {
		left := &tally{}
		rows := roleReader{kit: kit{client: client, left: left, decider: &decider{client: client}}}
		eligible := &groupSyncer{kit: kit{client: client, left: left}}
		for range 2 { // The second call begins with what the first has noted.
			_, err := rows.grants(t.Context(), ix, typeRole, []roleRow{{Role: helpdesk, ID: unsaid}}, func(row *roleRow) string { return row.Role })
			_, _, errGroup := eligible.readEligible(t.Context(), ix, task{Work: groupsNamed(someGroup)})
			if ix != everybody {
				require.True(t, failure.IsAccessDenied(err))
				require.True(t, failure.IsAccessDenied(errGroup))
				continue
			}
			require.NoError(t, err)
			require.NoError(t, errGroup)
		}
		_, err := rows.held(t.Context(), ix, []roleRow{{Role: helpdesk, ID: unsaid, Scope: "/administrativeUnits/" + unit}})
		require.NoError(t, err, "people may be listed still")
	}
}

// A partner's group is nothing that the groups' own listing could show.
func TestAPrincipalThatOneListingDoesNotKnowWouldNotBeLookedForInTheOther(t *testing.T) {
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	for _, row := range []string{`{"principal":null}`, `{"principal":{"id":"x"}}`} {
		g := tenantWithRoles(map[string]string{
			groups + "?$filter=groupId eq '" + someGroup + "'":                     rowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + partner + `"}`),
			groups + "?$filter=principalId eq '" + partner + "'&$expand=principal": rowsIn(row),
		}).says(partner, `{"@odata.type":"#microsoft.graph.remoteTenantGroup","id":"x"}`)
		ix, _ := listedPeopleIn(t, here)
		client := g.over(t)
		_, _, err := (&groupSyncer{kit: kit{client: client, left: &tally{}}}).readEligible(t.Context(), ix, task{Work: groupsNamed(someGroup)})
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
		made := &decision{Reads: []dataSet{dataRoleSchedules, dataRoleEligibility}, at: time.Now()}
		s := &scopedRoleSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client, latest: made}}}
		found, _, err := s.Get(t.Context(), resourceID(typeScopedRole, custom+"@"+unit), nil)
		if there {
			require.NoError(t, err)
			require.Equal(t, "Reader of everything in Unit", found.GetDisplayName())
		} else {
			require.Equal(t, codes.NotFound, status.Code(err))
		}
	}
}

// An application with a role would be left out as one that holds nothing.
func TestAnApplicationWhoseRowDoesNotSayWhatItIsWouldBeTakenForUnused(t *testing.T) {
	g := tenantWithRoles(map[string]string{
		schedules:   rowsIn(roleRowOf(customPIM, someApp, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
		assignments: rowsIn(roleRowOf(helpdesk, someGroup, "/", "")),
	})
	ix := index{syncReading(t, dataRoleSchedules)}
	client := g.over(t)
	s := &applicationSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
	next := &cursor{Version: tokenVersion, Phase: phaseRoles}
	for next.Phase != phaseKeep {
		var err error
		next, err = s.markRoles(t.Context(), ix, *next)
		require.NoError(t, err)
	}
	used, err := usedAmong(t.Context(), ix, []string{someApp, someGroup, unit})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{someApp: true, someGroup: true}, used)
	given, err := get[bool](t.Context(), ix, keyRoleTimes, []string{(&roleRow{Role: customPIM, ID: someApp}).key()})
	require.NoError(t, err)
	require.Empty(t, given, "the roles' own reading, which comes later, would pass the row over in the plain listing")
}
