// Package tenant makes the one resource by which a snapshot says what it is: which
// tenant was read, when, by which build, with which settings, and what is left out.
package tenant

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// The names of the resource's profile. They are part of the snapshot's contract.
const (
	fieldName     = "name"
	fieldDomains  = "domains"
	fieldCloud    = "cloud"
	fieldPlans    = "plans"
	fieldReadAt   = "readAt"
	fieldBuild    = "build"
	fieldSettings = "settings"
	fieldDataSets = "dataSets"
	fieldLeftOut  = "leftOut"
	fieldEarlier  = "earlier"
	fieldInFull   = "readInFull"
)

// keyListed is there once the SDK has asked for the tenant: not before that, and not
// in a sync that leaves the type out, may it be given.
const keyListed = "tenant/listed"

// Syncer tells of the tenant. It gives no access.
type Syncer struct {
	kinds.Kit

	// cloud is the cloud by the name of its setting, and build the version of this
	// program.
	cloud, build string
}

// New tells of the tenant, in a cloud, as a build reads it.
func New(k kinds.Kit, cloud, build string) *Syncer { return &Syncer{k, cloud, build} }

// ResourceType is the tenant's type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.TenantResourceType }

// List gives the tenant.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	ix := walk.Index{Store: opts.Session}
	// Before what was learnt is looked at: whoever learns more after that gives the
	// tenant again.
	if err := walk.PutValue(ctx, ix, keyListed, true); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	found, err := s.now(ctx, ix)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return []*v2.Resource{found}, nil, nil
}

// Again gives the tenant once more, for the answer to a call that may have left out a
// data set under way; nil if that changes nothing. The SDK stores it in the place of
// the one before.
func (s *Syncer) Again(ctx context.Context, store sessions.SessionStore) (*v2.Resource, error) {
	ix := walk.Index{Store: store}
	listed, _, err := walk.GetValue[bool](ctx, ix, keyListed)
	if err != nil || !listed {
		return nil, model.ToStatus(err)
	}
	found, err := s.now(ctx, ix)
	return found, model.ToStatus(err)
}

// now is the tenant with what the sync has learnt until this moment, in all calls.
func (s *Syncer) now(ctx context.Context, ix walk.Index) (*v2.Resource, error) {
	ctx, _, err := decide.WithCourse(ctx, ix.Store)
	if err != nil {
		return nil, err
	}
	tenant, made, err := s.Decider.TenantOf(ctx, ix)
	if err != nil {
		return nil, err
	}
	return s.resource(tenant, made, decide.CourseOf(ctx).Carried())
}

// resource is the same for each sync of a tenant that stays as it is, but for when it
// was read.
func (s *Syncer) resource(t *decide.Tenant, made *decide.Decision, carried map[model.DataSet]decide.Carried) (*v2.Resource, error) {
	left := make(map[string]any, len(made.Left))
	for data, why := range made.Left {
		left[string(data)] = why
	}
	settings := s.Filter.Settings()
	if only, ok := settings[decide.SettingTypes].([]string); ok {
		settings[decide.SettingTypes] = values(only)
	}
	profile := map[string]any{
		"id": t.ID, fieldDomains: values(t.Domains), fieldCloud: s.cloud, fieldReadAt: made.Began.Format(time.RFC3339),
		fieldSettings: settings, fieldDataSets: values(made.Names()), fieldLeftOut: left,
	}
	if len(t.Plans) > 0 {
		profile[fieldPlans] = values(t.Plans)
	}
	addReadings(profile, carried)
	model.SetNonEmpty(profile, map[string]string{fieldName: t.Name, fieldBuild: s.build})
	return rs.NewResource(model.DisplayName(t.Name, t.ID), kinds.TenantResourceType, t.ID,
		rs.WithResourceProfile(profile),
		s.Portal.Link(model.TenantBlade, ""),
	)
}

// addReadings tells of what was taken from an earlier sync how old it is, and when all
// of it was read at once.
func addReadings(profile map[string]any, carried map[model.DataSet]decide.Carried) {
	earlier, inFull := map[string]any{}, map[string]any{}
	for data, c := range carried {
		inFull[string(data)] = c.Full.UTC().Format(time.RFC3339)
		if !c.Current() {
			earlier[string(data)] = c.At.UTC().Format(time.RFC3339)
		}
	}
	if len(inFull) > 0 {
		profile[fieldInFull] = inFull
	}
	if len(earlier) > 0 {
		profile[fieldEarlier] = earlier
	}
}

// values is a list as profiles take it.
func values(list []string) []any {
	made := make([]any, 0, len(list))
	for _, value := range list {
		made = append(made, value)
	}
	return made
}

// Get reads the tenant as a sync would that began now.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	tenant, made, err := s.Decider.TenantNow(ctx)
	if err == nil && tenant.ID != checked {
		err = model.NotThere(id, "is not the tenant that this connector reads")
	}
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	found, err := s.resource(tenant, made, nil)
	return found, nil, model.GetStatus(err)
}
