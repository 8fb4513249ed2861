package connector

import (
	"context"

	"github.com/conductorone/baton-sdk/pkg/actions"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// newActions are the actions, of which those that change the tenant are refused
// unless they are enabled.
func newActions(client *graph.Client, provision *provisioner, enabled bool) *doer {
	return &doer{client: client, provision: provision, enabled: enabled}
}

func (do *doer) actions() []action {
	return []action{
		do.enableUser(), do.disableUser(), do.updateUser(), do.updateProfile(), do.setManager(), do.restoreUser(),
		do.checkUPN(), do.createGroup(), do.revokeSessions(), do.revokeMFA(), do.offboardUser(), do.restartProvisioning(),
	}
}

// GlobalActions are the actions that the connector offers.
func (do *doer) GlobalActions(ctx context.Context, registry actions.ActionRegistry) error {
	for _, a := range do.actions() {
		if err := registry.Register(ctx, a.schema(), do.handler(a)); err != nil {
			return err
		}
	}
	return nil
}
