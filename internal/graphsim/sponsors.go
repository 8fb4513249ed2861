package graphsim

// generateSponsors gives agent identities and their blueprints the people who answer for them.
func (t *Tenant) generateSponsors() {
	for i := range t.sps {
		if kind := t.sps[i].kind; kind != spAgentIdentity && kind != spAgentBlueprint {
			continue
		}
		h := t.hash(spRef(i), saltGiven)
		t.sps[i].sponsors = t.users(below(h, t.shape.users), below(h>>32, 3))
	}
	agent, blueprint := t.firstSP(spAgentIdentity), t.firstSP(spAgentBlueprint)
	t.sps[agent.index()].sponsors = []Ref{userRef(userPlain), userRef(userOther), groupRef(GroupMicrosoft365)}
	t.sps[blueprint.index()].sponsors = []Ref{userRef(userPlain)}
}

func (c *call) sponsorsOf(r Ref) []Ref { return c.living(c.tenant.sps[r.index()].sponsors) }

// sponsors lists the sponsors of an agent, whose path may be cast to its type. What is no agent has none to list.
func sponsors(cast string) func(c *call) (reply, error) {
	list := related((*call).sponsorsOf)
	return func(c *call) (reply, error) {
		r, err := c.target()
		if err != nil {
			return reply{}, err
		}
		switch own := c.tenant.model.derivedType(c.tenant, r); {
		case own == "" && cast == "":
			return reply{}, noSegment("sponsors")
		case cast != "" && own != cast:
			return reply{}, notFound(c.id)
		default:
			return list(c)
		}
	}
}
