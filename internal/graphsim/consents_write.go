package graphsim

// consentOf is the consent in the path.
func (c *call) consentOf() (Ref, error) {
	for i := range c.tenant.consents {
		if r := makeRef(KindConsent, i); c.tenant.consentID(i) == c.id && c.tenant.live(r) {
			return r, nil
		}
	}
	return 0, notFound(c.id)
}

// getConsent answers one delegated permission grant.
func (c *call) getConsent() (reply, error) {
	r, err := c.consentOf()
	if err != nil {
		return reply{}, err
	}
	return c.entity("oauth2PermissionGrants", r, false, optionSet(optSelect))
}

// deleteConsent takes a delegated permission grant back.
func (c *call) deleteConsent() (reply, error) {
	r, err := c.consentOf()
	if err != nil {
		return reply{}, err
	}
	c.commit(lagWrites, c.idsOf(r), func(t *Tenant) { t.remove(r) })
	return done(), nil
}
