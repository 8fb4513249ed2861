package report

import (
	"fmt"
	"slices"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

// ending gives the last grant of a tenant an end.
func (n *tenant) ending(t *testing.T, end string) {
	t.Helper()
	fields, err := structpb.NewStruct(map[string]any{"endDateTime": end})
	require.NoError(t, err)
	n.grants[len(n.grants)-1].SetAnnotations(annotations.New(v2.GrantMetadata_builder{Metadata: fields}.Build()))
}

// byPackages are the access packages by which an object holds things, as the page tells
// them: "object: package until end".
func (p *page) byPackages(t *testing.T, number int) []string {
	t.Helper()
	x, r := p.index(t), &rows{t, p.unpack(t, "h0")}
	var told []string
	for at := 0; at <= number; at++ {
		count, entitlement := r.next(), 0
		for range max(0, count-1) {
			entitlement += r.next()
			form := r.next()
			for range form >> 3 {
				r.next()
			}
			if form&2 != 0 {
				r.next()
			}
			if form&4 == 0 {
				continue
			}
			for range r.next() {
				name, end := x.Names[r.next()], x.Times[r.next()][2]
				if at == number {
					told = append(told, fmt.Sprintf("%s: %s until %s", x.Names[x.EntitlementsOf[entitlement]], name, end))
				}
			}
		}
	}
	return told
}

// What comes by an access package and ends with it would look as if it were for good, or
// as if it ended where another holder's does.
func TestWhatAnAccessPackageGivesIsToldWithItsEnd(t *testing.T) {
	t.Parallel()
	n := newTenant()
	n.types = append(n.types, "access_package")
	group := n.add(t, "group", guidFor(2, 1), "Sales", nil)
	other := n.add(t, "group", guidFor(2, 2), "Staff", nil)
	first, second := guidFor(9, 1), guidFor(9, 2)
	it := n.add(t, "access_package", guidFor(1, 1), "Onboarding", map[string]any{
		"policies": []any{map[string]any{"id": first, "name": "Asked", "requestable": true, "allowedTargetScope": "allMemberUsers"}, map[string]any{"id": second, "name": "Given"}},
		"contents": []any{
			map[string]any{"entitlement": "group:" + guidFor(2, 1) + ":member", "role": "Member"},
			map[string]any{"role": "Contributors", "resourceId": "https://x", "system": "SharePointOnline"},
		},
	})
	asked, given := n.entitlement(it, first, "Asked"), n.entitlement(it, second, "Given")
	member, staff := n.entitlement(group, "member", "Member"), n.entitlement(other, "member", "Member")
	people := map[string]*v2.Resource{}
	for i, name := range []string{"Ann", "Bob", "Eve"} {
		people[name] = n.user(t, guidFor(3, i), name, name+"@contoso.example", nil)
		n.grant(staff, people[name])
	}
	n.grant(member, people["Ann"])
	n.grant(member, people["Bob"])
	n.grant(asked, people["Ann"])
	n.ending(t, "2031-01-01T00:00:00Z")
	n.grant(given, people["Ann"])
	n.ending(t, "2030-01-01T00:00:00Z")
	n.grant(given, people["Eve"]) // Who was taken out of the group since.
	p, _ := write(t, n.open(t), DefaultLimits())
	x := p.index(t)
	for name, want := range map[string][]string{"Ann": {"Sales: Onboarding until 2031-01-01T00:00:00Z"}, "Bob": nil, "Eve": nil} {
		require.Equal(t, want, p.byPackages(t, slices.Index(x.Names, name)), name)
	}
	details := string(p.unpack(t, "d0"))
	require.Contains(t, details, `"gives","group:`+guidFor(2, 1)+` Member"`)
	require.Contains(t, details, `"gives","Contributors of https://x (SharePointOnline)"`)
	require.Contains(t, details, `"policy","Asked: for those who may ask (allMemberUsers), without an approval"`)
	require.Contains(t, details, `"policy","Given: nobody can ask"`)
}
