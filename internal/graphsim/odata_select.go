package graphsim

import (
	"net/http"
	"strings"
)

func noProperty(name string, e *entityType) error {
	typeName := "directoryObject"
	if e != nil {
		typeName = e.name
	}
	return badRequest("Could not find a property named '%s' on type '%s%s'.", name, namespace, typeName)
}

// parseSelect reads $select against a type; nil stands for directoryObject, whose derived types' properties count.
func (c *call) parseSelect(e *entityType, v string) ([]string, error) {
	out := []string{}
	for name := range strings.SplitSeq(v, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, badRequest("Syntax error: empty term in $select.")
		}
		if err := c.selectable(e, name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

func (c *call) selectable(e *entityType, name string) error {
	if e == nil {
		if !c.tenant.model.anyDirectoryType(name) {
			return noProperty(name, nil)
		}
		return nil
	}
	p, ok := e.property(name)
	switch {
	case !ok || p.traits&derivedOnly != 0 && c.cast == 0:
		return noProperty(name, e)
	case p.traits&singleOnly != 0 && !c.single:
		return &graphError{status: http.StatusNotImplemented, code: codeNotImplemented, message: "This operation target is not yet supported."}
	case name == signInProperty:
		return c.checkSignInActivity()
	case name == "customSecurityAttributes" && !c.holds("CustomSecAttributeAssignment.Read.All"):
		return denied()
	case c.basicOnly && p.traits&basic == 0 && e.kind == c.route.kind:
		return denied()
	}
	return nil
}

// parseExpand reads $expand: one relationship, with at most a $select of its own.
func (c *call) parseExpand(e *entityType, v string) (*expansion, error) {
	name, inner, nested := strings.Cut(strings.TrimSpace(v), "(")
	if strings.Contains(name, ",") || nested && !strings.HasSuffix(inner, ")") || nested && strings.Contains(inner[:len(inner)-1], ")") {
		return nil, badRequest("Multiple expansions are not supported.")
	}
	if e == nil {
		return nil, noProperty(name, nil)
	}
	nav, ok := navigationOf(e.kind, name)
	if !ok {
		return nil, noProperty(name, e)
	}
	if !c.allowed(c.route.path + "/" + name) {
		return nil, denied()
	}
	hidden, err := c.checkFederatedExpansion(name)
	if err != nil {
		return nil, err
	}
	out := &expansion{nav: nav, target: c.expandedType(name), hidden: hidden}
	if !nested {
		return out, nil
	}
	if err := c.checkNested(); err != nil {
		return nil, err
	}
	option, list, _ := strings.Cut(strings.TrimSuffix(inner, ")"), "=")
	if strings.TrimSpace(option) != optSelect || strings.Contains(list, ";") {
		return nil, badRequest("Parsing OData Select and Expand failed: only $select is supported inside $expand.")
	}
	out.selected, err = c.parseSelect(out.target, list)
	return out, err
}

// expandedType is the type a relationship is declared with: nil where it is directoryObject.
func (c *call) expandedType(nav string) *entityType {
	switch nav {
	case "appRoleAssignedTo", "appRoleAssignments":
		return c.tenant.model.of(KindAppRoleAssignment)
	case "roleDefinition":
		return c.tenant.model.of(KindRoleDefinition)
	case "group":
		return c.tenant.model.of(KindGroup)
	case relationFederated:
		return c.tenant.model.of(KindFederatedCredential)
	default:
		return nil
	}
}
