package snapshotdiff

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// What a resource's status is called.
const (
	statusEnabled  = "enabled"
	statusDisabled = "disabled"
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
		change := ResourceChange{}
		var err error
		if change.Object, err = object(either); err != nil {
			return err
		}
		switch {
		case old == nil:
			change.Change = kindAdded
		case recent == nil:
			change.Change = kindRemoved
		default:
			if change.Fields, err = resourceFields(old, recent); err != nil || len(change.Fields) == 0 {
				return err
			}
			change.Change = kindChanged
		}
		if parent := either.GetParentResourceId(); parent != nil {
			change.Parent = &Object{Type: parent.GetResourceType(), ID: parent.GetResource()}
		}
		return d.keepResource(&change)
	})
}

func (d *Diff) keepResource(change *ResourceChange) error {
	counts := d.summary.Resources[change.Type]
	if counts == nil {
		counts = &Counts{}
		d.summary.Resources[change.Type] = counts
	}
	counts.count(change.Change, change.Fields)
	value, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("keeping a change: %w", err)
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

// object is a resource in short.
func object(r *v2.Resource) (Object, error) {
	o := Object{Type: r.GetId().GetResourceType(), ID: r.GetId().GetResource(), Name: r.GetDisplayName()}
	if o.Type != typeUser {
		return o, nil
	}
	trait := &v2.UserTrait{}
	annos := annotations.Annotations(r.GetAnnotations())
	if _, err := annos.Pick(trait); err != nil {
		return o, fmt.Errorf("reading the row of user %s: %w", o.ID, err)
	}
	o.Login = trait.GetLogin()
	return o, nil
}

// resourceFields are the fields by which two rows of one object differ.
func resourceFields(old, recent *v2.Resource) ([]FieldChange, error) {
	before, err := object(old)
	if err != nil {
		return nil, err
	}
	after, err := object(recent)
	if err != nil {
		return nil, err
	}
	fields := fieldChanges(nil, fieldName, before.Name, after.Name)
	fields = fieldChanges(fields, fieldLogin, before.Login, after.Login)
	return fieldChanges(fields, fieldStatus, statusName(old), statusName(recent)), nil
}

func fieldChanges(to []FieldChange, field, old, recent string) []FieldChange {
	if old == recent {
		return to
	}
	return append(to, FieldChange{Field: field, Old: old, New: recent})
}

func statusName(r *v2.Resource) string {
	switch r.GetStatus().GetStatus() {
	case v2.Status_RESOURCE_STATUS_ENABLED:
		return statusEnabled
	case v2.Status_RESOURCE_STATUS_DISABLED:
		return statusDisabled
	case v2.Status_RESOURCE_STATUS_DELETED:
		return "deleted"
	default:
		return "unknown"
	}
}

// sortKey joins parts so that keys compare as their parts do, one after the
// other. A part that holds the separator can only disturb the order.
func sortKey(parts ...string) []byte {
	return []byte(strings.Join(parts, "\x00"))
}
