package applications

import (
	"net/http"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// listUsedApplications lists applications with --skip-unassigned-apps.
func listUsedApplications(t *testing.T, ix walk.Index, client *graph.Client) ([]*v2.Resource, *walk.Tally) {
	t.Helper()
	left := &walk.Tally{}
	s := New(kinds.Kit{
		Client: client, Left: left, Decider: &decide.Decider{Client: client}, Filter: decide.Filters{SkipUnassignedApps: true},
	}, nil)
	var found []*v2.Resource
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 30)
		ctx, _ := decidetest.CallOf(t, ix)
		given, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: ix.Store, PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		found = append(found, given...)
		if res == nil || res.NextPageToken == "" {
			return found, left
		}
		token = res.NextPageToken
	}
}

// oneApplication is a Graph with one application that takes part in nothing, but
// for what answer says.
func oneApplication(t *testing.T, answer func(ref string) (int, string)) *graph.Client {
	t.Helper()
	return fake.GraphThat(t, func(ref string) (int, string) {
		if status, body := answer(ref); status != 0 {
			return status, body
		}
		if strings.HasPrefix(ref, "/servicePrincipals?") {
			return http.StatusOK, `{"value":[{"id":"` + fake.SomeApp + `","servicePrincipalType":"Application","ownedObjects":[],"memberOf":[],"appRoleAssignedTo":[],"appRoleAssignments":[]}]}`
		}
		return http.StatusOK, fake.EmptyPage
	})
}

func nothing(string) (int, string) { return 0, "" }

func TestAnApplicationThatHoldsAnAppRoleWouldVanishWhereTheRelationIsNotShown(t *testing.T) {
	found, left := listUsedApplications(t, walk.Index{Store: decidetest.SyncReading(t)}, oneApplication(t, nothing))
	require.Empty(t, found)
	require.Equal(t, 1, left.Peek()[walk.LeftUnassigned])

	const without = `{"value":[{"id":"` + fake.SomeApp + `","servicePrincipalType":"Application"}]}`
	for name, answer := range map[string]func(ref string) (int, string){
		"refused": func(ref string) (int, string) {
			switch {
			case strings.Contains(ref, "$expand=appRoleAssignments"):
				return http.StatusBadRequest, fake.RefusalBody("BadRequest")
			case strings.HasPrefix(ref, "/servicePrincipals?$select=id,servicePrincipalType&$top=999") && !strings.Contains(ref, "$expand"):
				return http.StatusOK, without
			}
			return 0, ""
		},
		"ignored": func(ref string) (int, string) {
			if strings.Contains(ref, "$expand=appRoleAssignments") {
				return http.StatusOK, without
			}
			return 0, ""
		},
	} {
		for rows, holds := range map[string]int{`{"value":[{"id":"x"}]}`: 1, fake.EmptyPage: 0} {
			found, left := listUsedApplications(t, walk.Index{Store: decidetest.SyncReading(t)}, oneApplication(t, func(ref string) (int, string) {
				if strings.HasPrefix(ref, heldBySomeApp) {
					return http.StatusOK, rows
				}
				return answer(ref)
			}))
			require.Len(t, found, holds, name)
			require.Equal(t, 1-holds, left.Peek()[walk.LeftUnassigned], name)
		}
	}
}

func TestARoleAtAnApplicationWouldBeAtOneThatIsNotThere(t *testing.T) {
	found, _ := listUsedApplications(t, walk.Index{Store: decidetest.SyncReading(t)}, oneApplication(t, func(ref string) (int, string) {
		switch {
		case ref == fake.Assignments:
			return http.StatusOK, fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.Partner, "/"+fake.SomeApp, `,"principal":{"@odata.type":"#microsoft.graph.user","id":"`+fake.Partner+`"}`))
		case strings.HasPrefix(ref, "/roleManagement/directory/roleDefinitions"):
			return http.StatusOK, fake.RowsIn(fake.Definition(fake.Helpdesk, "Helpdesk Administrator"))
		}
		return 0, ""
	}))
	require.Len(t, found, 1)
}

// heldBySomeApp is where the application itself tells which app roles it holds.
const heldBySomeApp = "/servicePrincipals/" + fake.SomeApp + "/appRoleAssignments"

// In a large tenant it would be a request for each application that is not used.
func TestWhatARowShowsWouldBeAskedForAgain(t *testing.T) {
	var asked []string
	listUsedApplications(t, walk.Index{Store: decidetest.SyncReading(t)}, oneApplication(t, func(ref string) (int, string) {
		if strings.HasPrefix(ref, "/servicePrincipals/") {
			asked = append(asked, ref)
		}
		return 0, ""
	}))
	require.Equal(t, []string{graph.AppRoleAssignedToRef(fake.SomeApp)}, asked)
}

