package model

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// The SDK takes NotFound for "nothing here" and finishes the action: the
// platform would read the missing rows as removals.
func TestNotFoundNeverReachesTheSDK(t *testing.T) {
	for _, err := range []error{
		&failure.Error{StatusCode: 404, Code: failure.CodeResourceNotFound},
		&failure.Error{StatusCode: 404},
		fmt.Errorf("reading: %w", &failure.Error{StatusCode: 404}),
		status.Error(codes.NotFound, "session"),
	} {
		require.NotEqual(t, codes.NotFound, status.Code(ToStatus(err)))
		require.Error(t, ToStatus(err))
	}
}

// Unavailable is retried by the SDK without end.
func TestOnlyThrottlingIsWorthWaitingForAndNotForEver(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want codes.Code
	}{
		"throttled":                   {&failure.Error{StatusCode: 429, RetryAfter: time.Minute}, codes.Unavailable},
		"throttled, no time named":    {&failure.Error{StatusCode: 429}, codes.Unavailable},
		"throttled, an absurd time":   {&failure.Error{StatusCode: 429, RetryAfter: 24 * time.Hour}, codes.Aborted},
		"throttled for ages":          {&failure.Error{StatusCode: 429, FruitlessFor: time.Hour}, codes.Aborted},
		"unavailable":                 {&failure.Error{StatusCode: 503}, codes.Unavailable},
		"broken server":               {&failure.Error{StatusCode: 500}, codes.Aborted},
		"not implemented":             {&failure.Error{StatusCode: 501}, codes.Aborted},
		"bad gateway":                 {&failure.Error{StatusCode: 502}, codes.Aborted},
		"forbidden":                   {&failure.Error{StatusCode: 403}, codes.PermissionDenied},
		"unauthorized":                {&failure.Error{StatusCode: 401}, codes.Unauthenticated},
		"bad request":                 {&failure.Error{StatusCode: 400}, codes.FailedPrecondition},
		"connection":                  {&network.ConnectionError{Err: errors.New("reset")}, codes.Aborted},
		"sign-in":                     {&signin.AuthorityError{Code: 7000215}, codes.Unauthenticated},
		"cancelled":                   {fmt.Errorf("GET /users: %w", context.Canceled), codes.Canceled},
		"anything else":               {errors.New("odd"), codes.Aborted},
		"already has a code":          {status.Error(codes.InvalidArgument, "x"), codes.InvalidArgument},
		"deadline is no reason to go": {fmt.Errorf("GET /users: %w", context.DeadlineExceeded), codes.Aborted},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, status.Code(ToStatus(c.err)))
		})
	}
	require.NoError(t, ToStatus(nil))
}

func TestThrottlingTellsTheSDKHowLongToWait(t *testing.T) {
	s := status.Convert(ToStatus(&failure.Error{StatusCode: http.StatusTooManyRequests, RetryAfter: 40 * time.Second}))
	require.Len(t, s.Details(), 1)
	limit, ok := s.Details()[0].(*v2.RateLimitDescription)
	require.True(t, ok)
	require.InDelta(t, 40, time.Until(limit.GetResetAt().AsTime()).Seconds(), 5)
}
