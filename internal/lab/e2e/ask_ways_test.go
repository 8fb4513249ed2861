package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect/asked"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/reached"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// requirePathAnswers checks who can become what, and by how many steps.
func requirePathAnswers(t *testing.T, q *questioner, truth *graphsim.Truth, tenant *asked.Tenant) {
	t.Helper()
	ways := reached.Of(truth, false)
	for _, role := range truth.RoleDefinitions {
		if !slices.Contains([]string{"Global Administrator", "User Administrator", "Cloud Application Administrator"}, role.DisplayName) {
			continue
		}
		steps, others := set{}, set{}
		for start, length := range ways.To("role:" + role.ID) {
			steps.add(fmt.Sprintf("%s in %d", start, length))
			others.add(start)
		}
		who := func(cell func(string) string) string { return cell("principal_type") + ":" + cell("principal_id") }
		got := rowsOf(t, q.answer(0, "paths-to", "role:"+role.ID), func(cell func(string) string) string { return who(cell) + " in " + cell("steps") })
		requireSame(t, "paths to "+role.DisplayName, steps, got)

		eligible := set{}
		for slug, take := range map[string]func(string){"assigned": func(who string) { delete(others, who) }, "eligible": eligible.add} {
			for _, row := range tenant.Edges(func(entitlement, _ string) bool { return entitlement == "role:"+role.ID+":"+slug }) {
				if _, holder, _ := strings.Cut(row, " <- "); !strings.HasPrefix(holder, "group:") {
					take(holder)
				}
			}
		}
		for holder := range eligible {
			others.add(holder)
		}
		requireActivation(t, q, tenant, role.ID)
		requireSame(t, "who can become "+role.DisplayName, others, rowsOf(t, q.answer(0, "who-can-become", "role:"+role.ID), who))
	}
}

// requireActivation checks that who may activate a role is told whose approval that
// takes, and what else.
func requireActivation(t *testing.T, q *questioner, tenant *asked.Tenant, role string) {
	t.Helper()
	want, names := tenant.Activation(role)
	got := rowsOf(t, q.answer(0, "who-can-become", "role:"+role), func(cell func(string) string) string {
		if cell("approval") == "" {
			return ""
		}
		for _, name := range names {
			require.Contains(t, cell("how"), name)
		}
		require.Equal(t, cell("approval") == "required", strings.Contains(cell("how"), "needs approval"))
		return strings.Join([]string{cell("approval"), cell("approvers"), cell("mfa"), cell("justification"), cell("ticket"), cell("longest_activation")}, "|")
	})
	delete(got, "")
	if len(got) > 0 {
		requireSame(t, "what activating takes", setOf([]string{want}), got)
	}
}

// requireWays checks by which groups what reaches their own members is held, of every
// application, product, role and group.
func requireWays(t *testing.T, q *questioner, truth *graphsim.Truth, tenant *asked.Tenant) {
	t.Helper()
	var resources []string
	for _, role := range truth.RoleDefinitions {
		resources = append(resources, "role:"+role.ID)
	}
	for _, l := range truth.Licenses {
		resources = append(resources, "license:"+l.SkuID)
	}
	for i := range truth.Groups {
		resources = append(resources, "group:"+truth.Groups[i].ID)
	}
	for i := range truth.ServicePrincipals {
		if truth.ServicePrincipals[i].Kind == "application" {
			resources = append(resources, "application:"+truth.ServicePrincipals[i].ID)
		}
	}
	told, asked := set{}, map[string]bool{}
	for _, resource := range resources {
		asked[resource] = true
		for row := range rowsOf(t, q.answer(0, "who-has", resource), func(cell func(string) string) string {
			if cell("through") == "" || strings.HasPrefix(cell("entitlement_id"), "group:") && strings.HasSuffix(cell("entitlement_id"), ":member") {
				return ""
			}
			return holdOf(cell) + " through " + cell("through")
		}) {
			told.add(row)
		}
	}
	delete(told, "")
	want := set{}
	for _, row := range tenant.Through() {
		entitlement, _, _ := strings.Cut(row, " <- ")
		if asked[entitlement[:strings.LastIndexByte(entitlement, ':')]] {
			want.add(row)
		}
	}
	require.NotEmpty(t, want)
	requireSame(t, "ways through groups", want, told)
}