// Nobody knows then whether the application may be left out.
func TestAnApplicationWouldBeLeftOutThoughNothingTellsWhatItHolds(t *testing.T) {
	client := oneApplication(t, func(ref string) (int, string) {
		if strings.Contains(ref, "appRoleAssignments") {
			return http.StatusBadRequest, fake.RefusalBody("BadRequest")
		}
		if ref == "/servicePrincipals?$select=id,servicePrincipalType&$top=999" {
			return http.StatusOK, `{"value":[{"id":"` + fake.SomeApp + `","servicePrincipalType":"Application"}]}`
		}
		return 0, ""
	})
	s := New(kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}, Filter: decide.Filters{SkipUnassignedApps: true}}, nil)
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	c := &walk.Cursor{Version: walk.TokenVersion, Phase: phaseHolding}
	for calls := 0; c.Phase == phaseHolding; calls++ {
		require.Less(t, calls, 30)
		var err error
		c, err = s.markRelated(t.Context(), ix, *c, client.ListServicePrincipalsHolding, (*graph.ServicePrincipalRelation).Holds, phaseVerify)
		require.NoError(t, err)
	}
	_, err := s.verifyUnassigned(t.Context(), ix, *c)
	require.ErrorContains(t, err, heldBySomeApp)
}

func TestAnApplicationInAGroupWouldVanishWhereTheRelationIsNotShown(t *testing.T) {
	const without = `{"value":[{"id":"` + fake.SomeApp + `","servicePrincipalType":"Application"}]}`
	group := `{"value":[{"@odata.type":"#microsoft.graph.group","id":"` + fake.SomeGroup + `"}]}`
	for rows, in := range map[string]int{group: 1, fake.EmptyPage: 0} {
		found, left := listUsedApplications(t, walk.Index{Store: decidetest.SyncReading(t)}, oneApplication(t, func(ref string) (int, string) {
			switch {
			case strings.Contains(ref, "$expand=memberOf"):
				return http.StatusOK, without
			case strings.HasPrefix(ref, "/servicePrincipals/"+fake.SomeApp+"/memberOf"):
				return http.StatusOK, rows
			}
			return 0, ""
		}))
		require.Len(t, found, in)
		require.Equal(t, 1-in, left.Peek()[walk.LeftUnassigned])
	}
}

// What the marking cannot read may have been given in part by whoever lists it.
func TestMarkingWouldEndASyncOrLeaveOutWhatOthersHaveGiven(t *testing.T) {
	for _, refused := range []string{"/oauth2PermissionGrants", fake.Schedules, fake.Eligibilities} {
		client := oneApplication(t, func(ref string) (int, string) {
			switch {
			case strings.HasPrefix(ref, refused):
				return http.StatusBadRequest, fake.RefusalBody("BadRequest")
			case strings.HasPrefix(ref, fake.Assignments):
				return http.StatusOK, fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.SomeApp, "/", ""))
			}
			return 0, ""
		})
		ix := walk.Index{Store: decidetest.SyncReading(t, model.DataConsents, model.DataRoleSchedules, model.DataRoleEligibility)}
		found, _ := listUsedApplications(t, ix, client)
		require.Len(t, found, 1, refused)
		_, c := decidetest.CallOf(t, ix)
		require.Empty(t, c.Left(), refused)
	}
}

// An application with a role would be left out as one that holds nothing.
func TestAnApplicationWhoseRowDoesNotSayWhatItIsWouldBeTakenForUnused(t *testing.T) {
	g := fake.TenantWithRoles(map[string]string{
		fake.Schedules:   fake.RowsIn(fake.RoleRowOf(fake.CustomPIM, fake.SomeApp, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
		fake.Assignments: fake.RowsIn(fake.RoleRowOf(fake.Helpdesk, fake.SomeGroup, "/", "")),
	})
	store := decidetest.SyncReading(t, model.DataRoleSchedules)
	ix, client := walk.Index{Store: store}, g.Over(t)
	s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
	next := &walk.Cursor{Version: walk.TokenVersion, Phase: phaseRoles}
	for next.Phase != phaseKeep {
		var err error
		next, err = s.markRoles(t.Context(), ix, *next)
		require.NoError(t, err)
	}
	used, err := usedAmong(t.Context(), ix, []string{fake.SomeApp, fake.SomeGroup, fake.Unit})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{fake.SomeApp: true, fake.SomeGroup: true}, used)
	for key := range store.Values {
		require.False(t, strings.HasPrefix(key, "roletimes/"), "the roles' own reading, which comes later, would pass the row over in the plain listing")
	}
}
