package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"github.com/conductorone/baton-sdk/pkg/types"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// rehearsalVariable makes the connector of an operation tell of changes instead of
// making them. It is internal: a person says --dry-run.
const rehearsalVariable = "BATON_AZURE_AD_DRY_RUN"

// witness is a connector that writes down how it answered an operation last, before it
// gives the answer. Until then, and as long as there is more to be asked, the operation
// has not succeeded.
type witness struct {
	types.ConnectorServer
	file string
}

// rehearsed are the changes that this process would have made.
var rehearsed struct {
	sync.Mutex
	sent []unsent
}

// rehearsal is told of changes in the place of Microsoft Graph; nil where they are made.
func rehearsal() func(method, address, body string) {
	if os.Getenv(rehearsalVariable) == "" {
		return nil
	}
	return func(method, address, body string) {
		rehearsed.Lock()
		defer rehearsed.Unlock()
		u := unsent{Method: method, Address: address}
		if json.Valid([]byte(body)) {
			u.Body = json.RawMessage(body)
		}
		rehearsed.sent = append(rehearsed.sent, u)
	}
}

func witnessing[Q, A any](ctx context.Context, w *witness, question Q, ask func(context.Context, Q) (A, error), tell func(A) answer) (A, error) {
	if err := w.note(answer{Code: codes.Unknown}); err != nil {
		var none A
		return none, err
	}
	given, err := ask(ctx, question)
	var told answer
	if err == nil {
		told = tell(given)
	} else {
		told.Reason = progress.WithoutRelay(err.Error()) // The SDK may end before it says so.
	}
	told.Code = status.Code(err)
	if told.Code == codes.OK && !isDone(given) {
		told.Code = codes.Unknown
	}
	if failed := w.note(told); failed != nil {
		err = errors.Join(err, failed)
	}
	return given, err
}

func (w *witness) note(told answer) error {
	const ownersOnly = 0o600
	if os.Getenv(rehearsalVariable) != "" {
		rehearsed.Lock()
		defer rehearsed.Unlock()
		told.Unsent = append([]unsent{}, rehearsed.sent...)
	}
	raw, err := json.Marshal(told)
	if err == nil {
		err = os.WriteFile(w.file, raw, ownersOnly)
	}
	if err != nil {
		return fmt.Errorf("writing down how the operation ended: %w", err)
	}
	return nil
}

// isDone tells whether an answer without an error is the last one, and says that
// what was asked for is done.
func isDone(given any) bool {
	switch a := given.(type) {
	case interface{ GetStatus() v2.BatonActionStatus }:
		return a.GetStatus() != v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED && !actions.IsInFlight(a.GetStatus())
	case *v2.ListEventsResponse:
		return !a.GetHasMore()
	}
	return true
}

// Grant answers as the connector does.
func (w *witness) Grant(ctx context.Context, q *v2.GrantManagerServiceGrantRequest) (*v2.GrantManagerServiceGrantResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.Grant, func(a *v2.GrantManagerServiceGrantResponse) answer {
		return answer{Sentence: w.granted(ctx, q, a)}
	})
}

// Revoke answers as the connector does.
func (w *witness) Revoke(ctx context.Context, q *v2.GrantManagerServiceRevokeRequest) (*v2.GrantManagerServiceRevokeResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.Revoke, func(a *v2.GrantManagerServiceRevokeResponse) answer {
		return answer{Sentence: w.revoked(ctx, q, a)}
	})
}

// ListEvents answers as the connector does.
func (w *witness) ListEvents(ctx context.Context, q *v2.ListEventsRequest) (*v2.ListEventsResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.ListEvents, func(*v2.ListEventsResponse) answer { return answer{} })
}

// CreateAccount answers as the connector does.
func (w *witness) CreateAccount(ctx context.Context, q *v2.CreateAccountRequest) (*v2.CreateAccountResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.CreateAccount, func(a *v2.CreateAccountResponse) answer {
		return answer{Sentence: createdSentence(a)}
	})
}

// InvokeAction answers as the connector does.
func (w *witness) InvokeAction(ctx context.Context, q *v2.InvokeActionRequest) (*v2.InvokeActionResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.InvokeAction, func(a *v2.InvokeActionResponse) answer {
		return w.acted(ctx, q.GetName(), a.GetStatus(), a.GetResponse())
	})
}

// GetActionStatus answers as the connector does.
func (w *witness) GetActionStatus(ctx context.Context, q *v2.GetActionStatusRequest) (*v2.GetActionStatusResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.GetActionStatus, func(a *v2.GetActionStatusResponse) answer {
		return w.acted(ctx, a.GetName(), a.GetStatus(), a.GetResponse())
	})
}

// ListActionSchemas answers as the connector does.
func (w *witness) ListActionSchemas(ctx context.Context, q *v2.ListActionSchemasRequest) (*v2.ListActionSchemasResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.ListActionSchemas, func(a *v2.ListActionSchemasResponse) answer {
		return answer{Sentence: fmt.Sprintf("There are %d actions; baton-azure-ad actions lists them with their arguments.", len(a.GetSchemas()))}
	})
}

// DeleteResource answers as the connector does.
func (w *witness) DeleteResource(ctx context.Context, q *v2.DeleteResourceRequest) (*v2.DeleteResourceResponse, error) {
	name, gone := w.lookedUp(ctx, q.GetResourceId()) // Afterwards nobody knows it.
	return witnessing(ctx, w, q, w.ConnectorServer.DeleteResource, func(*v2.DeleteResourceResponse) answer {
		if gone {
			return answer{Sentence: "Nothing to do: there is no " + name + "."}
		}
		return answer{Sentence: "Deleted " + name + "."}
	})
}

// RotateCredential answers as the connector does.
func (w *witness) RotateCredential(ctx context.Context, q *v2.RotateCredentialRequest) (*v2.RotateCredentialResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.RotateCredential, func(*v2.RotateCredentialResponse) answer {
		return answer{Sentence: "The password of " + w.named(ctx, q.GetResourceId()) + " was replaced by one that is shown nowhere."}
	})
}
