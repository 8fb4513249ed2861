package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// SubscribedSKU is a product that the tenant has licences of
// (https://learn.microsoft.com/graph/api/resources/subscribedsku).
type SubscribedSKU struct {
	SKUID            string `json:"skuId"`
	SKUPartNumber    string `json:"skuPartNumber"`
	AppliesTo        string `json:"appliesTo"`
	CapabilityStatus string `json:"capabilityStatus"`
	ConsumedUnits    int64  `json:"consumedUnits"`
	PrepaidUnits     struct {
		Enabled   int64 `json:"enabled"`
		Suspended int64 `json:"suspended"`
		Warning   int64 `json:"warning"`
		LockedOut int64 `json:"lockedOut"`
	} `json:"prepaidUnits"`
	ServicePlans []ServicePlan `json:"servicePlans"`
}

// ServicePlan is a part of a product that can be switched off for a holder.
type ServicePlan struct {
	ID   string `json:"servicePlanId"`
	Name string `json:"servicePlanName"`
}

// ListSubscribedSKUs reads the tenant's products. It takes no query options.
// Permission: LicenseAssignment.Read.All
// (https://learn.microsoft.com/graph/api/subscribedsku-list).
func (c *Client) ListSubscribedSKUs(ctx context.Context, next string) (*sending.Page[SubscribedSKU], error) {
	return sending.GetPage[SubscribedSKU](ctx, c.Sender, sending.OrFirst(next, sending.Query{Path: "/subscribedSkus"}))
}

// AssignedLicense is a product that a group gives to its members
// (https://learn.microsoft.com/graph/api/resources/assignedlicense).
type AssignedLicense struct {
	SKUID         string   `json:"skuId"`
	DisabledPlans []string `json:"disabledPlans"`
}

// LicenseAssignmentState says how a user came by a product, and whether the
// assignment works
// (https://learn.microsoft.com/graph/api/resources/licenseassignmentstate).
type LicenseAssignmentState struct {
	SKUID string `json:"skuId"`
	// AssignedByGroup is the group that gives the product; empty where the
	// user was given it directly.
	AssignedByGroup string   `json:"assignedByGroup"`
	DisabledPlans   []string `json:"disabledPlans"`
	// State is one of those below, or says what is wrong.
	State           string     `json:"state"`
	Error           string     `json:"error"`
	LastUpdatedTime TimeOrNone `json:"lastUpdatedDateTime"`
}

// The states of an assignment that works. With an error it works but for some
// service plans.
const (
	LicenseActive          = "Active"
	LicenseActiveWithError = "ActiveWithError"
)

// LicenseWorks reports whether an assignment in a state gives the product. A
// state that is not known does not: nothing documents what it would mean.
func LicenseWorks(state string) bool {
	return state == LicenseActive || state == LicenseActiveWithError
}
