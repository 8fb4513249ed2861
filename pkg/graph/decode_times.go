package graph

import (
	"encoding/json"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// earliestTime is the floor for a time that means something. Where nothing has
// happened Graph also sends the year 1, or Windows's zero: the first day of 1601.
var earliestTime = time.Date(1601, 1, 2, 0, 0, 0, 0, time.UTC)

// TimeOrNone is a time that Graph may not tell; Time is nil then. So it is for
// null, an empty string, a time before the floor, one without a zone (nobody knows
// which moment that is), and for what is no time at all: a page of people must not
// be lost to the last sign-in of one of them. It is a type, and not an option of
// the decoder, because an option is looked up for each value of a page: that makes
// pages of people a sixth slower.
type TimeOrNone struct{ Time *time.Time }

// UnmarshalJSONFrom fails for broken JSON only.
func (o *TimeOrNone) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	value, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	return o.UnmarshalJSON(value)
}

// UnmarshalJSON never fails.
func (o *TimeOrNone) UnmarshalJSON(value []byte) error {
	o.Time = nil
	if len(value) < 2 || value[0] != '"' {
		return nil
	}
	var t time.Time
	if t.UnmarshalText(value[1:len(value)-1]) == nil && !t.Before(earliestTime) {
		o.Time = &t
	}
	return nil
}

// MarshalJSON gives what UnmarshalJSON takes.
func (o TimeOrNone) MarshalJSON() ([]byte, error) { return json.Marshal(o.Time) }
