package roles

import (
	"context"
	"slices"
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

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

type roleLister interface {
	List(ctx context.Context, parent *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)
	GrantsForResourceType(ctx context.Context, resourceType string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error)
}

// syncRoles lists roles and scoped roles, and gives the resources and the grants of
// both.
func syncRoles(t *testing.T, g *fake.Graph, only ...string) ([]*v2.Resource, []*v2.Grant, *walk.Tally, walk.Index) {
	t.Helper()
	return syncRolesAndPartners(t, g, partnersUnasked, only...)
}

// When principals of other tenants are listed, if they are: a sync can be of some types
// without the connector's knowing it.
const (
	partnersUnasked = iota
	partnersFirst
	partnersLast
)

func syncRolesAndPartners(t *testing.T, g *fake.Graph, when int, only ...string) ([]*v2.Resource, []*v2.Grant, *walk.Tally, walk.Index) {
	t.Helper()
	ix, store := kindtest.PeopleListedIn(t, fake.Here)
	require.NoError(t, walk.Put(t.Context(), ix, walk.KeyGroup, map[string]model.GroupTraits{fake.SomeGroup: 0}))
	require.NoError(t, ix.PutObjects(t.Context(), model.TypeManagedIdentity, []string{fake.SomeApp}))
	client, left := g.Over(t), &walk.Tally{}
	decider := &decide.Decider{Client: client}
	filter := decide.Filters{Only: only}
	rows := RoleReader{Kit: kinds.Kit{Client: client, Left: left, Decider: decider, Expand: kinds.NewExpander(&filter)}}
	role := &Syncer{Kit: kinds.Kit{Client: client, Decider: decider, Filter: filter}, rows: rows}
	scoped := &ScopedSyncer{Kit: kinds.Kit{Client: client, Left: left, Decider: decider}, rows: rows}

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
	partners := func() {
		all(func(opts rs.SyncOpAttrs) (*rs.SyncOpResults, error) {
			found, res, err := NewPartners(scoped.Kit).List(t.Context(), nil, opts)
			resources = append(resources, found...)
			return res, err
		})
	}
	if when == partnersFirst {
		partners()
	}
	syncers := []struct {
		name string
		roleLister
	}{{model.TypeRole, role}, {model.TypeScopedRole, scoped}}
	for _, s := range syncers {
		if filter.Syncs(s.name) {
			all(func(opts rs.SyncOpAttrs) (*rs.SyncOpResults, error) {
				found, res, err := s.List(t.Context(), nil, opts)
				resources = append(resources, found...)
				return res, err
			})
		}
	}
	if when == partnersLast {
		partners()
	}
	for _, s := range syncers {
		if filter.Syncs(s.name) {
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
	g := fake.TenantWithRoles(map[string]string{
		fake.Schedules:     fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
		fake.Assignments:   fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", ""), fake.RoleRowOf(fake.Helpdesk, fake.SomeGroup, "/", ""), fake.RoleRowOf(fake.Custom, fake.SomeApp, "/", "")),
		fake.Eligibilities: fake.RowsIn(fake.RoleRowOf(fake.Custom, fake.Here, "/administrativeUnits/"+fake.Unit, `,"memberType":"Direct"`)),
		fake.ScopeRef(fake.Eligibilities, "directoryScope($select=id,displayName,servicePrincipalType)"): `400 {"error":{"error":{"code":"InvalidFilter"}}}`,
		fake.ScopeRef(fake.Eligibilities, "directoryScope"):                                              fake.RowsIn(fake.UnitObject),
	})
	resources, grants, left, _ := syncRoles(t, g)
	require.ElementsMatch(t, []string{
		"role:" + fake.Helpdesk + ":assigned user:" + fake.Here,
		"role:" + fake.Helpdesk + ":assigned group:" + fake.SomeGroup,
		"role:" + fake.Custom + ":assigned managed_identity:" + fake.SomeApp,
		"scoped_role:" + fake.Custom + "@" + fake.Unit + ":eligible user:" + fake.Here,
	}, kindtest.Edges(grants))
	require.Len(t, resources, 3)
	require.Empty(t, left.Peek())
	require.Empty(t, g.AskedFor("principalId eq"), "everybody is in the snapshot, so nobody is to be asked about")
	require.Empty(t, slicesWith(g.AskedFor("Schedule"), "$expand=", "("))
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
	for _, only := range [][]string{nil, {model.TypeRole, model.TypeUser}} {
		g := fake.TenantWithRoles(map[string]string{
			fake.Assignments: fake.RowsIn(
				fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", ""), fake.RoleRowOf(fake.Helpdesk, fake.Deleted, "/", ""),
				fake.RoleRowOf(fake.Helpdesk, fake.Orphan, "/", ""), fake.RoleRowOf(fake.Helpdesk, fake.Unsaid, "/", "")),
			fake.Assignments + "?$filter=principalId eq '" + fake.Unsaid + "'&$expand=principal": `400 {"error":{"code":"BadRequest","message":""}}`,
			fake.Schedules + "?$filter=principalId eq '" + fake.Unsaid + "'&$expand=principal":   `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`,
		}).Says(fake.Deleted, `{"@odata.type":"#microsoft.graph.user","id":"`+fake.Deleted+`"}`).Says(fake.Orphan, "null")
		_, grants, left, _ := syncRoles(t, g, only...)
		require.Equal(t, []string{"role:" + fake.Helpdesk + ":assigned user:" + fake.Here}, kindtest.Edges(grants))
		require.Equal(t, map[string]int{walk.LeftUnlistedPerson: 1, walk.LeftOrphaned: 1, walk.LeftUnsaid: 1}, left.Peek())
	}
}

// Nobody holds the role there: a resource would claim that somebody does.
func TestAScopedRoleOfNobodyWouldBeShown(t *testing.T) {
	g := fake.TenantWithRoles(map[string]string{
		fake.Assignments: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Orphan, "/administrativeUnits/"+fake.Unit, "")),
		fake.ScopeRef(fake.Assignments, "directoryScope($select=id,displayName,servicePrincipalType)"): fake.RowsIn(fake.UnitObject),
	}).Says(fake.Orphan, "null")
	resources, grants, left, _ := syncRoles(t, g, model.TypeScopedRole)
	require.Empty(t, resources)
	require.Empty(t, grants)
	require.Equal(t, map[string]int{walk.LeftOrphaned: 1}, left.Peek())
}

func TestAPartnerThatHoldsARoleWouldGoUnsaid(t *testing.T) {
	const second = "0c000000-0000-4000-8000-000000000009"
	g := fake.TenantWithRoles(map[string]string{
		fake.Assignments:   fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Partner, "/", ""), fake.RoleRowOf(fake.Custom, fake.Partner, "/", "")),
		fake.Eligibilities: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, second, "/", `,"memberType":"Direct"`)),
	}).Says(fake.Partner, `{"@odata.type":"#microsoft.graph.directoryObjectPartnerReference","id":"x"}`).
		Says(second, `{"@odata.type":"#microsoft.graph.remoteTenantGroup","id":"x"}`)
	_, grants, left, ix := syncRoles(t, g)
	require.Empty(t, grants)
	require.Equal(t, map[string]int{walk.NotSynced(graph.KindOtherTenant.String()): 3}, left.Peek())

	core, logs := observer.New(zap.WarnLevel)
	WarnOfOtherTenants(ctxzap.ToContext(t.Context(), zap.New(core)), ix)
	require.Len(t, logs.All(), 1)
	require.EqualValues(t, 2, logs.All()[0].ContextMap()["principals"])
	require.Equal(t, []any{"Helpdesk Administrator", "Reader of everything"}, logs.All()[0].ContextMap()["roles"])

	core, logs = observer.New(zap.WarnLevel)
	_, _, _, ix = syncRoles(t, fake.TenantWithRoles(nil))
	WarnOfOtherTenants(ctxzap.ToContext(t.Context(), zap.New(core)), ix)
	require.Empty(t, logs.All())
}

