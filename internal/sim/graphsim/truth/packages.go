package truth

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
)

var catalogRoles = map[string]string{
	governance.RoleOwner: "owner", governance.RoleReader: "reader", governance.RolePackageManager: "access_package_manager",
	governance.RoleAssignmentManager: "assignment_manager",
}

// truthPackages states what entitlement management holds.
func truthPackages(t *directory.Tenant, out *Statement) {
	seen := map[string]bool{}
	for _, c := range t.Governance.Catalogs {
		if seen[c.ID] = !c.Unseen; seen[c.ID] {
			out.PackageCatalogs = append(out.PackageCatalogs, PackageCatalog{ID: c.ID, DisplayName: c.Name})
		}
	}
	for i := range t.Governance.Packages {
		out.AccessPackages = append(out.AccessPackages, truthPackage(t, &t.Governance.Packages[i], seen))
	}
	for i := range t.Governance.Assignments {
		a := &t.Governance.Assignments[i]
		_, there := t.Governance.Package(a.Package)
		policy, known := t.Governance.Policy(a.Policy)
		principal, live := namedBy(t, a.Target)
		if a.Held() && there && known && policy.Package == a.Package && live {
			end := a.End
			if a.Duration != "" && a.Start != "" && end == "" {
				end = after(a.Start, a.Duration)
			}
			out.PackageAssignments = append(out.PackageAssignments, PackageAssignment{PackageID: a.Package, PolicyID: a.Policy, Principal: principal, State: a.State, End: end})
		}
	}
	truthCatalogRoles(t, out)
	slices.SortFunc(out.PackageCatalogs, func(a, b PackageCatalog) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.AccessPackages, func(a, b AccessPackage) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.PackageAssignments, func(a, b PackageAssignment) int {
		return cmp.Or(cmp.Compare(a.PackageID, b.PackageID), cmp.Compare(a.PolicyID, b.PolicyID), comparePrincipals(a.Principal, b.Principal))
	})
	slices.SortFunc(out.CatalogRoles, func(a, b CatalogRole) int {
		return cmp.Or(cmp.Compare(a.CatalogID, b.CatalogID), cmp.Compare(a.Role, b.Role), comparePrincipals(a.Principal, b.Principal))
	})
	slices.SortFunc(out.EffectiveCatalogRoles, compareAccess)
}

// namedBy is the principal of an id that is still there.
func namedBy(t *directory.Tenant, id string) (Principal, bool) {
	g, ok := directory.ParseGUID(id)
	if !ok {
		return Principal{}, false
	}
	r, found := t.RefOf(g)
	if !found || !t.Live(r) {
		return Principal{}, false
	}
	return PrincipalOf(t, r), true
}

func truthPackage(t *directory.Tenant, p *governance.Package, seen map[string]bool) AccessPackage {
	out := AccessPackage{ID: p.ID, DisplayName: p.Name}
	if seen[p.Catalog] {
		out.CatalogID = p.Catalog
	}
	for i := range t.Governance.Policies {
		y := &t.Governance.Policies[i]
		if y.Package != p.ID || y.Gone {
			continue
		}
		row := PackagePolicy{ID: y.ID, Scope: y.Scope, Targets: namedSubjects(t, y.Targets), Requestable: y.Requestable, Approval: y.Approval}
		for _, stage := range y.Stages {
			row.Approvers = append(row.Approvers, namedSubjects(t, stage.Approvers))
		}
		out.Policies = append(out.Policies, row)
	}
	for _, c := range p.Contents {
		out.Contents = append(out.Contents, truthContent(c))
	}
	return out
}

func namedSubjects(t *directory.Tenant, list []governance.Subject) []Principal {
	var out []Principal
	for _, s := range list {
		if p, found := namedBy(t, s.ID); found {
			out = append(out, p)
		}
	}
	return out
}

func truthContent(c governance.Content) PackageContent {
	out := PackageContent{ID: c.ScopeID}
	switch c.System {
	case governance.SystemGroup:
		out.Type, out.Role = "group", "member"
		if c.RoleName == "Owner" {
			out.Role = "owner"
		}
	case governance.SystemApplication:
		out.Type, out.Role = "application", c.RoleID
	case governance.SystemRole:
		out.Type, out.Role = "role", "assigned"
		if c.RoleID == "Eligible" {
			out.Role = "eligible"
		}
	}
	return out
}

// truthCatalogRoles states who holds roles in catalogues. The direct members of a group hold what it holds.
func truthCatalogRoles(t *directory.Tenant, out *Statement) {
	for _, c := range out.PackageCatalogs {
		effective := map[string]Holders{}
		for _, r := range t.Governance.Roles {
			role, known := catalogRoles[r.Role]
			principal, live := namedBy(t, r.Principal)
			if !known || !live || r.Catalog != "" && r.Catalog != c.ID {
				continue
			}
			out.CatalogRoles = append(out.CatalogRoles, CatalogRole{CatalogID: c.ID, Role: role, Principal: principal})
			if _, begun := effective[role]; !begun {
				effective[role] = newHolders(t)
			}
			g, _ := directory.ParseGUID(r.Principal)
			ref, _ := t.RefOf(g)
			effective[role].addShallow(ref)
		}
		for role, holders := range effective {
			out.EffectiveCatalogRoles = append(out.EffectiveCatalogRoles, holders.access(c.ID, role))
		}
	}
}

// after is a moment so many days after another.
func after(start, duration string) string {
	at, err := time.Parse(time.RFC3339, start)
	days, errDays := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(duration, "P"), "D"))
	if err != nil || errDays != nil {
		return ""
	}
	return at.AddDate(0, 0, days).Format(time.RFC3339)
}
