package entitlements

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// requestBody is what POST assignmentRequests takes of an administrator.
type requestBody struct {
	Type          string  `json:"@odata.type"`
	RequestType   string  `json:"requestType"`
	Justification *string `json:"justification"`
	Assignment    struct {
		Type     string  `json:"@odata.type"`
		ID       *string `json:"id"`
		TargetID *string `json:"targetId"`
		PolicyID *string `json:"assignmentPolicyId"`
		Package  *string `json:"accessPackageId"`
	} `json:"assignment"`
	Schedule *struct {
		Type       string  `json:"@odata.type"`
		Start      *string `json:"startDateTime"`
		Expiration *struct {
			Type     string  `json:"@odata.type"`
			Kind     string  `json:"type"`
			End      *string `json:"endDateTime"`
			Duration *string `json:"duration"`
		} `json:"expiration"`
	} `json:"schedule"`
}

// The states that requests go through, and what they are refused with.
const (
	stateSubmitted = "submitted"
	// CodeExisting is the refusal of a package that is held, or on its way.
	CodeExisting = "ExistingGrant"
	codeInvalid  = "InvalidModel"
	codeNoPolicy = "PolicyNotFound"
)

func refused(code, message string) error {
	return &api.Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// ask takes a request to assign a package, or to take one away. It is carried out while it is looked at: the assignment
// is on its way at first.
func ask(c *api.Call) (api.Reply, error) {
	var body requestBody
	if err := c.Decode(&body); err != nil {
		return api.Reply{}, err
	}
	switch {
	case strings.EqualFold(body.RequestType, "adminAdd"):
		return add(c, &body)
	case strings.EqualFold(body.RequestType, "adminRemove"):
		return remove(c, &body)
	}
	return api.Reply{}, refused(codeInvalid, "The request type is not supported for an application.")
}

func add(c *api.Call, body *requestBody) (api.Reply, error) {
	of := &body.Assignment
	if of.ID != nil || of.TargetID == nil || of.PolicyID == nil || of.Package == nil {
		return api.Reply{}, refused(codeInvalid, "The assignment needs a targetId, an assignmentPolicyId and an accessPackageId.")
	}
	state := c.Tenant.Governance
	policy, found := state.Policy(*of.PolicyID)
	if !found || !strings.EqualFold(policy.Package, *of.Package) {
		return api.Reply{}, refused(codeNoPolicy, "The policy is not one of the access package.")
	}
	g, isGUID := directory.ParseGUID(*of.TargetID)
	r, _ := c.Tenant.RefOf(g)
	if !isGUID || r.Kind() != directory.KindUser && r.Kind() != directory.KindServicePrincipal {
		return api.Reply{}, api.NotFound(*of.TargetID)
	}
	if _, err := c.Resolve(r.Kind(), *of.TargetID); err != nil {
		return api.Reply{}, err
	}
	for i := range state.Assignments {
		a := &state.Assignments[i]
		if strings.EqualFold(a.Package, *of.Package) && strings.EqualFold(a.Target, *of.TargetID) && strings.EqualFold(a.Policy, *of.PolicyID) && (a.Held() || a.State == governance.Delivering) {
			return api.Reply{}, refused(CodeExisting, "The subject already has this access package by this policy, or it is on its way.")
		}
	}
	made := governance.Assignment{
		ID: api.NewRequestID(), Package: policy.Package, Policy: policy.ID, Target: c.Tenant.IDOf(r), State: governance.Delivered, Start: c.Moment(),
		Duration: policy.Duration, End: policy.End,
	}
	if s := body.Schedule; s != nil && s.Expiration != nil {
		made.Duration, made.End = text(s.Expiration.Duration), text(s.Expiration.End)
	}
	commit(c, []string{made.Package, made.Policy, made.Target}, func(t *directory.Tenant) {
		t.Governance.Assignments = append(t.Governance.Assignments, made)
	})
	return answer(c, body.RequestType, made.ID)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func remove(c *api.Call, body *requestBody) (api.Reply, error) {
	id := text(body.Assignment.ID)
	i := c.Tenant.Governance.Assignment(id)
	if i < 0 {
		return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "ResourceNotFound", Message: "The assignment is not found."}
	}
	if a := &c.Tenant.Governance.Assignments[i]; !a.Held() && a.State != governance.Delivering {
		return api.Reply{}, refused("InvalidAssignmentState", "The assignment is in a state in which it cannot be removed.")
	}
	now := c.Moment()
	commit(c, []string{id}, func(t *directory.Tenant) {
		if at := t.Governance.Assignment(id); at >= 0 {
			t.Governance.Assignments[at].State, t.Governance.Assignments[at].Expired = governance.Expired, now
		}
	})
	return answer(c, body.RequestType, id)
}

// commit makes the change, unless requests come to nothing.
func commit(c *api.Call, ids []string, apply func(t *directory.Tenant)) {
	fates := c.Graph.Settings().ScheduleFates
	if len(fates) == 0 || fates[len(fates)-1] == "" {
		c.Commit(api.LagWrites, ids, apply)
	}
}

// answer says that a request was taken. Unless told otherwise it has been carried out when it is looked at.
func answer(c *api.Call, kind, assignment string) (api.Reply, error) {
	fates := c.Graph.Settings().ScheduleFates
	if len(fates) == 0 {
		fates = []string{stateSubmitted, "delivering", ""}
	}
	id := c.Graph.RememberRequest(fates)
	return reply(c, http.StatusCreated, id, fates[0], kind, assignment)
}

func reply(c *api.Call, status int, id, state, kind, assignment string) (api.Reply, error) {
	if state == "" {
		state = governance.Delivered
	}
	members := map[string]any{
		"id": id, "requestType": kind, "state": state, "status": strings.ToUpper(state[:1]) + state[1:], "createdDateTime": c.Moment(), "completedDateTime": nil,
		"justification": nil, "answers": []any{}, "customExtensionCalloutInstances": []any{},
	}
	if status == http.StatusCreated {
		members["schedule"] = nil
	}
	out, err := odata.PlainObject(c, "identityGovernance/entitlementManagement/assignmentRequests/$entity", members)
	out.Status = status
	return out, err
}

// getRequest is what has become of a request.
func getRequest(c *api.Call) (api.Reply, error) {
	state, known := c.Graph.LookAtRequest(c.ID)
	if !known {
		return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "ResourceNotFound", Message: "The request is not found."}
	}
	return reply(c, http.StatusOK, c.ID, state, "adminAdd", "")
}