// A row with its principal shows whom a partner's role is held by, where PIM has given
// the row before, too. What is shown needs no warning, and nobody asks what it is.
func TestAPartnerThatIsShownHoldsItsRoleAndIsNotWarnedOf(t *testing.T) {
	const second = "0c000000-0000-4000-8000-000000000009"
	who := func(id, said string) string { return `,"principal":{"id":"` + id + `",` + said + `}` }
	group := who(fake.Partner, `"@odata.type":"#microsoft.graph.directoryObjectPartnerReference","displayName":"Helpdesk Agents","objectType":"group",`+
		`"externalPartnerTenantId":"AAAAAAAA-0000-4000-8000-000000000001"`)
	remote := who(second, `"@odata.type":"#microsoft.graph.remoteTenantGroup","remoteGroupDisplayName":null,"remoteTenantId":null,"remoteTenantPrimaryDomain":"managing.example"`)
	g := fake.TenantWithRoles(map[string]string{
		fake.Assignments: fake.RowsIn(
			fake.RoleRowOf(fake.Helpdesk, fake.Partner, "/", group), fake.RoleRowOf(fake.Custom, fake.Partner, "/", group),
			fake.RoleRowOf(fake.Custom, second, "/", remote), fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", who(fake.Here, `"@odata.type":"#microsoft.graph.user"`))),
		fake.Schedules: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Partner, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
	})
	shownOf := func(resources []*v2.Resource) []*v2.Resource {
		return slices.DeleteFunc(resources, func(r *v2.Resource) bool { return r.GetId().GetResourceType() != model.TypePartnerPrincipal })
	}
	resources, grants, _, _ := syncRolesAndPartners(t, g, partnersUnasked)
	require.Empty(t, shownOf(resources), "the sync has no such type")
	require.Len(t, grants, 1)
	first, _, _, _ := syncRolesAndPartners(t, g, partnersFirst)
	resources, grants, left, ix := syncRolesAndPartners(t, g, partnersLast)
	shown := shownOf(resources)
	require.Len(t, shownOf(first), len(shown))
	require.Len(t, shown, 2)
	require.Equal(t, "Helpdesk Agents", shown[0].GetDisplayName())
	require.Equal(t, "aaaaaaaa-0000-4000-8000-000000000001", shown[0].GetProfile().GetFields()["tenantId"].GetStringValue())
	require.Equal(t, second, shown[1].GetDisplayName(), "it has no name")
	require.ElementsMatch(t, []string{
		"role:" + fake.Helpdesk + ":assigned partner_principal:" + fake.Partner, "role:" + fake.Custom + ":assigned partner_principal:" + fake.Partner,
		"role:" + fake.Custom + ":assigned partner_principal:" + second, "role:" + fake.Helpdesk + ":assigned user:" + fake.Here,
	}, kindtest.Edges(grants))
	require.Empty(t, left.Peek())
	core, logs := observer.New(zap.WarnLevel)
	WarnOfOtherTenants(ctxzap.ToContext(t.Context(), zap.New(core)), ix)
	require.Empty(t, logs.All())
}

// Privileged Identity Management can know a custom role by another id.
func TestACustomRoleWouldBeTwoOfWhichOneDoesNotExist(t *testing.T) {
	const direct = `,"memberType":"Direct","assignmentType":"Assigned","endDateTime":"2031-05-01T18:00:00Z"`
	for _, only := range [][]string{nil, {model.TypeRole, model.TypeUser}} {
		g := fake.TenantWithRoles(map[string]string{
			fake.Schedules: fake.RowsIn(fake.RoleRowOf(fake.CustomPIM, fake.Here, "/", direct), fake.RoleRowOf(fake.CustomPIM, fake.Here, "/administrativeUnits/"+fake.Unit, direct),
				fake.RoleRowOf(fake.GoneRole, fake.Here, "/", direct), fake.RoleRowOf(fake.GoneRole, fake.Here, "/administrativeUnits/"+fake.Unit, direct)),
			fake.Assignments: fake.RowsIn(fake.RoleRowOf(fake.Custom, fake.Here, "/", ""), fake.RoleRowOf(fake.Custom, fake.Here, "/administrativeUnits/"+fake.Unit, "")),
			fake.ScopeRef(fake.Assignments, "directoryScope($select=id,displayName,servicePrincipalType)"): fake.RowsIn(fake.UnitObject),
			graph.RoleDefinitionRef(fake.CustomPIM):                                                        fake.Definition(fake.Custom, "Reader of everything"),
			graph.RoleDefinitionRef(fake.GoneRole):                                                         `404 {"error":{"code":"Request_ResourceNotFound","message":""}}`,
		})
		resources, grants, left, _ := syncRoles(t, g, only...)
		want := []string{"role:" + fake.Custom + ":assigned user:" + fake.Here}
		if only == nil {
			want = append(want, "scoped_role:"+fake.Custom+"@"+fake.Unit+":assigned user:"+fake.Here)
		}
		require.ElementsMatch(t, want, kindtest.Edges(grants))
		require.Len(t, resources, len(want)+1)
		for _, granted := range grants {
			require.Equal(t, "2031-05-01T18:00:00Z", kindtest.MetadataOf(t, granted)["endDateTime"])
		}
		require.Equal(t, map[string]int{walk.LeftGoneRole: 2}, left.Peek())
		require.Len(t, g.AskedFor(graph.RoleDefinitionRef(fake.CustomPIM)), 1)
	}
}

func TestAnActivationThroughAGroupWouldSeemToBeForGood(t *testing.T) {
	g := fake.TenantWithRoles(map[string]string{
		fake.Schedules: fake.RowsIn(
			fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", `,"memberType":"Group","assignmentType":"Activated","startDateTime":"2030-05-01T10:00:00Z","endDateTime":"2030-05-01T18:00:00Z"`),
			fake.RoleRowOf(fake.Custom, fake.Here, "/", `,"memberType":"Group","assignmentType":"Assigned","endDateTime":"2030-05-01T18:00:00Z"`)),
		fake.Assignments: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", ""), fake.RoleRowOf(fake.Custom, fake.Here, "/", "")),
	})
	_, grants, left, _ := syncRoles(t, g)
	require.Empty(t, left.Peek())
	require.Len(t, grants, 2)
	require.Equal(t, map[string]any{"assignmentType": "activated", "startDateTime": "2030-05-01T10:00:00Z", "endDateTime": "2030-05-01T18:00:00Z"}, kindtest.MetadataOf(t, grants[0]))
	require.NotContains(t, kindtest.MetadataOf(t, grants[1]), "endDateTime", "what the group gives ends, not what the person has of its own")
}

// A sync that does not list people takes whom Graph says to be a person.
func TestAPersonOfASyncWithoutPeopleWouldVanish(t *testing.T) {
	g := fake.TenantWithRoles(map[string]string{fake.Assignments: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Here, "/", ""))}).Says(fake.Here, `{"@odata.type":"#microsoft.graph.user","id":"x"}`)
	store := decidetest.SyncReading(t)
	client := g.Over(t)
	rows := RoleReader{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
	grants, err := rows.grants(t.Context(), walk.Index{Store: store}, model.TypeRole, []roleRow{{Role: fake.Helpdesk, ID: fake.Here}}, func(row *roleRow) string { return row.Role })
	require.NoError(t, err)
	require.Equal(t, []string{"role:" + fake.Helpdesk + ":assigned user:" + fake.Here}, kindtest.Edges(grants))
}

