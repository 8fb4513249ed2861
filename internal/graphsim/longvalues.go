package graphsim

import (
	"fmt"
	"strings"
)

const (
	// longName is how many characters the longest names have (user, group and application display names).
	longName = 256
	// redirectAddresses is how many addresses an application sends people back to.
	redirectAddresses = 20
	longStep          = 23 // How many objects there are to one with such a name.
	manyAddresses     = 60
	someAddresses     = 10
)

// lengthened is the name of an object, of one in so many filled up to the greatest length.
func (t *Tenant) lengthened(r Ref, name string) string {
	if !t.quirks.has(QuirkLongValues) || r.index()%longStep != 5 {
		return name
	}
	return fill(name, " (formerly known under another name, and before the merger under a third)", longName)
}

// fill repeats a text behind a name up to a number of characters.
func fill(name, text string, characters int) string {
	all := []rune(name + strings.Repeat(text, characters/len(text)+1))
	return strings.TrimRight(string(all[:min(len(all), characters)]), " ")
}

// aliases are the further proxy addresses of a user: many have some, some have many.
func (t *Tenant) aliases(i int) []string {
	if !t.quirks.has(QuirkLongValues) {
		return nil
	}
	count := 0
	switch {
	case i%50 == 21:
		count = manyAddresses
	case i%3 == 1:
		count = someAddresses
	}
	handle := t.handle(i)
	out := make([]string, 0, count)
	for n := range count {
		out = append(out, fmt.Sprintf("smtp:alias%d.%s@%s", n, handle, mailDomain))
	}
	return out
}

// redirects are the addresses a registration or a service principal sends people back to.
func (t *Tenant) redirects(own string) []string {
	if !t.quirks.has(QuirkLongValues) {
		return []string{}
	}
	out := make([]string, 0, redirectAddresses)
	for n := range redirectAddresses {
		out = append(out, fmt.Sprintf("https://stage%d.%s.apps.%s/signin-oidc/callback", n, own, mailDomain))
	}
	return out
}

type webApplication struct {
	HomePage  *string        `json:"homePageUrl"`
	Logout    *string        `json:"logoutUrl"`
	Redirects []string       `json:"redirectUris"`
	Settings  []redirectAddr `json:"redirectUriSettings"`
}

type redirectAddr struct {
	Index *int   `json:"index"`
	URI   string `json:"uri"`
}

// registrationWeb is what an application says of its web client.
func registrationWeb(t *Tenant, n int) any {
	web := webApplication{Redirects: t.redirects(fmt.Sprintf("app%d", n)), Settings: []redirectAddr{}}
	for _, uri := range web.Redirects {
		web.Settings = append(web.Settings, redirectAddr{URI: uri})
	}
	return web
}
