package graphsim

import (
	"slices"
	"time"
)

// secretYears is how long a secret is good for when the request does not say.
const secretYears = 2

// addPasswordBody is what addPassword takes.
type addPasswordBody struct {
	Credential struct {
		Name  *string `json:"displayName"`
		Start *string `json:"startDateTime"`
		End   *string `json:"endDateTime"`
		Type  string  `json:"@odata.type"`
	} `json:"passwordCredential"`
}

// addPassword makes a secret of an application or a service principal. Its text is in this answer, and nowhere else.
func (c *call) addPassword() (reply, error) {
	r, err := c.ownedSubject()
	if err != nil {
		return reply{}, err
	}
	var body addPasswordBody
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	id, _ := parseGUID(newRequestID())
	made := credential{id: id, thumb: id}
	if made.lifetime, err = c.secretLifetime(body); err != nil {
		return reply{}, err
	}
	if body.Credential.Name != nil {
		made.name = *body.Credential.Name
	}
	c.commit(lagWrites, append(c.idsOf(r), id.String()), func(t *Tenant) { with(t.written.secrets, r, made) })
	secret := randomText(30)
	return c.plainObject("microsoft.graph.passwordCredential", map[string]any{
		"customKeyIdentifier": nil, "displayName": orNull(made.name), "endDateTime": made.lifetime.end, "startDateTime": made.lifetime.start,
		"hint": made.hint(), "keyId": id.String(), "secretText": secret,
	})
}

func (c *call) secretLifetime(body addPasswordBody) (lifetime, error) {
	start := c.graph.now().UTC()
	end := start.AddDate(secretYears, 0, 0)
	for _, one := range []struct {
		name  string
		given *string
		into  *time.Time
	}{{"startDateTime", body.Credential.Start, &start}, {"endDateTime", body.Credential.End, &end}} {
		if one.given == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339, *one.given)
		if err != nil {
			return lifetime{}, invalidValue(one.name, "PasswordCredential")
		}
		*one.into = at
	}
	if !end.After(start) {
		return lifetime{}, badRequest("The end of a credential has to be later than its start.")
	}
	return lifetime{start: start.Format(time.RFC3339), end: end.Format(time.RFC3339)}, nil
}

// removePassword takes a secret away. One that was made a moment ago is not known yet.
func (c *call) removePassword() (reply, error) {
	r, err := c.ownedSubject()
	if err != nil {
		return reply{}, err
	}
	var body struct {
		KeyID string `json:"keyId"`
		Type  string `json:"@odata.type"`
	}
	if err := c.decode(&body); err != nil {
		return reply{}, err
	}
	id, ok := parseGUID(body.KeyID)
	if !ok || !c.tenant.hasSecret(r, id) || !c.showsSecret(r, id) {
		return reply{}, badRequest("No password credential found with keyId '%s'.", body.KeyID)
	}
	c.commit(lagWrites, append(c.idsOf(r), id.String()), func(t *Tenant) { t.written.revoked[id] = struct{}{} })
	return done(), nil
}

// ownedSubject is the application or service principal in the path, if the caller may change it.
func (c *call) ownedSubject() (Ref, error) {
	r, err := c.subject()
	if err == nil {
		err = c.checkOwned(r)
	}
	return r, err
}

func (t *Tenant) hasSecret(r Ref, id guid) bool {
	return slices.ContainsFunc(t.credentialsOf(r), func(k credential) bool { return k.id == id && k.secret() })
}

func (c *call) showsSecret(r Ref, id guid) bool {
	shown := c.graph.view()
	if shown == c.tenant {
		return true
	}
	shown.mu.RLock()
	defer shown.mu.RUnlock()
	return shown.hasSecret(r, id)
}
