package teams

import (
	"context"
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// Teams has denied the channels of a team, or who is in one, to applications that read all
// others, for as long as an owner of the team was blocked. Such a team or channel is left
// out. It has also denied all private channels, and told of standard ones: where all of a
// kind are denied it is no trouble of theirs.

// readApart reads the rows of some teams or channels, without those that Graph denies, and
// notes what was heard of each kind of them.
func readApart[T any](
	ctx context.Context, s *Syncer, heard map[string]walk.Heard, data model.DataSet, ids []string, kind func(string) string, first func(string) string,
) (map[string][]T, error) {
	of := walk.Apart{Data: data, Ask: func(ctx context.Context) error { return s.Decider.AskAgain(ctx, data) }}
	found, err := walk.ReadApart[T](ctx, s.Client, s.Left, &of, ids, first)
	if err != nil || len(ids) == 0 {
		return found, err
	}
	if _, asked := heard[string(data)]; !asked {
		heard[string(data)] = walk.Heard{}
	}
	note := func(id string, answered bool, denied int) {
		name := string(data) + kind(id)
		heard[name] = walk.Heard{Answered: heard[name].Answered || answered, Denied: heard[name].Denied + denied}
	}
	for id := range found {
		note(id, true, 0)
	}
	counted := map[string]bool{}
	for _, id := range of.Denied {
		team, _, _ := strings.Cut(id, ":")
		if once := team + kind(id); !counted[once] {
			counted[once] = true
			note(id, false, 1)
		}
	}
	return found, nil
}

// leaveOut is decide.LeaveOut as long as nobody was asked with success about the data set.
func leaveOut(ctx context.Context, c walk.Cursor, data model.DataSet, err error) error {
	if _, asked := c.Heard[string(data)]; err == nil || asked {
		return err
	}
	return decide.LeaveOut(ctx, data, err)
}

// requireHeard fails where several teams were denied something, and it was given of none. Of
// one it may be the team's own trouble.
func requireHeard(heard map[string]walk.Heard) error {
	for _, name := range slices.Sorted(maps.Keys(heard)) {
		if h := heard[name]; !h.Answered && h.Denied > 1 {
			return status.Errorf(codes.PermissionDenied,
				"%sMicrosoft Graph denies %s of each of the %d teams that have any, to an application that may read them; try again later, or without --sync-channels until it answers",
				model.ErrorPrefix, name, h.Denied)
		}
	}
	return nil
}
