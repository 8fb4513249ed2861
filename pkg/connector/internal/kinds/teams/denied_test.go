package teams

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// An answer about the channels of a team, or who is in its channel.
type answer struct {
	status int
	body   string
}

var (
	// As Teams answers while an owner of the team is blocked
	// (microsoft-graph-docs-contrib#5692 and #6693, msgraph-sdk-powershell#3296).
	denied = answer{http.StatusForbidden, `{"error":{"code":"Forbidden","message":"Failed to execute Skype backend request GetThreadRosterS2SRequest."}}`}
	// As Graph answers who lacks the permission.
	lacking = answer{http.StatusForbidden, `{"error":{"code":"Forbidden","message":"Missing role permissions on the request."}}`}
	gone    = answer{http.StatusNotFound, fake.RefusalBody(failure.CodeTeamNotFound)}
	refused = answer{http.StatusBadRequest, fake.RefusalBody("BadRequest")}
	nobody  = answer{http.StatusOK, fake.EmptyPage}
	someone = answer{http.StatusOK, `{"value":[{"userId":"` + fake.Ann + `","roles":["owner"]}]}`}
)

// tenant is the teams of a tenant: how Teams answers about the channels of those that are
// told here, and about who is in the private channel of each.
type tenant struct {
	teams             int
	channels, members map[int]answer
	// others is the answer about who is in all other channels; someone if there is none.
	others answer
	// probe is the answer about what nobody has, at each moment.
	probe func() answer
	// shared are the teams whose channel is a shared one.
	shared map[int]bool
}

// teamID is the id of a team.
func teamID(n int) string { return fmt.Sprintf("0e000000-0000-4000-8000-%012d", n) }

const channel = "19:x@thread.tacv2"

// reading is how a listing of channels ended.
type reading struct {
	found   []string // Numbers of teams whose channel is in the snapshot.
	entries map[string]int
	left    map[string]int
	course  *decide.Course
	err     error
}

func (r *tenant) answer(ref string) answer {
	if strings.HasPrefix(ref, "/groups") {
		var rows []string
		for n := range r.teams {
			rows = append(rows, `{"id":"`+teamID(n)+`","resourceProvisioningOptions":["Team"]}`)
		}
		return answer{http.StatusOK, `{"value":[` + strings.Join(rows, ",") + `]}`}
	}
	for n := range r.teams {
		if !strings.Contains(ref, teamID(n)) {
			continue
		}
		given, ok := r.channels[n]
		kind := "private"
		if r.shared[n] {
			kind = "unknownFutureValue"
		}
		fallback := answer{http.StatusOK, `{"value":[{"id":"` + channel + `","displayName":"c","membershipType":"` + kind + `"}]}`}
		if strings.Contains(ref, "allMembers") {
			given, ok = r.members[n]
			fallback = r.others
		}
		if !ok {
			given = fallback
		}
		return given
	}
	if r.probe == nil {
		return gone
	}
	return r.probe()
}

// read lists the channels of a tenant.
func (r *tenant) read(t *testing.T) reading {
	t.Helper()
	if r.others.status == 0 {
		r.others = someone
	}
	client := fake.GraphThat(t, func(ref string) (int, string) {
		given := r.answer(ref)
		return given.status, given.body
	})
	store := decidetest.SyncReading(t, model.DataChannels, model.DataChannelMembers)
	s := New(kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}})
	out := reading{entries: map[string]int{}}
	for token, calls := "", 0; ; calls++ {
		require.Less(t, calls, 10)
		ctx, course := decidetest.CallOf(t, walk.Index{Store: store})
		out.course = course
		resources, res, err := s.List(ctx, nil, rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
		if out.err = err; err != nil {
			return out
		}
		for _, one := range resources {
			team, _, _ := strings.Cut(one.GetId().GetResource(), ":")
			out.found = append(out.found, strings.TrimLeft(team[len(team)-12:], "0"))
		}
		if res == nil || res.NextPageToken == "" {
			break
		}
		token = res.NextPageToken
	}
	out.left = s.Left.Peek()
	for page := 0; ; page++ {
		entries, more, err := walk.GetPage[channelEntry](t.Context(), walk.Index{Store: store}, walk.KeyListed+model.TypeChannel, page)
		require.NoError(t, err)
		for _, e := range entries {
			out.entries[e.ID] = len(e.Members)
		}
		if !more {
			return out
		}
	}
}

