package snapshotdiff

import (
	"cmp"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

func resourceLine(c *ResourceChange) string {
	line := sign(c.Change) + " " + fullName(c.Object)
	switch {
	case c.Client != nil:
		line = sign(c.Change) + " " + fullName(*c.Client) + ": " + short(strings.TrimPrefix(cmp.Or(c.Name, c.ID), c.Client.Name+": "))
	case c.Parent != nil:
		line += " of " + fullName(*c.Parent)
	}
	return line + fieldWords(c.Fields)
}

// changeLine is a change of access, seen from one of its ends.
func changeLine(c *AccessChange, other Object) string {
	return sign(c.Change) + " " + fullName(other) + ": " + entitlementName(c.Entitlement) + ", " + how(c)
}

// how says in which way the access is, or was, held.
func how(c *AccessChange) string {
	assigned := ""
	if words := c.Assignment.words(); words != "" {
		assigned = ", " + words
	}
	switch {
	case c.Change == accessReassigned:
		return reassignedWords(c)
	case c.Change == accessDirect:
		return "now directly" + assigned + "; was " + through(c)
	case c.Change == accessDerived:
		return "now only " + through(c) + "; was direct" + assigned
	case c.New == StateDirect && c.Assignment != nil && c.Assignment.Kind == access.KindActivated:
		return c.Assignment.words()
	case c.New == StateDirect:
		return "directly" + assigned
	case c.New == StateDerived:
		return through(c)
	case c.Old == StateDirect && c.Assignment != nil && c.Assignment.Kind == access.KindActivated:
		return "was " + c.Assignment.words()
	case c.Old == StateDirect:
		return "was direct" + assigned
	default:
		return "was " + through(c)
	}
}

// through names the first group of the way.
func through(c *AccessChange) string {
	if len(c.Through) == 0 {
		return "indirect"
	}
	words := "through " + short(cmp.Or(c.Through[0].Name, c.Through[0].ID))
	if more := len(c.Through) - 1; more > 0 {
		words += " and " + number(more) + " more"
	}
	return words
}

// words are how something is assigned, where that is more than that it is.
func (a *Assignment) words() string {
	if a == nil {
		return ""
	}
	var words []string
	if a.Kind == access.KindActivated {
		words = append(words, "activated")
	}
	if a.Until != "" {
		words = append(words, "until "+moment(a.Until))
	}
	return strings.Join(words, " ")
}

// reassignedWords tell how an assignment changed.
func reassignedWords(c *AccessChange) string {
	was := Assignment{}
	if c.Assignment != nil {
		was = *c.Assignment
	}
	for _, f := range c.Fields {
		switch f.Field {
		case fieldKind:
			was.Kind = f.Old
		case fieldEnd:
			was.Until = f.Old
		}
	}
	return "now " + c.Assignment.whole() + "; was " + was.whole()
}

// whole is words, and says what is permanent too.
func (a *Assignment) whole() string {
	words := a.words()
	switch {
	case a != nil && a.Kind == access.KindPermanent:
		return strings.TrimSpace("permanent " + words)
	case words == "":
		return "without an end"
	default:
		return words
	}
}

func sign(change string) string {
	switch change {
	case kindAdded, accessGained:
		return "+"
	case kindRemoved, accessLost:
		return "-"
	default:
		return "~"
	}
}

func entitlementName(e Entitlement) string { return short(cmp.Or(e.Name, e.ID)) }

// fullName is an object's name with what tells it from its namesakes: how a
// person signs in, or what kind of object it is.
func fullName(o Object) string {
	name := short(cmp.Or(o.Name, o.ID))
	if o.Login != "" {
		return name + " <" + short(o.Login) + ">"
	}
	return name + " (" + typeOne(o.Type) + ")"
}
