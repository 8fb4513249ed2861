package graphsim

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Privileged Identity Management refuses with codes of its own.
const (
	codePolicyFailed  = "RoleAssignmentRequestPolicyValidationFailed"
	codeRoleExists    = "RoleAssignmentExists"
	codeRoleMissing   = "RoleAssignmentDoesNotExist"
	codeRolePending   = "PendingRoleAssignmentRequest"
	codeInvalidAction = "InvalidRoleAssignmentRequest"
	codeNoSubject     = "SubjectNotFound"

	actionAssign = "adminAssign"
	actionRemove = "adminRemove"
)

func pimError(code, message string) error {
	return &graphError{status: http.StatusBadRequest, code: code, message: message}
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
func (c *call) checkAction(r scheduleRequest) error {
	switch r.Action {
	case actionAssign:
		for _, name := range c.matching(endpointGrants[c.route.key()]) {
			if !strings.Contains(name, ".Remove.") {
				return nil
			}
		}
		return denied()
	case actionRemove:
		return nil
	case "":
		return pimError(codeInvalidAction, "The action of the request is missing.")
	default:
		return pimError(codeInvalidAction, "The action '"+r.Action+"' is not supported for an application.")
	}
}

// requestRole assigns a role, or makes somebody eligible for one, or takes either away.
func requestRole(kind Kind) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		var body roleScheduleRequest
		if err := c.decode(&body); err != nil {
			return reply{}, err
		}
		if err := c.checkAction(body.scheduleRequest); err != nil {
			return reply{}, err
		}
		if body.Scope == nil || body.AppScope != nil {
			return reply{}, pimError(codeInvalidAction, "The request needs a directoryScopeId.")
		}
		a, err := c.roleOf(body.Principal, body.Role, *body.Scope)
		if err != nil {
			return reply{}, subjectMissing(err, body.Principal)
		}
		status, err := c.askForRole(kind, a, body.scheduleRequest, []string{body.Principal, body.Role, *body.Scope})
		if err != nil {
			return reply{}, err
		}
		return c.answerRequest(body.scheduleRequest, status, map[string]any{
			"roleDefinitionId": body.Role, "directoryScopeId": *body.Scope, "appScopeId": nil,
		})
	}
}

// subjectMissing has Privileged Identity Management's own code for a principal that is not there.
func subjectMissing(err error, id string) error {
	if err.Error() == notFound(id).Error() {
		return &graphError{status: http.StatusNotFound, code: codeNoSubject, message: "The subject is not found."}
	}
	return err
}

func (c *call) askForRole(kind Kind, a roleAssignment, r scheduleRequest, ids []string) (string, error) {
	s := c.tenant.scheduleOf(kind)
	i, held := c.tenant.heldRole(s, a)
	own := makeRef(s.origin, i)
	if err := c.checkHeld(r, held, held && !c.shows(own)); err != nil {
		return "", err
	}
	if r.Action == actionRemove {
		c.request(r, ids, func(t *Tenant) { t.remove(own) })
		return "Revoked", nil
	}
	p, err := policyOf(a.role).check(c, r, kind == KindRoleEligibilityInstance)
	if err != nil {
		return "", err
	}
	a.given, a.term = p, termOf(p)
	c.request(r, ids, func(t *Tenant) { t.grantRole(t.scheduleOf(kind), a) })
	return "Provisioned", nil
}

func termOf(p period) term {
	if p.end == "" {
		return permanent
	}
	return timeBound
}

// shows is whether reads show an edge already.
func (c *call) shows(r Ref) bool {
	shown := c.graph.view()
	if shown == c.tenant {
		return true
	}
	shown.mu.RLock()
	defer shown.mu.RUnlock()
	switch r.Kind() {
	case kindRoleEligibility:
		return r.index() < len(shown.eligibilities)
	default:
		return r.index() < shown.count(r.Kind())
	}
}

// checkHeld refuses to give what is held and to take what is not. What was just given is still in flight.
func (c *call) checkHeld(r scheduleRequest, held, pending bool) error {
	switch {
	case held && pending:
		return pimError(codeRolePending, "There is already an existing pending Role assignment request.")
	case held && r.Action == actionAssign:
		return pimError(codeRoleExists, "The Role assignment already exists.")
	case !held && r.Action == actionRemove:
		return pimError(codeRoleMissing, "The Role assignment does not exist.")
	}
	return nil
}

