package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// getOne reads a directory object by its id and makes a resource of it.
func getOne[T any](
	ctx context.Context, id *v2.ResourceId, read func(context.Context, string) (*T, error), resource func(*T) (*v2.Resource, error),
) (*v2.Resource, annotations.Annotations, error) {
	checked, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	object, err := read(ctx, checked)
	if err != nil {
		return nil, nil, getStatus(err)
	}
	found, err := resource(object)
	return found, nil, getStatus(err)
}
