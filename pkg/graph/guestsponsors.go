package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Guest is a guest with those who answer for the guest in the tenant: people and
// groups (https://learn.microsoft.com/graph/api/user-list-sponsors).
type Guest struct {
	ID       string `json:"id"`
	UserType string `json:"userType"`
	// Sponsors are up to ExpandLimit; nil where the row does not have them.
	Sponsors []NamedReference `json:"sponsors"`
}

// IsGuest reports whether the row is a guest's: not all forms choose.
func (g *Guest) IsGuest() bool { return IsGuest(g.UserType) }

// IsGuest reports whether a userType is that of guests.
func IsGuest(userType string) bool { return userType == userTypeGuest }

// Expanded are the sponsors without their names.
func (g *Guest) Expanded() Expanded {
	if g.Sponsors == nil {
		return nil
	}
	expanded := make(Expanded, 0, len(g.Sponsors))
	for _, s := range g.Sponsors {
		expanded = append(expanded, s.Reference)
	}
	return expanded
}

// NamedReference is a directory object with its name.
type NamedReference struct {
	Reference
	DisplayName string `json:"displayName"`
}

const userTypeGuest = "Guest"

const relationSponsors = "sponsors"

var guestList = sending.Query{
	Path: pathUsers, Fields: []string{"id", "userType"}, Filter: sending.AnyOf("userType", userTypeGuest),
	Expand: relationSponsors + "($select=id,displayName)", Top: sending.MaxPageSize,
}

// guestSponsors is the ladder of ListGuests.
var guestSponsors = &forms.Ladder{
	Name: "sponsors of guests", Path: pathUsers, Has: "$expand=" + relationSponsors,
	Steps: []forms.Step{
		{Form: "chosen by the service, with ids and names of sponsors"},
		{Form: "with the whole of the sponsors", Plainer: forms.WholeExpand},
		{Form: "without sponsors, which are read by themselves", Plainer: forms.WithoutExpand},
		{Form: "chosen here", Plainer: forms.WithoutFilter},
		{Form: "pages of Graph's own size", Plainer: forms.WithoutTop},
	},
}

// ListGuests reads one page of the tenant's guests with their sponsors. Rows of
// others can be among them. next is empty for the first page, or Page.Next of the
// page before. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list-sponsors).
func (c *Client) ListGuests(ctx context.Context, next string) (*sending.Page[Guest], error) {
	return sending.GetPage[Guest](ctx, c.Sender, sending.OrFirst(next, guestList))
}

// SponsorsRef is the first page of a guest's sponsors, in full.
func SponsorsRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("users", id, relationSponsors), Fields: []string{"id", "displayName"}, Top: sending.MaxPageSize}.String()
}

// Sponsors reads the sponsors of one guest.
func (c *Client) Sponsors(ctx context.Context, id string) ([]NamedReference, error) {
	return sending.All[NamedReference](ctx, c.Sender, sending.Query{
		Path: sending.ObjectPath("users", id, relationSponsors), Fields: []string{"id", "displayName"}, Top: sending.MaxPageSize,
	})
}
