package generate

import (
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
)

// The ids of entitlement management are of the kind of things that have nothing but an id, far from those of orphans.
const (
	idsOfCatalogs = 1_000_000 * (iota + 1)
	idsOfPackages
	idsOfPolicies
	idsOfAssignments
	idsOfCatalogRoles
)

// The catalogues with a reason to exist; the rest follow from their index.
const (
	catalogGeneral = iota
	catalogSales
	catalogDraft  // Not published.
	catalogUnseen // The application sees a package in it, and not the catalogue itself.
	firstRandomCatalog
)

// packages makes what entitlement management holds of a tenant.
type packages struct {
	t *directory.Tenant
	*governance.State
}

// generatePackages makes catalogues, packages, policies, assignments and roles. It comes last: what packages give is
// there already, to those who hold them, as if it had come by them.
func generatePackages(t *directory.Tenant) {
	p := &packages{t, &governance.State{}}
	t.Governance = p.State
	p.catalogs()
	p.known()
	p.random()
	p.roles()
}

func (p *packages) id(of, n int) string {
	return p.t.GUIDOf(directory.MakeRef(directory.KindMisc, of+n)).String()
}

func (p *packages) hash(of, n int) uint64 {
	return p.t.Hash(directory.MakeRef(directory.KindMisc, of+n), directory.SaltShape)
}

func (p *packages) made(of, n int) string {
	return p.t.Timestamp(directory.MakeRef(directory.KindMisc, of+n), directory.SaltCreated)
}

func (p *packages) catalogs() {
	names := []string{"General", "Sales", "Drafts", "Mergers"}
	for n := range firstRandomCatalog + max(4, len(p.t.Groups)/200) {
		c := governance.Catalog{ID: p.id(idsOfCatalogs, n), Name: fmt.Sprintf("Team %d", n), Type: "userManaged", State: "published", Created: p.made(idsOfCatalogs, n), External: n%3 == 1}
		if n < len(names) {
			c.Name, c.Description = names[n], "Packages of "+names[n]
		}
		switch n {
		case catalogGeneral:
			c.Type = "serviceDefault"
		case catalogDraft:
			c.State = "unpublished"
		case catalogUnseen:
			c.Unseen = true
		}
		p.Catalogs = append(p.Catalogs, c)
	}
}

// add makes a package in a catalogue.
func (p *packages) add(name string, catalog int, contents ...governance.Content) string {
	n := len(p.Packages)
	made := governance.Package{ID: p.id(idsOfPackages, n), Name: name, Catalog: p.Catalogs[catalog].ID, Created: p.made(idsOfPackages, n), Hidden: n%7 == 1, Contents: contents}
	if n%2 == 0 {
		made.Description = "What " + name + " needs"
	}
	p.Packages = append(p.Packages, made)
	return made.ID
}

// policy adds a policy to a package.
func (p *packages) policy(of, name string, edit func(*governance.Policy)) string {
	made := governance.Policy{ID: p.id(idsOfPolicies, len(p.Policies)), Name: name, Package: of, Scope: "allMemberUsers", Requestable: true}
	if edit != nil {
		edit(&made)
	}
	p.Policies = append(p.Policies, made)
	return made.ID
}

// give adds an assignment of a package by a policy.
func (p *packages) give(of, policy string, target directory.Ref, edit func(*governance.Assignment)) {
	n := len(p.Assignments)
	made := governance.Assignment{ID: p.id(idsOfAssignments, n), Package: of, Policy: policy, State: governance.Delivered, Start: p.made(idsOfAssignments, n)}
	if target != 0 {
		made.Target = p.t.IDOf(target)
	}
	if n%3 == 0 {
		made.End = time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.hash(idsOfAssignments, n)%100_000) * time.Minute).Format(time.RFC3339)
	}
	if edit != nil {
		edit(&made)
	}
	p.Assignments = append(p.Assignments, made)
}

func (p *packages) member(g int) governance.Content { return p.inGroup(g, "Member") }

func (p *packages) inGroup(g int, role string) governance.Content {
	id := p.t.IDOf(directory.GroupRef(g))
	return governance.Content{System: governance.SystemGroup, RoleID: role + "_" + id, RoleName: role, ScopeID: id}
}

func (p *packages) appRole(sp, role int) governance.Content {
	return governance.Content{System: governance.SystemApplication, RoleID: p.t.SPs[sp].Roles[role].ID.String(), RoleName: p.t.SPs[sp].Roles[role].Value, ScopeID: p.t.IDOf(directory.SPRef(sp))}
}

