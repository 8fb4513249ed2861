package graphsim

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Salts keep the aspects of one object independent of each other.
const (
	saltGiven = iota + 1
	saltFamily
	saltDepartment
	saltTitle
	saltCity
	saltCreated
	saltName
	saltShape
	saltStart
	saltStep
	saltExtra
	saltRole
	saltScope
)

const (
	mailDomain    = "contoso.com"
	partnerDomain = "partner.example"
)

// The first users each exist for a reason; the rest follow from their index.
const (
	userNobody = iota // Has neither manager nor mail.
	userAdmin         // Global Administrator.
	userOther         // Second Global Administrator; direct member of two groups of one cycle.
	userDollar        // Signs in with a name that starts with '$' (Graph known issue for addressing by name).
	userDisabledAdmin
	userPlain
	firstOrdinaryUser
)

func isAgentUser(i int) bool { return i >= firstOrdinaryUser && i%211 == 17 }

func isGuest(i int) bool { return i >= firstOrdinaryUser && !isAgentUser(i) && i%13 == 5 }

func userEnabled(i int) bool { return i != userDisabledAdmin && (i < firstOrdinaryUser || i%17 != 3) }

func userSynced(i int) bool {
	return i >= firstOrdinaryUser && !isGuest(i) && !isAgentUser(i) && i%3 == 0
}

func userHasMail(i int) bool { return i != userNobody && (i < firstOrdinaryUser || i%11 != 7) }

// manager of a user: a tree eight wide, with holes.
func (t *Tenant) manager(i int) (Ref, bool) {
	if m, written := t.written.managers[i]; written {
		return m, t.live(m)
	}
	if t.madeUser(i) || i == userNobody || isAgentUser(i) || (i >= firstOrdinaryUser && i%10 == 0) {
		return 0, false
	}
	m := userRef((i - 1) / 8)
	return m, t.live(m)
}

func (t *Tenant) givenName(i int) spelling {
	return pick(givenNames, t.hash(userRef(i), saltGiven))
}

func (t *Tenant) familyName(i int) spelling {
	return pick(familyNames, t.hash(userRef(i), saltFamily))
}

func (t *Tenant) userDisplayName(i int) string {
	if isAgentUser(i) {
		return fmt.Sprintf("Agent %s %d", pick(appNames, t.hash(userRef(i), saltName)), i)
	}
	return t.lengthened(userRef(i), t.givenName(i).shown+" "+t.familyName(i).shown)
}

// handle is the part of a sign-in name before the at sign; the index makes it unique.
func (t *Tenant) handle(i int) string {
	if i == userDollar {
		return "$svc.backup"
	}
	return fmt.Sprintf("%s.%s%d", t.givenName(i).ascii, t.familyName(i).ascii, i)
}

func (t *Tenant) userPrincipalName(i int) string {
	switch {
	case t.isCustomer(i):
		return t.id(userRef(i)) + "@" + t.Domain()
	case isGuest(i):
		return fmt.Sprintf("%s_%s#EXT#@%s", t.handle(i), partnerDomain, t.Domain())
	case isAgentUser(i):
		return fmt.Sprintf("agent%d@%s", i, mailDomain)
	default:
		return t.handle(i) + "@" + mailDomain
	}
}

// userMail is empty for users without a mailbox.
func (t *Tenant) userMail(i int) string {
	switch {
	case !userHasMail(i), t.isCustomer(i):
		return ""
	case isGuest(i):
		return t.handle(i) + "@" + partnerDomain
	default:
		return t.userPrincipalName(i)
	}
}

func (t *Tenant) proxyAddresses(i int) []string {
	mail := t.userMail(i)
	if mail == "" {
		return []string{}
	}
	out := []string{"SMTP:" + mail}
	if i%4 == 1 && !isGuest(i) {
		out = append(out, "smtp:"+t.handle(i)+"@"+t.Domain())
	}
	return append(out, t.aliases(i)...)
}

func (t *Tenant) otherMails(i int) []string {
	if !t.isCustomer(i) && (isGuest(i) || i%9 == 2) {
		return []string{strings.TrimPrefix(t.handle(i), "$") + "@mail.example"}
	}
	return []string{}
}

func employeeID(i int) string {
	if i < firstOrdinaryUser || i%5 == 4 || isGuest(i) || isAgentUser(i) {
		return ""
	}
	return fmt.Sprintf("E%06d", i)
}

// findUserByName resolves a sign-in name, as Graph lets a single user be addressed. Callers hold t.mu.
func (t *Tenant) findUserByName(name string) (Ref, bool) {
	name = strings.ToLower(name)
	rows, keys := t.bySignInName()
	for i := sort.SearchStrings(keys, name); i < len(keys) && keys[i] == name; i++ {
		if t.live(rows[i]) {
			return rows[i], true
		}
	}
	return 0, false
}

// timestamp is a moment between 2016 and 2025 that belongs to an object.
func (t *Tenant) timestamp(r Ref, salt uint64) string {
	const span = 9 * 365 * 24 * 3600
	start := time.Date(2016, 3, 1, 8, 0, 0, 0, time.UTC)
	offset := time.Duration(t.hash(r, salt)%span) * time.Second
	return start.Add(offset).Format(time.RFC3339)
}
