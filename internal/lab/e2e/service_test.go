package e2e

import (
	"os"
	"testing"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func TestServiceTellsThePlatformWhatItCanDo(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil, "--sync-devices", "--sync-user-risk", "--sync-channels")
	o := s.outcome(t, v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build())
	require.Nil(t, o.Failure)
	hellos := s.platform.Hellos()
	require.Len(t, hellos, 2, "one at the start, one when asked")
	committed, err := os.ReadFile("../../../baton_capabilities.json")
	require.NoError(t, err)
	var published anypb.Any
	require.NoError(t, protojson.Unmarshal(committed, &published))
	want, err := published.UnmarshalNew()
	require.NoError(t, err)
	for _, hello := range hellos {
		require.NotEmpty(t, hello.GetHostId())
		require.Equal(t, "Microsoft Entra ID", hello.GetConnectorMetadata().GetDisplayName())
		got := hello.GetConnectorMetadata().GetCapabilities()
		require.JSONEq(t, protojson.Format(want), protojson.Format(got), "the platform is told something else than what is published")
	}
}

func TestSnapshotsThatTheServiceUploadsAreTheTenant(t *testing.T) {
	t.Parallel()
	for name, env := range map[string][]string{"task by task": nil, "tasks in batches": {"BATON_GET_TASKS=true"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), env)
			whole := s.outcome(t, syncFull(nil))
			s.requireTenant(t, whole)

			truth := s.tenant.Tenant().Truth()
			direct := s.outcome(t, syncFull(func(task *v1.Task_SyncFullTask) { task.SetSkipExpandGrants(true) }))
			require.Nil(t, direct.Failure)
			require.Len(t, direct.Assets, 1)
			unexpanded := readSnapshot(t, direct.Assets[0].Path)
			requireSame(t, "direct grants", expected(&truth, expect.Options{}).direct, unexpanded.direct)
			require.Less(t, direct.Assets[0].Size, whole.Assets[0].Size, "the platform expands grants itself")

			only := s.outcome(t, syncFull(func(task *v1.Task_SyncFullTask) { task.SetSkipEntitlementsAndGrants(true) }))
			require.Nil(t, only.Failure)
			require.Len(t, only.Assets, 1)
			resources := readSnapshot(t, only.Assets[0].Path)
			requireResources(t, &truth, expected(&truth, expect.Options{}).resources, resources)
			require.Empty(t, resources.grantRows)

			s.requireTenant(t, s.outcome(t, syncFull(nil)))
			s.requireNoTempFiles(t)
			require.Empty(t, s.tenant.Stats().Unmatched, "a request that Graph does not know")
		})
	}
}

// The connector does not hear which types a task names, so what one type's
// grants need of another one's listing may not be there. Without an error the
// licences' holders would be missing.
func TestTaskForOneTypeMissesWhatAnotherTypeReads(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil)
	for _, resourceType := range resourceTypes {
		if resourceType == "device" || resourceType == "user_risk" || resourceType == "channel" {
			continue // They have to be asked for.
		}
		o := s.outcome(t, syncFull(func(task *v1.Task_SyncFullTask) { task.SetSyncResourceTypeIds([]string{resourceType}) }))
		if resourceType == "license" {
			require.Contains(t, o.Failure.Message(), "has to name user and group too")
			require.Empty(t, o.Assets)
			continue
		}
		require.Nil(t, o.Failure, "%s: %v", resourceType, o.Failure)
	}
	with := s.outcome(t, syncFull(func(task *v1.Task_SyncFullTask) { task.SetSyncResourceTypeIds([]string{"license", "user", "group"}) }))
	require.Nil(t, with.Failure, "%v", with.Failure)
}

func TestTwoSyncsAtOnceDoNotMixTheirRows(t *testing.T) {
	t.Parallel()
	s, first := startLongSync(t)
	second := s.platform.Push(syncFull(nil))
	require.NoError(t, second.Taken(t.Context()))
	require.False(t, first.Finished(), "the second task waits for the first")
	s.requireTenant(t, s.await(t, first))
	s.requireTenant(t, s.await(t, second))
	s.requireNoTempFiles(t)
}

// The SDK has one session store for all syncs, the latest one's, and closes it
// with that sync. A sync that needs it longer fails; it must not come out short.
func TestSyncThatIsOvertakenByAShortOneIsWholeOrFails(t *testing.T) {
	t.Parallel()
	s, first := startLongSync(t)
	short := s.outcome(t, syncFull(func(task *v1.Task_SyncFullTask) { task.SetSyncResourceTypeIds([]string{"role"}) }))
	require.Nil(t, short.Failure, "%v", short.Failure)
	if o := s.await(t, first); o.Failure != nil {
		require.Contains(t, o.Failure.Message(), "session store")
		require.False(t, o.NonRetryable)
		require.Empty(t, o.Assets)
	} else {
		s.requireTenant(t, o)
	}
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	s.requireNoTempFiles(t)
}

// startLongSync is a service with a sync under way that leaves time for another.
func startLongSync(t *testing.T) (*service, *platformsim.Task) {
	t.Helper()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(150 * time.Millisecond)
	s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil, "--task-concurrency", "2")
	sync := s.platform.Push(syncFull(nil))
	s.whileSyncing(t)
	return s, sync
}

func TestLongSyncDoesNotKeepOtherTasksWaiting(t *testing.T) {
	t.Parallel()
	s, sync := startLongSync(t)
	require.Nil(t, s.outcome(t, v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build()).Failure)
	require.False(t, sync.Finished())
	s.requireTenant(t, s.await(t, sync))
	require.NotEmpty(t, s.platform.Calls(platformsim.MethodHeartbeat), "a task without a sign of life is given to another")
}

func TestServiceLogsHoldNoSecretAndNoToken(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil, "--log-level", "debug")
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	s.signal(t, os.Interrupt)
	logs := s.stdout.String() + s.stderr.String()
	require.Contains(t, logs, "Microsoft Graph requests", "the sync's summary is missing")
	require.NotContains(t, logs, s.tenant.ClientSecret())
	require.NotContains(t, logs, s.platform.ClientSecret())
	require.NotContains(t, logs, "eyJ", "that is how a token begins, and the key in the client's secret")
	require.NotContains(t, logs, "Bearer")
}
