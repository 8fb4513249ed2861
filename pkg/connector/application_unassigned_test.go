package connector

import (
	"net/http"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// listUsedApplications lists applications with --skip-unassigned-apps.
func listUsedApplications(t *testing.T, ix index, client *graph.Client) ([]*v2.Resource, *tally) {
	t.Helper()
	left := &tally{}
	s := newApplicationSyncer(kit{
		client: client, left: left, decider: &decider{client: client}, filter: filters{skipUnassignedApps: true},
	})
	var found []*v2.Resource
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 30)
		ctx, _ := callOf(t, ix)
		given, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: ix.store, PageToken: pagination.Token{Token: token}})
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
	return graphThat(t, func(ref string) (int, string) {
		if status, body := answer(ref); status != 0 {
			return status, body
		}
		if strings.HasPrefix(ref, "/servicePrincipals?") {
			return http.StatusOK, `{"value":[{"id":"` + someApp + `","servicePrincipalType":"Application","ownedObjects":[],"memberOf":[],"appRoleAssignedTo":[],"appRoleAssignments":[]}]}`
		}
		return http.StatusOK, emptyPage
	})
}

func nothing(string) (int, string) { return 0, "" }

func TestAnApplicationThatHoldsAnAppRoleWouldVanishWhereTheRelationIsNotShown(t *testing.T) {
	found, left := listUsedApplications(t, index{syncReading(t)}, oneApplication(t, nothing))
	require.Empty(t, found)
	require.Equal(t, 1, left.peek()[leftUnassigned])

	const without = `{"value":[{"id":"` + someApp + `","servicePrincipalType":"Application"}]}`
	for name, answer := range map[string]func(ref string) (int, string){
		"refused": func(ref string) (int, string) {
			switch {
			case strings.Contains(ref, "$expand=appRoleAssignments"):
				return http.StatusBadRequest, refusalBody("BadRequest")
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
		found, left := listUsedApplications(t, index{syncReading(t)}, oneApplication(t, answer))
		require.Len(t, found, 1, name)
		require.Empty(t, left.peek(), name)
	}
}

// What the marking cannot read may have been given in part by whoever lists it.
func TestMarkingWouldEndASyncOrLeaveOutWhatOthersHaveGiven(t *testing.T) {
	for _, refused := range []string{"/oauth2PermissionGrants", schedules, eligibilities} {
		client := oneApplication(t, func(ref string) (int, string) {
			switch {
			case strings.HasPrefix(ref, refused):
				return http.StatusBadRequest, refusalBody("BadRequest")
			case strings.HasPrefix(ref, assignments):
				return http.StatusOK, rowsIn(roleRowOf(helpdesk, someApp, "/", ""))
			}
			return 0, ""
		})
		ix := index{syncReading(t, dataConsents, dataRoleSchedules, dataRoleEligibility)}
		found, _ := listUsedApplications(t, ix, client)
		require.Len(t, found, 1, refused)
		_, c := callOf(t, ix)
		require.Empty(t, c.left(), refused)
	}
}

// An application with a role would be left out as one that holds nothing.
func TestAnApplicationWhoseRowDoesNotSayWhatItIsWouldBeTakenForUnused(t *testing.T) {
	g := tenantWithRoles(map[string]string{
		schedules:   rowsIn(roleRowOf(customPIM, someApp, "/", `,"memberType":"Direct","assignmentType":"Assigned"`)),
		assignments: rowsIn(roleRowOf(helpdesk, someGroup, "/", "")),
	})
	store := syncReading(t, dataRoleSchedules)
	ix, client := index{store}, g.over(t)
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
	for key := range store.values {
		require.False(t, strings.HasPrefix(key, "roletimes/"), "the roles' own reading, which comes later, would pass the row over in the plain listing")
	}
}
