package nouns

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// sourceDirectory is what jobs that provision out of a tenant call it.
const sourceDirectory = "Azure Active Directory"

// ruleOf is the id of the rule of a service principal's job.
func ruleOf(t *directory.Tenant, r directory.Ref) string { return "5eed0001" + t.IDOf(r)[8:] }

// ProvisionsPeople is whether the rule of a service principal's job maps users; that of others maps groups alone.
func ProvisionsPeople(r directory.Ref) bool {
	return r.Index() == directory.SPGallery || r.Index()%2 == 0
}

// getSchema answers the rules of a provisioning job (synchronization-synchronizationschema-get).
func getSchema(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	if id := JobOf(c.Tenant, r); id == "" || id != c.Related {
		return api.Reply{}, api.NotFound(c.Related)
	}
	mapping := func(object string, enabled bool) map[string]any {
		return map[string]any{
			"enabled": enabled, "flowTypes": "Add, Update, Delete", "name": "Provision " + sourceDirectory + " " + object + "s",
			"sourceObjectName": object, "targetObjectName": object, "attributeMappings": []any{}, "metadata": []any{}, "scope": nil,
		}
	}
	return odata.PlainObject(c, "servicePrincipals('"+c.Tenant.IDOf(r)+"')/synchronization/jobs('"+c.Related+"')/schema/$entity", map[string]any{
		"id": c.Related, "version": "v1.4", "directories": []any{},
		"synchronizationRules": []any{map[string]any{
			"editable": true, "id": ruleOf(c.Tenant, r), "name": "USER_OUTBOUND_USER", "priority": 1, "metadata": []any{}, "groupFilter": nil, "containerFilter": nil,
			"sourceDirectoryName": sourceDirectory, "targetDirectoryName": c.Tenant.SPName(r.Index()),
			"objectMappings": []any{mapping("Group", true), mapping("User", ProvisionsPeople(r))},
		}},
	})
}

// startJob starts a job, which is run at once here; a pause and a quarantine end (synchronization-synchronizationjob-start).
func startJob(c *api.Call) (api.Reply, error) {
	r, err := ownJob(c)
	if err != nil {
		return api.Reply{}, err
	}
	entitled := map[directory.Ref]bool{}
	viewed(c, func(t *directory.Tenant) {
		for i := range t.Count(directory.KindUser) {
			if u := directory.UserRef(i); t.Live(u) && t.Entitled(r, u) {
				entitled[u] = true
			}
		}
	})
	c.Commit(api.LagWrites, append(c.IDsOf(r), c.Related), func(t *directory.Tenant) {
		job := t.Written.Jobs[r]
		job.Paused = false
		for i := range t.Count(directory.KindUser) {
			job, _ = job.Carried(directory.UserRef(i), entitled[directory.UserRef(i)])
		}
		t.Written.Jobs[r] = job
		t.Written.Restarted[r] = struct{}{}
	})
	return api.Done(), nil
}

// viewed looks at the directory as reads show it: the provisioning service is behind, too.
func viewed(c *api.Call, look func(t *directory.Tenant)) {
	shown := c.Graph.View()
	if shown != c.Tenant {
		shown.RLock()
		defer shown.RUnlock()
	}
	look(shown)
}

// onDemand is what POST provisionOnDemand takes.
type onDemand struct {
	Parameters []struct {
		RuleID   string `json:"ruleId"`
		Type     string `json:"@odata.type"`
		Subjects []struct {
			ObjectID   string `json:"objectId"`
			ObjectType string `json:"objectTypeName"`
			Type       string `json:"@odata.type"`
		} `json:"subjects"`
	} `json:"parameters"`
}

// provisionOnDemand carries one person over (synchronization-synchronizationjob-provisionondemand).
func provisionOnDemand(c *api.Call) (api.Reply, error) {
	r, err := ownJob(c)
	if err != nil {
		return api.Reply{}, err
	}
	var body onDemand
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	if len(body.Parameters) != 1 || len(body.Parameters[0].Subjects) != 1 {
		return api.Reply{}, api.BadSyntax("Exactly one object can be provisioned on demand.")
	}
	asked, subject := body.Parameters[0], body.Parameters[0].Subjects[0]
	user, found := c.Tenant.Find(directory.KindUser, subject.ObjectID)
	switch {
	case asked.RuleID != ruleOf(c.Tenant, r):
		return api.Reply{}, &api.Error{Status: http.StatusBadRequest, Code: "InvalidSynchronizationRule", Message: "The schema of the job has no rule '" + asked.RuleID + "'."}
	case subject.ObjectType != "User" || !ProvisionsPeople(r):
		return api.Reply{}, &api.Error{Status: http.StatusBadRequest, Code: "UnsupportedObjectType", Message: "No enabled mapping of the rule is for objects of the type '" + subject.ObjectType + "'."}
	case !found || !c.Present(user):
		return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "SourceObjectNotFound", Message: "The object was not found in the source directory."}
	}
	entitled := false
	viewed(c, func(t *directory.Tenant) { entitled = t.Entitled(r, user) })
	_, changes := c.Tenant.Written.Jobs[r].Carried(user, entitled)
	key := `{"result":"Success","details":{}}`
	switch {
	case changes:
		c.Commit(api.LagWrites, append(c.IDsOf(r, user), c.Related), func(t *directory.Tenant) {
			t.Written.Jobs[r], _ = t.Written.Jobs[r].Carried(user, entitled)
		})
	case entitled:
		key = `{"result":"Skipped","details":{"errorCode":"RedundantExport","errorMessage":"The state of the user in both the source and target systems already match."}}`
	default:
		key = `{"result":"Skipped","details":{"errorCode":"NotEffectivelyEntitled","errorMessage":"The user is not assigned to the application."}}`
	}
	return odata.PlainObject(c, "microsoft.graph.stringKeyStringValuePair", map[string]any{"key": key, "value": `{"sourceIdentity":{"id":"` + strings.ToLower(subject.ObjectID) + `"}}`})
}
