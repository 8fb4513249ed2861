package paths

import (
	"context"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// intoPerson finds who can sign in as a person, by giving them a new password or another
// way to sign in. It asks what a person holds only while that can lead to something new.
func (w *search) intoPerson(ctx context.Context, place int) error {
	ref := w.visits[place].Ref
	o, err := w.snapshot.Object(ctx, ref)
	if err != nil {
		return err
	}
	if agent := o.Text("agentIdentityId"); agent != "" {
		w.reach(node{Ref: access.Ref{Type: access.TypeAgentIdentity, ID: agent}}, visit{next: place, edge: EdgeAgentUser})
	}
	if exhausted, err := w.exhausted(ctx, ref); err != nil || exhausted || external(o) {
		return err // Their own organization resets who is external, and nobody here.
	}
	at, err := w.positionOf(ctx, ref)
	if err != nil {
		return err
	}
	if restricted := w.restrictedAmong(at.units); len(restricted) > 0 {
		w.resettersOver(restricted, at.standing, place)
		if err := w.powerful(ctx, powers.GivesRoles, place, EdgeLiftsRestriction); err != nil {
			return err
		}
	} else {
		for _, r := range powers.Resetters() {
			if r.Reaches(at.standing, false) {
				w.role(r.ID, place, EdgeResets)
			}
		}
		w.resettersOver(append(slices.Clip(at.units), ref.ID), at.standing, place)
		if err := w.permissions(ctx, powers.ResetsAnybody, place, EdgeResets); err != nil {
			return err
		}
	}
	return w.signedInElsewhere(ctx, place, o)
}

// signedInElsewhere finds who can sign in as a person without touching them, so that a
// restricted administrative unit does not protect from it.
func (w *search) signedInElsewhere(ctx context.Context, place int, o *access.Object) error {
	if err := w.permissions(ctx, powers.TrustsAuthorities, place, EdgeTrustsAuthority); err != nil {
		return err
	}
	if o.Text("source") != "on-premises" {
		return nil
	}
	w.roles(powers.SynchronizesPeople, place, EdgeSynchronizes)
	if !federable(o.Login) {
		return nil
	}
	return w.powerful(ctx, powers.FederatesDomains, place, EdgeFederates)
}

// resettersOver notes the roles over a unit, or over the person, that reset them.
func (w *search) resettersOver(scopes []string, standing powers.Standing, place int) {
	for _, scope := range scopes {
		for _, s := range w.index.scoped[scope] {
			if r := powers.ResetterOf(s.role); r != nil && r.Reaches(standing, true) {
				w.reach(node{Ref: s.Ref}, visit{next: place, edge: EdgeResets})
			}
		}
	}
}

// external reports whether a person signs in at another organization
// (https://learn.microsoft.com/entra/fundamentals/users-reset-password-azure-portal).
func external(o *access.Object) bool {
	return o.Text("externalUserState") != "" || strings.Contains(o.Text("userPrincipalName"), "#EXT#")
}

// federable reports whether a sign-in name is of a domain that can be federated: the
// one that every tenant begins with cannot
// (https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-management).
func federable(login string) bool {
	_, domain, _ := strings.Cut(login, "@")
	return domain != "" && !strings.Contains(strings.ToLower(domain), ".onmicrosoft.") && !strings.HasSuffix(strings.ToLower(domain), ".onmschina.cn")
}
