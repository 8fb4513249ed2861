package walk

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// What is done with the session store, for its errors.
const (
	reading = "reading from the sync's session store"
	writing = "writing to the sync's session store"
)

// storeWaits are the pauses before the session store is asked again. In the
// function runtime a network lies between, and one call of thousands that is lost
// there must not end a sync.
var storeWaits = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// patiently does something with the session store, and again after each pause
// where the store is said to be unavailable. After the last the sync ends: the SDK
// asks an unavailable connector again without end, and a store that has closed with
// another sync stays closed (pebble.ErrEngineClosing of the SDK has this code).
func patiently[T any](ctx context.Context, doing string, call func() (T, error)) (T, error) {
	value, err := call()
	for _, wait := range storeWaits {
		if !outOfReach(err) {
			break
		}
		if pacing.Sleep(ctx, wait) != nil {
			break
		}
		value, err = call()
	}
	switch {
	case err == nil:
		return value, nil
	case ctx.Err() != nil || !outOfReach(err):
		return value, fmt.Errorf("%s: %w", doing, err)
	}
	return value, status.Errorf(codes.Aborted, "%s%s: %v", model.ErrorPrefix, doing, err)
}

func outOfReach(err error) bool {
	code := status.Code(err)
	return code == codes.Unavailable || code == codes.DeadlineExceeded
}
