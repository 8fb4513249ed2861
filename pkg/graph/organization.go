package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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
	request, err := c.organization().ToGetRequestInformation(ctx, &organization.OrganizationRequestBuilderGetRequestConfiguration{
		QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{
			Select: []string{"id", "displayName", "verifiedDomains", "assignedPlans"},
		},
	})
	response, err := sending.Receive[organizations](ctx, c.Sender, request, err)
	if err != nil && forms.IsRefused(err) {
		request, err = c.organization().ToGetRequestInformation(ctx, nil)
		response, err = sending.Receive[organizations](ctx, c.Sender, request, err)
	}
	if err != nil {
		return nil, err
	}
	if len(response.Value) != 1 {
		return nil, fmt.Errorf("GET /organization: Microsoft Graph answered with %d tenants instead of one", len(response.Value))
	}
	return response.Value[0].organization(), nil
}

// organization is Microsoft's builder. It sends nothing by itself: a model that can
// hold an object of the directory would bring each kind of object there is into the
// program (pkg/graph/writing).
func (c *Client) organization() *organization.OrganizationRequestBuilder {
	return organization.NewOrganizationRequestBuilderInternal(map[string]string{}, c.Adapter())
}

// organizations is the answer to a read of the tenant.
type organizations struct {
	Value []tenant `json:"value"`
}

type tenant struct {
	ID              string           `json:"id"`
	DisplayName     string           `json:"displayName"`
	VerifiedDomains []verifiedDomain `json:"verifiedDomains"`
	AssignedPlans   []assignedPlan   `json:"assignedPlans"`
}

// verifiedDomain is a name of the tenant
// (https://learn.microsoft.com/graph/api/resources/verifieddomain).
type verifiedDomain struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	IsDefault bool   `json:"isDefault"`
	IsInitial bool   `json:"isInitial"`
}

func (d *verifiedDomain) defaultFirst() int {
	if d.IsDefault {
		return 0
	}
	return 1
}

func byName(a, b verifiedDomain) int {
	return cmp.Or(a.defaultFirst()-b.defaultFirst(), strings.Compare(a.Name, b.Name))
}

// assignedPlan is a service plan that the tenant has or had
// (https://learn.microsoft.com/graph/api/resources/assignedplan).
type assignedPlan struct {
	ServicePlanID    string `json:"servicePlanId"`
	CapabilityStatus string `json:"capabilityStatus"`
}

// organization leaves out plans that have ended.
func (t *tenant) organization() *Organization {
	o := &Organization{ID: t.ID, DisplayName: t.DisplayName, Domains: []string{}}
	for _, d := range slices.SortedFunc(slices.Values(t.VerifiedDomains), byName) {
		o.Domains = append(o.Domains, d.Name)
	}
	for _, d := range t.VerifiedDomains {
		if d.IsInitial && o.InitialDomain == "" {
			o.InitialDomain = d.Name
		}
		if d.Type == "Federated" {
			o.FederatedDomains = append(o.FederatedDomains, d.Name)
		}
	}
	for _, p := range t.AssignedPlans {
		if p.ServicePlanID != "" && (p.CapabilityStatus == "Enabled" || p.CapabilityStatus == "Warning") {
			o.Plans = append(o.Plans, strings.ToLower(p.ServicePlanID))
		}
	}
	return o
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
