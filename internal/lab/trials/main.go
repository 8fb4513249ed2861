// Command trials tries syncs in which things go wrong and writes down what came
// of them, for docs/reliability.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  trials faults [-seeds N] [-alone N] [-workers N] [-patient] [-record FILE]   try faults alone and in mixes
  trials faults -seed N [-only NAME]                                           try one of them again
  trials forms [-only NAME] [-record FILE]                                     try each form of request refused, and each odd value
  trials render DOCUMENT                                                       fill the document's table from the recordings`

var errUsage = errors.New(usage)

func main() {
	log.SetOutput(io.Discard) // The store's engine announces each file that it opens.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 0 && args[0] == "faults":
		return tryFaults(ctx, args[1:])
	case len(args) > 0 && args[0] == "forms":
		return tryForms(ctx, args[1:])
	case len(args) == 2 && args[0] == "render":
		return render(recordings, args[1])
	}
	return errUsage
}
