package graphsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func (b *bench) withPeoplePermissions() {
	b.withPermissions("User.Read.All", "AuditLog.Read.All", "MailboxSettings.Read", "IdentityRiskyUser.Read.All")
}

func TestPeopleAndTruthAgree(t *testing.T) {
	b := start(t)
	b.server.Kindly(QuirkReportsFlicker, QuirkRiskyUsersEnd)
	b.withPeoplePermissions()
	lastSignIn, registered, risk, extensions := map[string]string{}, map[string]any{}, map[string]string{}, map[string]map[string]string{}
	for _, u := range b.all("users?$select=id,signInActivity,onPremisesExtensionAttributes&$top=999") {
		id := str(u["id"])
		if activity, ok := u["signInActivity"].(map[string]any); ok {
			lastSignIn[id] = str(activity["lastSignInDateTime"])
		}
		attributes, ok := u["onPremisesExtensionAttributes"].(map[string]any)
		require.True(t, ok)
		require.Len(t, attributes, schema.ExtensionAttributes)
		for name, v := range attributes {
			if v != nil {
				if extensions[id] == nil {
					extensions[id] = map[string]string{}
				}
				extensions[id][name] = str(v)
			}
		}
	}
	for _, r := range b.all("reports/authenticationMethods/userRegistrationDetails?$top=999") {
		registered[str(r["id"])] = r["isMfaRegistered"]
	}
	for _, r := range b.all("identityProtection/riskyUsers?$top=500") {
		risk[str(r["id"])] = edge(str(r["riskLevel"]), str(r["riskState"]))
	}
	disabled, never, risky, extended := 0, 0, 0, 0
	for _, u := range b.server.tenant.Truth().Users {
		assert.Equal(t, lastSignIn[u.ID], u.LastSignIn)
		assert.Equal(t, extensions[u.ID], u.ExtensionAttributes)
		if u.MFARegistered == nil {
			assert.NotContains(t, registered, u.ID)
			assert.False(t, u.Enabled)
			disabled++
		} else {
			assert.Equal(t, registered[u.ID], *u.MFARegistered)
		}
		if u.RiskState == "" {
			assert.NotContains(t, risk, u.ID)
		} else {
			assert.Equal(t, risk[u.ID], edge(u.RiskLevel, u.RiskState))
			risky++
		}
		if u.LastSignIn == "" {
			never++
		}
		extended += len(u.ExtensionAttributes)
	}
	for _, n := range []int{disabled, never, risky, extended} {
		assert.Positive(t, n)
	}
}

func TestReportsNeedAPlan(t *testing.T) {
	b := start(t)
	b.withPeoplePermissions()
	b.server.SetPlans(true, false)
	assert.Equal(t, http.StatusOK, b.get("users?$select=id,signInActivity").status)
	a := b.get("identityProtection/riskyUsers")
	assert.Equal(t, http.StatusForbidden, a.status)
	assert.Equal(t, permissions.CodePremiumRequired, a.code())
	b.server.SetPlans(false, false)
	for _, path := range []string{"users?$select=id,signInActivity", "reports/authenticationMethods/userRegistrationDetails"} {
		a = b.get(path)
		assert.Equal(t, http.StatusForbidden, a.status, path)
		assert.Equal(t, permissions.CodePremiumReports, a.code(), path)
	}
	assert.Equal(t, http.StatusOK, b.get("users?$select=id").status)
}

