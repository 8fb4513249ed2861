package sending

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

const (
	// maxBodyBytes is far above the largest honest answer: a batch of twenty
	// pages of 999 rows is about 15 MiB.
	maxBodyBytes = 64 << 20
	// maxErrorBodyBytes is how much of a refusal is read to find its code.
	maxErrorBodyBytes = 64 << 10
)

// checkJSON refuses a success that is not Graph's: a captive portal's or a
// proxy's page answers 200 too.
func checkJSON(resp *http.Response) error {
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return fmt.Errorf("the answer is %q instead of JSON; something between here and Microsoft Graph may have answered in its place", failure.Excerpt(mediaType, 60))
	}
	return nil
}

var errBodyTooLarge = misshapen(fmt.Sprintf("it is larger than %d MiB", maxBodyBytes>>20))

// limitedReader fails, instead of ending quietly, when a body is too large.
type limitedReader struct {
	r    io.Reader
	left int64
	// lost means that the body did not come to its end.
	lost bool
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errBodyTooLarge
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	l.lost = err != nil && !errors.Is(err, io.EOF)
	return n, err //nolint:wrapcheck // A reader passes errors through as they are: io.EOF must stay io.EOF.
}
