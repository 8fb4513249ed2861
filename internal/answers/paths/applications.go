package paths

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// intoApplication finds who can sign in as an application, by adding a credential to it
// or to its registration.
//
// Nobody can as a managed identity, whose credentials Azure keeps to itself: whoever
// controls the resource in Azure is not in the snapshot. An agent identity has no
// credentials but its blueprint's.
func (w *search) intoApplication(ctx context.Context, place int) error {
	o, err := w.snapshot.Object(ctx, w.visits[place].Ref)
	switch {
	case err != nil:
		return err
	case o.Type == access.TypeManagedIdentity:
		return nil
	case o.Type == access.TypeAgentIdentity && o.Text("kind") == "agentIdentity":
		if blueprint, ok := w.index.blueprints[o.Text("agentIdentityBlueprintId")]; ok {
			w.reach(node{Ref: blueprint}, visit{next: place, edge: EdgeBlueprint})
		}
		return nil
	case o.Type == access.TypeAgentIdentity:
		return w.intoBlueprint(ctx, place, o)
	case o.Type == access.TypeRegistration:
		return w.intoRegistration(ctx, place, o.Ref, true)
	}
	if err := w.holders(ctx, access.EntitlementID(o.Ref, access.SlugOwner), place, EdgeOwnsApplication, false); err != nil {
		return err
	}
	if err := w.powerful(ctx, powers.ControlsApplications, place, EdgeAddsCredential); err != nil {
		return err
	}
	w.atScopes([]string{o.ID}, powers.ControlsApplications, place, EdgeAddsCredential)
	registration, ok := w.index.registrations[o.Text("appId")]
	if !ok {
		return nil
	}
	return w.intoRegistration(ctx, place, registration, o.Status != access.StatusDisabled)
}

// intoRegistration finds who can add a credential to a registration. Who controls no
// more than that cannot enable an application that is disabled, and so not sign in.
func (w *search) intoRegistration(ctx context.Context, place int, registration access.Ref, enabled bool) error {
	if w.visits[place].Type == access.TypeRegistration {
		if err := w.powerful(ctx, powers.ControlsApplications, place, EdgeAddsCredential); err != nil {
			return err
		}
	}
	if !enabled {
		return nil
	}
	if err := w.holders(ctx, access.EntitlementID(registration, access.SlugOwner), place, EdgeOwnsRegistration, false); err != nil {
		return err
	}
	w.roles(powers.ControlsRegistrations, place, EdgeAddsCredential)
	w.atScopes([]string{registration.ID}, powers.ControlsApplications, place, EdgeAddsCredential)
	return nil
}

// intoBlueprint finds who can add a credential to a blueprint of agents. Its credentials
// are its registration's; a sponsor answers for it, and can add none
// (https://learn.microsoft.com/graph/api/agentidentityblueprint-addpassword).
func (w *search) intoBlueprint(ctx context.Context, place int, o *access.Object) error {
	if registration, ok := w.index.registrations[o.Text("appId")]; ok {
		if err := w.holders(ctx, access.EntitlementID(registration, access.SlugOwner), place, EdgeOwnsRegistration, false); err != nil {
			return err
		}
	}
	return w.powerful(ctx, powers.ControlsBlueprints, place, EdgeAddsCredential)
}
