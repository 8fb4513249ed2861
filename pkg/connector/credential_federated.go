package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// keyFederated leads to the registrations whose federated credentials have to
// be read by themselves: those that may show less than there is, and all of them
// where Graph does not expand the relation.
const keyFederated = "federated"

// federatedOwner is such a registration.
type federatedOwner struct {
	ID       string `json:"i"`
	Name     string `json:"n,omitempty"`
	Identity holder `json:"h"`
}

// listFederated reads the federated credentials of the next batch of
// registrations. A registration has twenty at the most, so that one page is all.
func (s *credentialSyncer) listFederated(ctx context.Context, ix index, c cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	open, more, err := getPage[federatedOwner](ctx, ix, keyFederated, c.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	part := open[min(c.Offset, len(open)):min(c.Offset+sending.MaxBatchSize, len(open))]
	found, err := s.readFederated(ctx, part)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	switch {
	case c.Offset+len(part) < len(open):
		c.Offset += len(part)
	case more:
		c.Page, c.Offset = c.Page+1, 0
	default:
		return found, nil, nil
	}
	token, err := encodeToken(c)
	return found, results(token), err
}

func (s *credentialSyncer) readFederated(ctx context.Context, owners []federatedOwner) ([]*v2.Resource, error) {
	byID := make(map[string]federatedOwner, len(owners))
	items := make([]workItem, 0, len(owners))
	for _, o := range owners {
		byID[o.ID] = o
		items = append(items, workItem{ID: o.ID})
	}
	ref := func(w workItem) string { return graph.FederatedCredentialsRef(w.ID) }
	var found []*v2.Resource
	for len(items) > 0 { // Once, but for answers that Graph splits.
		read, rest, err := readWorkOf[graph.FederatedIdentityCredential](ctx, s.client, s.left, dataFederatedCredentials, items, ref, 1)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			o := byID[r.item.ID]
			owner := &credentialOwner{holder: holder{typeAppRegistration, o.ID}, identity: o.Identity, name: o.Name}
			resources, err := owner.federated(r.rows)
			if err != nil {
				return nil, err
			}
			found = append(found, resources...)
		}
		items = rest
	}
	return found, nil
}
