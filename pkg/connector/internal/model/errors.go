package model

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Name is the name of the connector and of its binary.
const Name = "baton-azure-ad"

// ErrorPrefix marks an error as this connector's among those of the SDK.
const ErrorPrefix = Name + ": "

const (
	// throttlingPatience bounds how long a throttled sync waits, whether Graph
	// names the time or keeps refusing.
	throttlingPatience = 15 * time.Minute
	// throttledWait is how long the SDK leaves Graph alone where Graph names
	// no time.
	throttledWait = 30 * time.Second
)

// ToStatus gives an error of the Graph client the gRPC code that makes the SDK
// do the right thing with it.
//
// NotFound never leaves: in a sync the SDK takes it for "nothing here" and
// finishes the action without its rows. Unavailable makes the SDK wait and ask
// again without end, so it is kept for throttling that outlasts the client's
// own retries; every other failure ends the sync.
func ToStatus(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return status.Error(codes.Canceled, ErrorPrefix+err.Error())
	}
	var refusal *failure.Error
	if errors.As(err, &refusal) {
		return refusalStatus(refusal)
	}
	var authority *signin.AuthorityError
	if errors.As(err, &authority) {
		return status.Error(codes.Unauthenticated, ErrorPrefix+authority.Error())
	}
	var broken *network.ConnectionError
	if errors.As(err, &broken) {
		return status.Error(codes.Aborted, ErrorPrefix+broken.Error())
	}
	if s, ok := status.FromError(err); ok && s.Code() != codes.NotFound {
		return err
	}
	return status.Error(codes.Aborted, ErrorPrefix+err.Error())
}

// GetStatus is ToStatus for reading one object by its id. There NotFound says
// what it means: that the object does not exist.
func GetStatus(err error) error {
	switch {
	case status.Code(err) == codes.NotFound:
		return err
	case failure.IsNotFound(err):
		return status.Error(codes.NotFound, ErrorPrefix+err.Error())
	default:
		return ToStatus(err)
	}
}

func refusalStatus(e *failure.Error) error {
	message := ErrorPrefix + e.Error()
	switch {
	case e.Throttled() && max(e.RetryAfter, e.FruitlessFor) <= throttlingPatience:
		return throttledStatus(message, max(e.RetryAfter, throttledWait))
	case e.StatusCode == http.StatusUnauthorized:
		return status.Error(codes.Unauthenticated, message)
	case failure.IsAccessDenied(e):
		return status.Error(codes.PermissionDenied, message)
	case e.StatusCode == http.StatusBadRequest:
		return status.Error(codes.FailedPrecondition, message)
	default:
		return status.Error(codes.Aborted, message)
	}
}

// throttledStatus tells the SDK how long to leave Graph alone.
func throttledStatus(message string, wait time.Duration) error {
	s := status.New(codes.Unavailable, message)
	detailed, err := s.WithDetails(v2.RateLimitDescription_builder{
		Status:  v2.RateLimitDescription_STATUS_OVERLIMIT,
		ResetAt: timestamppb.New(time.Now().Add(wait)),
	}.Build())
	if err != nil {
		return fmt.Errorf("%s: %w", message, s.Err())
	}
	return detailed.Err()
}
