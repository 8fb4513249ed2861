package nouns

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

const (
	scopeRole  = "DirectoryRole"
	scopeGroup = "Group"
)

// policyScope is what the mandatory filter of role management policies names.
type policyScope struct{ id, kind, role string }

// listPolicies lists the policies of directory roles, or of one group (policyroot-list-rolemanagementpolicyassignments).
func listPolicies(c *api.Call) (api.Reply, error) {
	if err := permissions.RequirePlan(c, directory.PlanP2); err != nil {
		return api.Reply{}, err
	}
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	var scope policyScope
	policy, rules := false, false
	for _, p := range pairs {
		switch {
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
	}
	rows, err := policyRows(c, scope, policy, rules)
	if err != nil {
		return api.Reply{}, err
	}
	return odata.PlainObject(c, "policies/roleManagementPolicyAssignments", map[string]any{"value": rows})
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

func policyRows(c *api.Call, scope policyScope, policy, rules bool) ([]map[string]any, error) {
	rows := []map[string]any{}
	add := func(role string, p rolePolicy) {
		if scope.role != "" && !strings.EqualFold(scope.role, role) {
			return
		}
		id := scope.kind + "_" + strings.Trim(scope.id, "/") + "_" + role
		row := map[string]any{"id": id, "policyId": id, "scopeId": scope.id, "scopeType": scope.kind, "roleDefinitionId": role}
		if policy {
			row["policy"] = policyBody(id, scope, p, rules)
		}
		rows = append(rows, row)
	}
	switch {
	case scope.kind == scopeRole && scope.id == "/":
		for i, d := range c.Tenant.Roles {
			add(d.ID.String(), policyOf(i))
		}
	case scope.kind == scopeGroup:
		if !c.Holds("RoleManagementPolicy.Read.AzureADGroup") && !c.Holds("RoleManagementPolicy.ReadWrite.AzureADGroup") {
			return nil, api.ScopeNotGranted([]string{"RoleManagementPolicy.Read.AzureADGroup", "RoleManagementPolicy.ReadWrite.AzureADGroup"})
		}
		if _, known := c.Tenant.Find(directory.KindGroup, scope.id); !known {
			return nil, api.NotFound(scope.id)
		}
		add("member", groupPolicy)
		add("owner", groupPolicy)
	default:
		return nil, api.BadRequest("The scope '%s' of the type '%s' is not valid.", scope.id, scope.kind)
	}
	return rows, nil
}

func policyBody(id string, scope policyScope, p rolePolicy, rules bool) map[string]any {
	body := map[string]any{
		"id": id, "displayName": scope.kind, "description": scope.kind, "isOrganizationDefault": false,
		"scopeId": scope.id, "scopeType": scope.kind, "lastModifiedDateTime": nil, "lastModifiedBy": map[string]any{"displayName": nil, "id": nil},
	}
	if rules {
		active := []string{}
		if p.justified {
			active = append(active, "Justification")
		}
		body["rules"] = []map[string]any{
			expirationRule("Admin", "Eligibility", p.longestEligible > 0, isoDuration(p.longestEligible)),
			enablementRule("Admin", "Eligibility", []string{}),
			expirationRule("Admin", "Assignment", p.longest > 0, isoDuration(p.longest)),
			enablementRule("Admin", "Assignment", active),
			expirationRule("EndUser", "Assignment", true, "PT8H"),
			enablementRule("EndUser", "Assignment", []string{"MultiFactorAuthentication", "Justification"}),
		}
	}
	return body
}

func expirationRule(caller, level string, isRequired bool, longest string) map[string]any {
	return map[string]any{
		"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule", "id": "Expiration_" + caller + "_" + level,
		"isExpirationRequired": isRequired, "maximumDuration": longest, "target": ruleTarget(caller, level),
	}
}

func enablementRule(caller, level string, rules []string) map[string]any {
	return map[string]any{
		"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule", "id": "Enablement_" + caller + "_" + level,
		"enabledRules": rules, "target": ruleTarget(caller, level),
	}
}

func ruleTarget(caller, level string) map[string]any {
	return map[string]any{
		"caller": caller, "operations": []string{"all"}, "level": level, "inheritableSettings": []string{}, "enforcedSettings": []string{},
	}
}
