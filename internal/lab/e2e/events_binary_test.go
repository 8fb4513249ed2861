package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// printed are the events that a run of the built connector has printed.
func printed(t *testing.T, r *run) []*v2.Event {
	t.Helper()
	require.Zero(t, r.exit, r.stderr)
	var events []*v2.Event
	for line := range strings.Lines(r.stdout) {
		e := &v2.Event{}
		require.NoError(t, protojson.Unmarshal([]byte(line), e), line)
		events = append(events, e)
	}
	return events
}

func TestBuiltConnectorPrintsTheEventsOfAFeed(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	start := time.Now().Add(-23 * time.Hour)
	for _, feed := range []string{changesFeed, usageFeed} {
		events := printed(t, runBinary(t, signInTo(t, server), "--event-feed=true", "--event-feed-id", feed, "--event-feed-start-at", start.Format(time.RFC3339)))
		require.NotEmpty(t, events, feed)
		want, _ := pollFeed(t, connect(t, server, nil), feed, "", start, 100)
		require.Equal(t, toldAll(want), toldAll(events), feed)
	}
	r := runBinary(t, signInTo(t, server), "--event-feed=true", "--event-feed-id", changesFeed, "--skip-directory-changes")
	require.Equal(t, int(codes.NotFound), r.exit)
	require.Contains(t, r.stderr, "event feed id "+changesFeed+" not found")
}

func TestBuiltConnectorGoesOnAtACursor(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.ClearLogs()
	user := server.Tenant().ID(graphsim.KindUser, 3)
	add := func(id string, at time.Time) {
		e := graphsim.ChangeAudit("Update user", "UserManagement", "User", user)
		e.ID, e.Time = id, at
		server.AddAudit(e)
	}
	add("first", time.Now().Add(-time.Minute))
	events, cursor := pollFeed(t, connect(t, server, nil), changesFeed, "", time.Now().Add(-time.Hour), 100)
	require.Len(t, events, 1)
	add("late", time.Now().Add(-5*time.Minute))
	events = printed(t, runBinary(t, signInTo(t, server), "--event-feed=true", "--event-feed-id", changesFeed, "--event-feed-cursor", cursor))
	require.Len(t, events, 1)
	require.Equal(t, "late", events[0].GetId())
}

func TestPlatformGetsEventsPageByPage(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil)
	start := time.Now().Add(-23 * time.Hour)
	var got []string
	cursor := ""
	for more := true; more; {
		o := s.outcome(t, v1.Task_builder{ListEvents: v1.Task_ListEventsTask_builder{
			EventFeedId: changesFeed, Cursor: cursor, PageSize: 10, StartAt: timestamppb.New(start),
		}.Build()}.Build())
		require.Nil(t, o.Failure, "%v", o.Failure)
		var answer v2.ListEventsResponse
		require.NoError(t, o.Response.UnmarshalTo(&answer))
		require.LessOrEqual(t, len(answer.GetEvents()), 10)
		got = slices.Concat(got, toldAll(answer.GetEvents()))
		cursor, more = answer.GetCursor(), answer.GetHasMore()
	}
	want, _ := pollFeed(t, connect(t, s.tenant, nil), changesFeed, "", start, 100)
	require.Equal(t, toldAll(want), got)
}
