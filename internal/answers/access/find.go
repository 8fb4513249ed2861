package access

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// suggestions is how many objects with a similar name Find gives.
const suggestions = 5

var idForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// Found is what Find came to.
type Found struct {
	// Objects are those that are called exactly so.
	Objects []*Object
	// Similar are some whose name holds the text, where nothing is called exactly so.
	Similar []*Object
}

// Find looks for objects by what people call them: the id, a name to sign in with or a
// mail address, the id or the name of an application, a product's part number, or the
// display name; upper and lower case are the same. Types limit it; none means all.
// "type:id" names one object for certain.
func (s *Snapshot) Find(ctx context.Context, text string, types ...string) (*Found, error) {
	if len(types) == 0 {
		types = TypeIDs()
	}
	if resourceType, id, ok := strings.Cut(text, ":"); ok && slices.Contains(types, resourceType) {
		found, err := s.findByID(ctx, id, []string{resourceType})
		if err != nil || len(found.Objects) > 0 {
			return found, err
		}
	}
	if idForm.MatchString(text) {
		found, err := s.findByID(ctx, strings.ToLower(text), types)
		if err != nil || len(found.Objects) > 0 {
			return found, err
		}
	}
	return s.findByName(ctx, strings.TrimSpace(text), types)
}

func (s *Snapshot) findByID(ctx context.Context, id string, types []string) (*Found, error) {
	found := &Found{}
	for _, t := range types {
		o, err := s.Object(ctx, Ref{t, id})
		if err != nil {
			return nil, err
		}
		if !o.Missing {
			found.Objects = append(found.Objects, o)
		}
	}
	return found, nil
}

func (s *Snapshot) findByName(ctx context.Context, text string, types []string) (*Found, error) {
	found := &Found{}
	folded := strings.ToLower(text)
	for o, err := range s.Objects(ctx, types...) {
		if err != nil {
			return nil, err
		}
		names := namesOf(o)
		switch {
		case slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, text) }):
			found.Objects = append(found.Objects, o)
		case len(found.Similar) < suggestions && slices.ContainsFunc(names, func(name string) bool { return strings.Contains(strings.ToLower(name), folded) }):
			found.Similar = append(found.Similar, o)
		}
	}
	if len(found.Objects) > 0 {
		found.Similar = nil
	}
	return found, nil
}

// namesOf are the names by which an object can be asked for.
func namesOf(o *Object) []string {
	names := []string{o.Name}
	for _, name := range []string{o.Login, o.Text("mail"), o.Text("userPrincipalName"), o.Text("appId"), o.Text("skuPartNumber"), o.Text("mailNickname")} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}
