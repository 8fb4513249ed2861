package applications

import (
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestSomebodyInTheRecycleBinWouldHoldAccessWithoutBeingInTheSnapshot(t *testing.T) {
	ix, store := kindtest.PeopleListedIn(t, "0A000000-0000-4000-8000-000000000001")
	require.NoError(t, ix.PutListed(t.Context(), model.TypeApplication, 0, true, []string{fake.SomeApp}))
	rows := []graph.Reference{{ODataType: "#microsoft.graph.user", ID: fake.Here}, {ODataType: "#microsoft.graph.user", ID: fake.Deleted}}
	only := []string{"user:" + fake.Here}

	for name, grants := range map[string]func(left *walk.Tally) ([]*v2.Grant, error){
		"owners, units, sponsors and devices": func(left *walk.Tally) ([]*v2.Grant, error) {
			return HolderGrants(t.Context(), ix, left, model.TypeApplication, model.SlugOwner, []walk.WorkResult[graph.Reference]{{Item: walk.WorkItem{ID: fake.SomeApp}, Rows: rows}})
		},
		"app roles": func(left *walk.Tally) ([]*v2.Grant, error) {
			known, err := kinds.LookUpPrincipals(t.Context(), ix, nil, nil)
			require.NoError(t, err)
			s := Syncer{Kit: kinds.Kit{Left: left}}
			var all []*v2.Grant
			for _, row := range rows {
				g, err := s.assignmentGrant(fake.SomeApp, &graph.AppRoleAssignment{AppRoleID: graph.DefaultAccessRoleID, PrincipalID: row.ID, PrincipalType: "User"}, nil, known)
				if err != nil {
					return nil, err
				}
				if g != nil {
					all = append(all, g)
				}
			}
			return all, nil
		},
		"consents": func(left *walk.Tally) ([]*v2.Grant, error) {
			entries := []consentEntry{{ID: "c", Client: "nobody", Person: fake.Here}, {ID: "d", Client: "nobody", Person: fake.Deleted}}
			require.NoError(t, walk.PutPage(t.Context(), ix, walk.KeyListed+model.TypeConsent, 0, true, entries))
			client := (&fake.Graph{}).Over(t)
			s := ConsentSyncer{Kit: kinds.Kit{Left: left, Decider: &decide.Decider{Client: client}}}
			all, _, err := s.GrantsForResourceType(t.Context(), model.TypeConsent, rs.SyncOpAttrs{Session: store})
			left.Add(walk.LeftUnlisted, -2) // The client.
			return all, err
		},
	} {
		left := &walk.Tally{}
		found, err := grants(left)
		require.NoError(t, err, name)
		require.Equal(t, only, kindtest.HeldBy(found), name)
		require.Equal(t, 1, left.Peek()[walk.LeftUnlistedPerson], name)
	}
}
