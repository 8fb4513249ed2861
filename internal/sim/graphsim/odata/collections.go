package odata

import (
	"sort"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Collection is a list of objects before any query option.
type Collection struct {
	Set      string                // Its name in @odata.context.
	Entity   *directory.EntityType // Nil for a mixed collection of directoryObject.
	Size     int
	At       func(i int) directory.Ref
	Ordinary bool // A top-level list: Graph may answer an empty page that has a nextLink.
	PageMax  int  // Zero for the usual maximum.
	Gone     bool // Its objects are deleted.
}

// Refs is a collection of some objects; a nil entity stands for directoryObject.
func Refs(set string, entity *directory.EntityType, list []directory.Ref) Collection {
	return Collection{Set: set, Entity: entity, Size: len(list), At: func(i int) directory.Ref { return list[i] }}
}

func sortedRows(c *api.Call, col Collection, o *ordering) Collection {
	if col.Ordinary && o.prop.Name == directory.SignInNameProperty && col.Size == c.Tenant.Count(directory.KindUser) && col.Entity.Kind == directory.KindUser {
		ordered, _ := c.Tenant.BySignInName()
		col.At = func(i int) directory.Ref {
			if o.descending {
				i = len(ordered) - 1 - i
			}
			return ordered[i]
		}
		return col
	}
	rows := make([]directory.Ref, 0, col.Size)
	for i := range col.Size {
		rows = append(rows, col.At(i))
	}
	keys := make(map[directory.Ref]string, len(rows))
	for _, r := range rows {
		s, _ := o.prop.Value(c.Tenant, r.Index()).(string)
		keys[r] = strings.ToLower(s)
	}
	sort.SliceStable(rows, func(a, b int) bool {
		if o.descending {
			a, b = b, a
		}
		return keys[rows[a]] < keys[rows[b]]
	})
	col.Size, col.At = len(rows), func(i int) directory.Ref { return rows[i] }
	return col
}

// castTo keeps the rows of one type of a mixed collection.
func castTo(c *api.Call, col Collection) Collection {
	var out []directory.Ref
	for i := range col.Size {
		r := col.At(i)
		if r.Kind() == c.Cast && (c.CastName == "" || c.Tenant.Model.DerivedType(c.Tenant, r) == c.CastName) {
			out = append(out, r)
		}
	}
	return Refs(col.Set, col.Entity, out)
}
