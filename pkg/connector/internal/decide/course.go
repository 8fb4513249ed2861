package decide

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

// Course is what a sync has learnt on its way: which forms of request the tenant
// refuses, and which data sets had to be left out after all. It is the same for
// every worker and process: it lives in the session store, and each call begins
// with what is there.
type Course struct {
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
	Left map[model.DataSet]string `json:"left,omitempty"`
	// Carried are the data sets that come from an earlier sync.
	Carried map[model.DataSet]Carried `json:"carried,omitempty"`
}

// Reading is how old a data set is.
type Reading struct {
	// At is the moment since when nothing of it was missed.
	At time.Time `json:"a"`
	// Full is when a sync began to read all of it. Between Full and At only what had
	// changed was read, and whoever did not show up in that for any reason stays as at
	// Full.
	Full time.Time `json:"f"`
}

// Carried is a data set that is taken from an earlier sync.
type Carried struct {
	Reading

	// Caught is true once everything that has changed since is read, too: it is as new
	// then as the rest of the snapshot.
	Caught bool `json:"c,omitempty"`
	// Doubted is true where somebody showed up whom that should have found.
	Doubted bool `json:"d,omitempty"`
}

// Current reports whether it is as new as the rest of the snapshot.
func (c *Carried) Current() bool { return c.Caught && !c.Doubted }

const keyCourse = "course"

type courseKey struct{}

// WithCourse lets a call know what the sync has learnt. The store is that of the
// sync.
func WithCourse(ctx context.Context, store sessions.SessionStore) (context.Context, *Course, error) {
	c := &Course{store: store}
	var err error
	if c.known, _, err = walk.GetValue[learnt](ctx, walk.Index{Store: store}, keyCourse); err != nil {
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

func CourseOf(ctx context.Context) *Course {
	c, _ := ctx.Value(courseKey{}).(*Course)
	return c
}

// storing is held while what the syncs of this process have learnt is written:
// another call may have learnt something since this one began.
var storing sync.Mutex

// learn adds to what is stored.
func (c *Course) learn(ctx context.Context, add func(*learnt)) error {
	storing.Lock()
	defer storing.Unlock()
	now, _, err := walk.GetValue[learnt](ctx, walk.Index{Store: c.store}, keyCourse)
	if err != nil {
		return err
	}
	add(&now)
	if err := walk.PutValue(ctx, walk.Index{Store: c.store}, keyCourse, now); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = now
	return nil
}

// Left are the data sets that were left out on the way.
func (c *Course) Left() map[model.DataSet]string {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.known.Left)
}

// Carried are the data sets that come from an earlier sync.
func (c *Course) Carried() map[model.DataSet]Carried {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.known.Carried)
}

// Carry takes data sets from an earlier sync, or says that one has caught up, or that it
// has not after all.
func (c *Course) Carry(ctx context.Context, sets map[model.DataSet]Carried) error {
	return c.learn(ctx, func(l *learnt) {
		if l.Carried == nil {
			l.Carried = map[model.DataSet]Carried{}
		}
		maps.Copy(l.Carried, sets)
	})
}

// Told counts what the snapshot has to say of the course: it grows with each thing.
func (c *Course) Told() int {
	told := len(c.Left())
	for _, carried := range c.Carried() {
		told++
		if carried.Caught {
			told++
		}
		if carried.Doubted {
			told++
		}
	}
	return told
}

// Descents are the forms that the sync had to do without.
func (c *Course) Descents() []forms.Descent {
	if c == nil {
		return nil
	}
	return c.forms.Descents(graph.Ladders())
}

// LeaveOut leaves an optional data set out as a whole for an error that says that
// it cannot be read in any form, or that the tenant has no licence for it. It gives
// nil where it did, and else the error as it is. It is to be asked before anything
// of the data set was given to the SDK.
func LeaveOut(ctx context.Context, data model.DataSet, err error) error {
	c, s := CourseOf(ctx), sourceOf(data)
	if c == nil || !CanBeLeftOut(data, err) {
		return err
	}
	why := lackOf(err).sentence(s)
	ctxzap.Extract(ctx).Warn(messageLeftOut,
		zap.String("data", string(data)), zap.String("what", s.Purpose), zap.String("for_lack_of", why), zap.Error(err))
	return c.learn(ctx, func(l *learnt) {
		if l.Left == nil {
			l.Left = map[model.DataSet]string{}
		}
		l.Left[data] = why
	})
}

// CanBeLeftOut reports whether err is such a one, of an optional data set.
func CanBeLeftOut(data model.DataSet, err error) bool {
	return sourceOf(data).Optional && (forms.IsRefused(err) || failure.IsUnlicensed(err))
}

// LeftOutAt is LeaveOut for a listing whose rows are given as they are read: it can
// be left out only before its first page.
func LeftOutAt(ctx context.Context, c walk.Cursor, data model.DataSet, err error) error {
	if c.Beginning() {
		err = LeaveOut(ctx, data, err)
	}
	return model.ToStatus(err)
}

// OrWithout goes on with the walk that follows where one fails that can be left
// out.
func OrWithout(ctx context.Context, data model.DataSet, next *walk.Cursor, err error, follow string) (*walk.Cursor, error) {
	if err == nil {
		return next, nil
	}
	if err := LeaveOut(ctx, data, err); err != nil {
		return nil, err
	}
	return &walk.Cursor{Version: walk.TokenVersion, Phase: follow}, nil
}
