package connector

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/types/known/anypb"
)

// replayer turns ids that the index keeps into grants, as many as fit in one
// answer. The rows come in the same order each time, so that skip says where
// the answer before this one ended.
type replayer struct {
	skip   int
	grants []*v2.Grant
	full   bool
}

// add gives one grant for each holder.
func (r *replayer) add(of *v2.Entitlement, holders []holder, annotation *anypb.Any) {
	for _, h := range holders {
		if g := r.next(of, h); g != nil {
			annotate(g, annotation)
		}
	}
}

// next is the grant for the next row; nil if the row was given before or does
// not fit any more.
func (r *replayer) next(of *v2.Entitlement, h holder) *v2.Grant {
	if r.skip > 0 {
		r.skip--
		return nil
	}
	if len(r.grants) >= maxRowsPerAnswer {
		r.full = true
		return nil
	}
	g := newGrant(of, h.Type, h.ID)
	r.grants = append(r.grants, g)
	return g
}

// finish gives the grants and the task that goes on after them; nil if these
// were the last.
func (r *replayer) finish(t task) ([]*v2.Grant, *task, error) {
	if !r.full {
		return r.grants, nil, nil
	}
	t.Offset += len(r.grants)
	return r.grants, &t, nil
}