// Roles are listed twice, and the rows after the second time.
func TestARoleThatWasCreatedInBetweenWouldBeHeldWithoutBeingThere(t *testing.T) {
	ix, store := kindtest.PeopleListedIn(t, fake.Here)
	client := fake.TenantWithRoles(nil).Over(t)
	left := &walk.Tally{}
	s := &Syncer{Kit: kinds.Kit{Client: client, Decider: &decide.Decider{Client: client}}, rows: RoleReader{Kit: kinds.Kit{Client: client, Left: left, Decider: &decide.Decider{Client: client}}}}
	require.NoError(t, putRoleNames(t.Context(), ix, keyRoleName, []graph.RoleDefinition{{ID: fake.Helpdesk}}))
	require.NoError(t, putRoleNames(t.Context(), ix, keyScopedRoleName, []graph.RoleDefinition{{ID: fake.Helpdesk}, {ID: fake.Custom}}))
	rows, err := s.rows.resolve(t.Context(), ix, []roleRow{{Role: fake.Helpdesk, ID: fake.Here}, {Role: fake.Custom, ID: fake.Here}})
	require.NoError(t, err)
	require.NoError(t, walk.PutPage(t.Context(), ix, keyRoleRows, 0, true, rows))
	grants, _, err := s.GrantsForResourceType(t.Context(), model.TypeRole, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Equal(t, []string{"role:" + fake.Helpdesk + ":assigned user:" + fake.Here}, kindtest.Edges(grants))
	require.Equal(t, map[string]int{walk.LeftUnlistedRole: 1}, left.Peek())
}

// A partner's group is nothing that the groups' own listing could show.
func TestAPrincipalThatOneListingDoesNotKnowWouldNotBeLookedForInTheOther(t *testing.T) {
	const groups = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
	for _, row := range []string{`{"principal":null}`, `{"principal":{"id":"x"}}`} {
		g := fake.TenantWithRoles(map[string]string{
			groups + "?$filter=groupId eq '" + fake.SomeGroup + "'":                     fake.RowsIn(`{"accessId":"member","memberType":"Direct","principalId":"` + fake.Partner + `"}`),
			groups + "?$filter=principalId eq '" + fake.Partner + "'&$expand=principal": fake.RowsIn(row),
		}).Says(fake.Partner, `{"@odata.type":"#microsoft.graph.remoteTenantGroup","id":"x"}`)
		ix, _ := kindtest.PeopleListedIn(t, fake.Here)
		client := g.Over(t)
		_, err := kinds.Identify(t.Context(), ix, client, []string{fake.Partner}, kinds.SayGroups, func(id string) []string { return []string{graph.GroupEligibilityPrincipalRef(id)} })
		require.NoError(t, err)
		rows := RoleReader{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
		_, err = rows.grants(t.Context(), ix, model.TypeRole, []roleRow{{Role: fake.Helpdesk, ID: fake.Partner}}, func(row *roleRow) string { return row.Role })
		require.NoError(t, err)
		principals, _, err := otherTenantsOf(t.Context(), ix)
		require.NoError(t, err)
		require.Equal(t, 1, principals)
	}
}

// A platform that reads the resource by itself would take it for deleted.
func TestAScopedCustomRoleThatCanOnlyBeActivatedWouldSeemToBeDeleted(t *testing.T) {
	const at = "?$filter=directoryScopeId eq '/administrativeUnits/" + fake.Unit + "'"
	for who, there := range map[string]bool{fake.Here: true, fake.Orphan: false, fake.Unsaid: true} {
		g := fake.TenantWithRoles(map[string]string{
			fake.Eligibilities + at:                             fake.RowsIn(fake.RoleRowOf(fake.CustomPIM, who, "/administrativeUnits/"+fake.Unit, `,"memberType":"Direct"`)),
			fake.ScopeRef(fake.Eligibilities, "directoryScope"): fake.RowsIn(fake.UnitObject),
			graph.RoleDefinitionRef(fake.Custom):                fake.Definition(fake.Custom, "Reader of everything"),
			graph.RoleDefinitionRef(fake.CustomPIM):             fake.Definition(fake.Custom, "Reader of everything"),
		}).Says(fake.Orphan, "null").Says(fake.Here, `{"@odata.type":"#microsoft.graph.user","id":"x"}`)
		client := g.Over(t)
		d := &decide.Decider{Client: client}
		_, err := d.Decide(t.Context(), nil, &graph.Organization{})
		require.NoError(t, err)
		s := &ScopedSyncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: d}}
		found, _, err := s.Get(t.Context(), model.ResourceID(model.TypeScopedRole, fake.Custom+"@"+fake.Unit), nil)
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
	const by = "?$filter=principalId eq '" + fake.Unsaid + "'&$expand=principal"
	refused := `403 {"error":{"code":"Authorization_RequestDenied","message":""}}`
	g := fake.TenantWithRoles(map[string]string{
		fake.Assignments + by: refused, fake.Schedules + by: refused,
	})
	client := g.Over(t)
	everybody, _ := kindtest.PeopleListedIn(t, fake.Here)
	for _, ix := range []walk.Index{{Store: decidetest.SyncReading(t)}, everybody} {
		left := &walk.Tally{}
		rows := RoleReader{Kit: kinds.Kit{Client: client, Left: left, Decider: &decide.Decider{Client: client}}}
		for range 2 { // The second call begins with what the first has noted.
			_, err := rows.grants(t.Context(), ix, model.TypeRole, []roleRow{{Role: fake.Helpdesk, ID: fake.Unsaid}}, func(row *roleRow) string { return row.Role })
			if ix != everybody {
				require.True(t, failure.IsAccessDenied(err))
				continue
			}
			require.NoError(t, err)
		}
		_, err := rows.held(t.Context(), ix, []roleRow{{Role: fake.Helpdesk, ID: fake.Unsaid, Scope: "/administrativeUnits/" + fake.Unit}})
		require.NoError(t, err, "people may be listed still")
	}
}
