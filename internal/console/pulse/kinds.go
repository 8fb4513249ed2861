package pulse

import (
	"context"
	"errors"

	"github.com/conductorone/baton-sdk/pkg/tasks/c1api"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Kind is why a sync failed, as far as its gRPC code tells. There are few, and none
// has anything of an error's text.
type Kind string

// The kinds of failure, and None for a sync that did not fail.
const (
	None Kind = ""
	// Permission is a sign-in or a request that Microsoft does not allow.
	Permission Kind = "permission"
	// Unavailable is Microsoft Graph, or the way to it, that does not answer.
	Unavailable Kind = "unavailable"
	// Refused is a setting or a request that is wrong.
	Refused Kind = "refused"
	// Aborted is a sync that another one got in the way of.
	Aborted Kind = "aborted"
	// Platform is a snapshot that could not be uploaded, or a platform that did not
	// hear of the sync.
	Platform Kind = "platform"
	// Interrupted is a sync that the platform no longer wanted, or that took too long.
	Interrupted Kind = "interrupted"
	// Other is the rest: a full disk, a defect.
	Other Kind = "other"
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{Permission, Unavailable, Refused, Aborted, Platform, Interrupted, Other}
}

// kindOf tells why a sync failed. The error is nil where the SDK keeps it back, which
// it does with what was only given up.
func kindOf(err error) Kind {
	switch {
	case err == nil || errors.Is(err, c1api.ErrTaskCancelled):
		return Interrupted
	case errors.Is(err, c1api.ErrTaskHeartbeatFailed):
		return Platform
	}
	switch code := codeOf(err); code {
	case codes.PermissionDenied, codes.Unauthenticated:
		return Permission
	case codes.Unavailable, codes.ResourceExhausted:
		return Unavailable
	case codes.InvalidArgument, codes.FailedPrecondition, codes.NotFound, codes.AlreadyExists, codes.OutOfRange, codes.Unimplemented:
		return Refused
	case codes.Aborted:
		return Aborted
	case codes.Canceled, codes.DeadlineExceeded:
		return Interrupted
	default:
		return Other
	}
}

// codeOf is the code of an error. Of several that were joined it is the first that
// does not say only that its part was given up because of another.
func codeOf(err error) codes.Code {
	if several := partsOf(err); several != nil {
		found := codes.Unknown
		for _, part := range several {
			code := codeOf(part)
			if code != codes.Canceled && code != codes.Unknown {
				return code
			}
			if found == codes.Unknown {
				found = code
			}
		}
		return found
	}
	switch {
	case errors.Is(err, context.Canceled):
		return codes.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return codes.DeadlineExceeded
	}
	return status.Code(err)
}

// partsOf are the errors that were joined, somewhere in err; nil if none were.
func partsOf(err error) []error {
	for ; err != nil; err = errors.Unwrap(err) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			return joined.Unwrap()
		}
	}
	return nil
}
