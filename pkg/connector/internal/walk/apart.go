package walk

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Apart is an optional data set that is read object by object, and what became of some
// of its objects. Some services deny single objects to who may read all others.
type Apart struct {
	Data model.DataSet
	// Ask asks about an object that nobody has: nil says that the data set can be read.
	// It is asked where nothing else tells whether it is single objects that Graph
	// denies, or does not give. Without it a denial is an error.
	Ask func(context.Context) error
	// Denied are the objects that were left out because Graph denies them.
	Denied []string
}

// isDenied reports whether err can be about one object alone.
func isDenied(err error) bool { return failure.IsAccessDenied(err) && !failure.IsUnlicensed(err) }

// settle reports whether the denials in a batch are about single objects: the caller may
// read the data set at this moment, by an answer beside them or by what Ask gives. The
// error says that it may not, or that Graph does not have the data set.
func settle[T any](ctx context.Context, of *Apart, pages []sending.PageResult[T]) (bool, error) {
	if of.Ask == nil {
		return false, nil
	}
	answered := false
	var denied, refused error
	for _, p := range pages {
		switch {
		case p.Err == nil:
			answered = true
		case isDenied(p.Err):
			denied = p.Err
		case forms.IsRefused(p.Err):
			refused = p.Err
		}
	}
	if answered || denied == nil && refused == nil {
		return answered, nil
	}
	switch no := of.Ask(ctx); {
	case no == nil:
		return true, nil
	case denied != nil && (failure.IsAccessDenied(no) || forms.IsRefused(no)):
		return false, denied
	default:
		return false, no
	}
}

// MessageDenied is the line that names an object that is left out because Graph denies it.
const MessageDenied = "azure-ad: Microsoft Graph denies this of one object, to who may read it of others; it is left out"

// LeftDenied is why such objects are left out of a data set.
func LeftDenied(of model.DataSet) string {
	return "objects whose " + string(of) + " Microsoft Graph denies, to who may read those of others"
}
