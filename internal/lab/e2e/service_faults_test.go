package e2e

import (
	"testing"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func TestSyncTaskThatFailsSaysWhyAndTheNextOneIsWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(*graphsim.Server) func()
		says   []string
		secret string
	}{
		"a permission is missing": {
			spoil: func(s *graphsim.Server) func() {
				s.SetPermissions("User.Read.All", "Application.Read.All", "RoleManagement.Read.Directory")
				s.SetTokenLifetime(time.Second) // Consent shows in new tokens only.
				return func() {
					s.SetPermissions(graphsim.DefaultPermissions()...)
					s.SetTokenLifetime(time.Hour)
				}
			},
			says: []string{"lacks the application permission GroupMember.Read.All", "admin consent"},
		},
		"refused in the middle": {
			spoil: func(s *graphsim.Server) func() {
				return s.Fault(graphsim.Rule{
					Name: "fault", Path: "/appRoleAssignedTo", On: graphsim.ItemsOnly,
					Action: graphsim.Respond(403, "Authorization_RequestDenied", "Insufficient privileges"),
				})
			},
			says: []string{"baton-azure-ad: ", "Authorization_RequestDenied"},
		},
		"a link elsewhere": {spoil: fault("/users", graphsim.ForeignNextLink(evilHost)), says: []string{evilHost}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			repair := c.spoil(tenant)
			s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
			o := s.outcome(t, syncFull(nil))
			require.NotNil(t, o.Failure)
			for _, part := range c.says {
				require.Contains(t, o.Failure.Message(), part)
			}
			require.NotContains(t, o.Failure.Message(), tenant.ClientSecret())
			require.False(t, o.NonRetryable, "an administrator can put it right")
			require.Empty(t, o.Assets, "what is not whole must not reach the platform")
			s.requireNoTempFiles(t)

			repair()
			if name == "a permission is missing" {
				time.Sleep(1100 * time.Millisecond) // The token that lacks it ends.
			}
			s.requireTenant(t, s.outcome(t, syncFull(nil)))
		})
	}
}

func TestPlatformThatIsAwayIsWaitedFor(t *testing.T) {
	t.Parallel()
	t.Run("at the start", func(t *testing.T) {
		t.Parallel()
		platform := startPlatform(t, platformsim.Options{Unreachable: true})
		s := startService(t, platform, startTenant(t, graphsim.Small), nil)
		task := platform.Push(syncFull(nil))
		time.Sleep(3 * time.Second)
		require.NoError(t, platform.Reach())
		s.requireTenant(t, s.await(t, task))
	})
	t.Run("between tasks", func(t *testing.T) {
		t.Parallel()
		platform := startPlatform(t, platformsim.Options{})
		s := startService(t, platform, startTenant(t, graphsim.Small), nil)
		require.Nil(t, s.outcome(t, v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build()).Failure)
		require.NoError(t, platform.Cut())
		task := platform.Push(syncFull(nil))
		time.Sleep(3 * time.Second)
		require.NoError(t, platform.Reach())
		s.requireTenant(t, s.await(t, task))
	})
	t.Run("in the middle of a sync", func(t *testing.T) {
		t.Parallel()
		tenant := startTenant(t, graphsim.Small)
		tenant.SetLatency(200 * time.Millisecond)
		platform := startPlatform(t, platformsim.Options{})
		s := startService(t, platform, tenant, nil)
		task := platform.Push(syncFull(nil))
		s.whileSyncing(t)
		require.NoError(t, platform.Cut())
		time.Sleep(2 * time.Second) // Two heartbeats are due.
		require.NoError(t, platform.Reach())
		s.requireTenant(t, s.await(t, task))
	})
}

// The half minute that this takes is the SDK's.
func TestPlatformThatStaysAwayEndsTheServiceWithAnError(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{Unreachable: true}), startTenant(t, graphsim.Small), nil)
	require.NotZero(t, s.exit(t, serviceBound))
	require.Contains(t, s.stderr.String(), "startup Hello failed")
	require.Empty(t, s.tenant.Stats().Requests)
	requireEmpty(t, s.temp)
}

