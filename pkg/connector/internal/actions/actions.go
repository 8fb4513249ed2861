package actions

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// New are the actions, of which those that change the tenant are refused
// unless they are enabled.
func New(client *graph.Client, provision *change.Provisioner, enabled bool) *Doer {
	return &Doer{client: client, provision: provision, enabled: enabled}
}

func (do *Doer) actions() []action {
	return []action{
		do.enableUser(), do.disableUser(), do.updateUser(), do.updateProfile(), do.setManager(), do.restoreUser(),
		do.checkUPN(), do.createGroup(), do.revokeSessions(), do.revokeMFA(), do.offboardUser(), do.restartProvisioning(),
		do.updateGroup(), do.deleteGroup(), do.setSponsors(), do.resetRedemption(),
	}
}

// Schemas are the actions with their arguments, as the platform gets them.
func Schemas() []*v2.BatonActionSchema {
	var schemas []*v2.BatonActionSchema
	for _, a := range (&Doer{}).actions() {
		schemas = append(schemas, a.schema())
	}
	return schemas
}

// GlobalActions are the actions that the connector offers.
func (do *Doer) GlobalActions(ctx context.Context, registry actions.ActionRegistry) error {
	for _, a := range do.actions() {
		if err := registry.Register(ctx, a.schema(), do.handler(a)); err != nil {
			return err
		}
	}
	return nil
}
