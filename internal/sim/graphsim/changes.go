package graphsim

import (
	"fmt"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// The changes below happen to the directory by other hands than the client's, and show in reads at once.

// Delete removes an object, its memberships and its assignments.
func (s *Server) Delete(kind directory.Kind, id string) error {
	return s.onBoth(func(t *directory.Tenant) error { return t.Delete(kind, id) })
}

// Rename gives a user or a group another display name.
func (s *Server) Rename(kind directory.Kind, id, name string) error {
	return s.changeObject(kind, id, func(t *directory.Tenant, r directory.Ref) error {
		t.Set(r, map[string]any{"displayName": name})
		return nil
	})
}

// AddMember makes a user or a group a member of a group, if it is none.
func (s *Server) AddMember(groupID string, kind directory.Kind, id string) error {
	return s.changeObject(kind, id, func(t *directory.Tenant, r directory.Ref) error {
		g, found := t.Find(directory.KindGroup, groupID)
		if !found {
			return fmt.Errorf("%w: %s", directory.ErrUnknownObject, groupID)
		}
		if !t.IsMember(g.Index(), r) {
			t.LinkGroup(g.Index(), directory.RelationMembers, r)
		}
		return nil
	})
}

// RemoveMember takes a user or a group out of a group, if it is in there.
func (s *Server) RemoveMember(groupID string, kind directory.Kind, id string) error {
	return s.changeObject(kind, id, func(t *directory.Tenant, r directory.Ref) error {
		g, found := t.Find(directory.KindGroup, groupID)
		if !found {
			return fmt.Errorf("%w: %s", directory.ErrUnknownObject, groupID)
		}
		if t.IsMember(g.Index(), r) {
			t.UnlinkGroup(g.Index(), directory.RelationMembers, r)
		}
		return nil
	})
}

// AddUser makes a user and gives their id.
func (s *Server) AddUser(name string) (string, error) {
	var id string
	err := s.onBoth(func(t *directory.Tenant) error {
		t.Lock()
		defer t.Unlock()
		r := directory.UserRef(t.Shape.Users + max(directory.DeletedUsers, t.Written.Users))
		t.Written.Any = true
		t.PlaceUser(r, map[string]any{
			"displayName": name, "userPrincipalName": name + "@" + directory.MailDomain, "mailNickname": name, "accountEnabled": true, "userType": "Member",
			"createdDateTime": s.graph.Now().UTC().Format("2006-01-02T15:04:05Z"), nouns.ExtensionsProperty: nouns.MergedExtensions(nil, nil),
		})
		id = t.IDOf(r)
		return nil
	})
	return id, err
}

// AddGroup makes a security group without members and gives its id.
func (s *Server) AddGroup(name string) (string, error) {
	var id string
	err := s.onBoth(func(t *directory.Tenant) error {
		t.Lock()
		defer t.Unlock()
		id = t.IDOf(directory.GroupRef(len(t.Groups)))
		t.Written.Any = true
		t.PlaceGroup(directory.Group{Label: name}, map[string]any{
			"displayName": name, "mailNickname": name, "mailEnabled": false, "securityEnabled": true, "groupTypes": []string{},
			"createdDateTime": s.graph.Now().UTC().Format("2006-01-02T15:04:05Z"),
		})
		return nil
	})
	return id, err
}

// onBoth changes the directory, and what reads are shown where that is another.
func (s *Server) onBoth(change func(*directory.Tenant) error) error {
	defer s.graph.Directory.Recount()
	if shown := s.graph.View(); shown != s.graph.Directory {
		defer shown.Recount()
		if err := change(shown); err != nil {
			return err
		}
	}
	return change(s.graph.Directory)
}

// SignInKind is how somebody signs in.
type SignInKind int

// The ways to sign in.
const (
	SignInByPerson SignInKind = iota
	SignInByClient
	SignInFailed
)

// LetSignIn lets a person sign in, or try to.
func (s *Server) LetSignIn(id string, at time.Time, how SignInKind) error {
	return s.changeObject(directory.KindUser, id, func(t *directory.Tenant, r directory.Ref) error {
		prop, _ := t.Model.Of(directory.KindUser).Property(directory.SignInProperty)
		activity, _ := prop.Value(t, r.Index()).(schema.SignInActivity) // Who never did has none.
		moment := at.UTC().Format(time.RFC3339)
		switch how {
		case SignInByClient:
			activity.LastNonInteractive, activity.LastSuccessful = moment, moment
		case SignInFailed:
			activity.LastSignIn = moment
		default:
			activity.LastSignIn, activity.LastSuccessful = moment, moment
		}
		t.Set(r, map[string]any{directory.SignInProperty: activity})
		return nil
	})
}

// changeObject changes what has to do with one object.
func (s *Server) changeObject(kind directory.Kind, id string, change func(*directory.Tenant, directory.Ref) error) error {
	return s.onBoth(func(t *directory.Tenant) error {
		t.Lock()
		defer t.Unlock()
		r, ok := t.Find(kind, id)
		if !ok {
			return fmt.Errorf("%w: %s", directory.ErrUnknownObject, id)
		}
		t.Written.Any = true
		return change(t, r)
	})
}

// DropAppRole has an application declare an app role no more, by its place. Whoever was assigned to it stays in the lists.
func (s *Server) DropAppRole(application string, role int) error {
	return s.changeObject(directory.KindServicePrincipal, application, func(t *directory.Tenant, r directory.Ref) error {
		sp := &t.SPs[r.Index()]
		sp.Roles = slices.Clone(sp.Roles) // Shared with what reads show.
		sp.Roles[role].Dropped = true
		return nil
	})
}

// GrantInAppScope gives a user a directory role within a scope that only an application knows.
func (s *Server) GrantInAppScope(user string, role int) error {
	return s.changeObject(directory.KindUser, user, func(t *directory.Tenant, r directory.Ref) error {
		t.GrantRole(t.Active, directory.RoleAssignment{
			Principal: r, Role: role, Scope: directory.AppScope, Given: directory.Period{Start: s.graph.Now().UTC().Format(time.RFC3339)},
		})
		return nil
	})
}

// Edit changes properties of an object as clients see them, with whatever a directory may hold: older rules, other
// tools and other directories let names through that Graph's own writes refuse. A value is a string, a list of strings,
// or a json.RawMessage that is sent as it stands.
func (s *Server) Edit(kind directory.Kind, id string, values map[string]any) error {
	tenants := []*directory.Tenant{s.graph.Directory}
	if shown := s.graph.View(); shown != s.graph.Directory {
		tenants = append(tenants, shown)
	}
	for _, t := range tenants {
		if err := t.Edit(kind, id, values); err != nil {
			return err
		}
	}
	return nil
}
