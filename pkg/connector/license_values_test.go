package connector

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/pagination"

	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// licensing is a sync of people, groups and licences.
type licensing struct {
	t      *testing.T
	store  *memoryStore
	left   *tally
	people map[string]*v2.Resource
	grants map[string]*v2.Grant
	// heaviest is the size of the largest answer of grants.
	heaviest int
}

// licensed syncs a tenant whose users and groups are these rows of Graph's.
func licensed(t *testing.T, groupRows string, people ...string) *licensing {
	t.Helper()
	client := graphThat(t, func(ref string) (int, string) {
		path, _, _ := strings.Cut(ref, "?")
		switch {
		case strings.HasSuffix(path, "/manager"):
			return http.StatusNotFound, refusalBody(failure.CodeResourceNotFound)
		case path == "/users":
			return http.StatusOK, `{"value":[` + strings.Join(people, ",") + `]}`
		case path == "/groups":
			return http.StatusOK, `{"value":[` + groupRows + `]}`
		case path == "/subscribedSkus":
			return http.StatusOK, `{"value":[{"skuId":"` + e3 + `","skuPartNumber":"SPE_E3"},{"skuId":"` + e5 + `","skuPartNumber":"SPE_E5"}]}`
		}
		return http.StatusOK, emptyPage
	})
	l := &licensing{t: t, store: syncReading(t, dataLicenses), left: &tally{}, people: map[string]*v2.Resource{}, grants: map[string]*v2.Grant{}}
	made := &decider{client: client}
	fixed, err := newImmutables()
	require.NoError(t, err)
	licenses := &licenseSyncer{kit: kit{client: client, left: l.left, decider: made}}
	for _, syncer := range []interface {
		List(context.Context, *v2.ResourceId, rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)
	}{newUserSyncer(kit{client: client, decider: made, left: l.left}), newGroupSyncer(kit{client: client, decider: made, left: l.left, immutables: fixed}), licenses} {
		for token := ""; ; {
			resources, res, err := syncer.List(t.Context(), nil, rs.SyncOpAttrs{Session: l.store, PageToken: pagination.Token{Token: token}})
			require.NoError(t, err)
			for _, r := range resources {
				l.people[r.GetId().GetResource()] = r
			}
			if res == nil || res.NextPageToken == "" {
				break
			}
			token = res.NextPageToken
		}
	}
	for token := ""; ; {
		grants, res, err := licenses.GrantsForResourceType(t.Context(), typeLicense, rs.SyncOpAttrs{Session: l.store, PageToken: pagination.Token{Token: token}})
		require.NoError(t, err)
		l.heaviest = max(l.heaviest, proto.Size(v2.GrantsServiceListGrantsResponse_builder{List: grants}.Build()))
		for _, g := range grants {
			l.grants[g.GetEntitlement().GetResource().GetId().GetResource()+" "+g.GetPrincipal().GetId().GetResource()] = g
		}
		if res == nil || res.NextPageToken == "" {
			return l
		}
		token = res.NextPageToken
	}
}

func personWith(id string, states ...string) string {
	return fmt.Sprintf(`{"id":%q,"userPrincipalName":"%s@contoso.com","licenseAssignmentStates":[%s]}`, id, id, strings.Join(states, ","))
}

func stateOf(sku, group, state, reason string) string {
	by := "null"
	if group != "" {
		by = `"` + group + `"`
	}
	return fmt.Sprintf(`{"skuId":%q,"assignedByGroup":%s,"state":%q,"error":%q,"disabledPlans":[]}`, sku, by, state, reason)
}

func groupGiving(id string, skus ...string) string {
	var licenses []string
	for _, sku := range skus {
		licenses = append(licenses, fmt.Sprintf(`{"skuId":%q,"disabledPlans":["efb87545-963c-4e0d-99df-69c6916d9eb0"]}`, sku))
	}
	return fmt.Sprintf(`{"id":%q,"displayName":"Group %s","securityEnabled":true,"assignedLicenses":[%s]}`, id, id, strings.Join(licenses, ","))
}

// sources of a grant, in order; those that are not direct are marked.
func (l *licensing) sources(holder string) []string {
	l.t.Helper()
	g := l.grants[holder]
	require.NotNil(l.t, g, holder)
	var found []string
	for id, s := range g.GetSources().GetSources() {
		if !s.GetIsDirect() {
			id += " (indirect)"
		}
		found = append(found, id)
	}
	slices.Sort(found)
	return found
}

// says is what a grant's metadata says, and why it is fixed.
func (l *licensing) says(holder string) (map[string]any, string) {
	l.t.Helper()
	annos := annotations.Annotations(l.grants[holder].GetAnnotations())
	metadata, fixed := &v2.GrantMetadata{}, &v2.GrantImmutable{}
	_, err := annos.Pick(metadata)
	require.NoError(l.t, err)
	_, err = annos.Pick(fixed)
	require.NoError(l.t, err)
	return metadata.GetMetadata().AsMap(), fixed.GetMetadata().GetFields()["reason"].GetStringValue()
}

