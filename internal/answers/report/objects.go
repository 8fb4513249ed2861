package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// longestName is how many characters of a name the page has. Microsoft Graph allows
// 256.
const longestName = 256

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

// nameOf is a name as the page shows it: in one line, with what would hide or reorder
// characters spelled out.
func nameOf(name string) string {
	if utf8.RuneCountInString(name) > longestName {
		name = string([]rune(name)[:longestName-1]) + "…"
	}
	return terminal.Harmless(name)
}

// index is the block by which the page finds objects.
type index struct {
	// Names and Logins are in the order of the numbers. A login is empty where it is the
	// name, or there is none.
	Names  []string `json:"names"`
	Logins []string `json:"logins"`
	Types  []int    `json:"types"`
	Flags  []int    `json:"flags"`
	// Odd are the ids that are not of the usual form.
	Odd map[int]string `json:"odd"`
	// EntitlementsOf and Labels are the objects and the labels of the entitlements, in
	// the order of their numbers; Strong says which of them give much.
	EntitlementsOf []int    `json:"entitlementsOf"`
	LabelsOf       []int    `json:"labelsOf"`
	Labels         []string `json:"labels"`
	Strong         []int    `json:"strong"`
	// Times are kind, since and until of holdings that have them.
	Times [][3]string `json:"times"`
}

func (d *directory) index(h *holdings) *index {
	x := &index{
		Odd: d.odd, EntitlementsOf: h.on, LabelsOf: h.labelOf, Labels: h.labels, Strong: h.strong, Times: h.times,
		Names: make([]string, 0, len(d.objects)), Logins: make([]string, 0, len(d.objects)),
		Types: make([]int, 0, len(d.objects)), Flags: make([]int, 0, len(d.objects)),
	}
	for i := range d.objects {
		o := &d.objects[i]
		x.Names, x.Logins, x.Types, x.Flags = append(x.Names, o.name), append(x.Logins, o.login), append(x.Types, o.types), append(x.Flags, o.flags)
	}
	return x
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

// clean is a text of the snapshot that is no name.
func clean(text string, longest int) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest-1]) + "…"
	}
	return terminal.Harmless(text)
}
