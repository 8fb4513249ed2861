// Command demo tells what is in a snapshot: how many objects of each type, and who has
// access that no direct assignment shows. It is the end of scripts/demo.sh.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo SNAPSHOT")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", terminal.HarmlessLines(err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, to io.Writer, path string) error {
	scratch, err := os.MkdirTemp("", "demo")
	if err != nil {
		return fmt.Errorf("making a temporary directory: %w", err)
	}
	s, err := access.Open(ctx, path, scratch)
	if err == nil {
		err = errors.Join(tell(ctx, to, s), s.Close(ctx))
	}
	return errors.Join(err, os.RemoveAll(scratch))
}

func tell(ctx context.Context, to io.Writer, s *access.Snapshot) error {
	if err := tellCounts(ctx, to, s); err != nil {
		return err
	}
	found, err := examples(ctx, s)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errors.New("nobody in the snapshot has access only through a group")
	}
	fmt.Fprintln(to, "\nAccess that no direct assignment shows:")
	for _, e := range found {
		fmt.Fprintf(to, "  %s\n", terminal.Harmless(e.sentence()))
	}
	return nil
}

func tellCounts(ctx context.Context, to io.Writer, s *access.Snapshot) error {
	counts := map[string]int{}
	for o, err := range s.Objects(ctx) {
		if err != nil {
			return err
		}
		counts[o.Type]++
	}
	held := 0
	for _, err := range s.Holdings(ctx) {
		if err != nil {
			return err
		}
		held++
	}
	fmt.Fprintln(to, "What is in the snapshot:")
	for _, t := range access.TypeIDs() {
		if counts[t] > 0 {
			fmt.Fprintf(to, "  %6d  %s\n", counts[t], access.TypeName(t, counts[t] != 1))
		}
	}
	fmt.Fprintf(to, "  %6d  times that somebody has something, directly or through groups\n", held)
	return nil
}
