package connector

import (
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSomebodyInTheRecycleBinWouldHoldAccessWithoutBeingInTheSnapshot(t *testing.T) {
	ix, store := peopleListedIn(t, "0A000000-0000-4000-8000-000000000001")
	require.NoError(t, ix.putListed(t.Context(), typeApplication, 0, true, []string{someApp}))
	rows := []graph.Reference{{ODataType: "#microsoft.graph.user", ID: here}, {ODataType: "#microsoft.graph.user", ID: deleted}}
	only := []string{"user:" + here}

	for name, grants := range map[string]func(left *tally) ([]*v2.Grant, error){
		"owners, units, sponsors and devices": func(left *tally) ([]*v2.Grant, error) {
			return holderGrants(t.Context(), ix, left, typeApplication, slugOwner, []workResult[graph.Reference]{{item: workItem{ID: someApp}, rows: rows}})
		},
		"app roles": func(left *tally) ([]*v2.Grant, error) {
			known, err := lookUpPrincipals(t.Context(), ix, nil, nil)
			require.NoError(t, err)
			s := applicationSyncer{kit: kit{left: left}}
			var all []*v2.Grant
			for _, row := range rows {
				g, err := s.assignmentGrant(someApp, &graph.AppRoleAssignment{AppRoleID: graph.DefaultAccessRoleID, PrincipalID: row.ID, PrincipalType: "User"}, nil, known)
				if err != nil {
					return nil, err
				}
				if g != nil {
					all = append(all, g)
				}
			}
			return all, nil
		},
		"consents": func(left *tally) ([]*v2.Grant, error) {
			entries := []consentEntry{{ID: "c", Client: "nobody", Person: here}, {ID: "d", Client: "nobody", Person: deleted}}
			require.NoError(t, putPage(t.Context(), ix, keyListed+typeConsent, 0, true, entries))
			client := (&fakeGraph{}).over(t)
			s := consentSyncer{kit: kit{left: left, decider: &decider{client: client}}}
			all, _, err := s.GrantsForResourceType(t.Context(), typeConsent, rs.SyncOpAttrs{Session: store})
			left.add(leftUnlisted, -2) // The client.
			return all, err
		},
	} {
		left := &tally{}
		found, err := grants(left)
		require.NoError(t, err, name)
		require.Equal(t, only, heldBy(found), name)
		require.Equal(t, 1, left.peek()[leftUnlistedPerson], name)
	}
}
