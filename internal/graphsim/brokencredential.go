package graphsim

import (
	"bytes"
	"fmt"
	"slices"
)

// flexibleCredential is the place of the flexible federated credential among those of its registration.
const flexibleCredential = 1

// hasFlexible is whether a registration was given a flexible federated credential, whose subject is null.
func (t *Tenant) hasFlexible(n int) bool {
	return n == RegistrationNested || n > firstRandomRegistration && n == len(t.sps)/4
}

func (t *Tenant) flexible(r Ref) bool {
	return r.Kind() == KindFederatedCredential && r.index()%federatedPerApp == flexibleCredential && t.hasFlexible(r.index()/federatedPerApp)
}

// unreadableFederated is whether the federated credentials of a registration cannot be read: one of them is flexible.
func (t *Tenant) unreadableFederated(n int) bool {
	return t.quirks.has(QuirkFlexibleCredential) && t.hasFlexible(n) && slices.ContainsFunc(t.federatedOf(n), t.flexible)
}

// breakOff notes that the answer ends here, in the middle of what is written.
func (c *call) breakOff(buf []byte, r Ref) {
	if c.brokenAt == 0 && c.tenant.flexible(r) && c.unkind(QuirkFlexibleCredential) {
		c.brokenAt = len(buf)
	}
}

// broken is an answer as far as it came, with the error that was met spliced in.
func (c *call) broken(out reply) reply {
	if c.brokenAt == 0 || c.brokenAt > len(out.body) {
		return out
	}
	refusal := c.errorReply(&graphError{status: 500, code: "InternalServerError", message: "Object reference not set to an instance of an object."})
	out.body = append(slices.Clone(out.body[:c.brokenAt]), bytes.TrimPrefix(refusal.body, []byte(byteOrderMark))...)
	out.broken = true
	return out
}

// brokenItem stands for the broken answer of an item until the envelope is written.
func brokenItem(id string) []byte { return appendJSON(nil, fmt.Sprintf("broken off %q", id)) }

// splice puts broken answers into an envelope, which is no JSON any more.
func splice(envelope []byte, broken map[string][]byte) []byte {
	for id, body := range broken {
		envelope = bytes.Replace(envelope, brokenItem(id), body, 1)
	}
	return envelope
}
