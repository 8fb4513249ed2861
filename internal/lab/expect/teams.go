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
