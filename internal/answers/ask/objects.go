package ask

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// UnknownError says that nothing, or more than one thing, is called so.
type UnknownError struct {
	// Text is what was asked for, and What the kind of thing.
	Text, What string
	// Several are the objects that are called so; Similar those that nearly are.
	Several, Similar []*access.Object
}

// Error is for people: one line, and a line for each object that it names.
func (e *UnknownError) Error() string {
	var b strings.Builder
	list := e.Similar
	switch {
	case len(e.Several) > 0:
		fmt.Fprintf(&b, "%d objects are called %q; ask for one of them:", len(e.Several), e.Text)
		list = e.Several
	case len(e.Similar) > 0:
		fmt.Fprintf(&b, "no %s in the snapshot is called %q; these come near:", e.What, e.Text)
	default:
		fmt.Fprintf(&b, "no %s in the snapshot is called %q", e.What, e.Text)
	}
	for _, o := range list {
		fmt.Fprintf(&b, "\n  %s:%s  %s", o.Type, o.ID, o.Called())
	}
	return b.String()
}

// The kinds of things that are asked for.
var (
	principalTypes = []string{
		access.TypeUser, access.TypeGroup, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypeDevice, access.TypePartner,
	}
	roleTypes     = []string{access.TypeRole, access.TypeScopedRole}
	resourceTypes = []string{
		access.TypeGroup, access.TypeRole, access.TypeScopedRole, access.TypeUnit, access.TypeApplication, access.TypeManagedIdentity,
		access.TypeAgentIdentity, access.TypeRegistration, access.TypeLicense, access.TypeConsent, access.TypeDevice,
		access.TypePackage, access.TypePackageCatalog, access.TypeChannel,
	}
	targetTypes = []string{
		access.TypeRole, access.TypeScopedRole, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypeRegistration, access.TypeGroup,
	}
)

// one finds the one object that a text names.
func (q *query) one(ctx context.Context, what, text string, types ...string) (*access.Object, error) {
	found, err := q.s.Find(ctx, text, types...)
	if err != nil {
		return nil, err
	}
	objects := withoutRegistration(found.Objects)
	if len(objects) == 1 {
		return objects[0], nil
	}
	return nil, &UnknownError{Text: text, What: what, Several: objects, Similar: found.Similar}
}

// withoutRegistration leaves out the registration of an application that is called the
// same: who asks for both means the one that holds and is held.
func withoutRegistration(objects []*access.Object) []*access.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o *access.Object) bool {
		return o.Type == access.TypeRegistration && slices.ContainsFunc(objects, func(other *access.Object) bool {
			return other.Type != access.TypeRegistration && other.Text("appId") == o.Text("appId")
		})
	})
}

// The columns that tell who somebody is. Programs get the parts one by one.
var principalColumns = []Column{{Key: "who", Title: "Who"}, {Key: "is", Title: "Is"}}

var principalDetails = []Column{
	{Key: "principal_type", Detail: true}, {Key: "principal_id", Detail: true}, {Key: "principal_name", Detail: true}, {Key: "principal_login", Detail: true},
}

// whoCells are the cells of principalColumns.
func whoCells(o *access.Object) []string { return []string{o.Called(), isWhat(o)} }

func whoDetails(o *access.Object) []string { return []string{o.Type, o.ID, o.Name, o.Login} }

// isWhat says what a principal is, and what is particular about it.
func isWhat(o *access.Object) string {
	parts := []string{access.TypeName(o.Type, false)}
	switch {
	case o.Guest():
		parts[0] = "guest"
	case o.Type == access.TypeUser:
		parts[0] = "person"
	}
	if o.Status == access.StatusDisabled {
		parts = append(parts, "disabled")
	}
	if o.Status == access.StatusDeleted {
		parts = append(parts, "deleted")
	}
	if o.Missing {
		parts = append(parts, "not in the snapshot")
	}
	return strings.Join(parts, ", ")
}

// wayCells are how, since when and until when, and the ids of the groups on the way;
// heldAs is what a direct hold is called.
func (q *query) wayCells(ctx context.Context, way *access.Way, heldAs string) ([]string, error) {
	how := heldAs
	ids := make([]string, 0, len(way.Through))
	if len(way.Through) > 0 {
		names := make([]string, 0, len(way.Through))
		for _, ref := range way.Through {
			group, err := q.s.Object(ctx, ref)
			if err != nil {
				return nil, err
			}
			names, ids = append(names, group.Called()), append(ids, ref.ID)
		}
		how = "through " + strings.Join(names, ", in ")
		if way.Through[0].Type == access.TypeAgentIdentity { // The principal of the agent's blueprint.
			how = "inherited from " + names[0]
		}
	}
	if way.Kind == access.KindActivated {
		how += ", activated"
	}
	given, packages, err := q.givenBy(ctx, way)
	if err != nil {
		return nil, err
	}
	return []string{how + given, day(way.Since), end(way), strings.Join(ids, " "), packages}, nil
}

// givenBy says by which access packages a way is had, and until when, with their ids.
func (q *query) givenBy(ctx context.Context, way *access.Way) (string, string, error) {
	said, ids := "", make([]string, 0, len(way.Packages))
	for i := range way.Packages {
		g := &way.Packages[i]
		o, err := q.s.Object(ctx, g.Package)
		if err != nil {
			return "", "", err
		}
		link := " by access package "
		if said != "" {
			link = " and " // By either.
		}
		said += link + o.Called()
		if g.Until != "" {
			said += " until " + day(g.Until)
		}
		if g.Partly {
			said += " (delivered in part)"
		}
		ids = append(ids, g.Package.ID)
	}
	return said, strings.Join(ids, " "), nil
}

// Columns that several questions have.
var (
	whatColumn        = Column{Key: "what", Title: "What"}
	howColumn         = Column{Key: "how", Title: "How"}
	longHowColumn     = Column{Key: howColumn.Key, Title: howColumn.Title, Long: true}
	typeDetail        = Column{Key: "type", Detail: true}
	entitlementDetail = Column{Key: "entitlement_id", Detail: true}
)

var wayColumns = []Column{howColumn, {Key: "since", Title: "Since"}, {Key: "until", Title: "Until"}, {Key: "through", Detail: true}, {Key: "packages", Detail: true}}

// end is when a hold ends, in words where it does not.
func end(way *access.Way) string {
	switch {
	case way.Until != "":
		return day(way.Until)
	case way.Kind == access.KindPermanent:
		return "permanent"
	default:
		return ""
	}
}

// day is the day of a time in RFC 3339, and the minute where it is not midnight.
func day(text string) string {
	date, clock, ok := strings.Cut(text, "T")
	if !ok || strings.HasPrefix(clock, "00:00") || len(clock) < len("15:04") {
		return date
	}
	return date + " " + clock[:len("15:04")]
}

// count is a number of things in words.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// cells joins the parts of a row.
func cells(parts ...[]string) []string {
	var row []string
	for _, p := range parts {
		row = append(row, p...)
	}
	return row
}

func columns(parts ...[]Column) []Column {
	var list []Column
	for _, p := range parts {
		list = append(list, p...)
	}
	return list
}
