package kinds

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// GetOne reads a directory object by its id and makes a resource of it.
func GetOne[T any](
	ctx context.Context, id *v2.ResourceId, read func(context.Context, string) (*T, error), resource func(*T) (*v2.Resource, error),
) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	object, err := read(ctx, checked)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	found, err := resource(object)
	return found, nil, model.GetStatus(err)
}
