package e2e

import (
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

// writes are the tasks that would change the tenant.
func writes(tenant *graphsim.Server) map[string]*v1.Task {
	group := v2.ResourceId_builder{ResourceType: "group", Resource: tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupBig)}.Build()
	person := v2.ResourceId_builder{ResourceType: "user", Resource: "11111111-2222-3333-4444-555555555555"}.Build()
	principal := v2.Resource_builder{Id: person}.Build()
	member := v2.Entitlement_builder{Id: "group:" + group.GetResource() + ":member", Resource: v2.Resource_builder{Id: group}.Build()}.Build()
	keep := v2.EncryptionConfig_builder{Principal: principal, KeyId: "key", Provider: "baton/jwk/v1"}.Build()
	return map[string]*v1.Task{
		"grant": v1.Task_builder{Grant: v1.Task_GrantTask_builder{Entitlement: member, Principal: principal}.Build()}.Build(),
		"revoke": v1.Task_builder{Revoke: v1.Task_RevokeTask_builder{
			Grant: v2.Grant_builder{Id: member.GetId() + ":user:" + person.GetResource(), Entitlement: member, Principal: principal}.Build(),
		}.Build()}.Build(),
		"create account": v1.Task_builder{CreateAccount: v1.Task_CreateAccountTask_builder{
			AccountInfo:       v2.AccountInfo_builder{Login: "new@example.com"}.Build(),
			CredentialOptions: v2.CredentialOptions_builder{NoPassword: &v2.CredentialOptions_NoPassword{}}.Build(),
		}.Build()}.Build(),
		"create resource": v1.Task_builder{CreateResource: v1.Task_CreateResourceTask_builder{
			Resource: v2.Resource_builder{Id: group, DisplayName: "New"}.Build(),
		}.Build()}.Build(),
		"delete resource": v1.Task_builder{DeleteResource: v1.Task_DeleteResourceTask_builder{ResourceId: group}.Build()}.Build(),
		"rotate credentials": v1.Task_builder{RotateCredentials: v1.Task_RotateCredentialsTask_builder{
			ResourceId:        person,
			CredentialOptions: v2.CredentialOptions_builder{NoPassword: &v2.CredentialOptions_NoPassword{}}.Build(),
		}.Build()}.Build(),
		"issue credential": v1.Task_builder{IssueCredential: v1.Task_IssueCredentialTask_builder{
			IdentityId: person, CredentialOptions: &v2.CredentialIssueOptions{}, EncryptionConfigs: []*v2.EncryptionConfig{keep},
		}.Build()}.Build(),
		"invoke action": v1.Task_builder{ActionInvoke: v1.Task_ActionInvokeTask_builder{Name: "disable_user"}.Build()}.Build(),
	}
}

func TestTasksThatWouldChangeTheTenantAreRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ args, kinds []string }{
		"reading only":         {kinds: slices.Collect(maps.Keys(writes(startTenant(t, graphsim.Small))))},
		"provisioning allowed": {args: []string{"--provisioning"}, kinds: []string{"create resource", "delete resource", "issue credential"}}, // Of no type that can.
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil, c.args...)
			for _, kind := range c.kinds {
				task := writes(s.tenant)[kind]
				o := s.outcome(t, task)
				if !assert.NotNil(t, o.Failure, "%s: answered as if it had been done", kind) {
					continue
				}
				t.Logf("%s: %v", kind, o.Failure)
				assert.True(t, sayWhy(o.Failure.Message()), "%s: %v", kind, o.Failure)
				assert.Empty(t, o.Assets)
			}
			for _, request := range s.tenant.Requests() {
				assert.True(t, request.Authority || request.Method == http.MethodGet || strings.HasSuffix(request.Path, "$batch"), "%s %s", request.Method, request.Path)
			}
			s.requireTenant(t, s.outcome(t, syncFull(nil)))
		})
	}
}

// sayWhy is whether a refusal is one that a person can understand.
func sayWhy(message string) bool {
	for _, reason := range []string{"not enabled", "not have", "not found", "not implement", "unsupported"} {
		if strings.Contains(message, reason) {
			return true
		}
	}
	return false
}

func TestQuestionsAboutWhatTheConnectorLacksAreAnswered(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil)

	o := s.outcome(t, v1.Task_builder{ActionListSchemas: &v1.Task_ActionListSchemasTask{}}.Build())
	require.Nil(t, o.Failure)
	var schemas v2.ListActionSchemasResponse
	require.NoError(t, o.Response.UnmarshalTo(&schemas))
	require.Len(t, schemas.GetSchemas(), 16)

	o = s.outcome(t, v1.Task_builder{ListEventFeeds: &v1.Task_ListEventFeedsTask{}}.Build())
	require.Nil(t, o.Failure)
	var feeds v2.ListEventFeedsResponse
	require.NoError(t, o.Response.UnmarshalTo(&feeds))
	require.Len(t, feeds.GetList(), 2)

	for kind, task := range map[string]*v1.Task{
		"action's schema": v1.Task_builder{ActionGetSchema: v1.Task_ActionGetSchemaTask_builder{Name: "make_coffee"}.Build()}.Build(),
		"action's status": v1.Task_builder{ActionStatus: v1.Task_ActionStatusTask_builder{Name: "make_coffee", Id: "1"}.Build()}.Build(),
		"unknown kind":    v1.Task_builder{EventFeed: &v1.Task_EventFeedTask{}}.Build(),
	} {
		o := s.outcome(t, task)
		if assert.NotNil(t, o.Failure, kind) {
			t.Logf("%s: %v", kind, o.Failure)
			assert.True(t, sayWhy(o.Failure.Message()), "%s: %v", kind, o.Failure)
		}
	}
}

// The SDK leaves the platform without an answer to these. The log has the
// reason, and the service goes on.
func TestTasksThatTheSDKDoesNotAnswerDoNotStopTheService(t *testing.T) {
	t.Parallel()
	s := startService(t, startPlatform(t, platformsim.Options{}), startTenant(t, graphsim.Small), nil, "--task-concurrency", "1")
	for says, task := range map[string]*v1.Task{
		"event feed id sign_ins not found": v1.Task_builder{ListEvents: v1.Task_ListEventsTask_builder{EventFeedId: "sign_ins"}.Build()}.Build(),
		"ticketing is not enabled":         v1.Task_builder{ListTicketSchemas: &v1.Task_ListTicketSchemasTask{}}.Build(),
	} {
		unanswered := s.platform.Push(task)
		require.Nil(t, s.outcome(t, v1.Task_builder{Hello: &v1.Task_HelloTask{}}.Build()).Failure, "one task at a time: the one before is over")
		require.False(t, unanswered.Finished(), "the SDK answers now: expect a failure with a reason instead")
		require.Contains(t, s.stderr.String(), says)
	}
}

func TestSyncThatTheSDKDoesNotAnswerDoesNotStopTheService(t *testing.T) {
	t.Parallel()
	platform := startPlatform(t, platformsim.Options{})
	platform.Fault(platformsim.Rule{Method: platformsim.MethodHeartbeat, Times: 1, Code: codes.Unavailable, Message: "down"})
	s := startService(t, platform, startTenant(t, graphsim.Small), nil, "--task-concurrency", "1")
	unanswered := platform.Push(syncFull(nil))
	s.requireTenant(t, s.outcome(t, syncFull(nil)))
	require.False(t, unanswered.Finished(), "the SDK answers now: expect a failure with a reason instead")
	require.Contains(t, s.stderr.String(), "task failed heartbeat")
	s.signal(t, os.Interrupt)
	requireEmpty(t, s.temp)
}
