package snapshotdiff

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// everybody is who a consent is given by that holds for all people.
const everybody = "admin"

// judgeConsent says who acts by a consent that changed, and why it is privileged, if it
// is: scopes that give much came or went.
func (d *Diff) judgeConsent(ctx context.Context, c *ResourceChange, old, recent *v2.Resource) error {
	side, row := inNew, recent
	if recent == nil {
		side, row = inOld, old
	}
	client, err := d.clientOf(ctx, side, row)
	if err != nil {
		return err
	}
	if client != nil {
		c.Client = &Object{Type: client.Type, ID: client.ID, Name: client.Name}
	}
	api, err := d.having(side).facts.Object(ctx, access.Ref{Type: typeApplication, ID: profileText(row, "resourceId")})
	if err != nil {
		return err
	}
	worst := worstScope(strings.ToLower(api.Text("appId")), scopesOnlyIn(recent, old))
	removed := worstScope(strings.ToLower(api.Text("appId")), scopesOnlyIn(old, recent))
	switch {
	case worst != nil:
	case removed != nil:
		worst = removed
	default:
		return nil
	}
	c.Privileged, c.ToldBy = true, ""
	c.Reason = worst.Value + ": " + worst.Why
	if profileText(row, "givenBy") == everybody {
		c.Reason += ", for everybody who signs in"
	}
	switch c.Change {
	case kindAdded:
		d.summary.Consents.Gained++
	case kindRemoved:
		d.summary.Consents.Lost++
	}
	d.summary.Privileged++
	return nil
}

// worstScope is the permission that gives most; nil where none gives much.
func worstScope(api string, scopes []string) *powers.Permission {
	var worst *powers.Permission
	for _, scope := range scopes {
		p := powers.PermissionOf(api, scope)
		if p != nil && (worst == nil || p.Takeover && !worst.Takeover) {
			worst = p
		}
	}
	return worst
}

// clientOf is who acts by a consent; nil where it is not in the snapshot.
func (d *Diff) clientOf(ctx context.Context, side string, consent *v2.Resource) (*access.Object, error) {
	id := profileText(consent, "clientId")
	for _, t := range []string{typeApplication, access.TypeAgentIdentity, access.TypeManagedIdentity} {
		o, err := d.having(side).facts.Object(ctx, access.Ref{Type: t, ID: id})
		if err != nil {
			return nil, err
		}
		if !o.Missing {
			return o, nil
		}
	}
	return nil, nil //nolint:nilnil // Its absence is the answer.
}

// consentKey orders consents: those for everybody before those of one person, by the
// application that acts by them.
func (c *ResourceChange) consentKey() []byte {
	whose, client := "1", ""
	if strings.HasSuffix(c.Reason, "everybody who signs in") {
		whose = "0"
	}
	if c.Client != nil {
		client = strings.ToLower(c.Client.Name)
	}
	return sortKey(whose, client, c.ID)
}
