package expect

// inherited gives which agents were made from which blueprint, and what they have by it.
func (b *builder) inherited() {
	if b.o.NoInherited {
		return
	}
	for i := range b.truth.ServicePrincipals {
		if sp := &b.truth.ServicePrincipals[i]; sp.Blueprint {
			b.add(Entitlement, typeAgent+":"+sp.ID+":agent")
		}
	}
	for i := range b.truth.ServicePrincipals {
		sp := &b.truth.ServicePrincipals[i]
		if sp.BlueprintID == "" || b.types[sp.BlueprintID] != typeAgent {
			continue
		}
		edge := Edge(typeAgent+":"+sp.BlueprintID+":agent", typeAgent, sp.ID)
		b.add(Direct, edge)
		b.add(Effective, edge)
	}
	for _, p := range b.truth.Inherited {
		switch {
		case p.AppRoleID != "" && b.types[p.ResourceID] == typeApplication:
			b.add(Effective, Edge(appRole(p.ResourceID, p.AppRoleID), typeAgent, p.AgentID))
		case p.ConsentID != "" && !b.o.NoConsents:
			b.add(Effective, Edge(typeConsent+":"+p.ConsentID+":granted", typeAgent, p.AgentID))
		}
	}
}
