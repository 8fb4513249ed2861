package odata

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func (p *filterParser) in(prop directory.Property) (matcher, error) {
	if !p.accept("(") {
		return nil, p.syntaxError()
	}
	var items []any
	for {
		literal, err := p.literal(prop)
		if err != nil {
			return nil, err
		}
		items = append(items, literal)
		if p.accept(")") {
			break
		}
		if !p.accept(",") {
			return nil, p.syntaxError()
		}
	}
	if len(items) > MaxInItems {
		return nil, api.BadRequest("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", len(items), MaxInItems)
	}
	p.bound(prop, "in", items...)
	return p.onValue(prop, func(v any) bool {
		return slices.ContainsFunc(items, func(item any) bool { return equal(v, item) })
	}), nil
}

// function reads startsWith(property,'text') or endsWith(property,'text').
func (p *filterParser) function(name string) (matcher, error) {
	if !p.accept("(") {
		return nil, p.syntaxError()
	}
	prop, err := p.property(p.next().Text)
	if err != nil {
		return nil, err
	}
	if !p.accept(",") {
		return nil, p.syntaxError()
	}
	literal, err := p.literal(prop)
	if err != nil {
		return nil, err
	}
	arg, ok := literal.(string)
	if !ok || prop.EDM != directory.EDMString || !p.accept(")") {
		return nil, p.syntaxError()
	}
	test := strings.HasPrefix
	if strings.EqualFold(name, functionEnds) {
		if !strings.Contains(advancedEndsNames, " "+prop.Name+" ") {
			return nil, api.UnsupportedQuery("Unsupported Query: endsWith on property '%s'.", prop.Name)
		}
		p.result.advanced = true
		test = strings.HasSuffix
	}
	arg = strings.ToLower(arg)
	return p.onValue(prop, func(v any) bool {
		s, isText := v.(string)
		return isText && test(strings.ToLower(s), arg)
	}), nil
}

// lambda reads property/any(x:x eq 'text') or property/any(x:startsWith(x,'text')).
func (p *filterParser) lambda(name string) (matcher, error) {
	prop, err := p.property(name)
	if err != nil {
		return nil, err
	}
	if prop.EDM != directory.EDMStrings {
		return nil, api.UnsupportedQuery("Unsupported property filter clause for property '%s'.", prop.Name)
	}
	if !p.accept("(") {
		return nil, p.syntaxError()
	}
	variable := p.next().Text
	element := directory.Property{Name: prop.Name}
	test := strings.EqualFold
	if !p.accept(":") {
		return nil, p.syntaxError()
	}
	if word := p.next().Text; strings.EqualFold(word, functionStarts) {
		test = func(s, arg string) bool { return strings.HasPrefix(strings.ToLower(s), strings.ToLower(arg)) }
		if !p.accept("(") || !p.accept(variable) || !p.accept(",") {
			return nil, p.syntaxError()
		}
		defer p.accept(")")
	} else if word != variable || !p.accept(OpEqual) {
		return nil, p.syntaxError()
	}
	literal, err := p.literal(element)
	arg, ok := literal.(string)
	if err != nil || !ok || !p.accept(")") {
		return nil, p.syntaxError()
	}
	return p.onValue(prop, func(v any) bool {
		items, isList := v.([]string)
		return isList && slices.ContainsFunc(items, func(s string) bool { return test(s, arg) })
	}), nil
}