func TestPeopleRefusesWhatGraphRefuses(t *testing.T) {
	b := start(t)
	b.server.Kindly(QuirkReportsFlicker, QuirkRiskyUsersEnd)
	b.withPeoplePermissions()
	user := "users/" + b.server.tenant.ID(KindUser, directory.UserAdmin)
	for _, tc := range []struct {
		path   string
		status int
		code   string
	}{
		{"identityProtection/riskyUsers?$top=501", 400, api.CodeBadSyntax},
		{"identityProtection/riskyUsers?$filter=userDisplayName eq 'x'", 400, api.CodeBadRequest},
		{"identityProtection/riskyUsers?$select=nope", 400, api.CodeBadRequest},
		{"reports/authenticationMethods/userRegistrationDetails?$select=nope", 400, api.CodeBadRequest},
		{"reports/authenticationMethods/userRegistrationDetails?$expand=user", 400, api.CodeBadRequest},
		{user + "/mailboxSettings/userPurpose?$select=value", 400, api.CodeBadRequest},
		{user + "/mailboxSettings?$select=nope", 400, api.CodeBadSyntax},
		{user + "/mailboxSettings?$top=5", 400, api.CodeBadRequest},
		{"users/" + b.server.tenant.UserPrincipalName(directory.UserAdmin) + "?$select=signInActivity", 400, api.CodeBadRequest},
	} {
		a := b.get(tc.path)
		assert.Equal(t, tc.status, a.status, tc.path)
		assert.Equal(t, tc.code, a.code(), tc.path)
	}
	assert.NotEmpty(t, b.all("identityProtection/riskyUsers?$filter=riskState eq 'atRisk' and riskLevel eq 'high'"))
	assert.NotEmpty(t, b.all("reports/authenticationMethods/userRegistrationDetails?$filter=isMfaRegistered eq false"))
}

func TestMailboxPurposeAgreesWithTruth(t *testing.T) {
	b := start(t)
	b.withPeoplePermissions()
	seen := map[string]int{}
	for n, u := range b.server.tenant.Truth().Users {
		seen[u.MailboxPurpose]++
		if !u.Enabled {
			seen["disabled "+u.MailboxPurpose]++
		}
		if n%10 != 0 {
			continue
		}
		own, selected := b.get("users/"+u.ID+"/mailboxSettings/userPurpose"), b.get("users/"+u.ID+"/mailboxSettings?$select=userPurpose")
		if u.MailboxPurpose == "" {
			assert.Equal(t, http.StatusNotFound, own.status)
			assert.Equal(t, "MailboxNotEnabledForRESTAPI", selected.code())
			continue
		}
		assert.Equal(t, u.MailboxPurpose, own.body["value"])
		assert.Equal(t, u.MailboxPurpose, selected.body["userPurpose"])
		assert.Len(t, selected.body, 2)
	}
	for _, purpose := range []string{"", "user", "shared", "room", "equipment", "linked", "others", "disabled shared", "disabled room"} {
		assert.Positive(t, seen[purpose], purpose)
	}
}

// mailboxBatch asks for the purpose of twenty mailboxes.
func (b *bench) mailboxBatch() answer {
	var items []map[string]any
	for i := range maxInBatch {
		items = append(items, map[string]any{
			"id": fmt.Sprint(i), "method": "GET", "url": "/users/" + b.server.tenant.ID(KindUser, directory.UserAdmin) + "/mailboxSettings/userPurpose",
		})
	}
	return b.batch(map[string]any{"requests": items})
}

func TestABatchOfMailboxesIsRunFourAtATime(t *testing.T) {
	b := start(t)
	b.withPeoplePermissions()
	b.server.SetLatency(2 * time.Millisecond) // So that items are under way side by side.
	a := b.mailboxBatch()
	assert.Equal(t, maxInBatch, strings.Count(string(a.raw), `"status":200`), string(a.raw))
	assert.Zero(t, b.server.Stats().ServiceThrottled)

	for range limits.OutlookAtOnce { // As if others had as many requests under way as Outlook takes.
		c := &api.Call{Path: "users/x/mailboxSettings"}
		defer b.server.meter.VisitMailbox(c)()
	}
	a = b.get("users/" + b.server.tenant.ID(KindUser, directory.UserAdmin) + "/mailboxSettings/userPurpose")
	assert.Equal(t, http.StatusTooManyRequests, a.status)
	assert.NotEmpty(t, a.header.Get("Retry-After"))
	assert.Equal(t, maxInBatch, strings.Count(string(b.mailboxBatch().raw), `"status":429`))
}
