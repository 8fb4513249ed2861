package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// What the page marks objects with.
const (
	flagGuest = 1 << iota
	flagDisabled
	flagDeleted
	// flagMissing is for what something refers to and the snapshot does not have.
	flagMissing
	// flagTierZero and flagTierOne are for who holds or may activate a role of the tier.
	flagTierZero
	flagTierOne
)

// object is what the search and every table know of an object.
type object struct {
	name, login string
	types       int
	flags       int
}

// directory is every object of the snapshot that can be looked at, under the number
// that the page calls it by.
type directory struct {
	objects []object
	types   []string
	numbers *numbers
	// ids are the bytes of the ids, sixteen of each object, and odd those of other forms.
	ids []byte
	odd map[int]string
}

func newDirectory() *directory {
	return &directory{types: access.TypeIDs(), numbers: newNumbers(), odd: map[int]string{}}
}

// shown reports whether objects of a type have a number. Credentials are rows of their
// own section, and the tenant is the whole page.
func shown(resourceType string) bool {
	return resourceType != access.TypeCredential && resourceType != access.TypeTenant
}

func (d *directory) typeNumber(resourceType string) int {
	if at := slices.Index(d.types, resourceType); at >= 0 {
		return at
	}
	d.types = append(d.types, resourceType)
	return len(d.types) - 1
}

// add gives an object the next number.
func (d *directory) add(o *access.Object) int {
	kind := d.typeNumber(o.Type)
	flags := 0
	if o.Guest() {
		flags |= flagGuest
	}
	switch o.Status {
	case access.StatusDisabled:
		flags |= flagDisabled
	case access.StatusDeleted:
		flags |= flagDeleted
	}
	if o.Missing {
		flags |= flagMissing
	}
	number := len(d.objects)
	login := o.Login
	if login == o.Name {
		login = ""
	}
	d.objects = append(d.objects, object{name: nameOf(o.Name), login: nameOf(login), types: kind, flags: flags})
	g, ok := guidOf(o.ID)
	if !ok {
		d.odd[number] = o.ID
	}
	d.ids = append(d.ids, g[:]...)
	d.numbers.set(o.Ref, kind, number)
	return number
}

// number is the number of an object. One that the snapshot does not have gets a number
// too, so that the page can say what is missing.
func (d *directory) number(ref access.Ref) int {
	if number, ok := d.numbers.of(ref, d.typeNumber(ref.Type)); ok {
		return number
	}
	return d.add(&access.Object{Ref: ref, Missing: true})
}

func (d *directory) is(number int, resourceType string) bool {
	return d.types[d.objects[number].types] == resourceType
}

func (d *directory) mark(number, flag int) { d.objects[number].flags |= flag }

// first reports whether what an object holds is in the page before that of others.
func (d *directory) first(number int) bool {
	o := &d.objects[number]
	return d.types[o.types] != access.TypeUser || o.flags&(flagGuest|flagTierZero|flagTierOne) != 0
}

// known is an object as the summary has it, which is there before the index.
type known struct {
	Number int    `json:"n"`
	Type   string `json:"type"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Login  string `json:"login,omitempty"`
	Flags  int    `json:"flags,omitempty"`
}

func (d *directory) known(number int) known {
	o := &d.objects[number]
	return known{Number: number, Type: d.types[o.types], ID: d.id(number), Name: o.name, Login: o.login, Flags: o.flags}
}

// id is the id of the object with a number.
func (d *directory) id(number int) string {
	if id, odd := d.odd[number]; odd {
		return id
	}
	g := d.ids[number*16 : number*16+16]
	return fmt.Sprintf("%x-%x-%x-%x-%x", g[:4], g[4:6], g[6:8], g[8:10], g[10:])
}

func (d *directory) ref(number int) access.Ref {
	return access.Ref{Type: d.types[d.objects[number].types], ID: d.id(number)}
}

// visitor is a part of the report that looks at every object once.
type visitor interface {
	visit(number int, o *access.Object) error
}

// read goes through the objects once, and shows each to the visitors.
func (d *directory) read(ctx context.Context, s *access.Snapshot, visitors ...visitor) error {
	for o, err := range s.Objects(ctx) {
		if err != nil {
			return err
		}
		number := -1
		if shown(o.Type) {
			number = d.add(o)
		}
		for _, v := range visitors {
			if err := v.visit(number, o); err != nil {
				return err
			}
		}
	}
	return nil
}
