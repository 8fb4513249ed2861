package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/policies"
)

// What rules are about: of whom, and of what kind of assignment.
const (
	ofAdmin       = "Admin"
	ofEndUser     = "EndUser"
	ofEligibility = "Eligibility"
	ofAssignment  = "Assignment"
)

// rulesOf are a policy's rules as Graph shows them (identity-governance-pim-rules-overview).
func rulesOf(t *directory.Tenant, p policies.Policy) []map[string]any {
	active := []string{}
	if p.Justified {
		active = append(active, policies.Justification)
	}
	rules := []map[string]any{
		expirationRule(ofAdmin, ofEligibility, p.LongestEligible > 0, isoDuration(p.LongestEligible)),
		enablementRule(ofAdmin, ofEligibility, []string{}),
		{
			"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyNotificationRule", "id": "Notification_Admin_Admin_Eligibility",
			"notificationType": "Email", "recipientType": "Admin", "isDefaultRecipientsEnabled": true, "notificationLevel": "All", "notificationRecipients": []string{},
			"target": ruleTarget(ofAdmin, ofEligibility),
		},
		expirationRule(ofAdmin, ofAssignment, p.Longest > 0, isoDuration(p.Longest)),
		enablementRule(ofAdmin, ofAssignment, active),
		contextRule(p.Activation.Context),
	}
	add := func(shape policies.Shape, rule map[string]any) {
		switch shape {
		case policies.Missing:
			return
		case policies.Strange:
			rule["@odata.type"] = "#microsoft.graph.unifiedRoleManagementPolicyRuleOfTomorrow"
		case policies.Plain:
		}
		rules = append(rules, rule)
	}
	a := p.Activation
	add(a.Expiration, expirationRule(ofEndUser, ofAssignment, true, a.Longest))
	add(a.Enablement, enablementRule(ofEndUser, ofAssignment, a.Enabled))
	add(a.Approval, approvalRule(t, a))
	return rules
}

func contextRule(claim string) map[string]any {
	return map[string]any{
		"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyAuthenticationContextRule", "id": "AuthenticationContext_EndUser_Assignment",
		"isEnabled": claim != "", "claimValue": claim, "target": ruleTarget(ofEndUser, ofAssignment),
	}
}

func approvalRule(t *directory.Tenant, a policies.Activation) map[string]any {
	primary, escalated := subjectSets(t, a.Approvers), subjectSets(t, a.Escalated)
	for _, set := range a.Sets {
		primary = append(primary, map[string]any{"@odata.type": "#" + directory.Namespace + set, "managerLevel": 1})
	}
	mode, stages := "NoApproval", []map[string]any{}
	if a.Required {
		mode = "SingleStage"
	}
	if a.Required || len(primary) > 0 {
		stages = append(stages, map[string]any{
			"approvalStageTimeOutInDays": 1, "isApproverJustificationRequired": true, "escalationTimeInMinutes": 0,
			"isEscalationEnabled": len(escalated) > 0, "primaryApprovers": primary, "escalationApprovers": escalated,
		})
	}
	return map[string]any{
		"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule", "id": "Approval_EndUser_Assignment", "target": ruleTarget(ofEndUser, ofAssignment),
		"setting": map[string]any{
			"isApprovalRequired": a.Required, "isApprovalRequiredForExtension": false, "isRequestorJustificationRequired": true,
			"approvalMode": mode, "approvalStages": stages,
		},
	}
}

func subjectSets(t *directory.Tenant, refs []directory.Ref) []map[string]any {
	sets := []map[string]any{}
	for _, r := range refs {
		set := map[string]any{"description": nil}
		switch r.Kind() {
		case directory.KindGroup:
			set["@odata.type"], set["groupId"] = "#microsoft.graph.groupMembers", t.IDOf(r)
		case directory.KindServicePrincipal:
			set["@odata.type"], set["servicePrincipalId"] = "#microsoft.graph.singleServicePrincipal", t.IDOf(r)
		default:
			set["@odata.type"], set["userId"] = "#microsoft.graph.singleUser", t.IDOf(r)
		}
		sets = append(sets, set)
	}
	return sets
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
