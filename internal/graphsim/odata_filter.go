package graphsim

import (
	"slices"
	"strings"
)

const (
	maxInItems        = 15
	maxFilterLiteral  = 120
	opEqual           = "eq"
	opNotEqual        = "ne"
	functionStarts    = "startsWith"
	functionEnds      = "endsWith"
	advancedEndsNames = " mail otherMails userPrincipalName proxyAddresses "
)

// predicate is a compiled $filter.
type predicate struct {
	match      func(t *Tenant, r Ref) bool
	advanced   bool // Needs the advanced query headers.
	longString bool // Holds a string too long for a query without them.
	bounds     bounds
}

type filterParser struct {
	call   *call
	entity *entityType // Nil for mixed collections.
	tokens []token
	pos    int
	result predicate
}

func (c *call) parseFilter(e *entityType, text string) (predicate, error) {
	tokens, err := tokenize(text)
	if err != nil {
		return predicate{}, err
	}
	p := &filterParser{call: c, entity: e, tokens: tokens}
	match, err := p.or()
	if err != nil {
		return predicate{}, err
	}
	if p.pos != len(p.tokens) {
		return predicate{}, p.syntaxError()
	}
	p.result.match = match
	if !conjunction(tokens) {
		p.result.bounds = bounds{}
	}
	return p.result, nil
}

type matcher = func(t *Tenant, r Ref) bool

func (p *filterParser) peek() token {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos]
	}
	return token{}
}

func (p *filterParser) next() token {
	t := p.peek()
	p.pos++
	return t
}

func (p *filterParser) accept(text string) bool {
	if t := p.peek(); t.kind != tokenString && t.text == text {
		p.pos++
		return true
	}
	return false
}

func (p *filterParser) syntaxError() error {
	return badRequest("Invalid filter clause: syntax error at position %d.", p.pos)
}

func (p *filterParser) or() (matcher, error) {
	left, err := p.and()
	for err == nil && p.accept("or") {
		var right matcher
		right, err = p.and()
		l := left
		left = func(t *Tenant, r Ref) bool { return l(t, r) || right(t, r) }
	}
	return left, err
}

func (p *filterParser) and() (matcher, error) {
	left, err := p.unary()
	for err == nil && p.accept("and") {
		var right matcher
		right, err = p.unary()
		l := left
		left = func(t *Tenant, r Ref) bool { return l(t, r) && right(t, r) }
	}
	return left, err
}

func (p *filterParser) unary() (matcher, error) {
	if p.accept("not") {
		p.result.advanced = true
		inner, err := p.unary()
		return func(t *Tenant, r Ref) bool { return !inner(t, r) }, err
	}
	if p.accept("(") {
		inner, err := p.or()
		if err == nil && !p.accept(")") {
			err = p.syntaxError()
		}
		return inner, err
	}
	return p.comparison()
}

// comparison reads a function call, a lambda, or a property with an operator.
func (p *filterParser) comparison() (matcher, error) {
	name := p.next()
	if name.kind != tokenWord {
		return nil, p.syntaxError()
	}
	switch {
	case strings.EqualFold(name.text, functionStarts), strings.EqualFold(name.text, functionEnds):
		return p.function(name.text)
	case strings.HasSuffix(name.text, "/any"):
		return p.lambda(strings.TrimSuffix(name.text, "/any"))
	}
	prop, err := p.property(name.text)
	if err != nil {
		return nil, err
	}
	if prop.edm.collection() || prop.edm == edmComplex {
		return nil, unsupportedQuery("Unsupported property filter clause for property '%s'.", prop.name)
	}
	operator := p.next().text
	if operator == "in" {
		return p.in(prop)
	}
	literal, err := p.literal(prop)
	if err != nil {
		return nil, err
	}
	p.bound(prop, operator, literal)
	return p.operator(prop, operator, literal)
}

func (p *filterParser) operator(prop property, operator string, literal any) (matcher, error) {
	switch operator {
	case opEqual:
		return p.onValue(prop, func(v any) bool { return equal(v, literal) }), nil
	case opNotEqual:
		p.result.advanced = true
		return p.onValue(prop, func(v any) bool { return !equal(v, literal) }), nil
	case "ge", "gt", "le", "lt":
		bound, ok := literal.(string)
		if !ok {
			return nil, badRequest("Invalid filter clause: operator '%s' on property '%s'.", operator, prop.name)
		}
		compare := compareDates
		if prop.edm != edmDate {
			p.result.advanced = p.result.advanced || prop.name != signInNameProperty || operator != "ge" && operator != "le"
			compare = compareText
		}
		return p.onValue(prop, func(v any) bool {
			s, isText := v.(string)
			return isText && ordered(operator, compare(s, bound))
		}), nil
	default:
		return nil, p.syntaxError()
	}
}

