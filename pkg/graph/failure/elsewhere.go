package failure

import "errors"

// What a service beside Graph says of a change. Its refusals have a type of their own
// and wrap one of these, so that the questions of this package are asked of them too.
var (
	ErrAlreadyThere = errors.New("it is there already")
	ErrAlreadyGone  = errors.New("it is not there")
	ErrNotFound     = errors.New("it is not known")
)
