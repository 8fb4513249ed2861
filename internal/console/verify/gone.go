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
// stays, and is untold where it refuses to say.
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
				switch {
				case failure.IsNotFound(r.Err) || undeclared:
					delete(d.missing, f)
				case failure.IsAccessDenied(r.Err):
					there, err := c.bothThere(ctx, f)
					if err != nil {
						return err
					}
					if !there {
						d.untold[f] = true
					}
				}
			}
		}
	}
	return nil
}

// bothThere reports whether the snapshot knows who holds something and what it is held
// on. What a sync lost of them was there.
func (c *comparison) bothThere(ctx context.Context, f fact) (bool, error) {
	on, _ := access.SplitEntitlement(f.entitlement)
	for _, id := range []string{f.principal, objectID(on)} {
		there := on.Type == access.TypeRole && id == on.ID
		for _, t := range objectTypes {
			object, err := c.Snapshot.Object(ctx, access.Ref{Type: t, ID: id})
			if err != nil {
				return false, err
			}
			there = there || !object.Missing && object.Status != access.StatusDeleted
		}
		if !there {
			return false, nil
		}
	}
	return true, nil
}

// objectTypes are the types of directory objects that hold something or have parts of
// the directory to themselves.
var objectTypes = []string{
	access.TypeUser, access.TypeGroup, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypePartner,
	access.TypeRegistration, access.TypeUnit, access.TypeDevice,
}

// isUntold reports whether nothing of a doubt is sure: Graph lists it, and does not say
// whether that is there.
func (d *doubt) isUntold() bool {
	for f := range d.missing {
		if !d.untold[f] {
			return false
		}
	}
	return !d.gone && len(d.extra) == 0
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
