package licenses

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

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/groups"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/users"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// licensing is a sync of people, groups and licences.
type licensing struct {
	t      *testing.T
	store  *fake.Store
	left   *walk.Tally
	people map[string]*v2.Resource
	grants map[string]*v2.Grant
	// heaviest is the size of the largest answer of grants.
	heaviest int
}

// licensed syncs a tenant whose users and groups are these rows of Graph's.
func licensed(t *testing.T, groupRows string, people ...string) *licensing {
	t.Helper()
	client := fake.GraphThat(t, func(ref string) (int, string) {
		path, _, _ := strings.Cut(ref, "?")
		switch {
		case strings.HasSuffix(path, "/manager"):
			return http.StatusNotFound, fake.RefusalBody(failure.CodeResourceNotFound)
		case path == "/users":
			return http.StatusOK, `{"value":[` + strings.Join(people, ",") + `]}`
		case path == "/groups":
			return http.StatusOK, `{"value":[` + groupRows + `]}`
		case path == "/subscribedSkus":
			return http.StatusOK, `{"value":[{"skuId":"` + fake.E3 + `","skuPartNumber":"SPE_E3"},{"skuId":"` + fake.E5 + `","skuPartNumber":"SPE_E5"}]}`
		}
		return http.StatusOK, fake.EmptyPage
	})
	l := &licensing{t: t, store: decidetest.SyncReading(t, model.DataLicenses), left: &walk.Tally{}, people: map[string]*v2.Resource{}, grants: map[string]*v2.Grant{}}
	made := &decide.Decider{Client: client}
	fixed, err := model.NewImmutables()
	require.NoError(t, err)
	licenses := &Syncer{Kit: kinds.Kit{Client: client, Left: l.left, Decider: made}}
	for _, syncer := range []interface {
		List(context.Context, *v2.ResourceId, rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error)
	}{users.New(kinds.Kit{Client: client, Decider: made, Left: l.left}), groups.New(kinds.Kit{Client: client, Decider: made, Left: l.left, Immutables: fixed}), licenses} {
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
		grants, res, err := licenses.GrantsForResourceType(t.Context(), model.TypeLicense, rs.SyncOpAttrs{Session: l.store, PageToken: pagination.Token{Token: token}})
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
	l := licensed(t, groupGiving(fake.Sales, fake.E3),
		personWith(fake.Ann, stateOf(fake.E3, fake.Sales, "Active", "None")),
		personWith(fake.Bob, stateOf(fake.E3, fake.Sales, "Error", "CountViolation")),
		personWith(fake.Cy), // Graph has not come to this member yet.
		personWith(fake.Dee, stateOf(fake.E3, fake.Sales, "PendingSomething", "None"), stateOf(fake.E5, "", "Disabled", "None")),
	)
	var holders []string
	for holder := range l.grants {
		holders = append(holders, holder)
	}
	require.ElementsMatch(t, []string{fake.E3 + " " + fake.Sales, fake.E3 + " " + fake.Ann}, holders)
	annos := annotations.Annotations(l.grants[fake.E3+" "+fake.Sales].GetAnnotations())
	require.False(t, annos.Contains(&v2.GrantExpandable{}), "expansion would give it to every member")
	said, _ := l.says(fake.E3 + " " + fake.Sales)
	require.Equal(t, map[string]any{"disabledPlans": "efb87545-963c-4e0d-99df-69c6916d9eb0"}, said)
	require.Equal(t, map[string]int{walk.LeftFailedLicense: 3}, l.left.Take())
	require.Nil(t, l.people[fake.Ann].GetProfile().GetFields()["licenseErrors"])
	require.Equal(t, []any{map[string]any{"skuId": fake.E3, "assignedByGroup": fake.Sales, "state": "Error", "error": "CountViolation"}},
		l.people[fake.Bob].GetProfile().AsMap()["licenseErrors"])
	require.Equal(t, []any{
		map[string]any{"skuId": fake.E3, "assignedByGroup": fake.Sales, "state": "PendingSomething", "error": "None"},
		map[string]any{"skuId": fake.E5, "state": "Disabled", "error": "None"},
	}, l.people[fake.Dee].GetProfile().AsMap()["licenseErrors"])
}

func TestSourceThatFailsWouldTakeTheLicenceOrItsOtherSourceWithIt(t *testing.T) {
	const working, failing = "Active", "Error"
	through := func(group string) string { return "group:" + group + ":member" }
	own := "license:" + fake.E3 + ":assigned"
	for name, c := range map[string]struct {
		states  []string
		sources []string
		says    map[string]any
		fixed   []string
	}{
		"directly": {[]string{stateOf(fake.E3, "", working, "None")}, nil, nil, nil},
		"directly and through a group": {
			[]string{stateOf(fake.E3, fake.Sales, working, "None"), stateOf(fake.E3, "", working, "None")},
			[]string{through(fake.Sales), own}, nil, nil,
		},
		"directly, and a group fails": {
			[]string{stateOf(fake.E3, fake.Sales, failing, "CountViolation"), stateOf(fake.E3, "", working, "None")},
			nil, map[string]any{"sourceErrors": "group " + fake.Sales + ": Error (CountViolation)"}, nil,
		},
		"through a group, and directly it fails": {
			[]string{stateOf(fake.E3, "", failing, "CountViolation"), stateOf(fake.E3, fake.Sales, working, "None")},
			[]string{through(fake.Sales)}, map[string]any{"assignedByGroup": fake.Sales, "sourceErrors": "directly: Error (CountViolation)"}, []string{fake.Sales},
		},
		"through two groups": {
			[]string{stateOf(fake.E3, fake.Abroad, working, "None"), stateOf(fake.E3, fake.Sales, working, "None")},
			[]string{through(fake.Sales), through(fake.Abroad)}, map[string]any{"assignedByGroup": fake.Sales + "," + fake.Abroad}, []string{fake.Sales, fake.Abroad},
		},
		"through one of two groups": {
			[]string{stateOf(fake.E3, fake.Abroad, failing, "DependencyViolation"), stateOf(fake.E3, fake.Sales, working, "None")},
			[]string{through(fake.Sales)},
			map[string]any{"assignedByGroup": fake.Sales, "sourceErrors": "group " + fake.Abroad + ": Error (DependencyViolation)"}, []string{fake.Sales},
		},
		"with an error": {
			[]string{stateOf(fake.E3, fake.Sales, "ActiveWithError", "DependencyViolation")},
			[]string{through(fake.Sales)}, map[string]any{"assignedByGroup": fake.Sales, "state": "ActiveWithError", "error": "DependencyViolation"}, []string{fake.Sales},
		},
	} {
		t.Run(name, func(t *testing.T) {
			holder := fake.E3 + " " + fake.Ann
			l := licensed(t, groupGiving(fake.Sales, fake.E3), personWith(fake.Ann, c.states...)) // The other group is not in the snapshot.
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
		for _, sku := range []string{fake.E3, fake.E5} {
			states = append(states, fmt.Sprintf(`{"skuId":%q,"assignedByGroup":null,"state":"Active","error":"None","disabledPlans":%s}`, sku, quoted))
		}
		people[i] = personWith(fmt.Sprintf("bbbbbbbb-0000-0000-0000-%012d", i), states...)
		groups = append(groups, strings.ReplaceAll(groupGiving(fmt.Sprintf("aaaaaaaa-0000-0000-0000-%012d", i), fake.E3, fake.E5), `["efb87545-963c-4e0d-99df-69c6916d9eb0"]`, string(quoted)))
	}
	l := licensed(t, strings.Join(groups, ","), people...)
	require.Len(t, l.grants, 4*sending.MaxPageSize)
	const mebibyte = 1 << 20
	require.Less(t, l.store.Largest, mebibyte/2)
	require.Less(t, l.heaviest, 3*mebibyte)
	for _, holder := range []string{"bbbbbbbb-0000-0000-0000-000000000998", "aaaaaaaa-0000-0000-0000-000000000000"} {
		said, _ := l.says(fake.E5 + " " + holder)
		require.Equal(t, strings.Join(plans, ","), said["disabledPlans"])
	}
}

// provisioning is a licence syncer over a Graph in which a user has these states.
func provisioning(t *testing.T, states ...string) (*Syncer, *[]string) {
	t.Helper()
	var sent []string
	client := fake.GraphOver(t, func(r *http.Request) string {
		switch {
		case r.Method == http.MethodPost:
			body, _ := io.ReadAll(r.Body)
			sent = append(sent, string(body))
			return `{"id":"` + fake.Ann + `"}`
		case strings.HasPrefix(r.URL.Path, "/v1.0/groups/"):
			return `{"id":"` + fake.Sales + `","displayName":"Sales"}`
		default:
			return personWith(fake.Ann, states...)
		}
	})
	return &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Provision: &change.Provisioner{Client: client, Locks: &change.KeyedLocks{}}}}, &sent
}

func TestRevocationWouldNotEndALicenceThatAGroupGives(t *testing.T) {
	g := model.NewGrant(model.EntitlementOf(model.TypeLicense, fake.E3, model.SlugAssigned), model.TypeUser, fake.Ann)
	for name, states := range map[string][]string{
		"directly it fails":     {stateOf(fake.E3, "", "Error", "CountViolation"), stateOf(fake.E3, fake.Sales, "Active", "None")},
		"through a group alone": {stateOf(fake.E3, fake.Sales, "ActiveWithError", "DependencyViolation")},
	} {
		s, sent := provisioning(t, states...)
		_, err := s.Revoke(t.Context(), g)
		require.Equal(t, codes.FailedPrecondition, status.Code(err), name)
		require.ErrorContains(t, err, "Sales ("+fake.Sales+")", name)
		require.Empty(t, *sent, name)
	}
	s, sent := provisioning(t, stateOf(fake.E3, "", "Active", "None"), stateOf(fake.E3, fake.Sales, "Error", "CountViolation"))
	_, err := s.Revoke(t.Context(), g)
	require.NoError(t, err)
	require.Len(t, *sent, 1)
}

func TestLicenceThatDoesNotWorkWouldBeSaidToBeHeld(t *testing.T) {
	who, what := model.ResourceRef(model.TypeUser, fake.Ann), model.EntitlementOf(model.TypeLicense, fake.E3, model.SlugAssigned)
	s, sent := provisioning(t, stateOf(fake.E3, "", "Error", "CountViolation"))
	_, annos, err := s.Grant(t.Context(), who, what)
	require.NoError(t, err)
	require.False(t, annos.Contains(&v2.GrantAlreadyExists{}))
	require.Len(t, *sent, 1)
	s, sent = provisioning(t, stateOf(fake.E3, "", "ActiveWithError", "DependencyViolation"))
	_, annos, err = s.Grant(t.Context(), who, what)
	require.NoError(t, err)
	require.True(t, annos.Contains(&v2.GrantAlreadyExists{}))
	require.Empty(t, *sent)
}

// Its pages name people and products in another form, of which nothing would be read.
func TestLicencesOfAnUnfinishedSyncOfAnEarlierBuildWouldBeGone(t *testing.T) {
	ix := walk.Index{Store: decidetest.SyncReading(t, model.DataLicenses)}
	for _, key := range []string{"userlicenses", "grouplicenses"} {
		old := []map[string]any{{"u": fake.Here, "s": fake.E3, "t": "Active"}}
		require.NoError(t, walk.PutPage(t.Context(), ix, key, 0, true, old))
	}
	for _, key := range []string{kinds.KeyUserLicenses, kinds.KeyGroupLicenses} {
		_, _, _, err := kinds.GetLicensees(t.Context(), ix, key, 0)
		require.ErrorIs(t, err, walk.ErrIndexLost)
	}
}
