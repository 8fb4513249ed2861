package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/spf13/pflag"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// operations are the SDK's flags that ask for one operation on the tenant, beside
// the one for events.
var operations = []string{
	"grant-entitlement", "revoke-grant", "create-account-profile", "create-account-login",
	"invoke-action", "list-action-schemas", "delete-resource", "rotate-credentials",
}

// details are the SDK's flags that only say more of an operation, with the ones
// that ask for it. By themselves they would be a sync.
var details = []struct{ flags, of []string }{
	{[]string{"grant-principal", "grant-principal-type"}, []string{"grant-entitlement"}},
	{[]string{"event-feed-id", "event-feed-start-at", "event-feed-cursor"}, []string{"event-feed"}},
	{[]string{"create-account-email", "create-account-resource-type"}, []string{"create-account-profile", "create-account-login"}},
	{[]string{"delete-resource-type"}, []string{"delete-resource"}},
	{[]string{"rotate-credentials-type"}, []string{"rotate-credentials"}},
	{[]string{"invoke-action-args", "invoke-action-resource-type"}, []string{"invoke-action"}},
	{[]string{"list-action-schemas-resource-type"}, []string{"list-action-schemas"}},
}

// refuseHalfOperations refuses flags that would be a sync, though a change is
// meant: those of an operation without what it is about.
func refuseHalfOperations(flags *pflag.FlagSet) error {
	for _, name := range operations {
		if f := flags.Lookup(name); f != nil && f.Changed && f.Value.Type() == "string" && f.Value.String() == "" {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	asked := func(name string) bool { return given(flags, name) }
	for _, d := range details {
		for _, name := range d.flags {
			f := flags.Lookup(name)
			if f == nil || f.Value.String() == f.DefValue || !asked(name) || slices.ContainsFunc(d.of, asked) {
				continue
			}
			return fmt.Errorf("--%s says more of an operation that is not asked for: --%s is missing", name, strings.Join(d.of, " or --"))
		}
	}
	return nil
}

// operationAsked reports whether the flags ask for an operation. The SDK declares
// --event-feed as a text and reads it as a boolean: for a feed's name it would
// sync, into the very file that --file names.
func operationAsked(flags *pflag.FlagSet) (bool, error) {
	if f := flags.Lookup("event-feed"); f != nil && f.Value.String() != "" {
		events, err := strconv.ParseBool(f.Value.String())
		if err != nil {
			return false, errors.New("--event-feed has to be true or false: the name of a feed goes to --event-feed-id")
		}
		if events {
			return true, nil
		}
	}
	if slices.ContainsFunc(operations, func(name string) bool { return given(flags, name) }) {
		return true, nil
	}
	return false, refuseHalfOperations(flags)
}

// answerVariable names the file in which the connector of an operation writes
// how it answered. It is internal, like those of a worker.
const answerVariable = "BATON_AZURE_AD_ANSWER"

// operate does one operation in a worker. The SDK (v0.26.0, internal/connector)
// ends a worker with 0 as soon as it sees that the connector's process is gone,
// which it is in the end, and at times before the worker has said that the
// operation failed: 1 of 100 failures ended with 0. So an operation has only
// succeeded if the connector's last answer says so, too.
func operate(ctx context.Context, flags *pflag.FlagSet) error {
	return withWorker(flags, "the operation", oneOperation, nil, func(w *worker) error {
		file := filepath.Join(w.scratch, "answer")
		if err := w.run(ctx, answerVariable+"="+file); err != nil {
			return err
		}
		code, err := lastAnswer(file)
		if err == nil && code != codes.OK {
			err = &exitError{code: int(code), what: w.what + " failed"}
		}
		return err
	})
}

// lastAnswer reads how a connector answered last. Without a file the operation
// failed before the connector was asked.
func lastAnswer(file string) (codes.Code, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return codes.Unknown, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading how the operation ended: %w", err)
	}
	code, err := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("reading how the operation ended: %w", err)
	}
	return codes.Code(code), nil
}

// witness is a connector that writes down the gRPC code of its last answer to an
// operation, before it gives the answer. Until then, and as long as there is more
// to be asked, the operation has not succeeded.
type witness struct {
	types.ConnectorServer
	file string
}

// witnessed is the connector, with a witness if this process is to have one.
func witnessed(c types.ConnectorServer) types.ConnectorServer {
	if file := os.Getenv(answerVariable); file != "" {
		return &witness{ConnectorServer: c, file: file}
	}
	return c
}

func witnessing[Q, A any](ctx context.Context, w *witness, question Q, ask func(context.Context, Q) (A, error)) (A, error) {
	if err := w.note(codes.Unknown); err != nil {
		var none A
		return none, err
	}
	answer, err := ask(ctx, question)
	code := status.Code(err)
	if code == codes.OK && !isDone(answer) {
		code = codes.Unknown
	}
	if failed := w.note(code); failed != nil {
		err = errors.Join(err, failed)
	}
	return answer, err
}

func (w *witness) note(code codes.Code) error {
	const ownersOnly = 0o600
	if err := os.WriteFile(w.file, []byte(strconv.Itoa(int(code))), ownersOnly); err != nil {
		return fmt.Errorf("writing down how the operation ended: %w", err)
	}
	return nil
}

// isDone tells whether an answer without an error is the last one, and says that
// what was asked for is done.
func isDone(answer any) bool {
	switch a := answer.(type) {
	case interface{ GetStatus() v2.BatonActionStatus }:
		return a.GetStatus() != v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED && !actions.IsInFlight(a.GetStatus())
	case *v2.ListEventsResponse:
		return !a.GetHasMore()
	}
	return true
}

// Grant answers as the connector does.
func (w *witness) Grant(ctx context.Context, q *v2.GrantManagerServiceGrantRequest) (*v2.GrantManagerServiceGrantResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.Grant)
}

// Revoke answers as the connector does.
func (w *witness) Revoke(ctx context.Context, q *v2.GrantManagerServiceRevokeRequest) (*v2.GrantManagerServiceRevokeResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.Revoke)
}

// ListEvents answers as the connector does.
func (w *witness) ListEvents(ctx context.Context, q *v2.ListEventsRequest) (*v2.ListEventsResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.ListEvents)
}

// CreateAccount answers as the connector does.
func (w *witness) CreateAccount(ctx context.Context, q *v2.CreateAccountRequest) (*v2.CreateAccountResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.CreateAccount)
}

// InvokeAction answers as the connector does.
func (w *witness) InvokeAction(ctx context.Context, q *v2.InvokeActionRequest) (*v2.InvokeActionResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.InvokeAction)
}

// GetActionStatus answers as the connector does.
func (w *witness) GetActionStatus(ctx context.Context, q *v2.GetActionStatusRequest) (*v2.GetActionStatusResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.GetActionStatus)
}

// ListActionSchemas answers as the connector does.
func (w *witness) ListActionSchemas(ctx context.Context, q *v2.ListActionSchemasRequest) (*v2.ListActionSchemasResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.ListActionSchemas)
}

// DeleteResource answers as the connector does.
func (w *witness) DeleteResource(ctx context.Context, q *v2.DeleteResourceRequest) (*v2.DeleteResourceResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.DeleteResource)
}

// RotateCredential answers as the connector does.
func (w *witness) RotateCredential(ctx context.Context, q *v2.RotateCredentialRequest) (*v2.RotateCredentialResponse, error) {
	return witnessing(ctx, w, q, w.ConnectorServer.RotateCredential)
}
