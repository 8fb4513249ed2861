package nouns

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/policies"
)

const (
	scopeRole  = "DirectoryRole"
	scopeGroup = "Group"
)

// policyScope is what the mandatory filter of role management policies names.
type policyScope struct{ id, kind, role string }

// policyPage is how many policies a page has: there is no $top.
const policyPage = 25

// listPolicies lists the policies of directory roles, or of one group (policyroot-list-rolemanagementpolicyassignments).
func listPolicies(c *api.Call) (api.Reply, error) {
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	var scope policyScope
	policy, rules := false, false
	from, query := 0, []string{}
	for _, p := range pairs {
		switch {
		case p.Name == odata.OptSkipToken:
			if from, err = strconv.Atoi(p.Value); err != nil {
				err = api.BadRequest("The skip token is not valid.")
			}
		case p.Name == odata.OptFilter:
			scope, err = parsePolicyFilter(p.Value)
		case p.Name == odata.OptExpand && p.Value == "policy":
			policy = true
		case p.Name == odata.OptExpand && strings.ReplaceAll(p.Value, " ", "") == "policy($expand=rules)":
			policy, rules = true, true
		default:
			err = api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
		if err != nil {
			return api.Reply{}, err
		}
		if p.Name != odata.OptSkipToken {
			query = append(query, p.Name+"="+url.QueryEscape(p.Value))
		}
	}
	if err = requirePolicies(c, scope.kind); err != nil {
		return api.Reply{}, err
	}
	if err = permissions.RequirePlan(c, directory.PlanP2); err != nil {
		return api.Reply{}, err
	}
	rows, err := policyRows(c, scope, policy, rules)
	if err != nil {
		return api.Reply{}, err
	}
	members := map[string]any{}
	if from = min(max(0, from), len(rows)); from+policyPage < len(rows) {
		query = append(query, odata.OptSkipToken+"="+strconv.Itoa(from+policyPage))
		members["@odata.nextLink"] = c.Graph.URL + "/v1.0/policies/roleManagementPolicyAssignments?" + strings.Join(query, "&")
	}
	members["value"] = rows[from:min(from+policyPage, len(rows))]
	return odata.PlainObject(c, "policies/roleManagementPolicyAssignments", members)
}

// parsePolicyFilter takes comparisons joined by and; scopeId and scopeType have to be among them.
func parsePolicyFilter(text string) (policyScope, error) {
	var out policyScope
	refused := api.BadRequest("The filter has to name a scopeId and a scopeType with 'eq'.")
	tokens, err := odata.Tokenize(text)
	if err != nil {
		return out, err
	}
	const clause = 4
	if len(tokens)%clause != clause-1 {
		return out, refused
	}
	into := map[string]*string{"scopeId": &out.id, "scopeType": &out.kind, "roleDefinitionId": &out.role}
	for i := 0; i < len(tokens); i += clause {
		at, known := into[tokens[i].Text]
		if !known || tokens[i+1].Text != odata.OpEqual || tokens[i+2].Kind != odata.TokenString || i > 0 && tokens[i-1].Text != "and" {
			return out, refused
		}
		*at = tokens[i+2].Text
	}
	if out.id == "" || out.kind == "" {
		return out, refused
	}
	return out, nil
}

// requirePolicies refuses who may not read the policies of a kind of scope.
func requirePolicies(c *api.Call, kind string) error {
	may := []string{"RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.All"}
	if c.Claims.Delegated() {
		may = append(may, "RoleManagementPolicy.Read.Directory", "RoleManagementPolicy.ReadWrite.Directory")
	}
	if kind == scopeGroup {
		may = []string{"RoleManagementPolicy.Read.AzureADGroup", "RoleManagementPolicy.ReadWrite.AzureADGroup"}
	}
	if slices.ContainsFunc(may, c.Holds) {
		return nil
	}
	return api.ScopeNotGranted(may)
}

func policyRows(c *api.Call, scope policyScope, policy, rules bool) ([]map[string]any, error) {
	rows := []map[string]any{}
	add := func(role, other, id string, p policies.Policy) {
		if scope.role != "" && !strings.EqualFold(scope.role, role) && !strings.EqualFold(scope.role, other) {
			return
		}
		row := map[string]any{"id": id + "_" + role, "policyId": id, "scopeId": scope.id, "scopeType": scope.kind, "roleDefinitionId": role}
		if policy {
			row["policy"] = policyBody(c.Tenant, id, scope, p, rules)
		}
		rows = append(rows, row)
	}
	switch {
	case scope.kind == scopeRole && scope.id == "/":
		for i, d := range c.Tenant.Roles {
			add(c.Tenant.ScheduleRoleID(i).String(), d.ID.String(), scopeRole+"_"+c.Tenant.TenantID()+"_"+d.ID.String(), policies.OfRole(c.Tenant, i))
		}
	case scope.kind == scopeGroup:
		g, known := c.Tenant.Find(directory.KindGroup, scope.id)
		if !known {
			return nil, api.NotFound(scope.id)
		}
		for _, access := range []string{accessMember, accessOwner} {
			add(access, access, scopeGroup+"_"+scope.id+"_"+access, policies.OfGroup(c.Tenant, g.Index(), access == accessOwner))
		}
	default:
		return nil, api.BadRequest("The scope '%s' of the type '%s' is not valid.", scope.id, scope.kind)
	}
	return rows, nil
}

const (
	accessMember = "member"
	accessOwner  = "owner"
)

// listPolicyRules lists the rules of one policy (unifiedrolemanagementpolicy-list-rules).
func listPolicyRules(c *api.Call) (api.Reply, error) {
	parts := strings.Split(c.ID, "_")
	if len(parts) != 3 {
		return api.Reply{}, api.NotFound(c.ID)
	}
	kind, in, of := parts[0], parts[1], parts[2]
	if err := requirePolicies(c, kind); err != nil {
		return api.Reply{}, err
	}
	if err := permissions.RequirePlan(c, directory.PlanP2); err != nil {
		return api.Reply{}, err
	}
	id, _ := directory.ParseGUID(of)
	role, isRole := c.Tenant.RoleByID[id]
	g, isGroup := c.Tenant.Find(directory.KindGroup, in)
	var rules []map[string]any
	switch {
	case kind == scopeRole && isRole:
		rules = rulesOf(c.Tenant, policies.OfRole(c.Tenant, role))
	case kind == scopeGroup && isGroup && (of == accessMember || of == accessOwner):
		rules = rulesOf(c.Tenant, policies.OfGroup(c.Tenant, g.Index(), of == accessOwner))
	default:
		return api.Reply{}, api.NotFound(c.ID)
	}
	return odata.PlainRows(c, "policies/roleManagementPolicies/rules", rules)
}

func policyBody(t *directory.Tenant, id string, scope policyScope, p policies.Policy, rules bool) map[string]any {
	body := map[string]any{
		"id": id, "displayName": scope.kind, "description": scope.kind, "isOrganizationDefault": false,
		"scopeId": scope.id, "scopeType": scope.kind, "lastModifiedDateTime": nil, "lastModifiedBy": map[string]any{"displayName": nil, "id": nil},
	}
	if rules {
		body["rules"] = rulesOf(t, p)
	}
	return body
}
