package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// noTier is for roles that are in no tier: those that Microsoft does not call
// privileged, and custom ones, whose ids say nothing.
const noTier = -1

// roleRow is a directory role that somebody holds or may activate.
type roleRow struct {
	Role  int    `json:"role"`
	Name  string `json:"name"`
	Tier  int    `json:"tier"`
	Place int    `json:"-"`
	// Scope is where the role holds; empty for the whole tenant.
	Scope  string `json:"scope,omitempty"`
	Custom bool   `json:"custom,omitempty"`
	// Holders are in the order of how they hold it; More is how many are left out.
	Holders []holderRow `json:"holders"`
	More    int         `json:"more,omitempty"`
}

// holderRow is somebody who holds a role, or may activate it.
type holderRow struct {
	Who  int    `json:"who"`
	Slug string `json:"slug"`
	Ways []way  `json:"ways"`
}

// way is one way to a role. Join says that it is by becoming a member of the group
// first, for which the principal is eligible.
type way struct {
	Through []int  `json:"through,omitempty"`
	Join    bool   `json:"join,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Since   string `json:"since,omitempty"`
	Until   string `json:"until,omitempty"`
	// Packages are the access packages by which it is had.
	Packages []packageRow `json:"packages,omitempty"`
}

// packageRow is an access package that somebody has, and until when.
type packageRow struct {
	On    int    `json:"on"`
	Until string `json:"until,omitempty"`
}

// privileged collects the roles.
type privileged struct {
	dir    *directory
	limits *Limits
	roles  []roleRow
}

// visit takes the roles as they come.
func (p *privileged) visit(number int, o *access.Object) error {
	definition := o.ID
	row := roleRow{Role: number, Name: nameOf(o.Name), Tier: noTier, Place: len(powers.PrivilegedRoles())}
	switch o.Type {
	case access.TypeRole:
		builtIn, told := o.Profile["isBuiltIn"].(bool)
		row.Custom = told && !builtIn
	case access.TypeScopedRole:
		definition = o.Text("roleDefinitionId")
		row.Name, row.Scope = nameOf(cmp.Or(o.Text("role"), o.Name)), nameOf(cmp.Or(o.Text("scope"), o.Text("scopeId"), "a scope"))
	default:
		return nil
	}
	if role, place, ok := powers.PrivilegedRoleOf(definition); ok {
		row.Tier, row.Place = role.Tier, place
	}
	p.roles = append(p.roles, row)
	return nil
}

// read looks up who holds the roles, and marks them.
func (p *privileged) read(ctx context.Context, s *access.Snapshot) error {
	for i := range p.roles {
		row := &p.roles[i]
		for _, slug := range []string{access.SlugAssigned, access.SlugEligible} {
			if err := p.readHolders(ctx, s, row, slug); err != nil {
				return err
			}
		}
		for at := range row.Holders {
			switch {
			case row.Tier == 0 && row.Scope == "":
				p.dir.mark(row.Holders[at].Who, flagTierZero)
			case row.Tier >= 0:
				p.dir.mark(row.Holders[at].Who, flagTierOne)
			}
		}
		if extra := len(row.Holders) - p.limits.Listed; extra > 0 {
			row.Holders, row.More = row.Holders[:p.limits.Listed], extra
		}
	}
	p.roles = slices.DeleteFunc(p.roles, func(r roleRow) bool { return len(r.Holders) == 0 })
	slices.SortStableFunc(p.roles, func(a, b roleRow) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Scope, b.Scope))
	})
	return nil
}

func (p *privileged) readHolders(ctx context.Context, s *access.Snapshot, row *roleRow, slug string) error {
	id := access.EntitlementID(p.dir.ref(row.Role), slug)
	ways := s.WaysTo(id)
	var groups []access.Holding
	for h, err := range s.Holders(ctx, id) {
		if err != nil {
			return err
		}
		found, err := p.waysOf(ctx, ways, h, len(row.Holders))
		if err != nil {
			return err
		}
		row.Holders = append(row.Holders, holderRow{Who: p.dir.number(h.Principal), Slug: slug, Ways: found})
		if h.Principal.Type == access.TypeGroup {
			groups = append(groups, *h)
		}
	}
	for i := range groups {
		if err := p.readJoiners(ctx, s, row, &groups[i]); err != nil {
			return err
		}
	}
	return nil
}

// waysOf are the ways of one holder. Of those whom the page does not list it does not
// look up the groups.
func (p *privileged) waysOf(ctx context.Context, ways *access.Ways, h *access.Holding, before int) ([]way, error) {
	if before >= p.limits.Listed {
		return nil, nil
	}
	found, err := ways.Of(ctx, h)
	if err != nil {
		return nil, err
	}
	told := make([]way, 0, len(found))
	for _, w := range found {
		row := way{Through: p.numbersOf(w.Through), Kind: w.Kind, Since: w.Since, Until: w.Until}
		for _, g := range w.Packages {
			row.Packages = append(row.Packages, packageRow{p.dir.number(g.Package), g.Until})
		}
		told = append(told, row)
	}
	return told, nil
}

func (p *privileged) numbersOf(refs []access.Ref) []int {
	var found []int
	for _, ref := range refs {
		found = append(found, p.dir.number(ref))
	}
	return found
}

// readJoiners adds those who may become a member of a group that holds the role.
func (p *privileged) readJoiners(ctx context.Context, s *access.Snapshot, row *roleRow, group *access.Holding) error {
	through := []int{p.dir.number(group.Principal)}
	for h, err := range s.Holders(ctx, access.EntitlementID(group.Principal, access.SlugEligibleMember)) {
		if err != nil {
			return err
		}
		if h.Principal.Type == access.TypeGroup {
			continue // Its members come as themselves.
		}
		row.Holders = append(row.Holders, holderRow{
			Who: p.dir.number(h.Principal), Slug: access.SlugEligible,
			Ways: []way{{Through: through, Join: true, Kind: h.Kind, Since: h.Since, Until: h.Until}},
		})
	}
	return nil
}

// counted is what the overview says of the privileged roles: how many people, each
// once.
type counted struct {
	ZeroActive   int `json:"zeroActive"`
	ZeroEligible int `json:"zeroEligible"`
	Admins       int `json:"globalAdministrators"`
	Guests       int `json:"guests"`
	Disabled     int `json:"disabled"`
	Applications int `json:"applications"`
}

func (p *privileged) counts() counted {
	var c counted
	active, eligible, admins, marked := map[int]bool{}, map[int]bool{}, map[int]bool{}, map[int]bool{}
	globalAdministrator := powers.PrivilegedRoles()[0].ID
	for i := range p.roles {
		row := &p.roles[i]
		for at := range row.Holders {
			who := row.Holders[at].Who
			if p.dir.is(who, access.TypeGroup) || row.Tier < 0 {
				continue
			}
			marked[who] = true
			if row.Tier != 0 || row.Scope != "" {
				continue
			}
			if row.Holders[at].Slug == access.SlugAssigned {
				active[who] = true
			} else {
				eligible[who] = true
			}
			if p.dir.id(row.Role) == globalAdministrator && row.Holders[at].Slug == access.SlugAssigned {
				admins[who] = true
			}
		}
	}
	for who := range marked {
		switch flags := p.dir.objects[who].flags; {
		case flags&flagGuest != 0:
			c.Guests++
		case !p.dir.is(who, access.TypeUser):
			c.Applications++
		}
		if p.dir.objects[who].flags&flagDisabled != 0 {
			c.Disabled++
		}
	}
	c.ZeroActive, c.ZeroEligible, c.Admins = len(active), len(eligible), len(admins)
	return c
}
