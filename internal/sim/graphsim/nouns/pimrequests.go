package nouns

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/policies"
)

// Privileged Identity Management refuses with codes of its own.
const (
	CodePolicyFailed  = "RoleAssignmentRequestPolicyValidationFailed"
	CodeRoleExists    = "RoleAssignmentExists"
	CodeRoleMissing   = "RoleAssignmentDoesNotExist"
	CodeRolePending   = "PendingRoleAssignmentRequest"
	codeInvalidAction = "InvalidRoleAssignmentRequest"
	CodeNoSubject     = "SubjectNotFound"

	ActionAssign = "adminAssign"
	ActionRemove = "adminRemove"
)

func pimError(code, message string) error {
	return &api.Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// scheduleRequest is what every request of Privileged Identity Management says.
type scheduleRequest struct {
	Action         string          `json:"action"`
	Principal      string          `json:"principalId"`
	Justification  *string         `json:"justification"`
	Schedule       *schedule       `json:"scheduleInfo"`
	Ticket         json.RawMessage `json:"ticketInfo"`
	ValidationOnly bool            `json:"isValidationOnly"`
	Target         *string         `json:"targetScheduleId"`
	Type           string          `json:"@odata.type"`
}

type roleScheduleRequest struct {
	scheduleRequest

	Role     string  `json:"roleDefinitionId"`
	Scope    *string `json:"directoryScopeId"`
	AppScope *string `json:"appScopeId"`
}

type groupScheduleRequest struct {
	scheduleRequest

	Group  string `json:"groupId"`
	Access string `json:"accessId"`
}

// checkAction takes the two actions an application may ask for here. There are permissions that let it only remove.
func checkAction(c *api.Call, r scheduleRequest) error {
	switch r.Action {
	case ActionAssign:
		for _, name := range permissions.Matching(c, permissions.EndpointGrants[c.Route.Key()]) {
			if !strings.Contains(name, ".Remove.") {
				return nil
			}
		}
		return api.Denied()
	case ActionRemove:
		return nil
	case "":
		return pimError(codeInvalidAction, "The action of the request is missing.")
	default:
		return pimError(codeInvalidAction, "The action '"+r.Action+"' is not supported for an application.")
	}
}

// requestRole assigns a role, or makes somebody eligible for one, or takes either away.
func requestRole(kind directory.Kind) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		var body roleScheduleRequest
		if err := c.Decode(&body); err != nil {
			return api.Reply{}, err
		}
		if err := checkAction(c, body.scheduleRequest); err != nil {
			return api.Reply{}, err
		}
		if body.Scope == nil || body.AppScope != nil {
			return api.Reply{}, pimError(codeInvalidAction, "The request needs a directoryScopeId.")
		}
		a, err := roleOf(c, body.Principal, body.Role, *body.Scope)
		if err != nil {
			return api.Reply{}, subjectMissing(err, body.Principal)
		}
		status, err := askForRole(c, kind, a, body.scheduleRequest, []string{body.Principal, body.Role, *body.Scope})
		if err != nil {
			return api.Reply{}, err
		}
		return answerRequest(c, body.scheduleRequest, status, map[string]any{
			"roleDefinitionId": body.Role, "directoryScopeId": *body.Scope, "appScopeId": nil,
		})
	}
}

// subjectMissing has Privileged Identity Management's own code for a principal that is not there.
func subjectMissing(err error, id string) error {
	if err.Error() == api.NotFound(id).Error() {
		return &api.Error{Status: http.StatusNotFound, Code: CodeNoSubject, Message: "The subject is not found."}
	}
	return err
}

func askForRole(c *api.Call, kind directory.Kind, a directory.RoleAssignment, r scheduleRequest, ids []string) (string, error) {
	s := c.Tenant.ScheduleOf(kind)
	i, held := c.Tenant.HeldRole(s, a)
	own := directory.MakeRef(s.Origin, i)
	if err := checkHeld(c, r, held, held && !shows(c, own)); err != nil {
		return "", err
	}
	if r.Action == ActionRemove {
		request(c, r, ids, func(t *directory.Tenant) { t.Remove(own) })
		return "Revoked", nil
	}
	p, err := checkPolicy(policies.OfRole(c.Tenant, a.Role), c, r, kind == directory.KindRoleEligibilityInstance)
	if err != nil {
		return "", err
	}
	a.Given, a.Term = p, termOf(p)
	request(c, r, ids, func(t *directory.Tenant) { t.GrantRole(t.ScheduleOf(kind), a) })
	return "Provisioned", nil
}

func termOf(p directory.Period) directory.Term {
	if p.End == "" {
		return directory.Permanent
	}
	return directory.TimeBound
}

// shows is whether reads show an edge already.
func shows(c *api.Call, r directory.Ref) bool {
	shown := c.Graph.View()
	if shown == c.Tenant {
		return true
	}
	shown.RLock()
	defer shown.RUnlock()
	switch r.Kind() {
	case directory.KindRoleEligibility:
		return r.Index() < len(shown.Eligibilities)
	default:
		return r.Index() < shown.Count(r.Kind())
	}
}

// checkHeld refuses to give what is held and to take what is not. What was just given is still in flight.
func checkHeld(c *api.Call, r scheduleRequest, held, pending bool) error {
	switch {
	case held && pending:
		return pimError(CodeRolePending, "There is already an existing pending Role assignment request.")
	case held && r.Action == ActionAssign:
		return pimError(CodeRoleExists, "The Role assignment already exists.")
	case !held && r.Action == ActionRemove:
		return pimError(CodeRoleMissing, "The Role assignment does not exist.")
	}
	return nil
}

