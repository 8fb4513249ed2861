package graph

import "context"

// Domain is a domain name of the tenant
// (https://learn.microsoft.com/graph/api/resources/domain).
type Domain struct {
	ID         string `json:"id"`
	IsVerified bool   `json:"isVerified"`
	// AuthenticationType is "Federated" where another system checks passwords.
	AuthenticationType string `json:"authenticationType"`
}

// ListDomains reads the tenant's domains. Permission: Domain.Read.All
// (https://learn.microsoft.com/graph/api/domain-list).
func (c *Client) ListDomains(ctx context.Context) ([]Domain, error) {
	return all[Domain](ctx, c, query{path: "/domains", fields: []string{"id", "isVerified", "authenticationType"}})
}
