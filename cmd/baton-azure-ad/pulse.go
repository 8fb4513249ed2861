package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
	"github.com/conductorone/baton-azure-ad/internal/console/pulse"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// totalsFile is where the process that reads Graph keeps its totals for the one that
// tells of them, in the folder of both.
const totalsFile = "totals.json"

// telling lets a service tell of itself, if that is asked for, while run runs: in the
// process that talks to the platform, which alone knows whether it was reached.
func (m *maker) telling(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, args []string) error {
		if err := m.settings.BindPFlags(command.Flags()); err != nil {
			return err
		}
		if m.settings.GetString("client-id") == "" || m.settings.GetString(statusAddressFlag) == "" {
			return run(command, args)
		}
		address, err := statusAddress(m.settings.GetString(statusAddressFlag))
		if err != nil {
			return err
		}
		within, err := readyBound(m.settings.GetString(readyWithinFlag))
		if err != nil {
			return err
		}
		folder := os.Getenv(scratchVariable)
		if folder == "" { // On Windows a service has no other process that made one.
			made, err := os.MkdirTemp("", connector.Name)
			if err != nil {
				return fmt.Errorf("making a folder for the service's totals: %w", err)
			}
			defer func() { _ = os.RemoveAll(made) }() // It holds numbers.
			folder = made
		}
		m.totals = filepath.Join(folder, totalsFile)
		o := pulse.Options{Ledger: pulse.NewLedger(), Within: within, Totals: m.totals, Version: version}
		pulse.Watch(o.Ledger)
		stop, err := serveStatus(command.Context(), address, pulse.NewServer(o))
		if err != nil {
			return err
		}
		defer func() { _ = stop() }() // The process ends next.
		return run(command, args)
	}
}

// serveStatus serves until it is stopped, or the process ends.
func serveStatus(ctx context.Context, address string, server *http.Server) (func() error, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("telling of the service at --%s: %w", statusAddressFlag, err)
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			// A service that its prober cannot ask would be taken for dead in any case.
			fmt.Fprintln(os.Stderr, "serving the service's status:", err)
			os.Exit(1)
		}
	}()
	return server.Close, nil
}

// keepTotals lets this process keep its totals if another one tells of them, or hands
// the request on to the process that it is going to start.
func (m *maker) keepTotals(ctx context.Context, c *connector.Connector) error {
	if m.totals != "" {
		return os.Setenv(progress.TotalsVariable, m.totals)
	}
	if file := os.Getenv(progress.TotalsVariable); file != "" {
		go progress.KeepTotals(ctx, file, func() *progress.Totals { return c.Totals(ctx) })
	}
	return nil
}