// request makes the change, unless it was only to be checked or comes to nothing.
func request(c *api.Call, r scheduleRequest, ids []string, apply func(t *directory.Tenant)) {
	fates := c.Graph.Settings().ScheduleFates
	if !r.ValidationOnly && (len(fates) == 0 || fates[len(fates)-1] == "") {
		c.Commit(api.LagWrites, ids, apply)
	}
}

// requestGroup is requestRole for membership and ownership of groups.
func requestGroup(kind directory.Kind) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		var body groupScheduleRequest
		if err := c.Decode(&body); err != nil {
			return api.Reply{}, err
		}
		if err := checkAction(c, body.scheduleRequest); err != nil {
			return api.Reply{}, err
		}
		owner := body.Access == "owner"
		if !owner && body.Access != "member" {
			return api.Reply{}, pimError(codeInvalidAction, "The accessId has to be owner or member.")
		}
		g, err := c.Resolve(directory.KindGroup, body.Group)
		if err != nil {
			return api.Reply{}, err
		}
		if flags := c.Tenant.Groups[g.Index()].Flags; flags&(directory.FlagDynamic|directory.FlagSynced) != 0 || flags.ExchangeManaged() {
			return api.Reply{}, pimError("GroupNotEligible", "The group cannot be managed in Privileged Identity Management.")
		}
		id, _ := directory.ParseGUID(body.Principal)
		r, _ := c.Tenant.RefOf(id)
		if r, err = c.Resolve(r.Kind(), body.Principal); err != nil {
			return api.Reply{}, subjectMissing(err, body.Principal)
		}
		status, err := askForGroup(c, kind, g, owner, r, body.scheduleRequest)
		if err != nil {
			return api.Reply{}, err
		}
		return answerRequest(c, body.scheduleRequest, status, map[string]any{"groupId": body.Group, "accessId": body.Access})
	}
}

func askForGroup(c *api.Call, kind directory.Kind, g directory.Ref, owner bool, principal directory.Ref, r scheduleRequest) (string, error) {
	rel := directory.RelationMembers
	if owner {
		rel = directory.RelationOwners
	}
	own, held := c.Tenant.HeldGroup(kind, g.Index(), owner, principal)
	pending := held && !shows(c, own)
	if kind == directory.KindGroupAssignmentInstance {
		held = linkedTo(c, g, principal, rel)
	}
	if err := checkHeld(c, r, held, pending); err != nil {
		return "", err
	}
	ids := c.IDsOf(g, principal)
	if r.Action == ActionRemove {
		request(c, r, ids, func(t *directory.Tenant) {
			if kind == directory.KindGroupAssignmentInstance {
				t.UnlinkGroup(g.Index(), rel, principal)
			} else {
				t.Remove(own)
			}
		})
		return "Revoked", nil
	}
	if err := checkEnd(c, c.Tenant.Groups[g.Index()].Flags, principal, rel); err != nil {
		return "", err
	}
	p, err := checkPolicy(policies.OfGroup(c.Tenant, g.Index(), owner), c, r, kind == directory.KindGroupEligibilityInstance)
	if err != nil {
		return "", err
	}
	request(c, r, ids, func(t *directory.Tenant) {
		if kind == directory.KindGroupEligibilityInstance {
			t.GroupEligible.Add(t, g.Index(), owner, principal, termOf(p), p)
			return
		}
		t.LinkGroup(g.Index(), rel, principal)
		t.ShowActive(g.Index(), owner, principal, termOf(p), p)
	})
	return "Provisioned", nil
}

// fatesOf are the states that a request goes through: the first is in the answer, the others show one after the other
// when it is looked at. Carried out is what the last one is where the settings name none. Without settings, those of
// every other principal are carried out a moment later, as they may be.
func fatesOf(c *api.Call, r scheduleRequest, carriedOut string) []string {
	fates := slices.Clone(c.Graph.Settings().ScheduleFates)
	if len(fates) == 0 && strings.ContainsAny(r.Principal[len(r.Principal)-1:], "13579bdfBDF") {
		fates = []string{"PendingProvisioning", ""}
	}
	if len(fates) == 0 {
		fates = []string{""}
	}
	if fates[len(fates)-1] == "" {
		fates[len(fates)-1] = carriedOut
	}
	return fates
}

// getRequest is what has become of a request.
func getRequest(c *api.Call) (api.Reply, error) {
	id := c.Path[strings.LastIndexByte(c.Path, '/')+1:]
	fate, known := c.Graph.LookAtRequest(id)
	if !known {
		return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "ResourceNotFound", Message: "The request is not found."}
	}
	return odata.PlainObject(c, c.Path+"/$entity", map[string]any{"id": id, "status": fate})
}

// answerRequest answers a request that was taken.
func answerRequest(c *api.Call, r scheduleRequest, status string, own map[string]any) (api.Reply, error) {
	now, fates := c.Moment(), fatesOf(c, r, status)
	answer := map[string]any{
		"id": c.Graph.RememberRequest(fates), "status": fates[0], "createdDateTime": now, "completedDateTime": now, "approvalId": nil, "customData": nil,
		"action": r.Action, "principalId": r.Principal, "isValidationOnly": r.ValidationOnly, "targetScheduleId": nil, "justification": r.Justification,
		"createdBy":    map[string]any{"application": nil, "device": nil, "user": map[string]any{"displayName": nil, "id": c.Claims.ObjectID}},
		"scheduleInfo": r.Schedule, "ticketInfo": map[string]any{"ticketNumber": nil, "ticketSystem": nil},
	}
	for name, v := range own {
		answer[name] = v
	}
	set := c.Path[strings.LastIndexByte(c.Path, '/')+1:]
	out, err := odata.PlainObject(c, strings.TrimSuffix(c.Path, set)+set+"/$entity", answer)
	out.Status = http.StatusCreated
	return out, err
}
