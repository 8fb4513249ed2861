package schema

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// unset declares properties the tenant never sets.
func unset(edm directory.EDMType, traits directory.Trait, names string) []directory.Property {
	var out []directory.Property
	for name := range strings.FieldsSeq(names) {
		out = append(out, directory.Property{Name: name, EDM: edm, Traits: traits})
	}
	return out
}

// text is a string property; an empty string is null.
func text(name string, traits directory.Trait, get func(t *directory.Tenant, i int) string) directory.Property {
	return directory.Property{Name: name, Traits: traits, Get: func(t *directory.Tenant, i int) any { return directory.OrNull(get(t, i)) }}
}

func flag(name string, traits directory.Trait, get func(t *directory.Tenant, i int) bool) directory.Property {
	return directory.Property{Name: name, EDM: directory.EDMBool, Traits: traits, Get: func(t *directory.Tenant, i int) any { return get(t, i) }}
}

// trueOrNull is a flag Graph leaves null rather than false, such as onPremisesSyncEnabled.
func trueOrNull(name string, traits directory.Trait, get func(t *directory.Tenant, i int) bool) directory.Property {
	return directory.Property{Name: name, EDM: directory.EDMBool, Traits: traits, Get: func(t *directory.Tenant, i int) any {
		if get(t, i) {
			return true
		}
		return nil
	}}
}

func date(name string, traits directory.Trait, get func(t *directory.Tenant, i int) string) directory.Property {
	p := text(name, traits, get)
	p.EDM = directory.EDMDate
	return p
}

func list(name string, traits directory.Trait, get func(t *directory.Tenant, i int) []string) directory.Property {
	return directory.Property{Name: name, EDM: directory.EDMStrings, Traits: traits, Get: func(t *directory.Tenant, i int) any { return get(t, i) }}
}

func value(name string, edm directory.EDMType, traits directory.Trait, get func(t *directory.Tenant, i int) any) directory.Property {
	return directory.Property{Name: name, EDM: edm, Traits: traits, Get: get}
}

// idProperty is on every row.
func idProperty(k directory.Kind) directory.Property {
	return text("id", directory.InDefault|directory.Filterable|directory.Basic|directory.Computed, func(t *directory.Tenant, i int) string { return t.IDOf(directory.MakeRef(k, i)) })
}

// alsoKnownAs is a property with another value that $filter takes for it.
func alsoKnownAs(p directory.Property, alias func(t *directory.Tenant, i int) any) directory.Property {
	p.Alias = alias
	return p
}