// compareText compares as the directory does, in whatever case.
func compareText(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

func ordered(operator string, sign int) bool {
	switch operator {
	case "ge":
		return sign >= 0
	case "gt":
		return sign > 0
	case "le":
		return sign <= 0
	default:
		return sign < 0
	}
}

func (p *filterParser) in(prop property) (matcher, error) {
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
	if len(items) > maxInItems {
		return nil, badRequest("Too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d.", len(items), maxInItems)
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
	prop, err := p.property(p.next().text)
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
	if !ok || prop.edm != edmString || !p.accept(")") {
		return nil, p.syntaxError()
	}
	test := strings.HasPrefix
	if strings.EqualFold(name, functionEnds) {
		if !strings.Contains(advancedEndsNames, " "+prop.name+" ") {
			return nil, unsupportedQuery("Unsupported Query: endsWith on property '%s'.", prop.name)
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
	if prop.edm != edmStrings {
		return nil, unsupportedQuery("Unsupported property filter clause for property '%s'.", prop.name)
	}
	if !p.accept("(") {
		return nil, p.syntaxError()
	}
	variable := p.next().text
	element := property{name: prop.name}
	test := strings.EqualFold
	if !p.accept(":") {
		return nil, p.syntaxError()
	}
	if word := p.next().text; strings.EqualFold(word, functionStarts) {
		test = func(s, arg string) bool { return strings.HasPrefix(strings.ToLower(s), strings.ToLower(arg)) }
		if !p.accept("(") || !p.accept(variable) || !p.accept(",") {
			return nil, p.syntaxError()
		}
		defer p.accept(")")
	} else if word != variable || !p.accept(opEqual) {
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

// property resolves a filtered property and notes whether it needs an advanced query.
func (p *filterParser) property(name string) (property, error) {
	prop, ok := p.resolve(name)
	if !ok {
		return property{}, noProperty(name, p.entity)
	}
	if p.entity != nil && prop.traits&(filterable|advanced) == 0 {
		return property{}, badRequest("Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", name, p.entity.name)
	}
	if prop.traits&filterable == 0 {
		p.result.advanced = true
	}
	return prop, nil
}

func (p *filterParser) resolve(name string) (property, bool) {
	if p.entity != nil {
		return p.entity.property(name)
	}
	for k := KindUser; k <= KindDirectoryRole; k++ {
		if prop, ok := p.call.tenant.model.of(k).property(name); ok {
			return prop, true
		}
	}
	return property{}, false
}

// onValue tests a property of whatever type a row has; a type without it does not match.
func (p *filterParser) onValue(prop property, test func(v any) bool) matcher {
	return func(t *Tenant, r Ref) bool {
		own, ok := t.model.of(r.Kind()).property(prop.name)
		return ok && (test(own.value(t, r.index())) || own.alias != nil && test(own.alias(t, r.index())))
	}
}

func (p *filterParser) literal(prop property) (any, error) {
	t := p.next()
	mismatch := badRequest("Invalid filter clause: A binary operator with incompatible types was detected on property '%s'.", prop.name)
	switch {
	case t.kind == tokenString && prop.edm == edmString:
		if len(t.text) > maxFilterLiteral {
			p.result.longString = true
		}
		return t.text, nil
	case t.kind != tokenWord:
		return nil, mismatch
	case t.text == "null":
		return nil, nil //nolint:nilnil // A null literal is a value.
	case prop.edm == edmBool && (t.text == "true" || t.text == "false"):
		return t.text == "true", nil
	case prop.edm == edmGUID:
		if g, ok := parseGUID(t.text); ok {
			return g.String(), nil
		}
	case prop.edm == edmDate && isDate(t.text):
		return t.text, nil
	}
	return nil, mismatch
}

func equal(v, literal any) bool {
	a, aText := v.(string)
	b, bText := literal.(string)
	if aText && bText {
		return strings.EqualFold(a, b)
	}
	return v == literal
}
