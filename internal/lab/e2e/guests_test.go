package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func guest(u graphsim.TruthUser) bool { return u.UserType == "Guest" && u.ExternalState == "Accepted" }

// sponsors are those of a user in the tenant as it is.
func (l *lifecycle) sponsors(id string) []string {
	found := []string{}
	for _, s := range l.tenant.Tenant().Truth().UserSponsors {
		if s.ObjectID == id {
			found = append(found, s.Principal.ID)
		}
	}
	slices.Sort(found)
	return found
}

// unsponsored is a guest whom nobody answers for.
func (l *lifecycle) unsponsored() string {
	return l.pick(func(u graphsim.TruthUser) bool { return guest(u) && len(l.sponsors(u.ID)) == 0 })
}

func asList(ids ...string) []any {
	list := []any{}
	for _, id := range ids {
		list = append(list, id)
	}
	return list
}

func TestSponsorsAreExactlyThoseThatAreListed(t *testing.T) {
	t.Parallel()
	for name, lag := range map[string]time.Duration{"at once": 0, "with lag": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.SetReplicationLag(lag, lag)
			id, first := l.unsponsored(), l.pick(member)
			second := l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.ID != first })
			named, _ := l.user(second)
			group := l.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365)
			for _, step := range []struct{ wanted, are, added, removed []string }{
				{[]string{first, group}, []string{first, group}, []string{first, group}, nil},
				{[]string{first, group, first}, []string{first, group}, nil, nil},
				{[]string{named.UPN, group}, []string{second, group}, []string{second}, []string{first}},
				{[]string{first}, []string{first}, []string{first}, []string{second, group}},
				{nil, nil, nil, []string{first}},
				{nil, nil, nil, nil},
			} {
				result := l.acted("set_sponsors", map[string]any{"user_id": id, "sponsors": asList(step.wanted...)})
				require.ElementsMatch(t, step.are, l.sponsors(id))
				require.ElementsMatch(t, asList(step.added...), result["added"])
				require.ElementsMatch(t, asList(step.removed...), result["removed"])
			}
			require.Contains(t, l.notActed("set_sponsors", map[string]any{"user_id": id}), "sponsors is required")
			require.Contains(t, l.notActed("set_sponsors", map[string]any{"user_id": id, "sponsors": []any{" "}}), "only an empty list")
			_, there := l.user(first)
			require.True(t, there, "taking a sponsor away has deleted the person")
		})
	}
}

func TestSponsorsAreSetOnceAlsoWhereAnswersAreLost(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id, sponsor := l.unsponsored(), l.pick(member)
	for _, answer := range []graphsim.Action{graphsim.ActThenReset(), graphsim.ActThenRespond(http.StatusBadGateway, "UnknownError")} {
		l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/sponsors/", First: 1, Action: answer})
		require.Equal(t, []any{sponsor}, l.acted("set_sponsors", map[string]any{"user_id": id, "sponsors": asList(sponsor)})["added"])
		require.Equal(t, []string{sponsor}, l.sponsors(id))
		l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodDelete, Path: "/sponsors/", First: 1, Action: answer})
		require.Equal(t, []any{sponsor}, l.acted("set_sponsors", map[string]any{"user_id": id, "sponsors": asList()})["removed"])
		require.Empty(t, l.sponsors(id))
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { l.acted("set_sponsors", map[string]any{"user_id": id, "sponsors": asList(sponsor)}) })
	}
	both.Wait()
	require.Equal(t, []string{sponsor}, l.sponsors(id))
}

func TestGuestAcceptsAnewWithAnotherAddressAndKeepsTheAccount(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(guest)
	before, _ := l.user(id)
	const address = "new.home@fabrikam.example"
	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/invitations", First: 1, Action: graphsim.ActThenReset()})
	for range 2 {
		result := l.acted("reset_redemption", map[string]any{"user_id": id, "email": address, "send_invitation": true})
		require.Equal(t, address, result["email"])
		require.Equal(t, true, result["invitation_sent"])
		now, _ := l.user(id)
		require.Equal(t, "PendingAcceptance", now.ExternalState)
		require.Equal(t, 1, len(now.OtherMails)-len(before.OtherMails), "the address was added once")
		require.Contains(t, now.OtherMails, address)
		require.Equal(t, before.UPN, now.UPN)
	}
	other := l.pick(func(u graphsim.TruthUser) bool { return guest(u) && u.Mail != "" })
	result := l.acted("reset_redemption", map[string]any{"user_id": other})
	now, _ := l.user(other)
	require.Equal(t, now.Mail, result["email"])
	require.Contains(t, result["remark"], "has to be told to sign in")
	l.sync()
}

func TestResetOfWhoHasNothingToAcceptIsRefused(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	member := l.pick(member)
	require.Contains(t, l.notActed("reset_redemption", map[string]any{"user_id": member, "email": "a@fabrikam.example"}), "is a member of the tenant and no guest")
	require.NoError(t, l.tenant.Tenant().Edit(graphsim.KindUser, member, map[string]any{"userType": "Guest"}))
	require.Contains(t, l.notActed("reset_redemption", map[string]any{"user_id": member, "email": "a@fabrikam.example"}), "was never invited")
	require.Contains(t, l.notActed("reset_redemption", map[string]any{"user_id": l.pick(guest), "email": "nobody"}), "email has to be an address")
	require.Empty(t, l.tenant.Writes())
}

func TestGuestIsNotMadeAMemberByTheWay(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.pick(guest)
	for _, profile := range []string{`{"userType": "Member"}`, `{"usertype": "member", "jobTitle": "x"}`} {
		message := l.notActed("update_user", map[string]any{"user_id": id, "user_profile": profile})
		require.Contains(t, message, "is not made a member")
		require.Contains(t, message, "policies for guests")
	}
	_, err := l.create(map[string]any{"accountKind": "guest", "email": "a@fabrikam.example", "additionalAttributes": `{"userType": "Member"}`})
	require.ErrorContains(t, err, "a guest is not made a member")
	require.Empty(t, l.tenant.Writes())
	l.acted("update_user", map[string]any{"user_id": id, "user_profile": `{"userType": "Guest", "jobTitle": "Auditor"}`})
	l.acted("update_user", map[string]any{"user_id": l.pick(member), "user_profile": `{"userType": "Member"}`})
	for _, u := range l.tenant.Tenant().Truth().Users {
		require.False(t, u.ID == id && !strings.EqualFold(u.UserType, "Guest"))
	}
}
