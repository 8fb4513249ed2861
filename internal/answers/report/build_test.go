package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

// tenant is what a test's snapshot holds.
type tenant struct {
	types        []string
	resources    []*v2.Resource
	entitlements []*v2.Entitlement
	grants       []*v2.Grant
}

func newTenant() *tenant {
	return &tenant{types: []string{"user", "group", "role", "scoped_role", "application", "app_registration", "credential", "license", "consent"}}
}

func resource(t *testing.T, resourceType, id, name string, options ...rs.ResourceOption) *v2.Resource {
	t.Helper()
	r, err := rs.NewResource(name, v2.ResourceType_builder{Id: resourceType}.Build(), id, options...)
	require.NoError(t, err)
	return r
}

func (n *tenant) add(t *testing.T, resourceType, id, name string, profile map[string]any) *v2.Resource {
	t.Helper()
	r := resource(t, resourceType, id, name, rs.WithResourceProfile(profile))
	n.resources = append(n.resources, r)
	return r
}

func (n *tenant) user(t *testing.T, id, name, login string, profile map[string]any) *v2.Resource {
	t.Helper()
	r, err := rs.NewUserResource(name, v2.ResourceType_builder{Id: "user"}.Build(), id, []rs.UserTraitOption{rs.WithUserLogin(login)}, rs.WithResourceProfile(profile))
	require.NoError(t, err)
	n.resources = append(n.resources, r)
	return r
}

func (n *tenant) entitlement(on *v2.Resource, slug, name string) *v2.Entitlement {
	e := v2.Entitlement_builder{Id: on.GetId().GetResourceType() + ":" + on.GetId().GetResource() + ":" + slug, Resource: on, DisplayName: name, Slug: slug}.Build()
	n.entitlements = append(n.entitlements, e)
	return e
}

// grant adds a grant; sources are entitlement ids.
func (n *tenant) grant(e *v2.Entitlement, holder *v2.Resource, sources ...string) {
	n.grants = append(n.grants, handmade.Grant(e, holder, sources...))
}

// open makes the snapshot's file and opens it.
func (n *tenant) open(t *testing.T) *access.Snapshot {
	t.Helper()
	ctx := context.Background()
	path := (&handmade.File{Types: n.types, Resources: n.resources, Entitlements: n.entitlements, Grants: n.grants}).Write(t)
	s, err := access.Open(ctx, path, t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(ctx)) })
	return s
}

// page is a report as its reader's browser has it.
type page struct {
	raw      []byte
	elements map[string]int
	policy   string
	styles   []string
	scripts  []string
	blocks   map[string][]byte
	summary  summary
}

func write(t *testing.T, s *access.Snapshot, limits Limits) (*page, *Made) {
	t.Helper()
	var raw bytes.Buffer
	made, err := Write(context.Background(), s, &raw, Options{Snapshot: "tenant.c1z", Build: "test", Limits: limits})
	require.NoError(t, err)
	return readPage(t, raw.Bytes()), made
}

func readPage(t *testing.T, raw []byte) *page {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(raw))
	require.NoError(t, err)
	p := &page{raw: raw, elements: map[string]int{}, blocks: map[string][]byte{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		p.elements[n.Data]++
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		switch {
		case n.Data == "meta" && attributes["http-equiv"] == "Content-Security-Policy":
			p.policy = attributes["content"]
		case n.Data == "style":
			p.styles = append(p.styles, text)
		case n.Data == "script" && attributes["type"] == "":
			p.scripts = append(p.scripts, text)
		case n.Data == "script" && attributes["type"] == "application/json":
			require.NoError(t, json.Unmarshal([]byte(text), &p.summary))
		case n.Data == "script":
			packed, err := base64.StdEncoding.DecodeString(text)
			require.NoError(t, err)
			p.blocks[strings.TrimPrefix(attributes["id"], "b-")] = packed
		}
	}
	return p
}

// unpack is a block as the page reads it.
func (p *page) unpack(t *testing.T, name string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(p.blocks[name]))
	require.NoError(t, err, name)
	raw, err := io.ReadAll(z)
	require.NoError(t, err, name)
	return raw
}

func (p *page) index(t *testing.T) *index {
	t.Helper()
	var x index
	require.NoError(t, json.Unmarshal(p.unpack(t, "index"), &x))
	return &x
}
