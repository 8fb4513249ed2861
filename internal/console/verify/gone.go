package verify

import (
	"context"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ground is an object that an assignment rests on.
type ground struct {
	// AppRoles are what a service principal declares, disabled ones too
	// (https://learn.microsoft.com/graph/api/resources/serviceprincipal); nil is not told.
	AppRoles []struct {
		ID string `json:"id"`
	} `json:"appRoles"`
}

// declares reports whether an application has an app role. Default access is none.
func (g *ground) declares(slug string) bool {
	if slug == access.SlugDefaultAccess || g.AppRoles == nil {
		return true
	}
	for _, role := range g.AppRoles {
		if lower(role.ID) == slug {
			return true
		}
	}
	return false
}

// dropGone takes out of a doubt what Graph lists and nobody has any more: people in the
// recycle bin are in some of its lists, and an assignment outlives the group, the scope
// and the app role that it is of. Graph is asked for each; what it does not say is gone
// stays.
func (c *comparison) dropGone(ctx context.Context, d *doubt) error {
	restOn := map[string][]fact{}
	for f := range d.missing {
		for _, ref := range groundsOf(f, d.view.subject.ID) {
			restOn[ref] = append(restOn[ref], f)
		}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(restOn)), sending.MaxBatchSize) {
		results, err := sending.BatchObjects[ground](ctx, c.Graph, part)
		if err != nil {
			return err
		}
		for i, r := range results {
			for _, f := range restOn[part[i]] {
				on, slug := access.SplitEntitlement(f.entitlement)
				undeclared := r.Err == nil && on.Type == access.TypeApplication && !r.Object.declares(slug)
				if failure.IsNotFound(r.Err) || undeclared {
					delete(d.missing, f)
				}
			}
		}
	}
	return nil
}

// groundsOf are the requests that tell whether what a fact rests on is there: who holds
// it, and what it is held on. That the subject is there is known.
func groundsOf(f fact, subject string) []string {
	var refs []string
	there := func(collection, id, selected string) {
		refs = append(refs, sending.ObjectPath(collection, id, "")+"?$select="+selected)
	}
	if f.principal != subject {
		there("directoryObjects", f.principal, "id")
	}
	on, slug := access.SplitEntitlement(f.entitlement)
	switch scope := objectID(on); {
	case on.Type == access.TypeApplication && slug != access.SlugDefaultAccess:
		there("servicePrincipals", on.ID, "id,appRoles")
	case scope == subject, on.Type == access.TypeRole: // No role is a directory object.
	case on.Type == access.TypeScopedRole && !isGUID(scope): // Nor is an attribute set.
	default:
		there("directoryObjects", scope, "id")
	}
	return refs
}

// objectID is the id of the directory object that something is held on.
func objectID(on access.Ref) string {
	if on.Type == access.TypeScopedRole {
		_, scope := splitScoped(on.ID)
		return scope
	}
	return on.ID
}