func TestOneTeamOrChannelThatTeamsDeniesWouldEndEverySync(t *testing.T) {
	leftTeams, leftMembers := walk.LeftDenied(model.DataChannels), walk.LeftDenied(model.DataChannelMembers)
	all := func(n int, given answer) map[int]answer {
		of := map[int]answer{}
		for i := range n {
			of[i] = given
		}
		return of
	}
	firstPage := all(20, denied)
	for name, c := range map[string]struct {
		tenant tenant
		found  int
		left   map[string]int
	}{
		"a team":                              {tenant{teams: 3, channels: map[int]answer{1: denied}}, 2, map[string]int{leftTeams: 1}},
		"who is in a channel":                 {tenant{teams: 3, members: map[int]answer{1: denied}}, 2, map[string]int{leftMembers: 1}},
		"the only team":                       {tenant{teams: 1, channels: all(1, denied)}, 0, map[string]int{leftTeams: 1}},
		"the only channel":                    {tenant{teams: 1, members: all(1, denied)}, 0, map[string]int{leftMembers: 1}},
		"the only channel beside gone teams":  {tenant{teams: 3, members: all(1, denied), channels: map[int]answer{1: gone, 2: gone}}, 0, map[string]int{leftMembers: 1, walk.LeftVanished: 2}},
		"all teams of the first call":         {tenant{teams: 23, channels: firstPage}, 3, map[string]int{leftTeams: 20}},
		"who is in all of the first call":     {tenant{teams: 23, members: firstPage}, 3, map[string]int{leftMembers: 20}},
		"who is in all of the last call":      {tenant{teams: 23, members: map[int]answer{20: denied, 21: denied, 22: denied}}, 20, map[string]int{leftMembers: 3}},
		"who is in the last one after others": {tenant{teams: 21, members: map[int]answer{20: denied}}, 20, map[string]int{leftMembers: 1}},
	} {
		got := c.tenant.read(t)
		require.NoError(t, got.err, name)
		require.Len(t, got.found, c.found, name)
		require.Len(t, got.entries, c.found, name)
		require.Equal(t, c.left, got.left, name)
		require.Empty(t, got.course.Left(), name)
	}
}

// A permission can be taken away while a sync runs: what it then does not get is not there
// to be left out object by object.
func TestALackOfThePermissionWouldLeaveOutOneChannelAfterTheOther(t *testing.T) {
	all := func(from, to int, given answer) map[int]answer {
		of := map[int]answer{}
		for i := from; i < to; i++ {
			of[i] = given
		}
		return of
	}
	withdrawn := func() answer { return lacking }
	unsaid := func() answer { return refused }
	for name, c := range map[string]tenant{
		"no channels of any team":                                 {teams: 3, channels: all(0, 3, lacking), probe: withdrawn},
		"of nobody who is in a channel":                           {teams: 3, members: all(0, 3, lacking), probe: withdrawn},
		"taken away after a page":                                 {teams: 23, members: all(20, 23, lacking), probe: withdrawn},
		"one, and nothing tells":                                  {teams: 1, members: all(0, 1, denied), probe: unsaid},
		"each team, by whatever trouble (docs-contrib#6693)":      {teams: 3, channels: all(0, 3, denied)},
		"each channel, by whatever trouble (sdk-powershell#3321)": {teams: 3, members: all(0, 3, denied)},
		"each channel, in two calls":                              {teams: 21, members: all(0, 21, denied), channels: all(1, 20, gone)},
		"each private channel, and shared ones are told of":       {teams: 3, members: all(0, 2, denied), shared: map[int]bool{2: true}},
	} {
		got := c.read(t)
		require.Equal(t, codes.PermissionDenied, status.Code(got.err), "%s: %v", name, got.err)
	}
}

// The platform reads grants that are missing as taken away.
func TestAChannelThatCannotBeReadWouldLookLikeOneThatEverybodyHasLeft(t *testing.T) {
	for name, given := range map[string]answer{"denied": denied, "gone meanwhile": gone, "refused in every form": refused, "no such address": {http.StatusNotFound, fake.RefusalBody("BadRequest")}} {
		got := (&tenant{teams: 4, members: map[int]answer{2: given, 3: nobody}}).read(t)
		require.NoError(t, got.err, name)
		slices.Sort(got.found)
		require.Equal(t, []string{"", "1", "3"}, got.found, name)
		require.Equal(t, map[string]int{model.ChannelID(teamID(0), channel): 1, model.ChannelID(teamID(1), channel): 1, model.ChannelID(teamID(3), channel): 0}, got.entries, name)
		require.Len(t, got.left, 1, name)
	}
}

func TestATenantWithoutWhoIsInChannelsWouldHaveNoChannels(t *testing.T) {
	got := (&tenant{teams: 3, others: refused, probe: func() answer { return refused }}).read(t)
	require.NoError(t, got.err)
	require.Len(t, got.found, 3)
	require.Contains(t, got.course.Left(), model.DataChannelMembers)
	require.Empty(t, got.left)
}

func TestAChannelThatIsLookedUpWouldLookEmptyWhereItCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		given answer
		code  codes.Code
	}{
		"there": {someone, codes.OK}, "denied": {denied, codes.PermissionDenied}, "gone meanwhile": {gone, codes.NotFound}, "refused": {refused, codes.FailedPrecondition},
	} {
		client := fake.GraphThat(t, func(ref string) (int, string) {
			switch {
			case strings.Contains(ref, "allMembers") && strings.Contains(ref, teamID(1)):
				return c.given.status, c.given.body
			case strings.Contains(ref, teamID(1)):
				return http.StatusOK, `{"id":"` + channel + `","displayName":"c","membershipType":"private"}`
			case strings.HasPrefix(ref, "/organization"):
				return http.StatusOK, `{"value":[{"id":"` + fake.Sales + `"}]}`
			}
			return gone.status, gone.body
		})
		asked := decide.Filters{Asked: []model.DataSet{model.DataChannels, model.DataChannelMembers}}
		s := New(kinds.Kit{Client: client, Left: &walk.Tally{}, Filter: asked, Decider: &decide.Decider{Client: client, Filter: asked}})
		_, _, err := s.Get(t.Context(), model.ResourceID(model.TypeChannel, model.ChannelID(teamID(1), channel)), nil)
		require.Equal(t, c.code, status.Code(err), "%s: %v", name, err)
	}
}
