// Package policies says what the rules of Privileged Identity Management mean: what
// activating a role or a group takes, and for how long it lasts. It is given rules as
// Microsoft Graph has them and asks for nothing; the requests are the nouns'
// (policies.go of pkg/graph).
package policies

import (
	"slices"
	"strings"
)

// Assignment says which policy a directory role, or a group's membership or ownership,
// has
// (https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicyassignment).
type Assignment struct {
	ID       string `json:"id"`
	PolicyID string `json:"policyId"`
	ScopeID  string `json:"scopeId"`
	// RoleDefinitionID is a directory role's id, or "member" or "owner".
	RoleDefinitionID string `json:"roleDefinitionId"`
	// Policy is nil where it was not asked for.
	Policy *struct {
		// Rules are nil where they were not asked for.
		Rules []Rule `json:"rules"`
	} `json:"policy"`
}

// Rules are the policy's rules, if the row has them.
func (a *Assignment) Rules() ([]Rule, bool) {
	if a.Policy == nil || a.Policy.Rules == nil {
		return nil, false
	}
	return a.Policy.Rules, true
}

// Rule is one rule of a policy, of whichever kind
// (https://learn.microsoft.com/graph/identity-governance-pim-rules-overview).
type Rule struct {
	ODataType string `json:"@odata.type"`
	ID        string `json:"id"`
	// IsExpirationRequired and MaximumDuration are an expiration rule's.
	IsExpirationRequired *bool  `json:"isExpirationRequired"`
	MaximumDuration      string `json:"maximumDuration"`
	// EnabledRules are an enablement rule's.
	EnabledRules []string `json:"enabledRules"`
	// IsEnabled and ClaimValue are those of an authentication context rule.
	IsEnabled  *bool  `json:"isEnabled"`
	ClaimValue string `json:"claimValue"`
	// Setting is an approval rule's.
	Setting *ApprovalSettings `json:"setting"`
}

// ApprovalSettings say whether somebody has to approve
// (https://learn.microsoft.com/graph/api/resources/approvalsettings).
type ApprovalSettings struct {
	IsApprovalRequired *bool           `json:"isApprovalRequired"`
	ApprovalStages     []ApprovalStage `json:"approvalStages"`
}

// ApprovalStage is who approves at one stage.
type ApprovalStage struct {
	PrimaryApprovers    []SubjectSet `json:"primaryApprovers"`
	IsEscalationEnabled bool         `json:"isEscalationEnabled"`
	EscalationApprovers []SubjectSet `json:"escalationApprovers"`
}

// SubjectSet is a person, the members of a group, an application, or whoever has some
// relation to who asks: their manager, say
// (https://learn.microsoft.com/graph/api/resources/subjectset).
type SubjectSet struct {
	ODataType          string `json:"@odata.type"`
	UserID             string `json:"userId"`
	GroupID            string `json:"groupId"`
	ServicePrincipalID string `json:"servicePrincipalId"`
}

// The ids of rules: what they are about, of whom, and of what kind of assignment.
const (
	approvalOfActivation    = "Approval_EndUser_Assignment"
	enablementOfActivation  = "Enablement_EndUser_Assignment"
	expirationOfActivation  = "Expiration_EndUser_Assignment"
	contextOfActivation     = "AuthenticationContext_EndUser_Assignment"
	ExpirationOfAssignment  = "Expiration_Admin_Assignment"
	ExpirationOfEligibility = "Expiration_Admin_Eligibility"
)

// The kinds of rules, without the namespace.
const (
	kindApproval   = "unifiedRoleManagementPolicyApprovalRule"
	kindEnablement = "unifiedRoleManagementPolicyEnablementRule"
	kindExpiration = "unifiedRoleManagementPolicyExpirationRule"
	kindContext    = "unifiedRoleManagementPolicyAuthenticationContextRule"
)

const namespace = "#microsoft.graph."

// named is the rule of an id and a kind; nil where there is none, or it is of a kind
// that this build does not know: what it asks for is not known then.
func named(rules []Rule, id, kind string) *Rule {
	at := slices.IndexFunc(rules, func(r Rule) bool { return strings.EqualFold(r.ID, id) })
	if at < 0 || rules[at].ODataType != "" && !strings.EqualFold(rules[at].ODataType, namespace+kind) {
		return nil
	}
	return &rules[at]
}
