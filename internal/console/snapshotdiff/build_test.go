package snapshotdiff

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/connectorstore"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

const (
	globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
	directoryReaders    = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
)

// tenant is what a test's snapshot holds.
type tenant struct {
	types        []string
	resources    []*v2.Resource
	entitlements []*v2.Entitlement
	grants       []*v2.Grant
	kind         connectorstore.SyncType
	unfinished   bool
}

func newTenant() *tenant {
	return &tenant{types: []string{typeUser, "group", typeRole, "application"}, kind: connectorstore.SyncTypeFull}
}

func (n *tenant) user(t *testing.T, id, name, login string, status v2.Status_ResourceStatus) {
	t.Helper()
	r, err := rs.NewUserResource(name, v2.ResourceType_builder{Id: typeUser}.Build(), id,
		[]rs.UserTraitOption{rs.WithUserLogin(login)}, rs.WithResourceStatus(status, ""))
	require.NoError(t, err)
	n.resources = append(n.resources, r)
}

func (n *tenant) resource(resourceType, id, name string) *v2.Resource {
	r := handmade.Ref(resourceType, id)
	r.SetDisplayName(name)
	n.resources = append(n.resources, r)
	return r
}

// profiled adds an object with a profile.
func (n *tenant) profiled(t *testing.T, resourceType, id, name string, profile map[string]any) *v2.Resource {
	t.Helper()
	fields, err := structpb.NewStruct(profile)
	require.NoError(t, err)
	r := n.resource(resourceType, id, name)
	r.SetProfile(fields)
	return r
}

// assigned says how the last grant is assigned.
func (n *tenant) assigned(t *testing.T, kind, until string) {
	t.Helper()
	fields, err := structpb.NewStruct(map[string]any{"assignmentType": kind, "endDateTime": until})
	require.NoError(t, err)
	metadata, err := anypb.New(v2.GrantMetadata_builder{Metadata: fields}.Build())
	require.NoError(t, err)
	n.grants[len(n.grants)-1].SetAnnotations([]*anypb.Any{metadata})
}

// says is what the snapshot says of itself.
func (n *tenant) says(t *testing.T, about map[string]any) {
	t.Helper()
	n.types = append(n.types, typeTenant)
	n.profiled(t, typeTenant, "tenant", "Contoso", about)
}

// entitlement adds an entitlement under an id of the usual form.
func (n *tenant) entitlement(resourceType, id, slug, name string) {
	e := entitlementOf(resourceType, id, slug)
	e.SetDisplayName(name)
	e.SetSlug(slug)
	n.entitlements = append(n.entitlements, e)
}

func entitlementOf(resourceType, id, slug string) *v2.Entitlement {
	return v2.Entitlement_builder{Id: resourceType + ":" + id + ":" + slug, Resource: handmade.Ref(resourceType, id)}.Build()
}

// grant adds a grant; sources are entitlement ids.
func (n *tenant) grant(e *v2.Entitlement, holderType, holder string, sources ...string) {
	n.grants = append(n.grants, handmade.Grant(e, handmade.Ref(holderType, holder), sources...))
}

// write makes the snapshot's file.
func (n *tenant) write(t *testing.T) string {
	t.Helper()
	return (&handmade.File{Types: n.types, Resources: n.resources, Entitlements: n.entitlements, Grants: n.grants, Kind: n.kind, Unfinished: n.unfinished}).Write(t)
}

// compared is the outcome of one comparison.
type compared struct {
	text     string
	whole    string // The text with everything in it.
	document document
	raw      string // The JSON.
	diff     *Diff
}

// document is the JSON as a reader sees it.
type document struct {
	Version      int                 `json:"version"`
	NotCompared  []Uncompared        `json:"not_compared"`
	Blanks       []Blank             `json:"not_comparable"`
	Warnings     []string            `json:"warnings"`
	Summary      Summary             `json:"summary"`
	Resources    []ResourceChange    `json:"resources"`
	Entitlements []EntitlementChange `json:"entitlements"`
	Access       []AccessChange      `json:"access"`
}

func compare(t *testing.T, old, recent *tenant, o Options) *compared {
	t.Helper()
	return compareFiles(t, old.write(t), recent.write(t), o)
}

func compareFiles(t *testing.T, old, recent string, o Options) *compared {
	t.Helper()
	ctx := context.Background()
	scratch := t.TempDir()
	before, err := Open(ctx, old, scratch)
	require.NoError(t, err)
	after, err := Open(ctx, recent, scratch)
	require.NoError(t, err)
	d, err := Compare(ctx, before, after, scratch, o)
	require.NoError(t, err)
	c := &compared{diff: d}
	var text, whole, raw bytes.Buffer
	require.NoError(t, d.WriteText(ctx, &text, false))
	require.NoError(t, d.WriteText(ctx, &whole, true))
	require.NoError(t, d.WriteJSON(ctx, &raw))
	c.text, c.whole, c.raw = text.String(), whole.String(), raw.String()
	require.NoError(t, json.Unmarshal(raw.Bytes(), &c.document), c.raw)
	require.Equal(t, len(c.document.Resources)+len(c.document.Entitlements)+len(c.document.Access)+len(c.document.NotCompared)+len(c.document.Blanks) > 0, d.Different())
	require.NoError(t, d.Close())
	require.NoError(t, before.Close(ctx))
	require.NoError(t, after.Close(ctx))
	requireEmpty(t, scratch)
	return c
}
