package applications

import (
	"net/http"
	"strings"
	"testing"

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

// How many rows an $expand gives is learnt from the answers, here as elsewhere.
func TestFederatedCredentialsWouldBeCutShortBelowTheDocumentedLimit(t *testing.T) {
	const first, second = "0b000000-0000-4000-8000-000000000011", "0b000000-0000-4000-8000-000000000012"
	federated := func(names ...string) string {
		var rows []string
		for _, name := range names {
			rows = append(rows, `{"id":"`+name+`","name":"`+name+`","issuer":"i","subject":"`+name+`"}`)
		}
		return "[" + strings.Join(rows, ",") + "]"
	}
	client := fake.GraphThat(t, func(ref string) (int, string) {
		switch {
		case strings.HasPrefix(ref, "/applications?"):
			return http.StatusOK, `{"value":[{"id":"` + first + `","appId":"1","federatedIdentityCredentials":` + federated("a", "b") + `},` +
				`{"id":"` + second + `","appId":"2","federatedIdentityCredentials":` + federated("d") + `}]}`
		case strings.Contains(ref, first):
			return http.StatusOK, `{"value":` + federated("a", "b", "c") + `}`
		}
		return http.StatusOK, fake.EmptyPage
	})
	store := decidetest.SyncReading(t, model.DataFederatedCredentials)
	s := &CredentialSyncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
	names := map[string]bool{}
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		found, res, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		for _, r := range found {
			names[r.GetId().GetResource()] = true
		}
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	require.Equal(t, map[string]bool{first + ":a": true, first + ":b": true, first + ":c": true, second + ":d": true}, names)
}

// One object's answer is no reason to be without all the others'.
func TestOneObjectThatCannotBeReadIsNamedAndLeftOut(t *testing.T) {
	client := fake.GraphThat(t, func(ref string) (int, string) {
		if strings.Contains(ref, "flexible") {
			return http.StatusNotImplemented, fake.RefusalBody("NotImplemented")
		}
		return http.StatusOK, `{"value":[{"id":"1","name":"a","issuer":"i","subject":"s"}]}`
	})
	s := &CredentialSyncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
	found, err := s.readFederated(t.Context(), []federatedOwner{{ID: "flexible"}, {ID: "plain"}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, map[string]int{walk.LeftUnreadable(model.DataFederatedCredentials): 1}, s.Left.Take())

	_, _, err = walk.ReadWork[graph.Reference](t.Context(), client, s.Left, []walk.WorkItem{{ID: "flexible"}}, func(w walk.WorkItem) string { return graph.GroupMembersRef(w.ID, 999) }, 1)
	require.Error(t, err, "members are required")
}
