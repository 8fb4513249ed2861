package lifecycle

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Delete puts a user into the recycle bin, from where the action restore_user
// brings it back for 30 days. A user that is not there is deleted.
func (s *Accounts) Delete(ctx context.Context, id *v2.ResourceId, _ *v2.ResourceId) (annotations.Annotations, error) {
	user := model.ObjectID(id.GetResource())
	unlock, err := s.Provision.Locks.Lock(ctx, "user/"+user)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	defer unlock()
	_, err = s.Provision.Erase(ctx, user, func(ctx context.Context) error { return writing.By(s.Client).DeleteUser(ctx, user) })
	return nil, change.ToChangeStatus(err)
}
