package odata

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const (
	MaxInItems        = 15
	maxFilterLiteral  = 120
	OpEqual           = "eq"
	opNotEqual        = "ne"
	functionStarts    = "startsWith"
	functionEnds      = "endsWith"
	advancedEndsNames = " mail otherMails userPrincipalName proxyAddresses "
)

// predicate is a compiled $filter.
type predicate struct {
	match      func(t *directory.Tenant, r directory.Ref) bool
	advanced   bool // Needs the advanced query headers.
	longString bool // Holds a string too long for a query without them.
	signIns    bool // Is about sign-in activity.
	bounds     bounds
}

type filterParser struct {
	call   *api.Call
	entity *directory.EntityType // Nil for mixed collections.
	tokens []Token
	pos    int
	result predicate
}

func parseFilter(c *api.Call, e *directory.EntityType, text string) (predicate, error) {
	tokens, err := Tokenize(text)
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

type matcher = func(t *directory.Tenant, r directory.Ref) bool

func (p *filterParser) peek() Token {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos]
	}
	return Token{}
}

func (p *filterParser) next() Token {
	t := p.peek()
	p.pos++
	return t
}

func (p *filterParser) accept(text string) bool {
	if t := p.peek(); t.Kind != TokenString && t.Text == text {
		p.pos++
		return true
	}
	return false
}

func (p *filterParser) syntaxError() error {
	return api.BadRequest("Invalid filter clause: syntax error at position %d.", p.pos)
}

func (p *filterParser) or() (matcher, error) {
	left, err := p.and()
	for err == nil && p.accept("or") {
		var right matcher
		right, err = p.and()
		l := left
		left = func(t *directory.Tenant, r directory.Ref) bool { return l(t, r) || right(t, r) }
	}
	return left, err
}

func (p *filterParser) and() (matcher, error) {
	left, err := p.unary()
	for err == nil && p.accept("and") {
		var right matcher
		right, err = p.unary()
		l := left
		left = func(t *directory.Tenant, r directory.Ref) bool { return l(t, r) && right(t, r) }
	}
	return left, err
}

func (p *filterParser) unary() (matcher, error) {
	if p.accept("not") {
		p.result.advanced = true
		inner, err := p.unary()
		return func(t *directory.Tenant, r directory.Ref) bool { return !inner(t, r) }, err
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
	if name.Kind != tokenWord {
		return nil, p.syntaxError()
	}
	switch {
	case strings.EqualFold(name.Text, functionStarts), strings.EqualFold(name.Text, functionEnds):
		return p.function(name.Text)
	case strings.HasSuffix(name.Text, "/any"):
		return p.lambda(strings.TrimSuffix(name.Text, "/any"))
	}
	if moment, ok := strings.CutPrefix(name.Text, directory.SignInProperty+"/"); ok {
		return p.signIn(moment)
	}
	prop, err := p.property(name.Text)
	if err != nil {
		return nil, err
	}
	if prop.EDM.Collection() || prop.EDM == directory.EDMComplex {
		return nil, api.UnsupportedQuery("Unsupported property filter clause for property '%s'.", prop.Name)
	}
	operator := p.next().Text
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

func (p *filterParser) operator(prop directory.Property, operator string, literal any) (matcher, error) {
	switch operator {
	case OpEqual:
		return p.onValue(prop, func(v any) bool { return equal(v, literal) }), nil
	case opNotEqual:
		p.result.advanced = true
		return p.onValue(prop, func(v any) bool { return !equal(v, literal) }), nil
	case "ge", "gt", "le", "lt":
		bound, ok := literal.(string)
		if !ok {
			return nil, api.BadRequest("Invalid filter clause: operator '%s' on property '%s'.", operator, prop.Name)
		}
		compare := compareDates
		if prop.EDM != directory.EDMDate {
			p.result.advanced = p.result.advanced || prop.Name != directory.SignInNameProperty || operator != "ge" && operator != "le"
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

// property resolves a filtered property and notes whether it needs an advanced query.
func (p *filterParser) property(name string) (directory.Property, error) {
	prop, ok := p.resolve(name)
	if !ok {
		return directory.Property{}, noProperty(name, p.entity)
	}
	if p.entity != nil && prop.Traits&(directory.Filterable|directory.Advanced) == 0 {
		return directory.Property{}, api.BadRequest("Unsupported or invalid query filter clause specified for property '%s' of resource '%s'.", name, p.entity.Name)
	}
	if prop.Traits&directory.Filterable == 0 {
		p.result.advanced = true
	}
	return prop, nil
}

func (p *filterParser) resolve(name string) (directory.Property, bool) {
	if p.entity != nil {
		return p.entity.Property(name)
	}
	for k := directory.KindUser; k <= directory.KindDirectoryRole; k++ {
		if prop, ok := p.call.Tenant.Model.Of(k).Property(name); ok {
			return prop, true
		}
	}
	return directory.Property{}, false
}

// onValue tests a property of whatever type a row has; a type without it does not match.
func (p *filterParser) onValue(prop directory.Property, test func(v any) bool) matcher {
	return func(t *directory.Tenant, r directory.Ref) bool {
		own, ok := t.Model.Of(r.Kind()).Property(prop.Name)
		return ok && (test(own.Value(t, r.Index())) || own.Alias != nil && test(own.Alias(t, r.Index())))
	}
}

func (p *filterParser) literal(prop directory.Property) (any, error) {
	t := p.next()
	mismatch := api.BadRequest("Invalid filter clause: A binary operator with incompatible types was detected on property '%s'.", prop.Name)
	switch {
	case t.Kind == TokenString && prop.EDM == directory.EDMString:
		if len(t.Text) > maxFilterLiteral {
			p.result.longString = true
		}
		return t.Text, nil
	case t.Kind != tokenWord:
		return nil, mismatch
	case t.Text == "null":
		return nil, nil //nolint:nilnil // A null literal is a value.
	case prop.EDM == directory.EDMBool && (t.Text == "true" || t.Text == "false"):
		return t.Text == "true", nil
	case prop.EDM == directory.EDMGUID:
		if g, ok := directory.ParseGUID(t.Text); ok {
			return g.String(), nil
		}
	case prop.EDM == directory.EDMDate && isDate(t.Text):
		return t.Text, nil
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
