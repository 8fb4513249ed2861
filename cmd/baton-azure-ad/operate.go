package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// answerVariable names the file in which the connector of an operation writes
// how it answered. It is internal, like those of a worker.
const answerVariable = "BATON_AZURE_AD_ANSWER"

// The flags of operations that are not the SDK's.
const (
	dryRunFlag = "dry-run"
	jsonFlag   = "json"
)

func addOperationFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Bool(dryRunFlag, false, "With an operation: say what would be sent to Microsoft Graph, and send no change")
	flags.Bool(jsonFlag, false, "With an operation: print what became of it as JSON")
}

// operate does one operation in a worker, and says in one sentence what became of
// it. The SDK (v0.26.0, internal/connector)
// ends a worker with 0 as soon as it sees that the connector's process is gone,
// which it is in the end, and at times before the worker has said that the
// operation failed: 1 of 100 failures ended with 0. So an operation has only
// succeeded if the connector's last answer says so, too.
func operate(ctx context.Context, flags *pflag.FlagSet, out io.Writer) error {
	if err := checkOperation(flags); err != nil {
		return err
	}
	return withWorker(flags, "the operation", oneOperation, nil, func(w *worker) error {
		file := filepath.Join(w.scratch, "answer")
		w.quiet = onTerminal() && !slices.ContainsFunc(logFlags, flags.Changed)
		w.arguments = operationArguments(flags, os.Args[1:])
		env := []string{answerVariable + "=" + file}
		if given(flags, dryRunFlag) {
			env = append(env, rehearsalVariable+"=true")
		}
		told, readErr, err := answer{}, error(nil), error(nil)
		for range unsaidAttempts {
			err = w.run(ctx, env...)
			// Nothing was asked, and nobody said why not: nothing is done twice.
			if told, readErr = readAnswer(file); err != nil || told.asked || len(reasonsIn(w.scratch)) > 0 {
				break
			}
		}
		if err == nil {
			err = readErr
		}
		if err == nil && told.Code != codes.OK {
			err = w.explain(w.failure(int(told.Code)))
		}
		if failed := (*exitError)(nil); errors.As(err, &failed) && told.Reason != "" {
			failed.what, failed.explained = w.what+" failed: "+told.Reason, true
		}
		if readErr == nil {
			readErr = told.write(out, given(flags, jsonFlag), err == nil)
		}
		return errors.Join(readErr, err)
	})
}

// notInSnapshot is why an operation ended before the connector was asked: the SDK looks
// up in the snapshot what it is about.
const notInSnapshot = "the snapshot that -f names does not hold an entitlement, a principal or a grant with that id " +
	"(baton entitlements, resources and grants list them); what is new is in it after the next sync"

// fromSnapshot is the reason of an operation that failed for want of something before the
// connector was asked, where the SDK names only its store.
func fromSnapshot(err error) error {
	file := os.Getenv(answerVariable)
	if file == "" || status.Code(err) != codes.NotFound {
		return err
	}
	if _, missing := os.Stat(file); errors.Is(missing, fs.ErrNotExist) { //nolint:gosec // The process that started this one has named it.
		return errors.New(notInSnapshot)
	}
	return err
}

// unsaidAttempts is how often an operation is begun of which the worker ended with 0
// before it had asked the connector or said why it did not.
const unsaidAttempts = 5

// checkOperation refuses what the SDK would answer with a sentence of its own insides.
func checkOperation(flags *pflag.FlagSet) error {
	if name, _ := flags.GetString("invoke-action"); name != "" {
		return checkAction(name)
	}
	file, err := flags.GetString("file")
	if err != nil {
		return err
	}
	if !given(flags, "grant-entitlement") && !given(flags, "revoke-grant") {
		return nil
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no snapshot %s, and a change of access is made on what a snapshot holds: make one first (-f %s), or name another with -f", file, file)
	}
	return nil
}

func checkAction(name string) error {
	var names []string
	for _, a := range connector.Actions() {
		names = append(names, a.GetName())
	}
	if slices.Contains(names, name) {
		return nil
	}
	return &exitError{code: int(codes.NotFound), what: fmt.Sprintf("there is no action %q; the nearest is %s (baton-azure-ad actions lists them all)", name, nearest(name, names))}
}

// operationArguments are what a worker is told. The SDK (v0.26.0, pkg/cli) makes a sync
// of --create-account-email alone.
func operationArguments(flags *pflag.FlagSet, said []string) []string {
	arguments := withoutFlags(said, dryRunFlag, jsonFlag)
	if given(flags, "create-account-email") && !given(flags, "create-account-login") && !given(flags, "create-account-profile") {
		arguments = append(arguments, "--create-account-login="+flags.Lookup("create-account-email").Value.String())
	}
	if given(flags, "invoke-action") && !flags.Changed(provisioningFlag) {
		arguments = append(arguments, "--"+provisioningFlag) // As the SDK's other operations imply.
	}
	return arguments
}

// answer is how a connector answered an operation last, and what it sent.
type answer struct {
	Code codes.Code `json:"code"`
	// Sentence says what became of it, for a person.
	Sentence string `json:"outcome"`
	// Reason is why an action failed, and Result what it gave.
	Reason string         `json:"reason,omitempty"`
	Result map[string]any `json:"result,omitempty"`
	// Unsent are the changes that a dry run would have made.
	Unsent []unsent `json:"wouldSend,omitempty"`
	// asked means that the connector was asked at all.
	asked bool
}

// unsent is a change that is not made.
type unsent struct {
	Method  string          `json:"method"`
	Address string          `json:"address"`
	Body    json.RawMessage `json:"body,omitempty"`
}

// readAnswer reads how a connector answered last. Without a file the operation
// failed before the connector was asked.
func readAnswer(file string) (answer, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return answer{Code: codes.Unknown}, nil
	}
	told := answer{asked: true}
	if err == nil {
		err = json.Unmarshal(raw, &told)
	}
	if err != nil {
		return told, fmt.Errorf("reading how the operation ended: %w", err)
	}
	return told, nil
}

// write prints what became of an operation, once.
func (a *answer) write(out io.Writer, asJSON, succeeded bool) error {
	if asJSON {
		lines := json.NewEncoder(out)
		lines.SetIndent("", "  ")
		lines.SetEscapeHTML(false)
		return lines.Encode(map[string]any{"succeeded": succeeded, "outcome": a.Sentence, "result": a.Result, "wouldSend": a.Unsent})
	}
	var lines []string
	for _, u := range a.Unsent {
		lines = append(lines, strings.TrimSpace("would send "+u.Method+" "+u.Address+" "+string(u.Body)))
	}
	if a.Unsent != nil && succeeded {
		lines = append(lines, "Nothing was changed: this was a dry run.")
	} else {
		lines = append(lines, resultLines(a.Result)...)
		if succeeded && a.Sentence != "" {
			lines = append(lines, a.Sentence)
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, terminal.Harmless(line)); err != nil {
			return err
		}
	}
	return nil
}

// witnessed is the connector, with a witness if this process is to have one.
func witnessed(c types.ConnectorServer) types.ConnectorServer {
	if file := os.Getenv(answerVariable); file != "" {
		return &witness{ConnectorServer: c, file: file}
	}
	return c
}
