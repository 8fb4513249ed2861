package sending

import (
	"context"
	"io"
	"net/http"
)

// errNoCount guards against taking an answer without a count for none.
const errNoCount misshapen = "it has no \"@odata.count\""

// Count asks how many objects a collection of the directory has ("/users"). The
// number is from an index that lags a little behind
// (https://learn.microsoft.com/graph/aad-advanced-queries).
func (s *Sender) Count(ctx context.Context, collection string) (int64, error) {
	var count int64
	err := s.do(ctx, call{
		method:   http.MethodGet,
		ref:      collection + "?$count=true&$select=id&$top=1",
		eventual: true,
		consume: func(_ *sent, body io.Reader) error {
			var answer struct {
				Count *int64 `json:"@odata.count"`
			}
			if err := decode(body, &answer); err != nil {
				return err
			}
			if answer.Count == nil {
				return errNoCount
			}
			count = *answer.Count
			return nil
		},
	})
	return count, err
}
