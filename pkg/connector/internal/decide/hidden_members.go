package decide

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// ConfirmHidden fails where the sync reads hidden memberships and the token no
// longer may. Every other permission that is taken away shows as a refusal, but
// hidden memberships are answered with an empty list
// (https://learn.microsoft.com/graph/api/group-list-members). It is to be asked
// after memberships were read: a token that came in between is noticed, too.
func (d *Decider) ConfirmHidden(ctx context.Context, ix walk.Index) error {
	reads, err := d.Reads(ctx, ix, model.DataHiddenMembers)
	if err != nil || !reads {
		return err
	}
	claims, err := d.Client.Claims(ctx)
	switch {
	case errors.Is(err, signin.ErrOpaqueToken):
		return nil
	case err != nil:
		return err
	}
	hidden := sourceOf(model.DataHiddenMembers)
	if permitted, known := HeldPermission(hidden, claims); known && !permitted {
		return status.Errorf(codes.PermissionDenied,
			"%sthe permission %s (%s) was taken away while the sync ran; grant it again, or start a new sync that leaves these members out",
			model.ErrorPrefix, hidden.Permission, hidden.Purpose)
	}
	return nil
}