func TestMemberOfALicensedGroupWouldHoldWhatTheOwnStateDenies(t *testing.T) {
	l := licensed(t, groupGiving(sales, e3),
		personWith(ann, stateOf(e3, sales, "Active", "None")),
		personWith(bob, stateOf(e3, sales, "Error", "CountViolation")),
		personWith(cy), // Graph has not come to this member yet.
		personWith(dee, stateOf(e3, sales, "PendingSomething", "None"), stateOf(e5, "", "Disabled", "None")),
	)
	var holders []string
	for holder := range l.grants {
		holders = append(holders, holder)
	}
	require.ElementsMatch(t, []string{e3 + " " + sales, e3 + " " + ann}, holders)
	annos := annotations.Annotations(l.grants[e3+" "+sales].GetAnnotations())
	require.False(t, annos.Contains(&v2.GrantExpandable{}), "expansion would give it to every member")
	said, _ := l.says(e3 + " " + sales)
	require.Equal(t, map[string]any{"disabledPlans": "efb87545-963c-4e0d-99df-69c6916d9eb0"}, said)
	require.Equal(t, map[string]int{leftFailedLicense: 3}, l.left.take())
	require.Nil(t, l.people[ann].GetProfile().GetFields()["licenseErrors"])
	require.Equal(t, []any{map[string]any{"skuId": e3, "assignedByGroup": sales, "state": "Error", "error": "CountViolation"}},
		l.people[bob].GetProfile().AsMap()["licenseErrors"])
	require.Equal(t, []any{
		map[string]any{"skuId": e3, "assignedByGroup": sales, "state": "PendingSomething", "error": "None"},
		map[string]any{"skuId": e5, "state": "Disabled", "error": "None"},
	}, l.people[dee].GetProfile().AsMap()["licenseErrors"])
}

func TestSourceThatFailsWouldTakeTheLicenceOrItsOtherSourceWithIt(t *testing.T) {
	const working, failing = "Active", "Error"
	through := func(group string) string { return "group:" + group + ":member" }
	own := "license:" + e3 + ":assigned"
	for name, c := range map[string]struct {
		states  []string
		sources []string
		says    map[string]any
		fixed   []string
	}{
		"directly": {[]string{stateOf(e3, "", working, "None")}, nil, nil, nil},
		"directly and through a group": {
			[]string{stateOf(e3, sales, working, "None"), stateOf(e3, "", working, "None")},
			[]string{through(sales), own}, nil, nil,
		},
		"directly, and a group fails": {
			[]string{stateOf(e3, sales, failing, "CountViolation"), stateOf(e3, "", working, "None")},
			nil, map[string]any{"sourceErrors": "group " + sales + ": Error (CountViolation)"}, nil,
		},
		"through a group, and directly it fails": {
			[]string{stateOf(e3, "", failing, "CountViolation"), stateOf(e3, sales, working, "None")},
			[]string{through(sales)}, map[string]any{"assignedByGroup": sales, "sourceErrors": "directly: Error (CountViolation)"}, []string{sales},
		},
		"through two groups": {
			[]string{stateOf(e3, abroad, working, "None"), stateOf(e3, sales, working, "None")},
			[]string{through(sales), through(abroad)}, map[string]any{"assignedByGroup": sales + "," + abroad}, []string{sales, abroad},
		},
		"through one of two groups": {
			[]string{stateOf(e3, abroad, failing, "DependencyViolation"), stateOf(e3, sales, working, "None")},
			[]string{through(sales)},
			map[string]any{"assignedByGroup": sales, "sourceErrors": "group " + abroad + ": Error (DependencyViolation)"}, []string{sales},
		},
		"with an error": {
			[]string{stateOf(e3, sales, "ActiveWithError", "DependencyViolation")},
			[]string{through(sales)}, map[string]any{"assignedByGroup": sales, "state": "ActiveWithError", "error": "DependencyViolation"}, []string{sales},
		},
	} {
		t.Run(name, func(t *testing.T) {
			holder := e3 + " " + ann
			l := licensed(t, groupGiving(sales, e3), personWith(ann, c.states...)) // The other group is not in the snapshot.
			require.ElementsMatch(t, c.sources, l.sources(holder))
			said, why := l.says(holder)
			if c.says == nil {
				require.Empty(t, said)
			} else {
				require.Equal(t, c.says, said)
			}
			require.Equal(t, len(c.fixed) > 0, why != "")
			for _, group := range c.fixed {
				require.Contains(t, why, group)
			}
		})
	}
}

