package nouns

import (
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// deleteFederatedCredential ends the trust in another issuer (federatedidentitycredential-delete).
func deleteFederatedCredential(c *api.Call) (api.Reply, error) {
	r, err := ownedSubject(c)
	if err != nil {
		return api.Reply{}, err
	}
	for _, one := range c.Tenant.FederatedOf(r.Index()) {
		if strings.EqualFold(c.Tenant.IDOf(one), c.Related) {
			c.Commit(api.LagWrites, c.IDsOf(r, one), func(t *directory.Tenant) { t.Remove(one) })
			return api.Done(), nil
		}
	}
	return api.Reply{}, api.NotFound(c.Related)
}

func listFederatedCredentials(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	set := fmt.Sprintf("applications('%s')/%s", c.Tenant.IDOf(r), directory.RelationFederated)
	return odata.List(c, odata.Refs(set, c.Tenant.Model.Of(directory.KindFederatedCredential), c.Tenant.FederatedOf(r.Index())), assignedOptions)
}

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
func addPassword(c *api.Call) (api.Reply, error) {
	r, err := ownedSubject(c)
	if err != nil {
		return api.Reply{}, err
	}
	var body addPasswordBody
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	id, _ := directory.ParseGUID(api.NewRequestID())
	made := directory.Credential{ID: id, Thumb: id}
	if made.Lifetime, err = secretLifetime(c, body); err != nil {
		return api.Reply{}, err
	}
	if body.Credential.Name != nil {
		made.Name = *body.Credential.Name
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), id.String()), func(t *directory.Tenant) { directory.AddTo(t.Written.Secrets, r, made) })
	secret := api.RandomText(30)
	return odata.PlainObject(c, "microsoft.graph.passwordCredential", map[string]any{
		"customKeyIdentifier": nil, "displayName": directory.OrNull(made.Name), "endDateTime": made.Lifetime.End, "startDateTime": made.Lifetime.Start,
		"hint": made.Hint(), "keyId": id.String(), "secretText": secret,
	})
}

func secretLifetime(c *api.Call, body addPasswordBody) (directory.Lifetime, error) {
	start := c.Graph.Now().UTC()
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
			return directory.Lifetime{}, api.InvalidValue(one.name, "PasswordCredential")
		}
		*one.into = at
	}
	if !end.After(start) {
		return directory.Lifetime{}, api.BadRequest("The end of a credential has to be later than its start.")
	}
	return directory.Lifetime{Start: start.Format(time.RFC3339), End: end.Format(time.RFC3339)}, nil
}

// removePassword takes a secret away. One that was made a moment ago is not known yet.
func removePassword(c *api.Call) (api.Reply, error) {
	r, err := ownedSubject(c)
	if err != nil {
		return api.Reply{}, err
	}
	var body struct {
		KeyID string `json:"keyId"`
		Type  string `json:"@odata.type"`
	}
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	id, ok := directory.ParseGUID(body.KeyID)
	if !ok || !c.Tenant.HasSecret(r, id) || !showsSecret(c, r, id) {
		return api.Reply{}, api.BadRequest("No password credential found with keyId '%s'.", body.KeyID)
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), id.String()), func(t *directory.Tenant) { t.Written.Revoked[id] = struct{}{} })
	return api.Done(), nil
}

// ownedSubject is the application or service principal in the path, if the caller may change it.
func ownedSubject(c *api.Call) (directory.Ref, error) {
	r, err := c.Subject()
	if err == nil {
		err = checkOwned(c, r)
	}
	return r, err
}

func showsSecret(c *api.Call, r directory.Ref, id directory.GUID) bool {
	shown := c.Graph.View()
	if shown == c.Tenant {
		return true
	}
	shown.RLock()
	defer shown.RUnlock()
	return shown.HasSecret(r, id)
}
