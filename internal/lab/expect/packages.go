package expect

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim"

const (
	typeCatalog = "access_package_catalog"
	typePackage = "access_package"
)

// packageEdges gives catalogues with who holds what in them, and access packages with
// who has them. What a package gives is access to something else, and an edge there.
func (b *builder) packageEdges() {
	if !b.o.NoP2 && !b.o.NoCatalogs {
		for _, c := range b.truth.PackageCatalogs {
			b.resource(typeCatalog, c.ID, slugOwner, "reader", "access_package_manager", "assignment_manager")
		}
		for _, r := range b.truth.CatalogRoles {
			b.hold(typeCatalog+":"+r.CatalogID+":"+r.Role, r.Principal)
		}
		for _, a := range b.truth.EffectiveCatalogRoles {
			b.reach(typeCatalog+":"+a.ObjectID+":"+a.RoleID, a.Principals)
		}
	}
	if b.o.NoP2 || b.o.NoPackages {
		return
	}
	for i := range b.truth.AccessPackages {
		p := &b.truth.AccessPackages[i]
		b.resource(typePackage, p.ID)
		for _, y := range p.Policies {
			b.add(Entitlement, packagePolicy(p.ID, y.ID))
		}
	}
	for _, a := range b.truth.PackageAssignments {
		b.hold(packagePolicy(a.PackageID, a.PolicyID), graphsim.TruthPrincipal{ID: a.Principal.ID})
	}
}

func packagePolicy(of, policy string) string { return typePackage + ":" + of + ":" + policy }
