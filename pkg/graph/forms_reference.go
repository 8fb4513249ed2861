package graph

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// reference is a request's path and its query options, each as it is sent but for
// its name, which links of Graph's own may spell with %24.
type reference struct {
	path    string
	options []string
}

func parseReference(ref string) reference {
	path, options, _ := strings.Cut(ref, "?")
	r := reference{path: path}
	for o := range strings.SplitSeq(options, "&") {
		if o != "" {
			r.options = append(r.options, strings.Replace(o, "%24", "$", 1))
		}
	}
	return r
}

func (r reference) String() string {
	if len(r.options) == 0 {
		return r.path
	}
	return r.path + "?" + strings.Join(r.options, "&")
}

// without is the request without an option ("$expand").
func (r reference) without(option string) reference {
	r.options = slices.DeleteFunc(slices.Clone(r.options), func(o string) bool { return strings.HasPrefix(o, option+"=") })
	return r
}

// with is the request with an option's value changed, if it has the option.
func (r reference) with(option, value string) reference {
	r.options = slices.Clone(r.options)
	for i, o := range r.options {
		if strings.HasPrefix(o, option+"=") {
			r.options[i] = option + "=" + value
		}
	}
	return r
}

// value is what an option says, readable.
func (r reference) value(option string) string {
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
func (r reference) follows() bool {
	return r.value("$skiptoken") != "" || r.value("$deltatoken") != "" || r.value("$skip") != ""
}

// The ways to make a form plainer.

func withoutOrder(r reference) reference  { return r.without("$orderby") }
func withoutExpand(r reference) reference { return r.without("$expand") }
func withoutSelect(r reference) reference { return r.without("$select") }
func withoutFilter(r reference) reference { return r.without("$filter") }
func withoutTop(r reference) reference    { return r.without("$top") }

// wholeExpand takes the options inside $expand away.
func wholeExpand(r reference) reference {
	relation, _, _ := strings.Cut(r.value("$expand"), "(")
	return r.with("$expand", relation)
}

func withTop(n string) func(reference) reference {
	return func(r reference) reference { return r.with("$top", n) }
}

// selecting keeps the properties that are both asked for and named.
func selecting(fields ...string) func(reference) reference {
	return func(r reference) reference {
		kept := slices.DeleteFunc(strings.Split(r.value("$select"), ","), func(f string) bool { return !slices.Contains(fields, f) })
		if len(kept) == 0 {
			return r
		}
		return r.with("$select", strings.Join(kept, ","))
	}
}

// of is the ladder that a request is on; nil if it has one form only.
func (t Table) of(r reference) *Ladder {
	for _, l := range t {
		if l.path != "" && samePath(l.path, r.path) && l.tells(r) {
			return l
		}
	}
	return nil
}

func (l *Ladder) tells(r reference) bool {
	return l.has == "" || slices.ContainsFunc(r.options, func(o string) bool {
		plain, err := url.QueryUnescape(o)
		return err == nil && strings.Contains(plain, l.has)
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

// at is a request in the form of a step.
func (l *Ladder) at(step int, r reference) string {
	for _, s := range l.Steps[:step+1] {
		if s.plainer != nil {
			r = s.plainer(r)
		}
	}
	return r.String()
}

// climb is one request on its ladder.
type climb struct {
	ref    reference
	ladder *Ladder
	step   int
}

// climb places a request at the step that the sync has come down to.
func (t Table) climb(ctx context.Context, ref string) *climb {
	r := parseReference(ref)
	k := &climb{ref: r, ladder: t.of(r)}
	if k.ladder != nil {
		k.step = k.ladder.Step(ctx)
	}
	return k
}

// fixed is a request in the form that it has, and in no other.
func fixed(ref string) *climb { return &climb{ref: parseReference(ref)} }

// current is the request as it is to be sent: one that goes on with another one
// stays as it is.
func (k *climb) current() string {
	if k.ladder == nil || k.ref.follows() {
		return k.ref.String()
	}
	return k.ladder.at(k.step, k.ref)
}

// midway is the error of a listing of which a further page gave err. It has to be
// begun again: at first in the same form, because the page's link may be what is
// refused, and the second time in the next form.
func (l *Ladder) midway(ctx context.Context, step int, err error) error {
	if !IsRefusedForm(err) {
		return err
	}
	again, failed := formsOf(ctx).refusedMidway(ctx, l.Name)
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

// down goes down to the next form that is another one. It returns err where there
// is none, and ErrBeginAgain where the listing has to be begun again for it.
func (k *climb) down(ctx context.Context, err error) error {
	if k.ladder == nil {
		return err
	}
	if k.ref.follows() {
		return k.ladder.midway(ctx, k.step, err)
	}
	for refused := k.current(); ; {
		next, ok, failed := k.ladder.Leave(ctx, k.step, err)
		switch {
		case failed != nil:
			return errors.Join(err, failed)
		case !ok:
			return err
		}
		k.step = next
		if k.current() != refused {
			return nil
		}
	}
}
