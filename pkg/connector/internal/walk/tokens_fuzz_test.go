package walk

import (
	"context"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

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
		if c, err := DecodeCursor(token); err != nil {
			fake.RequireRefusal(t, err)
		} else {
			again := fake.Encoded(t, c)
			same, err := DecodeCursor(again)
			require.NoError(t, err)
			require.Equal(t, again, fake.Encoded(t, same))
			_ = make([]int, max(0, min(rows, 1000)))[min(c.Offset, max(0, min(rows, 1000))):]
			before := c
			page, err := ReadPage(context.Background(), c, func(_ context.Context, next string) (*sending.Page[int], error) {
				require.Equal(t, before.Next, next)
				return &sending.Page[int]{Items: []int{1, 2}, Next: "/next"}, nil
			})
			if err == nil {
				require.Len(t, page.Rows, 2)
				require.NotNil(t, page.Next, "what follows is lost")
			}
		}
		if p, ok, err := decodePart(token); err != nil {
			fake.RequireRefusal(t, err)
		} else if ok {
			same, _, err := decodePart(p.encode())
			require.NoError(t, err)
			require.Equal(t, p, same)
		}
		decoded, err := DecodeTask(token, DoPlan)
		if err != nil {
			fake.RequireRefusal(t, err)
			return
		}
		again := fake.Encoded(t, decoded)
		same, err := DecodeTask(again, DoPlan)
		require.NoError(t, err)
		require.Equal(t, again, fake.Encoded(t, same))
		for i := range decoded.Lanes {
			l := &decoded.Lanes[i]
			require.NotEmpty(t, l.Ref())
			asked := len(l.Groups)
			page := []graph.GroupDelta{{Reference: graph.Reference{ID: l.Groups[0].ID}, Members: make([]graph.DeltaRelation, 3)}}
			require.LessOrEqual(t, l.Offset, 1<<30)
			read := l.Rows(page)
			for _, row := range read {
				require.Less(t, row.Group, asked)
			}
			require.LessOrEqual(t, len(l.Unseen()), asked)
			l.SplitLarge()
		}
	})
}

// FuzzNextLinkInAToken is about links that a token changes on the way.
func FuzzNextLinkInAToken(f *testing.F) {
	f.Add("/users?$skiptoken=RFNwdAIA%2B%2F%3D&<>\u2028", "mfa", 3)
	f.Fuzz(func(t *testing.T, next, phase string, n int) {
		if !utf8.ValidString(next) || !utf8.ValidString(phase) || !CountsAreSound(n) {
			return // No answer of Graph has such a link once it is decoded.
		}
		c := Cursor{Version: TokenVersion, Phase: phase, Next: next, Page: n, Offset: n, Stored: n, Restarts: n}
		read, err := DecodeCursor(fake.Encoded(t, c))
		require.NoError(t, err)
		require.Equal(t, c, read)
		want := Task{Version: TokenVersion, Do: phase, Page: n, Offset: n, Work: []WorkItem{{ID: phase, Next: next}}, At: &c, Then: &Task{Version: TokenVersion, Do: next}}
		got, err := DecodeTask(fake.Encoded(t, want), DoPlan)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
