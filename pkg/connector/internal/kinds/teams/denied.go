package teams

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// Teams has denied the channels of a team, or who is in one, to applications that read all
// others, for as long as an owner of the team was blocked or had no licence. Such a team or
// channel is left out; where all are denied it is no trouble of theirs.

// readApart reads the rows of some teams or channels, without those that Graph denies, and
// notes what was heard.
func readApart[T any](
	ctx context.Context, s *Syncer, heard map[model.DataSet]walk.Heard, data model.DataSet, ids []string, first func(string) string,
) (map[string][]T, error) {
	of := walk.Apart{Data: data, Ask: func(ctx context.Context) error { return s.Decider.AskAgain(ctx, data) }}
	found, err := walk.ReadApart[T](ctx, s.Client, s.Left, &of, ids, first)
	if err != nil || len(ids) == 0 {
		return found, err
	}
	denied := map[string]bool{}
	for _, id := range of.Denied {
		team, _, _ := strings.Cut(id, ":")
		denied[team] = true
	}
	before := heard[data]
	heard[data] = walk.Heard{Answered: before.Answered || of.Answered, Denied: before.Denied + len(denied)}
	return found, nil
}

// leaveOut is decide.LeaveOut as long as nobody was asked with success about the data set.
func leaveOut(ctx context.Context, c walk.Cursor, data model.DataSet, err error) error {
	if _, asked := c.Heard[data]; err == nil || asked {
		return err
	}
	return decide.LeaveOut(ctx, data, err)
}

// requireHeard fails where several teams were denied, and nothing was given of any. Of one
// it may be the team's own trouble.
func requireHeard(heard map[model.DataSet]walk.Heard) error {
	for _, data := range []model.DataSet{model.DataChannels, model.DataChannelMembers} {
		if h := heard[data]; !h.Answered && h.Denied > 1 {
			return status.Errorf(codes.PermissionDenied,
				"%sMicrosoft Graph denies %s of each of the %d teams that have any, to an application that may read them; try again later, or without --sync-channels until it answers",
				model.ErrorPrefix, data, h.Denied)
		}
	}
	return nil
}
