package graph

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

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
func (c *Client) AssignUserLicense(ctx context.Context, userID, add, remove string, disabledPlans []string) error {
	body := users.NewItemAssignLicensePostRequestBody()
	added, removed, err := licenseChange(add, remove, disabledPlans)
	if err != nil {
		return err
	}
	body.SetAddLicenses(added)
	body.SetRemoveLicenses(removed)
	_, err = c.users().ByUserId(userID).AssignLicense().Post(ctx, body, nil)
	return sending.OwnError(err)
}

// AssignGroupLicense is AssignUserLicense for a group, whose members get what it
// is given (https://learn.microsoft.com/graph/api/group-assignlicense).
func (c *Client) AssignGroupLicense(ctx context.Context, groupID, add, remove string, disabledPlans []string) error {
	body := groups.NewItemAssignLicensePostRequestBody()
	added, removed, err := licenseChange(add, remove, disabledPlans)
	if err != nil {
		return err
	}
	body.SetAddLicenses(added)
	body.SetRemoveLicenses(removed)
	_, err = c.groups().ByGroupId(groupID).AssignLicense().Post(ctx, body, nil)
	return sending.OwnError(err)
}

// UserLicenses reads how a user came by each product
// (https://learn.microsoft.com/graph/api/user-get).
func (c *Client) UserLicenses(ctx context.Context, userID string) ([]LicenseAssignmentState, error) {
	u, err := c.users().ByUserId(userID).Get(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"id", "licenseAssignmentStates"}},
	})
	if err != nil {
		return nil, sending.OwnError(err)
	}
	var states []LicenseAssignmentState
	for _, s := range u.GetLicenseAssignmentStates() {
		state := LicenseAssignmentState{AssignedByGroup: text(s.GetAssignedByGroup()), State: text(s.GetState()), Error: text(s.GetError())}
		if id := s.GetSkuId(); id != nil {
			state.SKUID = id.String()
		}
		for _, plan := range s.GetDisabledPlans() {
			state.DisabledPlans = append(state.DisabledPlans, plan.String())
		}
		states = append(states, state)
	}
	return states, nil
}

// GroupLicenses reads which products a group gives to its members.
func (c *Client) GroupLicenses(ctx context.Context, groupID string) ([]AssignedLicense, error) {
	g, err := c.groups().ByGroupId(groupID).Get(ctx, &groups.GroupItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &groups.GroupItemRequestBuilderGetQueryParameters{Select: []string{"id", "assignedLicenses"}},
	})
	if err != nil {
		return nil, sending.OwnError(err)
	}
	var licenses []AssignedLicense
	for _, l := range g.GetAssignedLicenses() {
		license := AssignedLicense{}
		if id := l.GetSkuId(); id != nil {
			license.SKUID = id.String()
		}
		for _, plan := range l.GetDisabledPlans() {
			license.DisabledPlans = append(license.DisabledPlans, plan.String())
		}
		licenses = append(licenses, license)
	}
	return licenses, nil
}
