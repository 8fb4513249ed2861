package failure

import (
	"errors"
	"fmt"
	"strings"
)

// NotCarriedOutError is a request that Microsoft Graph took with success, to say in the
// same breath that it was not carried out.
type NotCarriedOutError struct {
	// Operation is the method and path.
	Operation string
	// ID is the request's own, under which administrators find it.
	ID string
	// Status is Microsoft's word for what became of it.
	Status string
	// Where is the service that has it; Privileged Identity Management if empty.
	Where string
}

// Error is one sentence: what was asked, what became of it, what to do.
func (e *NotCarriedOutError) Error() string {
	where, what := e.Where, "it was not carried out"
	if where == "" {
		where = "Privileged Identity Management"
	}
	state, _, _ := strings.Cut(strings.ToLower(e.Status), " ")
	switch {
	case state == "pendingapproval", state == "pendingadmindecision":
		what = "nothing has changed until an approver agrees to it in " + where
	case strings.HasPrefix(state, "pending"), state == "", state == "submitted", state == "delivering":
		what = "it was taken, and not carried out within the time that is waited; look at it in " + where + ", or ask again later"
	}
	status := e.Status
	if status == "" {
		status = "no status"
	}
	return fmt.Sprintf("%s: Microsoft Graph says %s of the request %s: %s", e.Operation, status, e.ID, what)
}

// IsNotCarriedOut reports whether err says that a request was taken and not carried out.
func IsNotCarriedOut(err error) bool {
	var e *NotCarriedOutError
	return errors.As(err, &e)
}
