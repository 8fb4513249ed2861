package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Organization is the tenant itself
// (https://learn.microsoft.com/graph/api/resources/organization).
type Organization struct {
	// ID is the tenant id.
	ID string
	// DisplayName is the tenant's name.
	DisplayName string
	// Plans are the ids of the service plans that are in force; nil where Graph
	// does not tell.
	Plans []string
	// InitialDomain is the tenant's onmicrosoft.com name (or its like in other
	// clouds); empty if Graph does not tell.
	InitialDomain string
	// Domains are all its verified names, the default one first and the others by
	// the alphabet.
	Domains []string
	// FederatedDomains are those for which another system checks the passwords.
	FederatedDomains []string
}

// Organization reads the tenant that the token is for. Permission: User.Read.All
// covers it (https://learn.microsoft.com/graph/api/organization-list).
func (c *Client) Organization(ctx context.Context) (*Organization, error) {
	builder := organization.NewOrganizationRequestBuilderInternal(map[string]string{}, c.Adapter())
	response, err := builder.Get(ctx, &organization.OrganizationRequestBuilderGetRequestConfiguration{
		QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{
			Select: []string{"id", "displayName", "verifiedDomains", "assignedPlans"},
		},
	})
	if err != nil && forms.IsRefused(sending.OwnError(err)) {
		response, err = builder.Get(ctx, nil)
	}
	if err != nil {
		return nil, sending.OwnError(err)
	}
	rows := response.GetValue()
	if len(rows) != 1 {
		return nil, fmt.Errorf("GET /organization: Microsoft Graph answered with %d tenants instead of one", len(rows))
	}
	return &Organization{
		ID:            text(rows[0].GetId()),
		DisplayName:   text(rows[0].GetDisplayName()),
		Plans:         activePlans(rows[0].GetAssignedPlans()),
		InitialDomain: initialDomain(rows[0].GetVerifiedDomains()),
		Domains:       domainNames(rows[0].GetVerifiedDomains()),

		FederatedDomains: federatedDomains(rows[0].GetVerifiedDomains()),
	}, nil
}

// Service plans that data sets depend on
// (https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference).
const (
	PlanEntraP1         = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	PlanEntraP2         = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
	PlanEntraGovernance = "e866a266-3cff-43a3-acca-0c90a7e00c8b"
)

// PlanNames are what Microsoft calls those of the plans that data sets depend on.
func PlanNames(plans []string) []string {
	var names []string
	for _, known := range []struct{ id, name string }{
		{PlanEntraP1, "Microsoft Entra ID P1"},
		{PlanEntraP2, "Microsoft Entra ID P2"},
		{PlanEntraGovernance, "Microsoft Entra ID Governance"},
	} {
		if slices.Contains(plans, known.id) {
			names = append(names, known.name)
		}
	}
	return names
}

// activePlans leaves out plans that have ended.
func activePlans(assigned []models.AssignedPlanable) []string {
	var ids []string
	for _, p := range assigned {
		switch text(p.GetCapabilityStatus()) {
		case "Enabled", "Warning":
			if id := p.GetServicePlanId(); id != nil {
				ids = append(ids, id.String())
			}
		}
	}
	return ids
}

func initialDomain(domains []models.VerifiedDomainable) string {
	for _, d := range domains {
		if d.GetIsInitial() != nil && *d.GetIsInitial() {
			return text(d.GetName())
		}
	}
	return ""
}

func domainNames(domains []models.VerifiedDomainable) []string {
	sorted := slices.SortedFunc(slices.Values(domains), func(a, b models.VerifiedDomainable) int {
		return cmp.Or(defaultFirst(a)-defaultFirst(b), strings.Compare(text(a.GetName()), text(b.GetName())))
	})
	names := make([]string, 0, len(sorted))
	for _, d := range sorted {
		names = append(names, text(d.GetName()))
	}
	return names
}

func defaultFirst(d models.VerifiedDomainable) int {
	if d.GetIsDefault() != nil && *d.GetIsDefault() {
		return 0
	}
	return 1
}

func federatedDomains(domains []models.VerifiedDomainable) []string {
	var names []string
	for _, d := range domains {
		if text(d.GetTypeEscaped()) == "Federated" {
			names = append(names, text(d.GetName()))
		}
	}
	return names
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
