package applications

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// phaseAttributes is the walk for custom security attributes, before the applications
// themselves are read: nothing that is refused there may come in theirs. phaseBegun is
// what follows it.
const (
	phaseAttributes = "attributes"
	phaseBegun      = "applications"
)

// keyAttributes leads to the custom security attributes of an application that has some.
const keyAttributes = "appattributes/"

// beginsWithAttributes reports whether the listing is at its beginning, which is that of
// the attributes where a sync reads them.
func (s *Syncer) beginsWithAttributes(ctx context.Context, ix walk.Index, c walk.Cursor) (bool, error) {
	if c.Phase != "" || c.Next != "" {
		return false, nil
	}
	return s.Decider.Reads(ctx, ix, model.DataAppAttributes)
}

// listAttributes reads the attributes of one page of applications.
func (s *Syncer) listAttributes(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	c.Phase = phaseAttributes
	page, err := walk.ReadPage(ctx, c, s.Client.ListApplicationAttributes)
	if err != nil {
		return decide.OrWithout(ctx, model.DataAppAttributes, nil, err, phaseBegun)
	}
	found := map[string]graph.SecurityAttributes{}
	for i := range page.Rows {
		if row := &page.Rows[i]; len(row.Attributes) > 0 && row.Kind() == graph.ServicePrincipalApplication {
			found[model.ObjectID(row.ID)] = row.Attributes
		}
	}
	return walk.Following(page, c, phaseBegun), walk.Put(ctx, ix, keyAttributes, found)
}

// attributesOf are the attributes of some applications, where they are read.
func (s *Syncer) attributesOf(ctx context.Context, ix walk.Index, ids []string) (map[string]graph.SecurityAttributes, error) {
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAppAttributes); err != nil || !reads {
		return nil, err
	}
	return walk.Get[graph.SecurityAttributes](ctx, ix, keyAttributes, ids)
}

// readOne is an application with its attributes, where a sync would read them.
func (s *Syncer) readOne(ctx context.Context) func(*graph.ServicePrincipal) (*v2.Resource, error) {
	return func(sp *graph.ServicePrincipal) (*v2.Resource, error) {
		made, err := s.Decider.Current(ctx)
		if err != nil || !made.Has(model.DataAppAttributes) {
			if err != nil {
				return nil, err
			}
			return s.resource(sp, nil)
		}
		row, err := s.Client.ApplicationAttributes(ctx, model.ObjectID(sp.ID))
		if err != nil {
			return nil, err
		}
		return s.resource(sp, row.Attributes)
	}
}

// described is the profile of an application with its attributes.
func described(sp *graph.ServicePrincipal, attributes graph.SecurityAttributes) map[string]any {
	profile := applicationProfile(sp)
	kinds.DescribeAttributes(attributes, profile)
	return profile
}
