package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

func TestRestartedFeedWouldRepeatOrSkipEvents(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	user := h.id(graphsim.KindUser, 3)
	var want []string
	add := func(n int, at time.Time) {
		for range n {
			id := fmt.Sprintf("entry-%04d", len(want))
			want = append(want, id)
			e := graphsim.ChangeAudit("Update user", "UserManagement", "User", user)
			e.ID, e.Time = id, at
			h.AddAudit(e)
		}
	}
	var got []string
	cursor := ""
	poll := func(size uint32) {
		var events []*v2.Event
		events, cursor = pollFeed(t, connect(t, h.Server, nil), changesFeed, cursor, h.start, size)
		for _, e := range events {
			got = append(got, e.GetId())
		}
	}
	add(150, h.start.Add(time.Hour))
	add(1, h.start.Add(time.Hour+time.Second))
	poll(100)
	poll(100)
	require.ElementsMatch(t, want, got)
	add(3, time.Now().Add(-9*time.Minute)) // Older than what was read up to.
	poll(7)
	require.ElementsMatch(t, want, got)
	add(1200, h.start.Add(100*time.Minute)) // More than a page in one moment, which comes late.
	add(3, time.Now().Add(-8*time.Minute))
	add(5, time.Now().Add(-2*time.Second))
	poll(1000)
	poll(1000)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(got))), len(got), "repeated")
	require.ElementsMatch(t, want, got)
}

func TestFeedWouldOverdrawTheReportsBudget(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	h.SetServiceLimits(true)
	for i := range 30 {
		e := graphsim.ChangeAudit("Update user", "UserManagement", "User", h.id(graphsim.KindUser, 3))
		e.Time = h.start.Add(time.Duration(i) * time.Minute)
		h.AddAudit(e)
	}
	h.Reset()
	for range 3 {
		_, err := h.client.ListEvents(context.Background(), v2.ListEventsRequest_builder{EventFeedId: changesFeed, StartAt: timestamppb.New(h.start)}.Build())
		require.NoError(t, err)
	}
	logs := 0
	for _, r := range h.Requests() {
		if r.Path == "/v1.0/auditLogs/directoryAudits" {
			logs++
		}
	}
	require.Equal(t, 3, logs, "one page a call")
}

func TestFeedThatMayNotBeReadWouldLookEmpty(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	h.SetPlans(false, false)
	require.NoError(t, h.list(changesFeed))
	err := h.list(usageFeed)
	assert.Equal(t, codes.PermissionDenied, status.Code(err))
	assert.ErrorContains(t, err, "Microsoft Entra ID P1 or P2 licence")

	h.SetPermissions(without("AuditLog.Read.All", "Directory.Read.All")...)
	h.client = connect(t, h.Server, nil)
	err = h.list(changesFeed)
	assert.Equal(t, codes.PermissionDenied, status.Code(err))
	assert.ErrorContains(t, err, "lacks a permission")
}

func (h *happening) list(feed string) error {
	_, err := h.client.ListEvents(context.Background(), v2.ListEventsRequest_builder{EventFeedId: feed, StartAt: timestamppb.New(h.start)}.Build())
	return err
}

func TestFailureOfGraphWouldMoveTheFeedOn(t *testing.T) {
	t.Parallel()
	h := happenings(t, nil)
	group := h.id(graphsim.KindGroup, graphsim.GroupBig)
	managed := h.Tenant().Truth().ServicePrincipals[0].ID
	h.log(graphsim.GroupMemberAudit(true, group, graphsim.Principal{Type: "ServicePrincipal", ID: managed}))
	for _, path := range []string{"/auditLogs/", "/servicePrincipals"} {
		remove := h.Fault(graphsim.Rule{Name: path, Path: path, Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")})
		require.Error(t, h.list(changesFeed), path)
		remove()
	}
	require.Len(t, h.changes(t), 1)
}

func TestFeedsThatAreTurnedOffWouldStillBeOffered(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	offered := func(configure func(*config.AzureAd)) []string {
		answer, err := connect(t, server, configure).ListEventFeeds(context.Background(), &v2.ListEventFeedsRequest{})
		require.NoError(t, err)
		var ids []string
		for _, feed := range answer.GetList() {
			ids = append(ids, feed.GetId())
		}
		slices.Sort(ids)
		return ids
	}
	assert.Equal(t, []string{usageFeed, changesFeed}, offered(nil))
	assert.Equal(t, []string{changesFeed}, offered(func(cfg *config.AzureAd) { cfg.SkipApplicationUsage = true }))
	assert.Equal(t, []string{usageFeed}, offered(func(cfg *config.AzureAd) { cfg.SkipDirectoryChanges = true }))
}

func TestSyncWouldWarnOfWhatOnlyFeedsRead(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPlans(false, false)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	for data := range skippedData(o) {
		require.NotContains(t, data, "usage")
	}
	for _, entry := range o.logs.FilterLevelExact(zapcore.WarnLevel).All() {
		require.NotContains(t, entry.Message, "event")
	}
	for _, r := range server.Requests() {
		require.NotContains(t, r.Path, "/auditLogs/", "a sync reads no log")
	}
}
