package odata

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/relations"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// checkFederatedExpansion applies the mode; hidden means that the relationship is left out of the rows.
func checkFederatedExpansion(c *api.Call, name string) (bool, error) {
	if name != directory.RelationFederated {
		return false, nil
	}
	switch c.Graph.Settings().Federated {
	case api.FederatedRefused:
		return false, api.UnsupportedQuery("Expanding the property '%s' is not supported.", name)
	case api.FederatedIgnored:
		return true, nil
	default:
		return false, nil
	}
}

func noProperty(name string, e *directory.EntityType) error {
	typeName := "directoryObject"
	if e != nil {
		typeName = e.Name
	}
	return api.BadRequest("Could not find a property named '%s' on type '%s%s'.", name, directory.Namespace, typeName)
}

// parseSelect reads $select against a type; nil stands for directoryObject, whose derived types' properties count.
func parseSelect(c *api.Call, e *directory.EntityType, v string) ([]string, error) {
	out := []string{}
	for name := range strings.SplitSeq(v, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, api.BadRequest("Syntax error: empty term in $select.")
		}
		if err := Selectable(c, e, name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

// Selectable refuses a property that the call may not select.
func Selectable(c *api.Call, e *directory.EntityType, name string) error {
	if e == nil {
		if !c.Tenant.Model.AnyDirectoryType(name) {
			return noProperty(name, nil)
		}
		return nil
	}
	p, ok := e.Property(name)
	switch {
	case !ok || p.Traits&directory.DerivedOnly != 0 && c.Cast == 0:
		return noProperty(name, e)
	case p.Traits&directory.SingleOnly != 0 && !c.Single:
		return &api.Error{Status: http.StatusNotImplemented, Code: api.CodeNotImplemented, Message: "This operation target is not yet supported."}
	case name == directory.SignInProperty:
		return permissions.CheckSignInActivity(c)
	case name == schema.SecurityAttributes && !permissions.MayReadSecurityAttributes(c) && !c.Claims.Delegated(): // A person is told that there are none.
		return api.Denied()
	case c.BasicOnly && p.Traits&directory.Basic == 0 && e.Kind == c.Route.Kind:
		return api.Denied()
	}
	return nil
}

// parseExpand reads $expand: one relationship, with at most a $select of its own.
func parseExpand(c *api.Call, e *directory.EntityType, v string) (*expansion, error) {
	name, inner, nested := strings.Cut(strings.TrimSpace(v), "(")
	if strings.Contains(name, ",") || nested && !strings.HasSuffix(inner, ")") || nested && strings.Contains(inner[:len(inner)-1], ")") {
		return nil, api.BadRequest("Multiple expansions are not supported.")
	}
	if e == nil {
		return nil, noProperty(name, nil)
	}
	nav, ok := relations.NavigationOf(e.Kind, name)
	if !ok {
		return nil, noProperty(name, e)
	}
	if !permissions.Allowed(c, c.Route.Path+"/"+name) {
		return nil, api.Denied()
	}
	hidden, err := checkFederatedExpansion(c, name)
	if err != nil {
		return nil, err
	}
	out := &expansion{nav: nav, target: expandedType(c, name), hidden: hidden}
	if !nested {
		return out, nil
	}
	if err := checkNested(c); err != nil {
		return nil, err
	}
	option, list, _ := strings.Cut(strings.TrimSuffix(inner, ")"), "=")
	if strings.TrimSpace(option) != OptSelect || strings.Contains(list, ";") {
		return nil, api.BadRequest("Parsing OData Select and Expand failed: only $select is supported inside $expand.")
	}
	out.selected, err = parseSelect(c, out.target, list)
	return out, err
}

// expandedType is the type a relationship is declared with: nil where it is directoryObject.
func expandedType(c *api.Call, nav string) *directory.EntityType {
	switch nav {
	case "appRoleAssignedTo", "appRoleAssignments":
		return c.Tenant.Model.Of(directory.KindAppRoleAssignment)
	case "roleDefinition":
		return c.Tenant.Model.Of(directory.KindRoleDefinition)
	case "group":
		return c.Tenant.Model.Of(directory.KindGroup)
	case directory.RelationFederated:
		return c.Tenant.Model.Of(directory.KindFederatedCredential)
	default:
		return nil
	}
}
