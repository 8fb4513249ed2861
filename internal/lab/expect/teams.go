package expect

// consentedInGroups gives what applications may do in single groups: what nobody in the
// snapshot has is not offered.
func (b *builder) consentedInGroups() {
	if !b.o.ResourceConsents {
		return
	}
	for _, c := range b.truth.ResourceConsents {
		if b.groups[c.GroupID] == nil || b.types[c.Principal.ID] == "" {
			continue
		}
		entitlement := typeGroup + ":" + c.GroupID + ":" + c.Kind + "." + c.Permission
		b.add(Entitlement, entitlement)
		b.hold(entitlement, c.Principal)
	}
}

// channels gives private and shared channels, and who is in them.
func (b *builder) channels() {
	if !b.o.Channels {
		return
	}
	slugs := []string{slugMember, slugOwner}
	if b.o.NoChannelMembers {
		slugs = nil
	}
	for _, c := range b.truth.Channels {
		b.resource(typeChannel, c.TeamID+":"+c.ID, slugs...)
	}
	if b.o.NoChannelMembers {
		return
	}
	for _, m := range b.truth.ChannelMembers {
		b.hold(typeChannel+":"+m.TeamID+":"+m.ChannelID+":"+m.Role, m.Principal)
	}
}