// request makes the change, unless it was only to be checked.
func (c *call) request(r scheduleRequest, ids []string, apply func(t *Tenant)) {
	if !r.ValidationOnly {
		c.commit(lagWrites, ids, apply)
	}
}

// requestGroup is requestRole for membership and ownership of groups.
func requestGroup(kind Kind) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		var body groupScheduleRequest
		if err := c.decode(&body); err != nil {
			return reply{}, err
		}
		if err := c.checkAction(body.scheduleRequest); err != nil {
			return reply{}, err
		}
		owner := body.Access == "owner"
		if !owner && body.Access != "member" {
			return reply{}, pimError(codeInvalidAction, "The accessId has to be owner or member.")
		}
		g, err := c.resolve(KindGroup, body.Group)
		if err != nil {
			return reply{}, err
		}
		if flags := c.tenant.groups[g.index()].flags; flags&(groupDynamic|groupSynced) != 0 || flags.exchangeManaged() {
			return reply{}, pimError("GroupNotEligible", "The group cannot be managed in Privileged Identity Management.")
		}
		id, _ := parseGUID(body.Principal)
		r, _ := c.tenant.refOf(id)
		if r, err = c.resolve(r.Kind(), body.Principal); err != nil {
			return reply{}, subjectMissing(err, body.Principal)
		}
		status, err := c.askForGroup(kind, g, owner, r, body.scheduleRequest)
		if err != nil {
			return reply{}, err
		}
		return c.answerRequest(body.scheduleRequest, status, map[string]any{"groupId": body.Group, "accessId": body.Access})
	}
}

func (c *call) askForGroup(kind Kind, g Ref, owner bool, principal Ref, r scheduleRequest) (string, error) {
	rel := relationMembers
	if owner {
		rel = relationOwners
	}
	own, held := c.tenant.heldGroup(kind, g.index(), owner, principal)
	pending := held && !c.shows(own)
	if kind == KindGroupAssignmentInstance {
		held = c.linkedTo(g, principal, rel)
	}
	if err := c.checkHeld(r, held, pending); err != nil {
		return "", err
	}
	ids := c.idsOf(g, principal)
	if r.Action == actionRemove {
		c.request(r, ids, func(t *Tenant) {
			if kind == KindGroupAssignmentInstance {
				t.unlinkGroup(g.index(), rel, principal)
			} else {
				t.remove(own)
			}
		})
		return "Revoked", nil
	}
	if err := c.checkEnd(c.tenant.groups[g.index()].flags, principal, rel); err != nil {
		return "", err
	}
	p, err := groupPolicy.check(c, r, kind == KindGroupEligibilityInstance)
	if err != nil {
		return "", err
	}
	c.request(r, ids, func(t *Tenant) {
		if kind == KindGroupEligibilityInstance {
			t.groupEligible.add(t, g.index(), owner, principal, termOf(p), p)
			return
		}
		t.linkGroup(g.index(), rel, principal)
		t.showActive(g.index(), owner, principal, termOf(p), p)
	})
	return "Provisioned", nil
}

// answerRequest answers a request that was carried out.
func (c *call) answerRequest(r scheduleRequest, status string, own map[string]any) (reply, error) {
	now := c.moment()
	answer := map[string]any{
		"id": newRequestID(), "status": status, "createdDateTime": now, "completedDateTime": now, "approvalId": nil, "customData": nil,
		"action": r.Action, "principalId": r.Principal, "isValidationOnly": r.ValidationOnly, "targetScheduleId": nil, "justification": r.Justification,
		"createdBy":    map[string]any{"application": nil, "device": nil, "user": map[string]any{"displayName": nil, "id": c.claims.ObjectID}},
		"scheduleInfo": r.Schedule, "ticketInfo": map[string]any{"ticketNumber": nil, "ticketSystem": nil},
	}
	for name, v := range own {
		answer[name] = v
	}
	set := c.path[strings.LastIndexByte(c.path, '/')+1:]
	out, err := c.plainObject(strings.TrimSuffix(c.path, set)+set+"/$entity", answer)
	out.status = http.StatusCreated
	return out, err
}
