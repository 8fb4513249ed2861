// Package events makes events of the logs of Microsoft Entra. It keeps nothing but
// cursors, and must not use what a sync has left behind.
package events

import (
	"context"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

const (
	// defaultEventPage and maxEventPage are how many events an answer holds
	// unless asked for another number, and at most.
	defaultEventPage, maxEventPage = 500, 1000
	// defaultEventStart is how far back a feed begins that is not told where.
	defaultEventStart = 24 * time.Hour
	// logRetention is how long Microsoft Entra keeps its logs at most
	// (https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention).
	logRetention = 30 * 24 * time.Hour
)

// Feeds are the feeds that the configuration leaves on and whose resource
// types are synced. Whether the token and the tenant's licence allow to read
// them shows when they are read: the SDK asks for this list before anybody has
// signed in.
func Feeds(client *graph.Client, tenantID string, filter decide.Filters) []connectorbuilder.EventFeed {
	var feeds []connectorbuilder.EventFeed
	look := newLookup(client, tenantID)
	if filter.Feeds(decide.FeedDirectoryChanges) {
		changes := &directoryChanges{look: look, filter: filter, expand: kinds.NewExpander(&filter)}
		feeds = append(feeds, &eventFeed[graph.DirectoryAudit]{
			id:    decide.FeedDirectoryChanges,
			types: []v2.EventType{v2.EventType_EVENT_TYPE_CREATE_GRANT, v2.EventType_EVENT_TYPE_CREATE_REVOKE, v2.EventType_EVENT_TYPE_RESOURCE_CHANGE},
			log: eventLog[graph.DirectoryAudit]{
				read: client.ListDirectoryAudits, sorted: true,
				key:    func(a *graph.DirectoryAudit) (string, time.Time) { return a.ID, a.Time },
				events: changes.events,
			},
			now: time.Now,
		})
	}
	if filter.Feeds(decide.FeedApplicationUsage) {
		usage := &applicationUsage{look: look, filter: filter}
		feeds = append(feeds, &eventFeed[graph.SignIn]{
			id:    decide.FeedApplicationUsage,
			types: []v2.EventType{v2.EventType_EVENT_TYPE_USAGE},
			log: eventLog[graph.SignIn]{
				read:   client.ListSignIns,
				key:    func(s *graph.SignIn) (string, time.Time) { return s.ID, s.Time },
				events: usage.events,
			},
			now: time.Now,
		})
	}
	return feeds
}

// eventFeed turns a log of Microsoft Entra into events.
type eventFeed[T any] struct {
	id    string
	types []v2.EventType
	log   eventLog[T]
	now   func() time.Time
}

// EventFeedMetadata describes the feed. It asks nobody.
func (f *eventFeed[T]) EventFeedMetadata(context.Context) *v2.EventFeedMetadata {
	return v2.EventFeedMetadata_builder{Id: f.id, SupportedEventTypes: f.types}.Build()
}

// ListEvents reads one page of the log at most, and gives its events that were
// not given before. A feed without a cursor begins at earliest.
func (f *eventFeed[T]) ListEvents(
	ctx context.Context, earliest *timestamppb.Timestamp, token *pagination.StreamToken,
) ([]*v2.Event, *pagination.StreamState, annotations.Annotations, error) {
	now := f.now()
	at, err := decodeEventCursor(token.Cursor, f.id)
	if err != nil {
		return nil, nil, nil, err
	}
	if at == nil {
		at = newEventCursor(f.id, eventStart(earliest, now))
		if !f.log.sorted {
			at.Width = firstWidth
		}
	}
	if kept := now.Add(-logRetention).Unix(); at.Floor < kept {
		if token.Cursor != "" {
			ctxzap.Extract(ctx).Warn("azure-ad: the feed was not read for so long that events are lost",
				zap.String("feed", f.id), zap.Time("from", time.Unix(at.Floor, 0)), zap.Time("until", time.Unix(kept, 0)))
		}
		at.raise(kept)
		at.end()
	}
	size := min(token.Size, maxEventPage)
	if size <= 0 {
		size = defaultEventPage
	}
	events, more, err := f.log.advance(ctx, at, size, now)
	if err != nil {
		return nil, nil, nil, model.ToStatus(err)
	}
	cursor, err := at.encode()
	if err != nil {
		return nil, nil, nil, err
	}
	return events, &pagination.StreamState{Cursor: cursor, HasMore: more}, nil, nil
}

func eventStart(earliest *timestamppb.Timestamp, now time.Time) int64 {
	if earliest == nil || earliest.GetSeconds() <= 0 {
		return now.Add(-defaultEventStart).Unix()
	}
	return max(earliest.GetSeconds(), now.Add(-logRetention).Unix())
}
