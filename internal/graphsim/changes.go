package graphsim

import "fmt"

// The changes below happen to the directory by other hands than the client's, and show in reads at once.

// Delete removes an object, its memberships and its assignments.
func (s *Server) Delete(kind Kind, id string) error {
	return s.onBoth(func(t *Tenant) error { return t.Delete(kind, id) })
}

// Rename gives a user or a group another display name.
func (s *Server) Rename(kind Kind, id, name string) error {
	return s.changeObject(kind, id, func(t *Tenant, r Ref) error {
		t.set(r, map[string]any{"displayName": name})
		return nil
	})
}

// AddMember makes a user or a group a member of a group, if it is none.
func (s *Server) AddMember(groupID string, kind Kind, id string) error {
	return s.changeObject(kind, id, func(t *Tenant, r Ref) error {
		g, found := t.find(KindGroup, groupID)
		if !found {
			return fmt.Errorf("%w: %s", ErrUnknownObject, groupID)
		}
		if !t.isMember(g.index(), r) {
			t.linkGroup(g.index(), relationMembers, r)
		}
		return nil
	})
}

// RemoveMember takes a user or a group out of a group, if it is in there.
func (s *Server) RemoveMember(groupID string, kind Kind, id string) error {
	return s.changeObject(kind, id, func(t *Tenant, r Ref) error {
		g, found := t.find(KindGroup, groupID)
		if !found {
			return fmt.Errorf("%w: %s", ErrUnknownObject, groupID)
		}
		if t.isMember(g.index(), r) {
			t.unlinkGroup(g.index(), relationMembers, r)
		}
		return nil
	})
}

// AddUser makes a user and gives their id.
func (s *Server) AddUser(name string) (string, error) {
	var id string
	err := s.onBoth(func(t *Tenant) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		r := userRef(t.shape.users + max(deletedUsers, t.written.users))
		t.written.any = true
		t.placeUser(r, map[string]any{
			"displayName": name, "userPrincipalName": name + "@" + mailDomain, "mailNickname": name, "accountEnabled": true, "userType": "Member",
			"createdDateTime": s.graph.now().UTC().Format("2006-01-02T15:04:05Z"), extensionsProperty: mergedExtensions(nil, nil),
		})
		id = t.id(r)
		return nil
	})
	return id, err
}

// AddGroup makes a security group without members and gives its id.
func (s *Server) AddGroup(name string) (string, error) {
	var id string
	err := s.onBoth(func(t *Tenant) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		id = t.id(groupRef(len(t.groups)))
		t.written.any = true
		t.placeGroup(group{label: name}, map[string]any{
			"displayName": name, "mailNickname": name, "mailEnabled": false, "securityEnabled": true, "groupTypes": []string{},
			"createdDateTime": s.graph.now().UTC().Format("2006-01-02T15:04:05Z"),
		})
		return nil
	})
	return id, err
}

// onBoth changes the directory, and what reads are shown where that is another.
func (s *Server) onBoth(change func(*Tenant) error) error {
	defer s.graph.directory.recount()
	if shown := s.graph.view(); shown != s.graph.directory {
		defer shown.recount()
		if err := change(shown); err != nil {
			return err
		}
	}
	return change(s.graph.directory)
}

// changeObject changes what has to do with one object.
func (s *Server) changeObject(kind Kind, id string, change func(*Tenant, Ref) error) error {
	return s.onBoth(func(t *Tenant) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		r, ok := t.find(kind, id)
		if !ok {
			return fmt.Errorf("%w: %s", ErrUnknownObject, id)
		}
		t.written.any = true
		return change(t, r)
	})
}
