package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// errNoCount guards against taking an answer without a count for none.
var errNoCount = errors.New("it has no \"@odata.count\"")

// Count asks how many objects a collection of the directory has ("/users"). The
// number is from an index that lags a little behind
// (https://learn.microsoft.com/graph/aad-advanced-queries).
func (c *Client) Count(ctx context.Context, collection string) (int64, error) {
	var count int64
	err := c.do(ctx, call{
		method:   http.MethodGet,
		ref:      collection + "?$count=true&$select=id&$top=1",
		eventual: true,
		consume: func(_ *permit, body io.Reader) error {
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
