package policies

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func rulesOf(t *testing.T, text string) []Rule {
	t.Helper()
	var rules []Rule
	require.NoError(t, json.Unmarshal([]byte(text), &rules))
	return rules
}

func TestARuleThatIsMissingOrStrangeWouldLookLikeNoApproval(t *testing.T) {
	t.Parallel()
	nothing := Activation{
		Approval: Unknown, MFA: Unknown, Justification: Unknown, Ticket: Unknown, Context: UnknownLength,
		Longest: UnknownLength, LongestAssigned: UnknownLength, LongestEligible: UnknownLength,
	}
	for name, text := range map[string]string{
		"no rules":        `[]`,
		"rules of others": `[{"id":"Approval_Admin_Assignment","setting":{"isApprovalRequired":false}},{"id":"Enablement_Admin_Eligibility","enabledRules":[]}]`,
		"strange kinds": `[{"@odata.type":"#microsoft.graph.ruleOfTomorrow","id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":false}},` +
			`{"@odata.type":"#microsoft.graph.other","id":"Enablement_EndUser_Assignment","enabledRules":[]}]`,
		"nothing said":      `[{"id":"Approval_EndUser_Assignment"},{"id":"Enablement_EndUser_Assignment"},{"id":"Expiration_EndUser_Assignment"}]`,
		"null said":         `[{"id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":null}},{"id":"Enablement_EndUser_Assignment","enabledRules":null}]`,
		"no length of time": `[{"id":"Expiration_EndUser_Assignment","isExpirationRequired":true,"maximumDuration":"a while"}]`,
	} {
		require.Equal(t, nothing, Of(rulesOf(t, text)), name)
	}
}

func TestWhoApprovesIsSaidOfEachKindAndOnce(t *testing.T) {
	t.Parallel()
	a := Of(rulesOf(t, `[{"@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyApprovalRule","id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":true,
		"approvalStages":[{"primaryApprovers":[{"@odata.type":"#microsoft.graph.singleUser","userId":"ABC"},{"@odata.type":"#microsoft.graph.singleUser","userId":"abc"},
		{"@odata.type":"#microsoft.graph.groupMembers","groupId":"g"},{"@odata.type":"#microsoft.graph.requestorManager","managerLevel":1},
		{"@odata.type":"#microsoft.graph.singleUser"},{}],"isEscalationEnabled":false,"escalationApprovers":[{"@odata.type":"#microsoft.graph.singleUser","userId":"late"}]},
		{"primaryApprovers":[],"isEscalationEnabled":true,"escalationApprovers":[{"@odata.type":"#microsoft.graph.singleServicePrincipal","servicePrincipalId":"sp"}]}]}},
		{"id":"Expiration_EndUser_Assignment","isExpirationRequired":true,"maximumDuration":"P1M"},
		{"id":"Expiration_Admin_Assignment","isExpirationRequired":false,"maximumDuration":"P180D"},
		{"id":"Enablement_EndUser_Assignment","enabledRules":["Ticketing","New"]},
		{"id":"AuthenticationContext_EndUser_Assignment","isEnabled":true,"claimValue":"c1"}]`))
	require.Equal(t, Activation{
		Approval: Required, MFA: NotRequired, Justification: NotRequired, Ticket: Required, Others: []string{"New"}, Context: "c1",
		Longest: "P1M", LongestAssigned: Unlimited, LongestEligible: UnknownLength,
		Approvers: []Approver{{ApproverGroup, "g"}, {"requestorManager", ""}, {ApproverServicePrincipal, "sp"}, {ApproverUser, "abc"}, {approverUnknown, ""}},
	}, a)
}

func TestApproversOfWhatNeedsNoneWouldLookLikeAnApproval(t *testing.T) {
	t.Parallel()
	a := Of(rulesOf(t, `[{"id":"approval_enduser_assignment","setting":{"isApprovalRequired":false,`+
		`"approvalStages":[{"primaryApprovers":[{"@odata.type":"#microsoft.graph.singleUser","userId":"u"}]}]}}]`))
	require.Equal(t, NotRequired, a.Approval)
	require.Empty(t, a.Approvers)
}
