package graph

import "github.com/conductorone/baton-azure-ad/pkg/graph/sending"

// New returns a client for the Graph endpoint of opts.Cloud. It makes no
// request.
func New(opts sending.Options) (*Client, error) {
	s, err := sending.New(opts, ladders)
	if err != nil {
		return nil, err
	}
	return &Client{s}, nil
}
