package sending

import "bytes"

// What the benchmark of decoding reaches, which knows the nouns.

// DecodePage decodes a page of rows of type T.
func DecodePage[T any](body []byte) error {
	var page pageBody[T]
	return decode(bytes.NewReader(body), &page)
}

// DecodeBatch decodes the answers to a batch of pages, and counts them.
func DecodeBatch[T any](body []byte) (int, error) {
	var decoded struct {
		Responses []*batchAnswer[T] `json:"responses"`
	}
	err := decode(bytes.NewReader(body), &decoded)
	return len(decoded.Responses), err
}
