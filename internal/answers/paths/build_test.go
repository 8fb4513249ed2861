package paths

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

// Directory roles by their template ids.
const (
	globalAdministrator         = "62e90394-69f5-4237-9190-012177145e10"
	privilegedRoleAdministrator = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	privilegedAuthentication    = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
	helpdeskAdministrator       = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	userAdministrator           = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	groupsAdministrator         = "fdd7a751-b60b-444a-984c-02652fe8fa1c"
	applicationAdministrator    = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
	hybridIdentity              = "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"
	intuneAdministrator         = "3a2c62db-5318-420d-8d74-23affee5d9d5"
)

// tenant is a snapshot in the making. Objects are "type:id"; what is held, "type:id:slug".
type tenant struct {
	t         *testing.T
	resources []*v2.Resource
	offered   map[string]*v2.Entitlement
	grants    []*v2.Grant
	without   map[string]bool // Types that the snapshot was made without.
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	n := &tenant{t: t, offered: map[string]*v2.Entitlement{}, without: map[string]bool{}}
	for id, name := range map[string]string{
		globalAdministrator: "Global Administrator", privilegedRoleAdministrator: "Privileged Role Administrator",
		privilegedAuthentication: "Privileged Authentication Administrator", helpdeskAdministrator: "Helpdesk Administrator",
		userAdministrator: "User Administrator", groupsAdministrator: "Groups Administrator", applicationAdministrator: "Application Administrator",
		hybridIdentity: "Hybrid Identity Administrator", intuneAdministrator: "Intune Administrator",
	} {
		n.object("role:"+id, map[string]any{"isBuiltIn": true}).SetDisplayName(name)
	}
	return n
}

func refOf(object string) access.Ref {
	resourceType, id, _ := strings.Cut(object, ":")
	return access.Ref{Type: resourceType, ID: id}
}

func resourceOf(object string) *v2.Resource {
	ref := refOf(object)
	return v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: ref.Type, Resource: ref.ID}.Build(), DisplayName: ref.ID}.Build()
}

// object adds an object with a profile.
func (n *tenant) object(object string, profile map[string]any) *v2.Resource {
	n.t.Helper()
	r := resourceOf(object)
	made, err := structpb.NewStruct(profile)
	require.NoError(n.t, err)
	r.SetProfile(made)
	if refOf(object).Type == access.TypeUser {
		r.SetAnnotations(annotations.New(v2.UserTrait_builder{Login: refOf(object).ID + "@contoso.com"}.Build()))
	}
	n.resources = append(n.resources, r)
	return r
}

// objects adds objects that nothing is special of.
func (n *tenant) objects(objects ...string) {
	n.t.Helper()
	for _, object := range objects {
		n.object(object, nil)
	}
}

// unit adds an administrative unit with members.
func (n *tenant) unit(id string, restricted bool, members ...string) {
	n.t.Helper()
	n.object("administrative_unit:"+id, map[string]any{"isMemberManagementRestricted": restricted})
	for _, m := range members {
		n.hold(m, "administrative_unit:"+id+":member")
	}
}

// over adds a role over something, and who holds it.
func (n *tenant) over(role, scope string, holders ...string) string {
	n.t.Helper()
	object := fmt.Sprintf("scoped_role:%s@%s", role, scope)
	n.objects(object)
	for _, h := range holders {
		n.hold(h, object+":assigned")
	}
	return object
}

// graph adds Microsoft Graph, and who holds a permission of it.
func (n *tenant) graph(permission string, holders ...string) {
	n.t.Helper()
	n.object("application:graph", map[string]any{"appId": "00000003-0000-0000-c000-000000000000"})
	n.offer("application:graph:role-1").SetDisplayName(permission + " on Microsoft Graph")
	for _, h := range holders {
		n.hold(h, "application:graph:role-1")
	}
}

// offer adds what can be held.
func (n *tenant) offer(entitlement string) *v2.Entitlement {
	on, slug := access.SplitEntitlement(entitlement)
	if n.offered[entitlement] == nil {
		n.offered[entitlement] = v2.Entitlement_builder{Id: entitlement, Slug: slug, Resource: resourceOf(on.Type + ":" + on.ID)}.Build()
	}
	return n.offered[entitlement]
}

// hold lets a principal hold something: itself, or through what sources name.
func (n *tenant) hold(principal, entitlement string, sources ...string) {
	n.grants = append(n.grants, handmade.Grant(n.offer(entitlement), resourceOf(principal), sources...))
}

// open writes the snapshot and opens it.
func (n *tenant) open() *access.Snapshot {
	n.t.Helper()
	ctx := context.Background()
	file := &handmade.File{Resources: n.resources, Entitlements: slices.Collect(maps.Values(n.offered)), Grants: n.grants}
	for _, id := range access.TypeIDs() {
		if !n.without[id] && id != access.TypeTenant {
			file.Types = append(file.Types, id)
		}
	}
	s, err := access.Open(ctx, file.Write(n.t), n.t.TempDir())
	require.NoError(n.t, err)
	n.t.Cleanup(func() { require.NoError(n.t, s.Close(ctx)) })
	return s
}

// paths are the paths to a target as "start (edge) node (edge) target".
func (n *tenant) paths(target string) []string {
	n.t.Helper()
	return told(n.find(target, Options{}))
}

func (n *tenant) find(target string, o Options) *Result {
	n.t.Helper()
	r, err := To(context.Background(), n.open(), refOf(target), o)
	require.NoError(n.t, err)
	return r
}

func told(r *Result) []string {
	lines := []string{}
	for _, p := range r.Paths {
		line := p.Start.Type + ":" + p.Start.ID
		for _, step := range p.Steps {
			line += fmt.Sprintf(" (%s) %s:%s", step.Edge, step.To.Type, step.To.ID)
		}
		for id, name := range map[string]string{
			globalAdministrator: "GA", privilegedRoleAdministrator: "PRA", privilegedAuthentication: "PAA", helpdeskAdministrator: "Helpdesk",
			userAdministrator: "UserAdmin", groupsAdministrator: "GroupsAdmin", applicationAdministrator: "AppAdmin", hybridIdentity: "Hybrid",
			intuneAdministrator: "Intune",
		} {
			line = strings.ReplaceAll(line, id, name)
		}
		lines = append(lines, line)
	}
	return lines
}
