package events

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/conductorone/baton-sdk/pkg/pagination"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// The version of cursors is the same as that of 2026-11-25.
func TestCursorOfTheSameVersionWouldBeRefused(t *testing.T) {
	_, err := decodeEventCursor(`{"v":1,"d":"f","f":1,"p":2,"m":true,"n":"/log?x","r":7}`, "f")
	require.NoError(t, err)
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
			fake.RequireRefusal(t, err)
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

// FuzzAuditEntry is about entries of the log that make a change of somebody
// else's access than they speak of, or of nobody's.
func FuzzAuditEntry(f *testing.F) {
	const other = "aaaaaaaa-0000-0000-0000-000000000002"
	names := make([]string, 0, len(activities))
	for name := range activities {
		names = append(names, name)
	}
	slices.Sort(names)
	const begin = `{"result":"success","targetResources":[{"id":"` + fake.SomeID + `","type":"`
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
				require.True(t, model.ObjectIDForm.MatchString(id), "%q", id)
				require.True(t, !plain || strings.Contains(said, id), "an id that the entry does not name")
			}
			require.True(t, !plain || strings.Contains(said, change.who.ID), "an id that the entry does not name")
		}
		for _, object := range u.changed {
			require.True(t, isObject(object.ID))
		}
	})
}
