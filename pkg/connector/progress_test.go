package connector

import (
	"context"
	"net/http"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func watchedReporter(t *testing.T, every time.Duration) (*reporter, context.Context, *observer.ObservedLogs) {
	t.Helper()
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: "https://127.0.0.1"}, Credential: fake.AnyToken{}, HTTPClient: http.DefaultClient})
	require.NoError(t, err)
	r := newReporter(client, &given{})
	r.every = every
	core, logs := observer.New(zap.InfoLevel)
	return r, ctxzap.ToContext(t.Context(), zap.New(core)), logs
}

func grantsCall(page, next string, spawned ...string) (*v2.GrantsServiceListGrantsRequest, *v2.GrantsServiceListGrantsResponse) {
	resource := v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: "group"}.Build()}.Build()
	var annos annotations.Annotations
	if len(spawned) > 0 {
		annos.Append(v2.EnqueuePageTokens_builder{PageTokens: spawned}.Build())
	}
	return v2.GrantsServiceListGrantsRequest_builder{Resource: resource, PageToken: page}.Build(),
		v2.GrantsServiceListGrantsResponse_builder{NextPageToken: next, Annotations: annos}.Build()
}

func TestPartsAreDoneWhenTheirTokensEndAndNotBefore(t *testing.T) {
	t.Parallel()
	r, _, _ := watchedReporter(t, time.Hour)
	for _, step := range []struct {
		page, next  string
		spawned     []string
		done, known int
	}{
		{"", "plan 2", []string{"a", "b"}, 0, 3},
		{"a", "a 2", nil, 0, 3},
		{"plan 2", "", []string{"c"}, 1, 4},
		{"b", "", nil, 2, 4},
		{"a 2", "", nil, 3, 4},
		{"c", "", nil, 4, 4},
		{"of a sync that began in another process", "", nil, 5, 5},
	} {
		request, response := grantsCall(step.page, step.next, step.spawned...)
		r.grantsGiven(request, response)
		require.Equal(t, progress.Parts{Done: step.done, Known: step.known}, r.parts["group"], step.page)
	}
	request, _ := grantsCall("failed", "")
	r.grantsGiven(request, nil)
	require.Equal(t, 5, r.parts["group"].Done, "a call that failed has done nothing")
}

func TestNothingIsReportedUnlessSomebodyAskedNorAfterTheLastCall(t *testing.T) {
	t.Parallel()
	silent, ctx, none := watchedReporter(t, 0)
	end := silent.begin(ctx, "user")
	time.Sleep(20 * time.Millisecond)
	end()
	require.Empty(t, none.All())

	r, ctx, logs := watchedReporter(t, time.Millisecond)
	first, second := r.begin(ctx, "user"), r.begin(ctx, "group")
	require.Eventually(t, func() bool { return logs.Len() > 1 }, 10*time.Second, time.Millisecond)
	report, ok := logs.All()[0].ContextMap()[progress.FieldReport].(*progress.Report)
	require.True(t, ok)
	require.Subset(t, []string{"group", "user"}, report.Reading)
	first()
	second()
	require.Empty(t, r.underWay)
	time.Sleep(20 * time.Millisecond) // A report that was under way is written.
	seen := logs.Len()
	time.Sleep(20 * time.Millisecond)
	require.Equal(t, seen, logs.Len(), "the goroutine outlives its calls")
}
