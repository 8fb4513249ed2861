package connector

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	"github.com/conductorone/baton-sdk/pkg/types/grant"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// requireRefusal makes sure that a token is refused in a sentence for a person.
func requireRefusal(t *testing.T, err error) {
	t.Helper()
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	require.False(t, strings.ContainsFunc(status.Convert(err).Message(), unicode.IsControl))
}

// FuzzPageToken is about tokens that lead a listing past rows, or out of them.
func FuzzPageToken(f *testing.F) {
	for _, seed := range []string{
		"", `{"v":1}`, `{"v":1,"n":"/users?$skiptoken=x","p":3,"o":20,"s":2,"r":1,"l":[1,2]}`, `{"v":1,"f":"mfa","o":-1}`, `{"v":1,"o":9223372036854775807}`,
		`{"v":1,"do":"shard","s":[{"v":1,"g":[{"i":"a"},{"i":"b"}],"b":3,"z":{"1":500},"n":"/groups/delta?$skiptoken=x"}]}`,
		`{"v":1,"do":"shard","s":[{"g":[],"a":true}]}`, `{"v":1,"do":"shard","s":[{"g":[{"i":"a"}],"b":2}]}`, `{"v":1,"do":"x","t":{"do":"y","p":-1},"a":{"v":1,"o":-1}}`,
		`{"v":1,"do":"members","w":[{"i":"a","r":-1,"n":"/groups/a/members?$skiptoken=x"}]}`, `{"v":99}`, `null`, `[]`,
		`part/1/0/3/00000000000000ff/{"v":1}`, `part/1/1/0/cbf29ce484222325/`, `part/1/0/-3/ff/`,
	} {
		f.Add(seed, 10)
	}
	f.Fuzz(func(t *testing.T, token string, rows int) {
		if c, err := decodeCursor(token); err != nil {
			requireRefusal(t, err)
		} else {
			again := encoded(t, c)
			same, err := decodeCursor(again)
			require.NoError(t, err)
			require.Equal(t, again, encoded(t, same))
			_ = make([]int, max(0, min(rows, 1000)))[min(c.Offset, max(0, min(rows, 1000))):]
			before := c
			page, err := readPage(context.Background(), c, func(_ context.Context, next string) (*sending.Page[int], error) {
				require.Equal(t, before.Next, next)
				return &sending.Page[int]{Items: []int{1, 2}, Next: "/next"}, nil
			})
			if err == nil {
				require.Len(t, page.rows, 2)
				require.NotNil(t, page.next, "what follows is lost")
			}
		}
		if p, ok, err := decodePart(token); err != nil {
			requireRefusal(t, err)
		} else if ok {
			same, _, err := decodePart(p.encode())
			require.NoError(t, err)
			require.Equal(t, p, same)
		}
		decoded, err := decodeTask(token, doPlan)
		if err != nil {
			requireRefusal(t, err)
			return
		}
		again := encoded(t, decoded)
		same, err := decodeTask(again, doPlan)
		require.NoError(t, err)
		require.Equal(t, again, encoded(t, same))
		for i := range decoded.Lanes {
			l := &decoded.Lanes[i]
			require.NotEmpty(t, l.ref())
			asked := len(l.Groups)
			page := []graph.GroupDelta{{Reference: graph.Reference{ID: l.Groups[0].ID}, Members: make([]graph.DeltaRelation, 3)}}
			require.LessOrEqual(t, l.Offset, 1<<30)
			read := l.rows(page)
			for _, row := range read {
				require.Less(t, row.group, asked)
			}
			require.LessOrEqual(t, len(l.unseen()), asked)
			l.splitLarge()
		}
	})
}

func encoded(t *testing.T, token any) string {
	t.Helper()
	text, err := encodeToken(token)
	require.NoError(t, err)
	return text
}

