package snapshotdiff

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// compareResources finds the objects that came, went or look different. Objects
// are the same if their ids are, whatever their names.
func (d *Diff) compareResources(ctx context.Context) error {
	return join(d.old.resources(ctx), d.recent.resources(ctx), func(old, recent *v2.Resource) error {
		either := cmp.Or(recent, old)
		resourceType := either.GetId().GetResourceType()
		if !d.compared[resourceType] || !d.wanted(resourceType) {
			return nil
		}
		change, err := d.resourceChange(old, recent)
		if err != nil || change == nil {
			return err
		}
		if old == nil || recent == nil {
			blank, err := d.blankOfChange(ctx, change, either)
			if err != nil {
				return err
			}
			if blank.takes() {
				return nil
			}
			if change.ToldBy, err = d.toldElsewhere(ctx, change, either); err != nil {
				return err
			}
		}
		if resourceType == typeConsent {
			if err := d.judgeConsent(ctx, change, old, recent); err != nil {
				return err
			}
		}
		return d.keepResource(change)
	})
}

// resourceChange is how two rows of an object differ; nil where they do not.
func (d *Diff) resourceChange(old, recent *v2.Resource) (*ResourceChange, error) {
	either := cmp.Or(recent, old)
	change := &ResourceChange{Change: kindChanged}
	var err error
	if change.Object, err = object(either); err != nil {
		return nil, err
	}
	switch {
	case change.Type == typeTenant && (old == nil || recent == nil): // Builds of before do not have it.
		return nil, nil //nolint:nilnil // Its absence is the answer.
	case old == nil:
		change.Change = kindAdded
	case recent == nil:
		change.Change = kindRemoved
	default:
		if change.Fields, err = resourceFields(old, recent); err != nil || len(change.Fields) == 0 {
			return nil, err
		}
	}
	if parent := either.GetParentResourceId(); parent != nil {
		change.Parent = &Object{Type: parent.GetResourceType(), ID: parent.GetResource()}
	}
	return change, nil
}

// blankOfChange is the blank that an object falls into which came or went. A role at a
// scope that is there only because somebody may activate it is as good as the
// eligibilities.
func (d *Diff) blankOfChange(ctx context.Context, c *ResourceChange, r *v2.Resource) (*Blank, error) {
	if b := d.blankOfResource(r, c.side()); b != nil || c.Type != typeScopedRole {
		return b, nil
	}
	b := d.blanks.of(access.DataRoleEligibility, c.side())
	if b == nil {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	held, err := d.isHeld(ctx, c, slugAssigned)
	if err != nil || held {
		return nil, err
	}
	return b, nil
}

// isHeld reports whether somebody holds one of the entitlements of what came or went, and
// is compared too.
func (d *Diff) isHeld(ctx context.Context, c *ResourceChange, slugs ...string) (bool, error) {
	for _, slug := range slugs {
		if b := d.blanks.of(dataOf(c.Type, slug), c.side()); b != nil && !b.doubt {
			continue
		}
		for h, err := range d.having(c.side()).facts.Holders(ctx, access.EntitlementID(access.Ref{Type: c.Type, ID: c.ID}, slug)) {
			if err != nil {
				return false, err
			}
			if d.compared[h.Principal.Type] && (h.Direct || !d.options.DirectOnly) {
				return true, nil
			}
		}
	}
	return false, nil
}

// toldElsewhere is what tells already that an object came or went.
func (d *Diff) toldElsewhere(ctx context.Context, c *ResourceChange, r *v2.Resource) (string, error) {
	switch c.Type {
	case typeScopedRole:
		held, err := d.isHeld(ctx, c, slugAssigned, slugEligible)
		if held {
			return toldByAccess, err
		}
		return "", err
	case typeCredential:
		if c.Parent == nil || !d.wanted(c.Parent.Type) {
			return "", nil
		}
		return d.toldByOther(ctx, c, access.Ref{Type: c.Parent.Type, ID: c.Parent.ID})
	case typeConsent:
		client, err := d.clientOf(ctx, c.side(), r)
		if err != nil || client == nil || !d.wanted(client.Type) {
			return "", err
		}
		return d.toldByOther(ctx, c, client.Ref)
	}
	return "", nil
}

// toldByOther lets what belongs to an object be told by it, where that came or went too.
func (d *Diff) toldByOther(ctx context.Context, c *ResourceChange, to access.Ref) (string, error) {
	there := map[string]bool{}
	for _, side := range []string{inOld, inNew} {
		o, err := d.having(side).facts.Object(ctx, to)
		if err != nil {
			return "", err
		}
		there[side] = !o.Missing
	}
	if d.compared[to.Type] && there[c.side()] && there[inOld] != there[inNew] {
		return toldByParent, nil
	}
	return "", nil
}

func (d *Diff) keepResource(change *ResourceChange) error {
	counts := d.summary.Resources[change.Type]
	if counts == nil {
		counts = &Counts{}
		d.summary.Resources[change.Type] = counts
	}
	counts.count(change.Change, change.Fields)
	if change.ToldBy == "" && !change.Privileged {
		d.shown[change.Type]++
	}
	value, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("keeping a change: %w", err)
	}
	if change.Privileged {
		if err := d.consents.add(change.consentKey(), value); err != nil {
			return err
		}
	}
	return d.resources.add(sortKey(string(typeOrder(change.Type)), change.Type, change.Change, strings.ToLower(change.Name), change.ID), value)
}

// compareEntitlements finds the app roles and the like that came, went or were
// renamed. Those of an object that itself came or went are not news.
func (d *Diff) compareEntitlements(ctx context.Context) error {
	oldResources, newResources := d.old.resources(ctx), d.recent.resources(ctx)
	defer oldResources.stop()
	defer newResources.stop()
	return join(d.old.entitlements(ctx), d.recent.entitlements(ctx), func(old, recent *v2.Entitlement) error {
		either := cmp.Or(recent, old)
		on := either.GetResource().GetId()
		if !d.compared[on.GetResourceType()] || !d.wanted(on.GetResourceType()) {
			return nil
		}
		change := EntitlementChange{
			Change: kindChanged, Entitlement: Entitlement{ID: either.GetId(), Name: either.GetDisplayName()},
			Fields: fieldChanges(nil, fieldName, old.GetDisplayName(), recent.GetDisplayName()),
		}
		if old == nil || recent == nil {
			change.Change, change.Fields = kindAdded, nil
			if recent == nil {
				change.Change = kindRemoved
			}
		} else if len(change.Fields) == 0 {
			return nil
		}
		key := rowKey{on.GetResourceType(), on.GetResource()}
		_, before, err := oldResources.seek(&key)
		if err != nil {
			return err
		}
		resource, after, err := newResources.seek(&key)
		if err != nil || !before || !after {
			return err
		}
		if change.Resource, err = object(resource); err != nil {
			return err
		}
		return d.keepEntitlement(&change)
	})
}

func (d *Diff) keepEntitlement(change *EntitlementChange) error {
	d.summary.Entitlements.count(change.Change, change.Fields)
	value, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("keeping a change: %w", err)
	}
	on := &change.Resource
	key := sortKey(string(typeOrder(on.Type)), strings.ToLower(on.Name), on.ID, change.Change, strings.ToLower(change.Name), change.ID)
	return d.entitlements.add(key, value)
}
