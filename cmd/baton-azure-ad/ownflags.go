package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// verifyFlag is the flag of a sync that has its snapshot verified.
const verifyFlag = "verify"

// withoutFlags are arguments without some flags of this process's own, none of which
// has a value in an argument of its own: the SDK would hand them on to a command that
// does not know them.
func withoutFlags(arguments []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(arguments), func(a string) bool {
		name, _, _ := strings.Cut(a, "=")
		flag, ok := strings.CutPrefix(name, "--")
		return ok && slices.Contains(names, flag)
	})
}

// The flags of a service that tells of itself.
const (
	statusAddressFlag = "status-address"
	readyWithinFlag   = "ready-within"
)

// readyWithin is long enough for an update of the platform, and a small part of the
// time between two syncs.
const readyWithin = "1h"

// addServiceFlags adds them for all commands: a service starts the one that reads Graph
// with the arguments that it has itself.
func addServiceFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.String(statusAddressFlag, "", "For a service: answer /ready and /metrics (Prometheus) there, such as 8082 (on 127.0.0.1) or 0.0.0.0:8082; nowhere if empty ($BATON_STATUS_ADDRESS)")
	flags.String(readyWithinFlag, readyWithin, "For a service with --"+statusAddressFlag+": how long ago the platform may have been reached for the service to be ready ($BATON_READY_WITHIN)")
}

// statusAddress is the address that --status-address means: without a host it is on
// this machine only.
func statusAddress(said string) (string, error) {
	said = strings.TrimSpace(said)
	host, port, err := net.SplitHostPort(said)
	if err != nil {
		host, port = "", said
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("--%s must be a port, such as 8082, or an address and a port, such as 0.0.0.0:8082", statusAddressFlag)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// readyBound is the time that --ready-within means.
func readyBound(said string) (time.Duration, error) {
	within, err := time.ParseDuration(strings.TrimSpace(said))
	if err != nil || within < time.Second {
		return 0, fmt.Errorf("--%s must be a length of time, such as 1h or 90m", readyWithinFlag)
	}
	return within, nil
}
