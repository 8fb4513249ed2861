package forms

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Request is a request's path and its query options, each as it is sent but for
// its name, which links of Graph's own may spell with %24.
type Request struct {
	path    string
	options []string
}

// Parse reads a reference ("/users?$top=999").
func Parse(ref string) Request {
	path, options, _ := strings.Cut(ref, "?")
	r := Request{path: path}
	for o := range strings.SplitSeq(options, "&") {
		if o != "" {
			r.options = append(r.options, strings.Replace(o, "%24", "$", 1))
		}
	}
	return r
}

// String is the reference as it is sent.
func (r Request) String() string {
	if len(r.options) == 0 {
		return r.path
	}
	return r.path + "?" + strings.Join(r.options, "&")
}

// without is the request without an option ("$expand").
func (r Request) without(option string) Request {
	r.options = slices.DeleteFunc(slices.Clone(r.options), func(o string) bool { return strings.HasPrefix(o, option+"=") })
	return r
}

// with is the request with an option's value changed, if it has the option.
func (r Request) with(option, value string) Request {
	r.options = slices.Clone(r.options)
	for i, o := range r.options {
		if strings.HasPrefix(o, option+"=") {
			r.options[i] = option + "=" + value
		}
	}
	return r
}

// Value is what an option says, readable.
func (r Request) Value(option string) string {
	for _, o := range r.options {
		if v, ok := strings.CutPrefix(o, option+"="); ok {
			if plain, err := url.QueryUnescape(v); err == nil {
				return plain
			}
			return v
		}
	}
	return ""
}

// follows reports whether the request goes on with what another one began: its
// form was decided then.
func (r Request) follows() bool {
	return r.Value("$skiptoken") != "" || r.Value("$deltatoken") != "" || r.Value("$skip") != ""
}

// WithoutOrder leaves the order to Graph.
func WithoutOrder(r Request) Request { return r.without("$orderby") }

// WithoutExpand leaves the relation out.
func WithoutExpand(r Request) Request { return r.without("$expand") }

// WithoutSelect leaves the choice of properties to Graph.
func WithoutSelect(r Request) Request { return r.without("$select") }

// WithoutFilter asks for all rows: who reads them chooses.
func WithoutFilter(r Request) Request { return r.without("$filter") }

// WithoutTop leaves the size of pages to Graph.
func WithoutTop(r Request) Request { return r.without("$top") }

// WholeExpand takes the options inside $expand away, of each relation.
func WholeExpand(r Request) Request {
	var relations strings.Builder
	depth := 0
	for _, c := range r.Value("$expand") {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0:
			_, _ = relations.WriteRune(c)
		}
	}
	return r.with("$expand", relations.String())
}

// WithTop asks for pages of another size, where one was asked for.
func WithTop(n string) func(Request) Request {
	return func(r Request) Request { return r.with("$top", n) }
}

// Selecting keeps the properties that are both asked for and named.
func Selecting(fields ...string) func(Request) Request {
	return func(r Request) Request {
		kept := slices.DeleteFunc(strings.Split(r.Value("$select"), ","), func(f string) bool { return !slices.Contains(fields, f) })
		if len(kept) == 0 {
			return r
		}
		return r.with("$select", strings.Join(kept, ","))
	}
}

// Omitting leaves a property out of those that are asked for.
func Omitting(field string) func(Request) Request {
	return func(r Request) Request {
		return r.with("$select", strings.Join(slices.DeleteFunc(strings.Split(r.Value("$select"), ","), func(f string) bool { return f == field }), ","))
	}
}

// Also asks for a property again that a form above has left out.
func Also(field string) func(Request) Request {
	return func(r Request) Request { return r.with("$select", r.Value("$select")+","+field) }
}

// Of is the ladder that a request is on; nil if it has one form only.
func (t Table) Of(r Request) *Ladder {
	for _, l := range t {
		if l.Path != "" && samePath(l.Path, r.path) && l.tells(r) {
			return l
		}
	}
	return nil
}

func (l *Ladder) tells(r Request) bool {
	return l.Has == "" || slices.ContainsFunc(r.options, func(o string) bool {
		plain, err := url.QueryUnescape(o)
		return err == nil && strings.Contains(plain, l.Has)
	})
}

// samePath reports whether a path is one of a template's.
func samePath(template, path string) bool {
	for template != "" && path != "" {
		var want, got string
		want, template, _ = strings.Cut(template[1:], "/")
		got, path, _ = strings.Cut(path[1:], "/")
		if want != got && (want != "{id}" || got == "" || strings.HasPrefix(got, "$") || got == "delta") {
			return false
		}
		if template != "" {
			template = "/" + template
		}
		if path != "" {
			path = "/" + path
		}
	}
	return template == "" && path == ""
}

// At is a request in the form of a step.
func (l *Ladder) At(step int, r Request) string {
	for _, s := range l.Steps[:step+1] {
		if s.Plainer != nil {
			r = s.Plainer(r)
		}
	}
	return r.String()
}

// Climb is one request on its ladder.
type Climb struct {
	ref    Request
	ladder *Ladder
	step   int
}

// Climb places a request at the step that the sync has come down to.
func (t Table) Climb(ctx context.Context, ref string) *Climb {
	r := Parse(ref)
	k := &Climb{ref: r, ladder: t.Of(r)}
	if k.ladder != nil {
		k.step = k.ladder.Step(ctx)
	}
	return k
}

// Fixed is a request in the form that it has, and in no other.
func Fixed(ref string) *Climb { return &Climb{ref: Parse(ref)} }

// Current is the request as it is to be sent: one that goes on with another one
// stays as it is.
func (k *Climb) Current() string {
	if k.ladder == nil || k.ref.follows() {
		return k.ref.String()
	}
	return k.ladder.At(k.step, k.ref)
}

// midway is the error of a listing of which a further page gave err. It has to be
// begun again: at first in the same form, because the page's link may be what is
// refused, and the second time in the next form.
func (l *Ladder) midway(ctx context.Context, step int, err error) error {
	if !IsRefused(err) {
		return err
	}
	again, failed := refusedOf(ctx).refusedMidway(ctx, l.Name)
	if failed == nil && again {
		var ok bool
		if _, ok, failed = l.Leave(ctx, step, err); failed == nil && !ok {
			return err
		}
	}
	if failed != nil {
		return errors.Join(err, failed)
	}
	return fmt.Errorf("%w: %w", ErrBeginAgain, err)
}

// Down goes down to the next form that is another one. It returns err where there
// is none, and ErrBeginAgain where the listing has to be begun again for it.
func (k *Climb) Down(ctx context.Context, err error) error {
	if k.ladder == nil {
		return err
	}
	if k.ref.follows() {
		return k.ladder.midway(ctx, k.step, err)
	}
	for refused := k.Current(); ; {
		next, ok, failed := k.ladder.Leave(ctx, k.step, err)
		switch {
		case failed != nil:
			return errors.Join(err, failed)
		case !ok:
			return err
		}
		k.step = next
		if k.Current() != refused {
			return nil
		}
	}
}
