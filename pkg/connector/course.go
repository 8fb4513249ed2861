package connector

import (
	"context"
	"maps"
	"sync"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

// course is what a sync has learnt on its way: which forms of request the tenant
// refuses, and which data sets had to be left out after all. It is the same for
// every worker and process: it lives in the session store, and each call begins
// with what is there.
type course struct {
	mu    sync.Mutex
	store sessions.SessionStore
	known learnt
	forms *forms.Refused
}

// learnt is what is stored.
type learnt struct {
	// Steps are those of forms.Refused.
	Steps map[string]int `json:"forms,omitempty"`
	// Left are the data sets that were left out on the way, with the reason.
	Left map[dataSet]string `json:"left,omitempty"`
}

const keyCourse = "course"

type courseKey struct{}

// withCourse lets a call know what the sync has learnt. The store is that of the
// sync.
func withCourse(ctx context.Context, store sessions.SessionStore) (context.Context, *course, error) {
	c := &course{store: store}
	var err error
	if c.known, _, err = getValue[learnt](ctx, index{store}, keyCourse); err != nil {
		return ctx, nil, err
	}
	c.forms = forms.NewRefused(c.known.Steps, func(ctx context.Context, steps map[string]int) error {
		return c.learn(ctx, func(l *learnt) { l.Steps = lowest(l.Steps, steps) })
	})
	return forms.WithRefused(context.WithValue(ctx, courseKey{}, c), c.forms), c, nil
}

// lowest is how far down the ladders anybody has come.
func lowest(a, b map[string]int) map[string]int {
	merged := maps.Clone(b)
	for name, step := range a {
		merged[name] = max(merged[name], step)
	}
	return merged
}

func courseOf(ctx context.Context) *course {
	c, _ := ctx.Value(courseKey{}).(*course)
	return c
}

// storing is held while what the syncs of this process have learnt is written:
// another call may have learnt something since this one began.
var storing sync.Mutex

// learn adds to what is stored.
func (c *course) learn(ctx context.Context, add func(*learnt)) error {
	storing.Lock()
	defer storing.Unlock()
	now, _, err := getValue[learnt](ctx, index{c.store}, keyCourse)
	if err != nil {
		return err
	}
	add(&now)
	if err := putValue(ctx, index{c.store}, keyCourse, now); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = now
	return nil
}

// left are the data sets that were left out on the way.
func (c *course) left() map[dataSet]string {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.known.Left)
}

// descents are the forms that the sync had to do without.
func (c *course) descents() []forms.Descent {
	if c == nil {
		return nil
	}
	return c.forms.Descents(graph.Ladders())
}

// leaveOut leaves an optional data set out as a whole for an error that says that
// it cannot be read in any form, or that the tenant has no licence for it. It gives
// nil where it did, and else the error as it is. It is to be asked before anything
// of the data set was given to the SDK.
func leaveOut(ctx context.Context, data dataSet, err error) error {
	c, s := courseOf(ctx), sourceOf(data)
	if c == nil || !canBeLeftOut(data, err) {
		return err
	}
	why := lackOf(err).sentence(s)
	ctxzap.Extract(ctx).Warn(messageLeftOut,
		zap.String("data", string(data)), zap.String("what", s.Purpose), zap.String("for_lack_of", why), zap.Error(err))
	return c.learn(ctx, func(l *learnt) {
		if l.Left == nil {
			l.Left = map[dataSet]string{}
		}
		l.Left[data] = why
	})
}

// canBeLeftOut reports whether err is such a one, of an optional data set.
func canBeLeftOut(data dataSet, err error) bool {
	return sourceOf(data).Optional && (forms.IsRefused(err) || failure.IsUnlicensed(err))
}

// leftOutAt is leaveOut for a listing whose rows are given as they are read: it can
// be left out only before its first page.
func leftOutAt(ctx context.Context, c cursor, data dataSet, err error) error {
	if c.beginning() {
		err = leaveOut(ctx, data, err)
	}
	return toStatus(err)
}

// orWithout goes on with the walk that follows where one fails that can be left
// out.
func orWithout(ctx context.Context, data dataSet, next *cursor, err error, follow string) (*cursor, error) {
	if err == nil {
		return next, nil
	}
	if err := leaveOut(ctx, data, err); err != nil {
		return nil, err
	}
	return &cursor{Version: tokenVersion, Phase: follow}, nil
}
