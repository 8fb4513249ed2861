package graphsim

import "time"

func (a *Authority) settings() tokenSettings {
	a.setMu.RLock()
	defer a.setMu.RUnlock()
	return a.set
}

func (a *Authority) change(edit func(*tokenSettings)) {
	a.setMu.Lock()
	defer a.setMu.Unlock()
	edit(&a.set)
}

// SetPermissions says which application permissions the next tokens carry.
func (a *Authority) SetPermissions(names ...string) {
	a.change(func(set *tokenSettings) { set.permissions = append([]string(nil), names...) })
}

// SetTokenLifetime says how long the next access tokens are good for.
func (a *Authority) SetTokenLifetime(d time.Duration) {
	a.change(func(set *tokenSettings) { set.lifetime = d })
}

// SetTokenAudience makes the next access tokens good for another resource than this Graph; empty for this one.
func (a *Authority) SetTokenAudience(audience string) {
	a.change(func(set *tokenSettings) { set.audience = audience })
}

// SetTokenValidity says how long access tokens are good for whatever they say themselves, as when access is revoked;
// zero for as long as they say.
func (a *Authority) SetTokenValidity(d time.Duration) {
	a.change(func(set *tokenSettings) { set.validity = d })
}
