package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// reasonsFile is where a worker leaves why it failed, for the process that started
// it to say as the last thing: the SDK's layers go on logging after an error, and
// each cursor that was stopped because of it reports that it was stopped.
const reasonsFile = "reasons"

// reasonsOf takes an error of the SDK apart into what went wrong, first things
// first: without what was only given up because of something else, unless there is
// nothing but that.
func reasonsOf(err error) []string {
	all := parts(err)
	own := slices.DeleteFunc(slices.Clone(all), givenUp)
	if len(own) == 0 {
		own = all
	}
	var said []string
	for _, reason := range own {
		if text := progress.WithoutRelay(reason.Error()); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return said
}

// parts are the errors that were joined, one for each line of the whole.
func parts(err error) []error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		joined, ok := inner.(interface{ Unwrap() []error })
		if !ok || !isJoin(inner, joined.Unwrap()) {
			continue
		}
		var all []error
		for _, part := range joined.Unwrap() {
			all = append(all, parts(part)...)
		}
		return all
	}
	return []error{err}
}

// isJoin tells errors.Join from an error that wraps several in one sentence.
func isJoin(whole error, parts []error) bool {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = part.Error()
	}
	return whole.Error() == strings.Join(texts, "\n")
}

// givenUp reports whether an error only says that somebody stopped the work.
func givenUp(err error) bool {
	return errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled
}

// passingFile holds the last failure that the SDK tries again. It is why a run
// failed only where there is no other reason.
const passingFile = "passing"

// leaveReasons writes why this process failed where the one that started it looks;
// it reports false if there is none, or no place to write to.
func leaveReasons(err error) bool { return leave(err, reasonsFile, os.O_APPEND) }

func leave(err error, name string, how int) bool {
	scratch := os.Getenv(scratchVariable)
	if !strings.HasPrefix(filepath.Base(scratch), scratchPrefix) {
		return false
	}
	file, openErr := os.OpenFile(filepath.Join(scratch, name), how|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // The directory is one of ours, by its name.
	if openErr != nil {
		return false
	}
	lines := json.NewEncoder(file)
	for _, reason := range reasonsOf(err) {
		if lines.Encode(reason) != nil {
			break
		}
	}
	return file.Close() == nil
}

// reasonsIn are the reasons that a worker and its child have left.
func reasonsIn(scratch string) []string {
	if reasons := reasonsOfFile(filepath.Join(scratch, reasonsFile)); len(reasons) > 0 {
		return reasons
	}
	return reasonsOfFile(filepath.Join(scratch, passingFile))
}

func reasonsOfFile(path string) []string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	var reasons []string
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		var reason string
		if json.Unmarshal(line, &reason) == nil && !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
		if err != nil {
			return reasons
		}
	}
}

// confessor is the connector of a sync, which leaves the errors that it answers
// with. The SDK (v0.26.0) can end a worker before that has said why, see operate.
type confessor struct{ types.ConnectorServer }

// confessing is the connector, with a confessor if this process is to have one.
func confessing(c types.ConnectorServer) types.ConnectorServer {
	if os.Getenv(scratchVariable) == "" || os.Getenv(workFileVariable) == "" {
		return c
	}
	return &confessor{c}
}

// Close closes the connector, which the SDK asks for if there is such a method.
func (c *confessor) Close(ctx context.Context) error {
	switch inner := c.ConnectorServer.(type) {
	case interface {
		Close(ctx context.Context) error
	}:
		return inner.Close(ctx)
	case io.Closer:
		return inner.Close()
	}
	return nil
}

func confess[Q, A any](ctx context.Context, question Q, ask func(context.Context, Q) (A, error)) (A, error) {
	answer, err := ask(ctx, question)
	switch {
	case err == nil || givenUp(err):
	case status.Code(err) == codes.Unavailable || status.Code(err) == codes.DeadlineExceeded: // Asked again.
		leave(err, passingFile, os.O_TRUNC)
	default:
		leaveReasons(err)
	}
	return answer, err
}

// Validate answers as the connector does.
func (c *confessor) Validate(ctx context.Context, q *v2.ConnectorServiceValidateRequest) (*v2.ConnectorServiceValidateResponse, error) {
	return confess(ctx, q, c.ConnectorServer.Validate)
}

// ListResources answers as the connector does.
func (c *confessor) ListResources(ctx context.Context, q *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	return confess(ctx, q, c.ConnectorServer.ListResources)
}

// ListEntitlements answers as the connector does.
func (c *confessor) ListEntitlements(ctx context.Context, q *v2.EntitlementsServiceListEntitlementsRequest) (*v2.EntitlementsServiceListEntitlementsResponse, error) {
	return confess(ctx, q, c.ConnectorServer.ListEntitlements)
}

// ListGrants answers as the connector does.
func (c *confessor) ListGrants(ctx context.Context, q *v2.GrantsServiceListGrantsRequest) (*v2.GrantsServiceListGrantsResponse, error) {
	return confess(ctx, q, c.ConnectorServer.ListGrants)
}
