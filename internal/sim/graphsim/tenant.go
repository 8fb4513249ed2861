package graphsim

import (
	"iter"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/generate"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
)

// Tenant is a directory that states the truth about itself.
type Tenant struct{ *directory.Tenant }

// NewTenant makes the tenant of a size and a seed, with every quirk that is on by default, unless options say otherwise.
// The same arguments always give the same tenant; an unknown size gives a small one.
func NewTenant(size Size, seed int64, options ...Option) *Tenant {
	return &Tenant{generate.Tenant(size, seed, options...)}
}

// Truth states the whole directory. For a large tenant, use the Each methods, which hold one item at a time.
func (t *Tenant) Truth() Truth { return truth.Of(t.Tenant) }

// EachEffectiveMembers gives, group by group, the users, service principals, devices and contacts that are members
// through any depth of nesting.
func (t *Tenant) EachEffectiveMembers() iter.Seq[TruthAccess] {
	return truth.EachEffectiveMembers(t.Tenant)
}

// EachEffectiveRole gives, role by role, who holds it for the whole tenant: directly, or as a direct member of a
// role-assignable group that does.
func (t *Tenant) EachEffectiveRole() iter.Seq[TruthAccess] { return truth.EachEffectiveRole(t.Tenant) }

// EachEffectiveAppRole gives, app role by app role, who holds it: directly, or as a direct member of a group that
// does. Nesting does not count.
func (t *Tenant) EachEffectiveAppRole() iter.Seq[TruthAccess] {
	return truth.EachEffectiveAppRole(t.Tenant)
}

// EachEffectiveLicense gives, licence by licence, the users who hold it: those of whose own states one at least works,
// whoever else gave them the same in vain.
func (t *Tenant) EachEffectiveLicense() iter.Seq[TruthAccess] {
	return truth.EachEffectiveLicense(t.Tenant)
}