func (p *packages) role(n int, how string) governance.Content {
	return governance.Content{System: governance.SystemRole, RoleID: how, RoleName: how + " Member", ScopeID: p.t.Roles[n].ID.String()}
}

func (p *packages) user(r directory.Ref) governance.Subject {
	return governance.Subject{Type: "singleUser", ID: p.t.IDOf(r)}
}

func (p *packages) group(g int) governance.Subject {
	return governance.Subject{Type: "groupMembers", ID: p.t.IDOf(directory.GroupRef(g))}
}

// known makes the packages with a reason to exist.
func (p *packages) known() {
	t := p.t
	sales := p.add("Sales onboarding", catalogSales, p.member(directory.GroupMicrosoft365), p.appRole(directory.SPPayroll, directory.PayrollReader),
		governance.Content{System: governance.SystemSite, RoleID: "4", RoleName: "Contributors", ScopeID: "https://contoso.sharepoint.com/sites/sales"})
	asked := p.policy(sales, "Employees", func(y *governance.Policy) {
		y.Duration, y.Approval = "P365D", true
		y.Stages = []governance.Stage{
			{Approvers: []governance.Subject{{Type: "requestorManager", ID: "1"}}, Fallback: []governance.Subject{p.user(directory.UserRef(directory.UserAdmin))}},
			{Approvers: []governance.Subject{p.user(directory.UserRef(directory.UserPlain)), p.group(directory.GroupNoDescription)}},
		}
	})
	given := p.policy(sales, "Administrators", func(y *governance.Policy) { y.Scope, y.Requestable = "notSpecified", false })
	for i, m := range people(t.Groups[directory.GroupMicrosoft365].Members, 6) {
		p.give(sales, []string{asked, given}[i%2], m, nil)
	}
	p.give(sales, asked, directory.UserRef(directory.UserNobody), nil) // Who was taken out of the group since.
	p.give(sales, given, t.FirstSP(directory.SPAgentIdentity), func(a *governance.Assignment) { a.End = "" })

	p.add("Empty shell", catalogGeneral)
	unapproved := p.add("Nobody approves", catalogGeneral, p.member(directory.GroupMixed))
	p.policy(unapproved, "Everybody", func(y *governance.Policy) {
		y.Scope, y.Approval, y.Stages = "allDirectoryUsers", true, []governance.Stage{{}}
	})
	unseen := p.add("Merger team", catalogUnseen, p.member(directory.GroupDiamondTop))
	p.give(unseen, p.policy(unseen, "Initial Policy", func(y *governance.Policy) { y.End = "2033-01-01T00:00:00Z" }), directory.UserRef(directory.UserOther), nil)

	privileged := p.add("Administration", catalogSales,
		p.role(directory.RoleGlobalReader, "Active"), p.role(directory.RoleUserAdministrator, "Eligible"), p.inGroup(directory.GroupManyOwners, "Owner"))
	some := p.policy(privileged, "Administrators", func(y *governance.Policy) {
		y.Scope, y.Targets = "specificDirectoryUsers", []governance.Subject{p.group(directory.GroupRoleAssignable), p.user(directory.UserRef(directory.UserAdmin))}
		y.Approval, y.Stages = true, []governance.Stage{{Approvers: []governance.Subject{p.user(directory.UserRef(directory.UserOther))}}}
	})
	p.give(privileged, some, directory.UserRef(directory.UserAdmin), nil)
	p.give(privileged, some, directory.UserRef(directory.UserPlain), func(a *governance.Assignment) { a.State, a.End = governance.Partly, "2031-05-01T00:00:00Z" })
	p.broken()
}

