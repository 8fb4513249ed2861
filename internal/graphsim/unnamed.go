package graphsim

// What has no name of its own, or shares one, or has one that nobody knows.

// accessUnknown is the access of a row that came after the enumeration a client knows.
const accessUnknown = "unknownFutureValue"

// secondSubscriptions is how many rows of products there are beside the first of each: one product was bought twice.
func (t *Tenant) secondSubscriptions() int {
	if t.quirks.has(QuirkUnnamed) {
		return 1
	}
	return 0
}

// skuOf is the product of a subscribed one: the row after the last is the other subscription of the first.
func skuOf(i int) int { return i % len(skus) }

// accountOf is the account a product was bought by.
func (t *Tenant) accountOf(i int) string {
	if i >= len(skus) {
		return t.guidOf(makeRef(kindMisc, 3)).String()
	}
	return t.TenantID()
}

// partOfSeats is how many of a product's units are in one of its rows.
func (t *Tenant) partOfSeats(i, units int) int {
	second := units / 3
	switch {
	case i >= len(skus):
		return second
	case i == 0 && t.secondSubscriptions() > 0:
		return units - second
	default:
		return units
	}
}

// generateUnknownAccess makes somebody eligible for what nobody knows.
func (t *Tenant) generateUnknownAccess() {
	if t.quirks.has(QuirkUnnamed) {
		t.groupEligible.append(groupSchedule{group: GroupRoleAssignable, unknown: true, principal: userRef(userOther), of: int32(len(t.groupEligible.rows))}) //nolint:gosec // Small indexes.
	}
}

// unnamedCredentials is whether a registration or a service principal has secrets without a key id.
func (t *Tenant) unnamedCredentials(r Ref) bool {
	return t.quirks.has(QuirkUnnamed) && (r == makeRef(KindApplication, RegistrationPrototype) || r == spRef(SPDisabled))
}

// unnamed adds two secrets without a key id: made by something older than key ids.
func (k *keyring) unnamed() {
	k.add(credential{name: "migrated", lifetime: longExpired, unnamed: true})
	k.add(credential{name: "migrated", lifetime: endsInYears, unnamed: true})
}

// keyID is the key id of a credential as Graph gives it.
func (c credential) keyID() string {
	if c.unnamed {
		return ""
	}
	return c.id.String()
}