func TestServicePlansOfEveryPersonWouldNotFitInOneValue(t *testing.T) {
	plans := make([]string, 50)
	for i := range plans {
		plans[i] = fmt.Sprintf("cccccccc-0000-0000-0000-%012d", i)
	}
	quoted, err := json.Marshal(plans)
	require.NoError(t, err)
	people := make([]string, sending.MaxPageSize)
	var groups []string
	for i := range people {
		states := make([]string, 0, 2)
		for _, sku := range []string{e3, e5} {
			states = append(states, fmt.Sprintf(`{"skuId":%q,"assignedByGroup":null,"state":"Active","error":"None","disabledPlans":%s}`, sku, quoted))
		}
		people[i] = personWith(fmt.Sprintf("bbbbbbbb-0000-0000-0000-%012d", i), states...)
		groups = append(groups, strings.ReplaceAll(groupGiving(fmt.Sprintf("aaaaaaaa-0000-0000-0000-%012d", i), e3, e5), `["efb87545-963c-4e0d-99df-69c6916d9eb0"]`, string(quoted)))
	}
	l := licensed(t, strings.Join(groups, ","), people...)
	require.Len(t, l.grants, 4*sending.MaxPageSize)
	const mebibyte = 1 << 20
	require.Less(t, l.store.largest, mebibyte/2)
	require.Less(t, l.heaviest, 3*mebibyte)
	for _, holder := range []string{"bbbbbbbb-0000-0000-0000-000000000998", "aaaaaaaa-0000-0000-0000-000000000000"} {
		said, _ := l.says(e5 + " " + holder)
		require.Equal(t, strings.Join(plans, ","), said["disabledPlans"])
	}
}

// provisioning is a licence syncer over a Graph in which a user has these states.
func provisioning(t *testing.T, states ...string) (*licenseSyncer, *[]string) {
	t.Helper()
	var sent []string
	client := graphOver(t, func(r *http.Request) string {
		switch {
		case r.Method == http.MethodPost:
			body, _ := io.ReadAll(r.Body)
			sent = append(sent, string(body))
			return `{"id":"` + ann + `"}`
		case strings.HasPrefix(r.URL.Path, "/v1.0/groups/"):
			return `{"id":"` + sales + `","displayName":"Sales"}`
		default:
			return personWith(ann, states...)
		}
	})
	return &licenseSyncer{kit: kit{client: client, left: &tally{}, provision: &provisioner{client: client, locks: &keyedLocks{}}}}, &sent
}

func TestRevocationWouldNotEndALicenceThatAGroupGives(t *testing.T) {
	g := newGrant(entitlementOf(typeLicense, e3, slugAssigned), typeUser, ann)
	for name, states := range map[string][]string{
		"directly it fails":     {stateOf(e3, "", "Error", "CountViolation"), stateOf(e3, sales, "Active", "None")},
		"through a group alone": {stateOf(e3, sales, "ActiveWithError", "DependencyViolation")},
	} {
		s, sent := provisioning(t, states...)
		_, err := s.Revoke(t.Context(), g)
		require.Equal(t, codes.FailedPrecondition, status.Code(err), name)
		require.ErrorContains(t, err, "Sales ("+sales+")", name)
		require.Empty(t, *sent, name)
	}
	s, sent := provisioning(t, stateOf(e3, "", "Active", "None"), stateOf(e3, sales, "Error", "CountViolation"))
	_, err := s.Revoke(t.Context(), g)
	require.NoError(t, err)
	require.Len(t, *sent, 1)
}

func TestLicenceThatDoesNotWorkWouldBeSaidToBeHeld(t *testing.T) {
	who, what := resourceRef(typeUser, ann), entitlementOf(typeLicense, e3, slugAssigned)
	s, sent := provisioning(t, stateOf(e3, "", "Error", "CountViolation"))
	_, annos, err := s.Grant(t.Context(), who, what)
	require.NoError(t, err)
	require.False(t, annos.Contains(&v2.GrantAlreadyExists{}))
	require.Len(t, *sent, 1)
	s, sent = provisioning(t, stateOf(e3, "", "ActiveWithError", "DependencyViolation"))
	_, annos, err = s.Grant(t.Context(), who, what)
	require.NoError(t, err)
	require.True(t, annos.Contains(&v2.GrantAlreadyExists{}))
	require.Empty(t, *sent)
}

// Its pages name people and products in another form, of which nothing would be read.
func TestLicencesOfAnUnfinishedSyncOfAnEarlierBuildWouldBeGone(t *testing.T) {
	ix := index{syncReading(t, dataLicenses)}
	for _, key := range []string{"userlicenses", "grouplicenses"} {
		old := []map[string]any{{"u": here, "s": e3, "t": "Active"}}
		require.NoError(t, putPage(t.Context(), ix, key, 0, true, old))
	}
	for _, key := range []string{keyUserLicenses, keyGroupLicenses} {
		_, _, _, err := getLicensees(t.Context(), ix, key, 0)
		require.ErrorIs(t, err, errIndexLost)
	}
}
