package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/truth"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// verdict is what came of a task.
type verdict int

const (
	verdictTruth verdict = iota
	verdictFailed
	verdictShort
	verdictHung
	verdicts
)

// graphFaults are what goes wrong with Graph, mostly at the requests that the
// numbers are for.
var graphFaults = []func(at int) graphsim.Rule{
	func(at int) graphsim.Rule { return graphsim.Rule{Nth: at, Action: graphsim.Throttle("1")} },
	func(at int) graphsim.Rule { return graphsim.Rule{Nth: at, Action: graphsim.BadGateway()} },
	func(at int) graphsim.Rule { return graphsim.Rule{Nth: at, Action: graphsim.Truncate()} },
	func(at int) graphsim.Rule { return graphsim.Rule{Nth: at, Action: graphsim.ResetConnection()} },
	func(at int) graphsim.Rule { return graphsim.Rule{Nth: at, Action: graphsim.DuplicateRows()} },
	func(at int) graphsim.Rule {
		return graphsim.Rule{Nth: at, Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")}
	},
	func(at int) graphsim.Rule {
		return graphsim.Rule{Path: "/users", Nth: 1, Action: graphsim.ForeignNextLink("graph.evil.example")}
	},
}

// platformFaults are what goes wrong with the platform.
var platformFaults = []platformsim.Rule{
	{Method: platformsim.MethodUpload, Times: 1, AfterBytes: 1, Break: true},
	{Method: platformsim.MethodUpload, Times: 1, Code: codes.Unavailable, Message: "down"},
	{Method: platformsim.MethodHeartbeat, Times: 1, Code: codes.Unavailable, Message: "down", Skip: 1},
	{Method: platformsim.MethodGetTask, Times: 1, Break: true},
}

// task is one of the tasks that a service gets, by a random mix.
func (s *service) task(ctx context.Context, random *rand.Rand) (verdict, error) {
	switch n := random.IntN(10); {
	case n == 0:
		return s.await(ctx, s.platform.Push(v1.Task_builder{ListEventFeeds: &v1.Task_ListEventFeedsTask{}}.Build()), nil)
	case n == 1:
		return s.await(ctx, s.platform.Push(v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build()), nil)
	case n == 2:
		return s.cancelled(ctx)
	case n == 3:
		return s.await(ctx, s.platform.Push(v1.Task_builder{SyncFull: v1.Task_SyncFullTask_builder{SyncResourceTypeIds: []string{"role"}}.Build()}.Build()), nil)
	case n < 6:
		defer s.tenant.Fault(graphFaults[random.IntN(len(graphFaults))](1 + random.IntN(60)))()
	case n < 8:
		fault := s.platform.Fault(platformFaults[random.IntN(len(platformFaults))])
		defer fault.Remove()
	}
	return s.await(ctx, s.platform.Push(fullSync()), s.want)
}

// cancelled is a sync that is no longer wanted after its first heartbeat. The SDK
// gives no answer to a task that is not wanted before that.
func (s *service) cancelled(ctx context.Context) (verdict, error) {
	s.tenant.SetLatency(cancelledLatency)
	defer s.tenant.SetLatency(0)
	t := s.platform.Push(fullSync())
	for !t.Finished() && !slices.ContainsFunc(s.platform.Calls(platformsim.MethodHeartbeat), func(c platformsim.Call) bool { return c.TaskID == t.ID }) {
		if ctx.Err() != nil {
			return verdictHung, ctx.Err()
		}
		time.Sleep(pollEvery)
	}
	s.platform.Cancel(t)
	return s.await(ctx, t, s.want)
}

const (
	// cancelledLatency makes a sync of the small tenant longer than the second
	// between two heartbeats.
	cancelledLatency = 100 * time.Millisecond
	pollEvery        = 10 * time.Millisecond
)

func fullSync() *v1.Task { return v1.Task_builder{SyncFull: &v1.Task_SyncFullTask{}}.Build() }

// await judges what comes of a task. A snapshot that has to be the tenant is
// compared with want.
func (s *service) await(ctx context.Context, t *platformsim.Task, want *truth.Rows) (verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, taskBound)
	defer cancel()
	o, err := t.Await(ctx)
	switch {
	case err != nil:
		return verdictHung, err
	case o.Failure != nil && len(o.Assets) > 0:
		return verdictShort, errors.New("a sync that failed has uploaded a snapshot")
	case o.Failure != nil && o.Failure.Message() == "":
		return verdictShort, errors.New("a task fails without a reason")
	case o.Failure != nil:
		return verdictFailed, nil
	}
	if want != nil {
		if len(o.Assets) != 1 {
			return verdictShort, fmt.Errorf("a sync uploads %d snapshots", len(o.Assets))
		}
		if err := want.Compare(context.WithoutCancel(ctx), o.Assets[0].Path, s.scratch); err != nil {
			return verdictShort, err
		}
	}
	for _, asset := range o.Assets {
		if err := os.Remove(asset.Path); err != nil {
			return verdictShort, err
		}
	}
	return verdictTruth, nil
}