// broken has assignments that give nothing, and some that lack an end.
func (p *packages) broken() {
	t := p.t
	of := p.add("States", catalogDraft, p.member(directory.GroupDiamondLeft))
	policy := p.policy(of, "Initial Policy", nil)
	gone := p.policy(of, "Old Policy", func(y *governance.Policy) { y.Gone = true })
	some := t.Users(400, 12)
	for i, state := range []string{governance.Expired, governance.Delivering, governance.DeliveryFailed, "unknownFutureValue"} {
		p.give(of, policy, some[i], func(a *governance.Assignment) {
			if a.State = state; state == governance.Expired {
				a.Expired = "2025-03-01T10:00:00Z"
			}
		})
	}
	half := func(a *governance.Assignment) { a.Email = "somebody@example.com" }
	p.give(of, policy, 0, half)
	p.give(of, policy, 0, func(a *governance.Assignment) { a.State, a.Email = governance.Delivering, "somebody@example.com" })
	p.give(of, policy, t.DeletedUser(1), nil)
	p.give(of, gone, some[5], nil)
	p.give(of, "", some[6], nil)
	p.give(of, policy, some[7], func(a *governance.Assignment) { a.State, a.End, a.Duration = "Delivered", "", "P30D" })
	p.give(of, policy, some[8], func(a *governance.Assignment) { a.Start, a.End = "", "" })
	p.give(of, policy, some[8], func(a *governance.Assignment) { a.State = governance.Expired })
	p.give(p.id(idsOfPackages, 900_000), policy, some[9], nil) // Of a package that is not there.
}

// people are the first so many users among objects.
func people(refs []directory.Ref, n int) []directory.Ref {
	var found []directory.Ref
	for _, r := range refs {
		if r.Kind() == directory.KindUser && len(found) < n {
			found = append(found, r)
		}
	}
	return found
}

// random fills entitlement management up: packages of groups, given to members of theirs.
func (p *packages) random() {
	t := p.t
	wanted := t.Shape.Users / 5
	for n, last := len(p.Packages), len(p.Packages)+max(30, t.Shape.Users/200); n < last; n++ {
		h := p.hash(idsOfPackages, n)
		g := directory.FirstRandomGroup + directory.Below(h, len(t.Groups)-directory.FirstRandomGroup)
		of := p.add(fmt.Sprintf("%s %d", strings.TrimSuffix(t.GroupName(g), " "), n), firstRandomCatalog+directory.Below(h>>24, len(p.Catalogs)-firstRandomCatalog), p.member(g))
		policy := p.policy(of, "Initial Policy", func(y *governance.Policy) {
			if h>>40%3 == 0 {
				y.Approval, y.Stages = true, []governance.Stage{{Approvers: []governance.Subject{p.user(t.Users(directory.Below(h>>8, 500), 1)[0])}}}
			}
			y.Automatic = h>>44%5 == 0
		})
		holders := people(t.Groups[g].Members, wanted/30)
		for i, m := range holders {
			p.give(of, policy, m, func(a *governance.Assignment) {
				if i%9 == 8 {
					a.State = governance.Expired
				}
			})
		}
	}
}

// roles gives people, groups and applications roles in catalogues.
func (p *packages) roles() {
	t := p.t
	hold := func(role string, catalog int, principals ...directory.Ref) {
		for _, r := range principals {
			row := governance.RoleAssignment{ID: p.id(idsOfCatalogRoles, len(p.Roles)), Role: role, Principal: t.IDOf(r)}
			if catalog >= 0 {
				row.Catalog = p.Catalogs[catalog].ID
			}
			p.Roles = append(p.Roles, row)
		}
	}
	hold(governance.RoleOwner, catalogSales, directory.UserRef(directory.UserPlain), directory.GroupRef(directory.GroupDiamondTop))
	hold(governance.RolePackageManager, catalogSales, directory.UserRef(directory.UserOther), directory.SPRef(directory.SPWiki))
	hold(governance.RoleAssignmentManager, catalogSales, directory.GroupRef(directory.GroupMixed), t.DeletedUser(0))
	hold(governance.RoleReader, catalogGeneral, directory.UserRef(directory.UserDisabledAdmin))
	hold(governance.RoleOwner, catalogUnseen, directory.UserRef(directory.UserAdmin))
	hold(governance.RoleCreator, -1, directory.UserRef(directory.UserPlain))
	hold(governance.RoleAssignmentManager, -1, t.Users(500, 1)...)
	hold("00000000-1111-4222-8333-444444444444", catalogGeneral, directory.UserRef(directory.UserPlain)) // Nobody knows it.
	for n := firstRandomCatalog; n < len(p.Catalogs); n++ {
		h := p.hash(idsOfCatalogs, n)
		hold(governance.RoleOwner, n, t.Users(directory.Below(h, t.Shape.Users), 1+directory.Below(h>>32, 2))...)
		if h>>40%3 == 0 {
			hold(governance.RolePackageManager, n, directory.GroupRef(directory.Below(h>>48, len(t.Groups))))
		}
	}
}
