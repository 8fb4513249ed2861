package writing

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// GetAdministrativeUnit reads what decides whether a unit can be changed
// (https://learn.microsoft.com/graph/api/administrativeunit-get).
func (c Client) GetAdministrativeUnit(ctx context.Context, id string) (*graph.AdministrativeUnit, error) {
	request, err := c.directory().AdministrativeUnits().ByAdministrativeUnitId(id).ToGetRequestInformation(ctx, nil)
	return sending.Receive[graph.AdministrativeUnit](ctx, c.Sender, request, err)
}

// AddAdministrativeUnitMember puts a user, a group or a device into a unit.
// Permission: AdministrativeUnit.ReadWrite.All
// (https://learn.microsoft.com/graph/api/administrativeunit-post-members).
func (c Client) AddAdministrativeUnitMember(ctx context.Context, unitID, objectID string) error {
	return sending.OwnError(c.directory().AdministrativeUnits().ByAdministrativeUnitId(unitID).Members().Ref().Post(ctx, c.directoryObject(objectID), nil))
}

// RemoveAdministrativeUnitMember takes an object out of a unit
// (https://learn.microsoft.com/graph/api/administrativeunit-delete-members).
func (c Client) RemoveAdministrativeUnitMember(ctx context.Context, unitID, objectID string) error {
	return sending.OwnError(c.directory().AdministrativeUnits().ByAdministrativeUnitId(unitID).Members().ByDirectoryObjectId(objectID).Ref().Delete(ctx, nil))
}