func TestPlatformThatAnswersWithErrorsOrSlowlyIsRiddenOut(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]platformsim.Rule{
		"the introduction fails":      {Method: platformsim.MethodHello, Times: 2, Code: codes.Unavailable, Message: "down"},
		"asking for a task fails":     {Method: platformsim.MethodGetTask, Times: 2, Code: codes.Internal, Message: "down"},
		"asking for a task breaks":    {Method: platformsim.MethodGetTask, Times: 2, Break: true},
		"asking too often":            {Method: platformsim.MethodGetTask, Times: 1, Code: codes.ResourceExhausted, Message: "slow down"},
		"a later heartbeat fails":     {Method: platformsim.MethodHeartbeat, Skip: 1, Times: 1, Code: codes.Unavailable, Message: "down"},
		"everything is slow":          {Delay: 300 * time.Millisecond},
		"the upload is refused once":  {Method: platformsim.MethodUpload, Times: 1, Code: codes.Unavailable, Message: "down"},
		"the upload is cut once":      {Method: platformsim.MethodUpload, Times: 1, AfterBytes: 1, Break: true},
		"the upload is stopped twice": {Method: platformsim.MethodUpload, Times: 2, AfterBytes: 1, Code: codes.Aborted, Message: "moved"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			if rule.Method == platformsim.MethodHeartbeat {
				tenant.SetLatency(200 * time.Millisecond) // The sync takes more than one heartbeat.
			}
			platform := startPlatform(t, platformsim.Options{})
			fault := platform.Fault(rule)
			s := startService(t, platform, tenant, nil)
			s.requireTenant(t, s.outcome(t, syncFull(nil)))
			require.GreaterOrEqual(t, fault.Struck(), max(rule.Times, 1), "the fault did not strike")
			if rule.Method == platformsim.MethodUpload {
				require.Len(t, platform.Calls(platformsim.MethodUpload), rule.Times+1)
			}
			s.requireNoTempFiles(t)
		})
	}
}

func TestUploadThatNeverSucceedsFailsTheTaskAndLeavesNothing(t *testing.T) {
	t.Parallel()
	platform := startPlatform(t, platformsim.Options{})
	broken := platform.Fault(platformsim.Rule{Method: platformsim.MethodUpload, AfterBytes: 1, Break: true})
	s := startService(t, platform, startTenant(t, graphsim.Small), nil)
	o := s.outcome(t, syncFull(nil))
	require.NotNil(t, o.Failure)
	require.False(t, o.NonRetryable)
	require.Empty(t, o.Assets)
	require.Len(t, platform.Calls(platformsim.MethodUpload), 3, "the SDK's number of attempts")
	s.requireNoTempFiles(t)
	broken.Remove()
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
}

func TestCredentialsThatThePlatformRefusesEndTheServiceWithAReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule platformsim.Rule
		env  []string
		says string
	}{
		"token refused":     {rule: platformsim.Rule{Method: platformsim.MethodToken, Code: codes.Unauthenticated, Message: "x"}, says: "failed to get token: 401"},
		"client disabled":   {rule: platformsim.Rule{Method: platformsim.MethodHello, Code: codes.PermissionDenied, Message: "the client is disabled"}, says: "the client is disabled"},
		"another key":       {env: []string{"BATON_CLIENT_ID=somebody-else-00001@simulated.platform.example/vcn"}, says: "failed to get token: 401"},
		"malformed id":      {env: []string{"BATON_CLIENT_ID=nonsense"}, says: "invalid client id"},
		"malformed secret":  {env: []string{"BATON_CLIENT_SECRET=nonsense"}, says: "invalid client secret"},
		"secret is missing": {env: []string{"BATON_CLIENT_SECRET="}, says: "client-secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			platform := startPlatform(t, platformsim.Options{})
			if c.rule.Method != "" {
				platform.Fault(c.rule)
			}
			s := startService(t, platform, startTenant(t, graphsim.Small), c.env)
			require.NotZero(t, s.exit(t, stopBound))
			require.Contains(t, s.stderr.String(), c.says)
			require.NotContains(t, s.stderr.String(), platform.ClientSecret())
			requireEmpty(t, s.temp)
		})
	}
}

func TestTokenOfThePlatformThatEndsIsReplaced(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{TokenLifetime: time.Second}), startTenant(t, graphsim.Small), nil)
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	time.Sleep(1500 * time.Millisecond)
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	require.Greater(t, len(s.platform.Calls(platformsim.MethodToken)), 1)
}

func TestSyncThatIsNoLongerWantedStops(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(500 * time.Millisecond)
	s := startService(t, startPlatform(t, platformsim.Options{}), tenant, nil)
	task := s.platform.Push(syncFull(nil))
	s.whileSyncing(t)
	s.platform.Cancel(task)
	o := s.await(t, task)
	require.NotNil(t, o.Failure)
	require.Empty(t, o.Assets)
	s.requireNoTempFiles(t)
	tenant.SetLatency(0)
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
}
