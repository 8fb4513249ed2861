package applications

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// keyFederated leads to the registrations whose federated credentials have to
// be read by themselves: those that may show less than there is, and all of them
// where Graph does not expand the relation.
const keyFederated = "federated"

// federatedOwner is such a registration.
type federatedOwner struct {
	ID       string      `json:"i"`
	Name     string      `json:"n,omitempty"`
	Identity walk.Holder `json:"h"`
}

// listFederated reads the federated credentials of the next batch of
// registrations. A registration has twenty at the most, so that one page is all.
func (s *CredentialSyncer) listFederated(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	open, more, err := walk.GetPage[federatedOwner](ctx, ix, keyFederated, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	part := open[min(c.Offset, len(open)):min(c.Offset+sending.MaxBatchSize, len(open))]
	found, err := s.readFederated(ctx, part)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	switch {
	case c.Offset+len(part) < len(open):
		c.Offset += len(part)
	case more:
		c.Page, c.Offset = c.Page+1, 0
	default:
		return found, nil, nil
	}
	token, err := walk.EncodeToken(c)
	return found, walk.Results(token), err
}

func (s *CredentialSyncer) readFederated(ctx context.Context, owners []federatedOwner) ([]*v2.Resource, error) {
	byID := make(map[string]federatedOwner, len(owners))
	items := make([]walk.WorkItem, 0, len(owners))
	for _, o := range owners {
		byID[o.ID] = o
		items = append(items, walk.WorkItem{ID: o.ID})
	}
	ref := func(w walk.WorkItem) string { return graph.FederatedCredentialsRef(w.ID) }
	var found []*v2.Resource
	for len(items) > 0 { // Once, but for answers that Graph splits.
		read, rest, err := walk.ReadWorkOf[graph.FederatedIdentityCredential](ctx, s.Client, s.Left, model.DataFederatedCredentials, items, ref, 1)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			o := byID[r.Item.ID]
			owner := &credentialOwner{Holder: walk.Holder{Type: model.TypeAppRegistration, ID: o.ID}, identity: o.Identity, name: o.Name}
			resources, err := owner.federated(r.Rows)
			if err != nil {
				return nil, err
			}
			found = append(found, resources...)
		}
		items = rest
	}
	return found, nil
}
