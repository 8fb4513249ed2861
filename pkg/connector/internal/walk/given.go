package walk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// keyGiven leads to the answers of a listing of resources.
const keyGiven = "given/"

// GivenPage is what one answer of a listing gave.
type GivenPage struct {
	// IDs are the resources, by their ids.
	IDs []string `json:"i,omitempty"`
	// Next is the page token of the answer that followed; empty after the last.
	Next string `json:"n,omitempty"`
}

// PutGiven notes what a listing of a type gave for a page token. Who begins with the
// first token, which is empty, and follows Next reads the answers that the SDK has
// stored, in their order, also where some were asked for again.
func (ix Index) PutGiven(ctx context.Context, resourceType, token string, page GivenPage) error {
	return PutValue(ctx, ix, givenKey(resourceType, token), page)
}

// Given is what PutGiven noted. The listing has run before anybody asks.
func (ix Index) Given(ctx context.Context, resourceType, token string) (GivenPage, error) {
	key := givenKey(resourceType, token)
	page, found, err := GetValue[GivenPage](ctx, ix, key)
	if err == nil && !found {
		err = fmt.Errorf("%w (%s)", ErrIndexLost, key)
	}
	return page, err
}

// givenKey has the token's hash: the session store's keys are short, and Graph's page
// references are not.
func givenKey(resourceType, token string) string {
	sum := sha256.Sum256([]byte(token))
	return keyGiven + resourceType + "/" + hex.EncodeToString(sum[:])
}
