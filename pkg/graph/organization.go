package graph

import (
	"context"
	"errors"
	"fmt"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"
)

// Organization is the tenant itself
// (https://learn.microsoft.com/graph/api/resources/organization).
type Organization struct {
	// ID is the tenant id.
	ID string
	// DisplayName is the tenant's name.
	DisplayName string
	// InitialDomain is the tenant's onmicrosoft.com name (or its like in other
	// clouds); empty if Graph does not tell.
	InitialDomain string
}

// Organization reads the tenant that the token is for. Permission: User.Read.All
// covers it (https://learn.microsoft.com/graph/api/organization-list).
func (c *Client) Organization(ctx context.Context) (*Organization, error) {
	adapter, err := c.adapter()
	if err != nil {
		return nil, err
	}
	response, err := organization.NewOrganizationRequestBuilderInternal(map[string]string{}, adapter).
		Get(ctx, &organization.OrganizationRequestBuilderGetRequestConfiguration{
			QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{
				Select: []string{"id", "displayName", "verifiedDomains"},
			},
		})
	if err != nil {
		return nil, unwrapSDKError(err)
	}
	rows := response.GetValue()
	if len(rows) != 1 {
		return nil, fmt.Errorf("GET /organization: Microsoft Graph answered with %d tenants instead of one", len(rows))
	}
	return &Organization{
		ID:            text(rows[0].GetId()),
		DisplayName:   text(rows[0].GetDisplayName()),
		InitialDomain: initialDomain(rows[0].GetVerifiedDomains()),
	}, nil
}

func initialDomain(domains []models.VerifiedDomainable) string {
	for _, d := range domains {
		if d.GetIsInitial() != nil && *d.GetIsInitial() {
			return text(d.GetName())
		}
	}
	return ""
}

// unwrapSDKError drops the layers that net/http and the SDK put around this
// client's own errors, whose sentences say all there is to say.
func unwrapSDKError(err error) error {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal
	}
	var broken *ConnectionError
	if errors.As(err, &broken) {
		return broken
	}
	var authority *AuthorityError
	if errors.As(err, &authority) {
		return authority
	}
	return fmt.Errorf("reading Microsoft Graph: %w", err)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