// FuzzNextLinkInAToken is about links that a token changes on the way.
func FuzzNextLinkInAToken(f *testing.F) {
	f.Add("/users?$skiptoken=RFNwdAIA%2B%2F%3D&<>\u2028", "mfa", 3)
	f.Fuzz(func(t *testing.T, next, phase string, n int) {
		if !utf8.ValidString(next) || !utf8.ValidString(phase) || !countsAreSound(n) {
			return // No answer of Graph has such a link once it is decoded.
		}
		c := cursor{Version: tokenVersion, Phase: phase, Next: next, Page: n, Offset: n, Stored: n, Restarts: n}
		read, err := decodeCursor(encoded(t, c))
		require.NoError(t, err)
		require.Equal(t, c, read)
		want := task{Version: tokenVersion, Do: phase, Page: n, Offset: n, Work: []workItem{{ID: phase, Next: next}}, At: &c, Then: &task{Version: tokenVersion, Do: next}}
		got, err := decodeTask(encoded(t, want), doPlan)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// FuzzEventCursor is about cursors that make a feed panic, stand still, or give
// an event of the log neither now nor later.
func FuzzEventCursor(f *testing.F) {
	for _, seed := range []string{
		"", `{"v":1,"d":"test","f":1732449600}`, `{"v":1,"d":"test","f":1795600000,"p":1795600001,"b":1795600500,"w":3600,"s":"AAAAAAAAAAE"}`,
		`{"v":1,"d":"test","f":1795600000,"p":1795600000,"b":1795603600,"m":true,"n":"/log?1","k":-1}`, `{"v":1,"d":"test","f":9223372036854775807,"w":9223372036854775807}`,
		`{"v":1,"d":"test","f":-1,"s":"____"}`, `{"v":1,"d":"other"}`, `{"v":2,"d":"test"}`, `x`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := decodeEventCursor(token, "test")
		if err != nil {
			requireRefusal(t, err)
			return
		}
		if c != nil {
			if again, err := c.encode(); err == nil {
				same, err := decodeEventCursor(again, "test")
				require.NoError(t, err)
				once, err := same.encode()
				require.NoError(t, err)
				require.Equal(t, again, once)
			}
		}
		now := time.Unix(1795608000, 0)
		log := &fakeLog{now: now}
		log.add(now.Add(-3*time.Hour), now.Add(-3*time.Hour))
		log.add(now.Add(-time.Hour), now.Add(-time.Hour))
		r := newReader(t, log, now.Add(-24*time.Hour), 100)
		_, _, _, err = r.feed().ListEvents(context.Background(), timestamppb.New(r.start), &pagination.StreamToken{Size: 100, Cursor: token})
		if err != nil {
			require.NotEqual(t, codes.Unknown, status.Code(err))
		}
	})
}

// FuzzID is about ids that are taken apart in another way than they were put
// together.
func FuzzID(f *testing.F) {
	f.Add(typeGroup, someID, slugMember, someID)
	f.Add(typeCredential, someID+":"+someID, slugOwner, "x")
	f.Add(typeScopedRole, someID+"@"+someID, slugAssigned, "AAAAAAAA-0000-0000-0000-000000000001")
	f.Add("", "", "", "\n")
	f.Fuzz(func(t *testing.T, resourceType, id, slug, principal string) {
		if strings.Contains(resourceType, ":") || strings.Contains(slug, ":") {
			return // No type and no slug has a colon.
		}
		of := entitlementOf(resourceType, id, slug)
		require.True(t, proto.Equal(of, entitlementByID(of.GetId())), of.GetId())
		if resourceType != "" && id != "" && utf8.ValidString(resourceType+id+slug+principal) {
			want := grant.NewGrant(resourceRef(resourceType, id), slug, resourceID(typeUser, principal))
			require.True(t, proto.Equal(want, newGrant(of, typeUser, principal)))
		}
		require.Equal(t, objectID(id), objectID(objectID(id)))
		if checked, err := checkedObjectID(resourceID(resourceType, id)); err == nil {
			require.Regexp(t, `^[0-9a-f-]{36}$`, checked, "what is no id is sent to Graph")
		} else {
			require.Equal(t, codes.InvalidArgument, status.Code(err))
		}
		if isObject(id) && isObject(principal) {
			parts := scopedRoleIDForm.FindStringSubmatch(scopedRoleID(objectID(id), objectID(principal)))
			require.Equal(t, []string{objectID(id), objectID(principal)}, parts[1:])
			parts = credentialIDForm.FindStringSubmatch(credentialID(objectID(id), principal))
			require.Equal(t, []string{objectID(id), objectID(principal)}, parts[1:])
		}
		_ = entitlementByID(id)
	})
}

// FuzzAuditEntry is about entries of the log that make a change of somebody
// else's access than they speak of, or of nobody's.
func FuzzAuditEntry(f *testing.F) {
	const other = "aaaaaaaa-0000-0000-0000-000000000002"
	names := make([]string, 0, len(activities))
	for name := range activities {
		names = append(names, name)
	}
	slices.Sort(names)
	const begin = `{"result":"success","targetResources":[{"id":"` + someID + `","type":"`
	for i, seed := range []string{
		begin + `User","modifiedProperties":[{"displayName":"Group.ObjectID","newValue":"\"` + other + `\""}]},{"id":"` + other + `","type":"Group"}]}`,
		begin + `User","modifiedProperties":[{"displayName":"AssignedLicense","oldValue":"[]","newValue":"[\"[SkuName=X, SkuId=` + other + `]\"]"}]}]}`,
		begin + `ServicePrincipal","modifiedProperties":[{"displayName":"AppRole.Id","newValue":"` + other + `"}]}],"additionalDetails":[{"key":"TemplateId","value":"` + other + `"}]}`,
		`{"result":"success","targetResources":null}`, `{"result":"success","targetResources":[null,{"id":"x","modifiedProperties":[null]}]}`, `{}`,
	} {
		f.Add([]byte(seed), i)
	}
	f.Fuzz(func(t *testing.T, raw []byte, which int) {
		var a graph.DirectoryAudit
		if json.Unmarshal(raw, &a) != nil {
			return
		}
		if a.Activity == "" {
			a.Activity = names[uint(which)%uint(len(names))]
		}
		said := strings.ToLower(string(raw))
		plain := !strings.Contains(said, `\u`)
		u := understand(&a)
		if a.Result != graph.AuditSuccess {
			require.Empty(t, u, "what did not succeed has changed nothing")
		}
		require.False(t, len(u.access) > 0 && len(u.changed) > 0)
		for _, change := range u.access {
			require.True(t, isObject(change.who.ID), "%q", change.who.ID)
			require.NotEmpty(t, change.slug)
			require.NotEqual(t, change.on.ID, change.who.ID, "something that holds itself")
			for id := range strings.SplitSeq(change.on.ID, "@") {
				require.True(t, objectIDForm.MatchString(id), "%q", id)
				require.True(t, !plain || strings.Contains(said, id), "an id that the entry does not name")
			}
			require.True(t, !plain || strings.Contains(said, change.who.ID), "an id that the entry does not name")
		}
		for _, object := range u.changed {
			require.True(t, isObject(object.ID))
		}
	})
}
