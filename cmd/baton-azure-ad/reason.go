package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/progress"
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
		joined, ok := inner.(interface{ Unwrap() []error }) //nolint:errorlint // Each layer is looked at.
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

// leaveReasons writes why this process failed where the one that started it looks;
// it reports false if there is none, or no place to write to.
func leaveReasons(err error) bool {
	scratch := os.Getenv(scratchVariable)
	if !strings.HasPrefix(filepath.Base(scratch), scratchPrefix) {
		return false
	}
	file, openErr := os.OpenFile(filepath.Join(scratch, reasonsFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
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
	file, err := os.Open(filepath.Join(scratch, reasonsFile))
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
