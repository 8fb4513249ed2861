package writing

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

func badID(id string, err error) error {
	return fmt.Errorf("graph: %q is not an object id: %w", failure.Excerpt(id, 64), err)
}

// licenseChange is the body of assignLicense: Graph wants both lists.
func licenseChange(add, remove string, disabledPlans []string) ([]models.AssignedLicenseable, []uuid.UUID, error) {
	added, removed := []models.AssignedLicenseable{}, []uuid.UUID{}
	if add != "" {
		sku, err := uuid.Parse(add)
		if err != nil {
			return nil, nil, badID(add, err)
		}
		license := models.NewAssignedLicense()
		license.SetSkuId(&sku)
		off := []uuid.UUID{}
		for _, plan := range disabledPlans {
			id, err := uuid.Parse(plan)
			if err != nil {
				return nil, nil, badID(plan, err)
			}
			off = append(off, id)
		}
		license.SetDisabledPlans(off)
		added = append(added, license)
	}
	if remove != "" {
		sku, err := uuid.Parse(remove)
		if err != nil {
			return nil, nil, badID(remove, err)
		}
		removed = append(removed, sku)
	}
	return added, removed, nil
}

// AssignUserLicense gives a user one product, takes one away, or both; an empty
// id stands for none. A product that the user was given before gets these
// disabled plans instead of its own. Permission: LicenseAssignment.ReadWrite.All
// (https://learn.microsoft.com/graph/api/user-assignlicense).
func (c Client) AssignUserLicense(ctx context.Context, userID, add, remove string, disabledPlans []string) error {
	body := users.NewItemAssignLicensePostRequestBody()
	added, removed, err := licenseChange(add, remove, disabledPlans)
	if err != nil {
		return err
	}
	body.SetAddLicenses(added)
	body.SetRemoveLicenses(removed)
	request, err := c.users().ByUserId(userID).AssignLicense().ToPostRequestInformation(ctx, body, nil)
	return sending.Perform(ctx, c.Sender, request, err)
}

// AssignGroupLicense is AssignUserLicense for a group, whose members get what it
// is given (https://learn.microsoft.com/graph/api/group-assignlicense).
func (c Client) AssignGroupLicense(ctx context.Context, groupID, add, remove string, disabledPlans []string) error {
	body := groups.NewItemAssignLicensePostRequestBody()
	added, removed, err := licenseChange(add, remove, disabledPlans)
	if err != nil {
		return err
	}
	body.SetAddLicenses(added)
	body.SetRemoveLicenses(removed)
	request, err := c.groups().ByGroupId(groupID).AssignLicense().ToPostRequestInformation(ctx, body, nil)
	return sending.Perform(ctx, c.Sender, request, err)
}

// UserLicenses reads how a user came by each product
// (https://learn.microsoft.com/graph/api/user-get).
func (c Client) UserLicenses(ctx context.Context, userID string) ([]graph.LicenseAssignmentState, error) {
	request, err := c.users().ByUserId(userID).ToGetRequestInformation(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"id", "licenseAssignmentStates"}},
	})
	u, err := sending.Receive[graph.User](ctx, c.Sender, request, err)
	if err != nil {
		return nil, err
	}
	return u.LicenseAssignmentStates, nil
}

// GroupLicenses reads which products a group gives to its members.
func (c Client) GroupLicenses(ctx context.Context, groupID string) ([]graph.AssignedLicense, error) {
	request, err := c.groups().ByGroupId(groupID).ToGetRequestInformation(ctx, &groups.GroupItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &groups.GroupItemRequestBuilderGetQueryParameters{Select: []string{"id", "assignedLicenses"}},
	})
	g, err := sending.Receive[graph.Group](ctx, c.Sender, request, err)
	if err != nil {
		return nil, err
	}
	return g.AssignedLicenses, nil
}
