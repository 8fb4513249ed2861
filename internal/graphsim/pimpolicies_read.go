package graphsim

import "strings"

const (
	scopeRole  = "DirectoryRole"
	scopeGroup = "Group"
)

// policyScope is what the mandatory filter of role management policies names.
type policyScope struct{ id, kind, role string }

// listPolicies lists the policies of directory roles, or of one group (policyroot-list-rolemanagementpolicyassignments).
func (c *call) listPolicies() (reply, error) {
	if err := c.requirePlan(planP2); err != nil {
		return reply{}, err
	}
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return reply{}, err
	}
	var scope policyScope
	policy, rules := false, false
	for _, p := range pairs {
		switch {
		case p.name == optFilter:
			scope, err = parsePolicyFilter(p.value)
		case p.name == optExpand && p.value == "policy":
			policy = true
		case p.name == optExpand && strings.ReplaceAll(p.value, " ", "") == "policy($expand=rules)":
			policy, rules = true, true
		default:
			err = badRequest("'%s' is not supported by the service.", p.name)
		}
		if err != nil {
			return reply{}, err
		}
	}
	rows, err := c.policyRows(scope, policy, rules)
	if err != nil {
		return reply{}, err
	}
	return c.plainObject("policies/roleManagementPolicyAssignments", map[string]any{"value": rows})
}

// parsePolicyFilter takes comparisons joined by and; scopeId and scopeType have to be among them.
func parsePolicyFilter(text string) (policyScope, error) {
	var out policyScope
	refused := badRequest("The filter has to name a scopeId and a scopeType with 'eq'.")
	tokens, err := tokenize(text)
	if err != nil {
		return out, err
	}
	const clause = 4
	if len(tokens)%clause != clause-1 {
		return out, refused
	}
	into := map[string]*string{"scopeId": &out.id, "scopeType": &out.kind, "roleDefinitionId": &out.role}
	for i := 0; i < len(tokens); i += clause {
		at, known := into[tokens[i].text]
		if !known || tokens[i+1].text != opEqual || tokens[i+2].kind != tokenString || i > 0 && tokens[i-1].text != "and" {
			return out, refused
		}
		*at = tokens[i+2].text
	}
	if out.id == "" || out.kind == "" {
		return out, refused
	}
	return out, nil
}

func (c *call) policyRows(scope policyScope, policy, rules bool) ([]map[string]any, error) {
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
		for i, d := range c.tenant.roles {
			add(d.id.String(), policyOf(i))
		}
	case scope.kind == scopeGroup:
		if !c.holds("RoleManagementPolicy.Read.AzureADGroup") && !c.holds("RoleManagementPolicy.ReadWrite.AzureADGroup") {
			return nil, scopeNotGranted([]string{"RoleManagementPolicy.Read.AzureADGroup", "RoleManagementPolicy.ReadWrite.AzureADGroup"})
		}
		if _, known := c.tenant.find(KindGroup, scope.id); !known {
			return nil, notFound(scope.id)
		}
		add("member", groupPolicy)
		add("owner", groupPolicy)
	default:
		return nil, badRequest("The scope '%s' of the type '%s' is not valid.", scope.id, scope.kind)
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
