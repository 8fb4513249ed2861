package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// Delete puts a user into the recycle bin, from where the action restore_user
// brings it back for 30 days. A user that is not there is deleted.
func (s *accounts) Delete(ctx context.Context, id *v2.ResourceId, _ *v2.ResourceId) (annotations.Annotations, error) {
	user := objectID(id.GetResource())
	unlock, err := s.provision.locks.lock(ctx, "user/"+user)
	if err != nil {
		return nil, toStatus(err)
	}
	defer unlock()
	_, err = s.provision.erase(ctx, user, func(ctx context.Context) error { return s.client.DeleteUser(ctx, user) })
	return nil, toChangeStatus(err)
}
