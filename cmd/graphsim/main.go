// Command graphsim runs a simulated Microsoft Entra tenant: login authority and Microsoft Graph on loopback.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const (
	secretFile = 0o600
	caFileName = "graphsim-ca.pem"
)

type config struct {
	size    string
	seed    int64
	addr    string
	envFile string
	truth   bool
	quiet   bool
	latency time.Duration
	perRow  time.Duration
	budget  string
	plan    string
	stats   bool
	writes  writeSwitches
	without string
	with    string
}

// writeSwitches are about what changes the tenant.
type writeSwitches struct {
	allowed    bool
	list       bool
	unguarded  bool
	lag, birth time.Duration
	quota      int
}

var budgets = map[string]graphsim.Budget{"none": {}, "s": graphsim.BudgetS, "m": graphsim.BudgetM, "l": graphsim.BudgetL}

// plans are the Entra ID plans a tenant may have: P1 and P2.
var plans = map[string]struct{ p1, p2 bool }{"none": {}, "p1": {p1: true}, "p2": {p1: true, p2: true}}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "graphsim:", err)
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("graphsim", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.size, "size", string(graphsim.Small), "size of the tenant: tiny, small, medium, medium-double, large, large-half, large-double or heavy")
	flags.Int64Var(&c.seed, "seed", 1, "seed of the tenant")
	flags.StringVar(&c.addr, "addr", "127.0.0.1:0", "address to listen on")
	flags.StringVar(&c.envFile, "env-file", "", "write the environment a connector needs to this file")
	flags.BoolVar(&c.truth, "truth", false, "print the truth about the tenant as JSON and exit")
	flags.BoolVar(&c.quiet, "quiet", false, "do not log requests")
	flags.DurationVar(&c.latency, "latency", 0, "delay of every answer, such as 80ms")
	flags.DurationVar(&c.perRow, "item-latency", 0, "further delay for every row of an answer, such as 0.2ms")
	flags.StringVar(&c.budget, "budget", "none", "resource units that may be spent: none, s, m or l, as documented for a tenant's size")
	flags.StringVar(&c.without, "without", "", "quirks of real tenants to leave out, such as A1,B4; all for all of them")
	flags.StringVar(&c.with, "with", "", "quirks to add that are left out otherwise, such as B8")
	flags.StringVar(&c.plan, "plan", "p2", "plan of Entra ID the tenant has: none, p1, or p2 with p1")
	flags.BoolVar(&c.writes.allowed, "write", false, "give the application the permissions to write too")
	flags.DurationVar(&c.writes.lag, "write-lag", 0, "how long a change takes to show in what is read, such as 5s")
	flags.DurationVar(&c.writes.birth, "object-lag", 0, "how long a new object is not found, such as 20s")
	flags.IntVar(&c.writes.quota, "write-quota", graphsim.WriteQuota.Units, "writes that may be made in two and a half minutes; 0 for any number")
	flags.BoolVar(&c.writes.unguarded, "unguarded-admins", false, "let a permission alone reach users who hold directory roles")
	flags.BoolVar(&c.writes.list, "writes", false, "print the writes that took effect as JSON at the end, one a line")
	flags.BoolVar(&c.stats, "stats", false, "print the totals as JSON at the end")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if _, known := budgets[c.budget]; !known {
		return c, fmt.Errorf("unknown budget %q: use none, s, m or l", c.budget)
	}
	if _, known := plans[c.plan]; !known {
		return c, fmt.Errorf("unknown plan %q: use none, p1 or p2", c.plan)
	}
	switch graphsim.Size(c.size) {
	case graphsim.Tiny, graphsim.Small, graphsim.Medium, graphsim.MediumDouble, graphsim.Large, graphsim.LargeHalf, graphsim.LargeDouble, graphsim.Heavy:
		return c, nil
	}
	return c, fmt.Errorf("unknown size %q: use tiny, small, medium, medium-double, large, large-half, large-double or heavy", c.size)
}

