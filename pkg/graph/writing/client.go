// Package writing is what changes the nouns of pkg/graph: a file each. It goes through
// Microsoft's builders, and knows nothing of how they are listed.
package writing

import (
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Client changes what a graph.Client reads.
type Client struct{ *sending.Sender }

// By changes things by way of a client. What a connector can do is worked out without
// one.
func By(c *graph.Client) Client {
	if c == nil {
		return Client{}
	}
	return Client{c.Sender}
}
