package snapshot

import (
	"context"
	"iter"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
)

// ResourcesOf gives the resources of one type, without going through the others.
func (f *File) ResourcesOf(ctx context.Context, resourceType string) iter.Seq2[*v2.Resource, error] {
	return f.stream.StreamResources(ctx, f.sync.ID, connectorstore.StreamResourcesOptions{ResourceTypeID: resourceType})
}