// quirks are the options that switch quirks by name.
func (c config) quirks() ([]graphsim.Option, error) {
	if c.without == "all" {
		return []graphsim.Option{graphsim.Without()}, nil
	}
	var options []graphsim.Option
	for names, switched := range map[string]func(...graphsim.Quirk) graphsim.Option{c.without: graphsim.Without, c.with: graphsim.With} {
		for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' }) {
			if !slices.Contains(graphsim.Quirks(), graphsim.Quirk(name)) {
				return nil, fmt.Errorf("unknown quirk %q: use one of %v", name, graphsim.Quirks())
			}
			options = append(options, switched(graphsim.Quirk(name)))
		}
	}
	return options, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parse(args, stderr)
	if err != nil {
		return err
	}
	options, err := c.quirks()
	if err != nil {
		return err
	}
	tenant := graphsim.NewTenant(graphsim.Size(c.size), c.seed, options...)
	if c.truth {
		out := json.NewEncoder(stdout)
		out.SetIndent("", " ")
		return out.Encode(tenant.Truth())
	}
	opts := graphsim.Options{Addr: c.addr}
	if !c.quiet {
		opts.Log = slog.New(slog.NewTextHandler(stderr, nil))
	}
	server, err := graphsim.Start(tenant, opts)
	if err != nil {
		return err
	}
	c.writes.apply(server) // Before a client can know the address.
	if c.envFile != "" {
		if err := writeEnvironment(c.envFile, server); err != nil {
			_ = server.Close()
			return err
		}
	}
	fmt.Fprintf(stdout, "graphsim: %s tenant %s at %s\n", c.size, server.TenantID(), server.URL())
	server.SetLatency(c.latency)
	server.SetItemLatency(c.perRow)
	server.SetBudget(budgets[c.budget])
	server.SetPlans(plans[c.plan].p1, plans[c.plan].p2)
	<-ctx.Done()
	if c.writes.list {
		if err := printWrites(stdout, server); err != nil {
			_ = server.Close()
			return err
		}
	}
	if c.stats {
		if err := json.NewEncoder(stdout).Encode(server.Stats()); err != nil {
			return fmt.Errorf("printing the totals: %w", err)
		}
	}
	return server.Close()
}

func (w writeSwitches) apply(server *graphsim.Server) {
	if w.allowed {
		server.SetPermissions(append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	}
	server.SetReplicationLag(w.lag, w.birth)
	server.SetWriteQuota(graphsim.Budget{Units: w.quota, Per: graphsim.WriteQuota.Per})
	server.SetPrivilegedTargets(!w.unguarded)
}

func printWrites(out io.Writer, server *graphsim.Server) error {
	lines := json.NewEncoder(out)
	for _, w := range server.Writes() {
		if err := lines.Encode(w); err != nil {
			return fmt.Errorf("printing the writes: %w", err)
		}
	}
	return nil
}

// writeEnvironment writes a file for a shell to source, with the certificate beside it.
func writeEnvironment(path string, server *graphsim.Server) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("resolve %s: %w", path, err)
	}
	caPath := filepath.Join(filepath.Dir(absolute), caFileName)
	lines := []struct{ name, value string }{
		{"BATON_AZURE_TENANT_ID", server.TenantID()},
		{"BATON_AZURE_CLIENT_ID", server.ClientID()},
		{"BATON_AZURE_CLIENT_SECRET", server.ClientSecret()},
		{"BATON_AUTHORITY_HOST", server.URL()},
		{"BATON_GRAPH_ENDPOINT", server.URL()},
		{"BATON_CA_CERTIFICATE", caPath},
	}
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "export %s='%s'\n", l.name, strings.ReplaceAll(l.value, "'", `'\''`))
	}
	if err := writePrivate(caPath, server.CACertPEM()); err != nil {
		return err
	}
	return writePrivate(absolute, []byte(b.String()))
}

// writePrivate writes a file only its owner can read, also when it was there before with other rights.
func writePrivate(path string, content []byte) error {
	if err := os.WriteFile(path, content, secretFile); err != nil { //nolint:gosec // The path is the caller's choice.
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Chmod(path, secretFile); err != nil {
		return fmt.Errorf("protect %s: %w", path, err)
	}
	return nil
}
