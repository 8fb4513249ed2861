package walk

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Replayer turns ids that the index keeps into grants, as many as fit in one
// answer. The rows come in the same order each time, so that skip says where
// the answer before this one ended.
type Replayer struct {
	Skip   int
	Grants []*v2.Grant
	Full   bool
}

// Add gives one grant for each holder.
func (r *Replayer) Add(of *v2.Entitlement, holders []Holder, annotation *anypb.Any) {
	for _, h := range holders {
		if g := r.Next(of, h); g != nil {
			model.Annotate(g, annotation)
		}
	}
}

// Next is the grant for the next row; nil if the row was given before or does
// not fit any more.
func (r *Replayer) Next(of *v2.Entitlement, h Holder) *v2.Grant {
	if r.Skip > 0 {
		r.Skip--
		return nil
	}
	if len(r.Grants) >= MaxRowsPerAnswer {
		r.Full = true
		return nil
	}
	g := model.NewGrant(of, h.Type, h.ID)
	r.Grants = append(r.Grants, g)
	return g
}

// Finish gives the grants and the task that goes on after them; nil if these
// were the last.
func (r *Replayer) Finish(t Task) ([]*v2.Grant, *Task, error) {
	if !r.Full {
		return r.Grants, nil, nil
	}
	t.Offset += len(r.Grants)
	return r.Grants, &t, nil
}
