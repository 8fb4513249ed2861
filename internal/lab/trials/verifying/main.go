// Command verifying holds a right snapshot against its simulated tenant, as the verify
// command does, while the tenant changes. Nothing may be called wrong. See
// docs/verify.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/verify"
	"github.com/conductorone/baton-azure-ad/internal/lab/localsync"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

type options struct {
	size    string
	changes int
	sample  int
	pause   time.Duration
	seed    uint64
}

func main() {
	log.SetOutput(io.Discard) // The store's engine announces each file that it opens.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "verifying:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("verifying", flag.ContinueOnError)
	flags.StringVar(&o.size, "size", "medium", "size of the tenant: tiny, small, medium, large")
	flags.IntVar(&o.changes, "changes", 0, "changes of the tenant a minute, from before the sync to the end")
	flags.IntVar(&o.sample, "sample", verify.DefaultSample, "how many people are drawn")
	flags.DurationVar(&o.pause, "pause", 5*time.Second, "how long a difference is left alone before it is looked at again")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the changes and of what is drawn")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server, err := graphsim.Start(graphsim.NewTenant(graphsim.Size(o.size), 1), graphsim.Options{})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "verifying")
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return errors.Join(o.hold(ctx, server, dir, out), server.Close(), os.RemoveAll(dir))
}

// hold syncs, and holds the snapshot against the tenant.
func (o *options) hold(ctx context.Context, server *graphsim.Server, dir string, out io.Writer) error {
	cfg := &config.AzureAd{
		AzureTenantId: server.TenantID(), AzureClientId: server.ClientID(), AzureClientSecret: server.ClientSecret(),
		AuthorityHost: server.URL(), GraphEndpoint: server.URL(), CaCertificate: server.CACertPEM(),
		SkipSignInActivity: true, SkipMfaRegistration: true,
	}
	changing, stop := context.WithCancel(ctx)
	changed := make(chan error, 1)
	go func() { changed <- o.change(changing, server) }()
	report, err := o.verify(ctx, cfg, filepath.Join(dir, "tenant.c1z"), dir)
	stop()
	if err := errors.Join(err, <-changed); err != nil {
		return err
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s\n%s tenant, %d changes a minute: %d requests, %d units, %.0f s\n", text.String(), o.size, o.changes, report.Requests, report.Units, report.Took); err != nil {
		return err
	}
	if wrong := report.Count(verify.VerdictWrong); wrong > 0 {
		return fmt.Errorf("%d differences of a right snapshot are called wrong", wrong)
	}
	return nil
}

func (o *options) verify(ctx context.Context, cfg *config.AzureAd, path, scratch string) (*verify.Report, error) {
	const workers = 16
	failed, err := localsync.Sync(ctx, cfg, localsync.Options{
		Path: path, Scratch: scratch, Workers: workers, Connector: connector.Options{Version: "trial", ReportsPerWindow: 1000},
	})
	if err := errors.Join(failed, err); err != nil {
		return nil, err
	}
	c, err := connector.New(cfg, &cli.ConnectorOpts{}, connector.Options{Version: "trial"})
	if err != nil {
		return nil, err
	}
	snapshot, err := access.Open(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	report, err := verify.Run(ctx, verify.Options{
		Snapshot: snapshot, Graph: c.Client().Sender, Sample: o.sample, Seed: o.seed, Requests: verify.DefaultRequests, Units: verify.DefaultUnits,
		Pause: o.pause, Patience: time.Minute,
	})
	return report, errors.Join(err, snapshot.Close(ctx))
}

// change changes the tenant and writes it down in the audit log: people come into
// groups and out of them again, and some are deleted.
func (o *options) change(ctx context.Context, server *graphsim.Server) error {
	if o.changes == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // The changes have to be the same again.
	truth := server.Tenant().Truth()
	var groups []string
	for _, g := range truth.Groups {
		if !g.Dynamic && !g.Synced && !g.ExchangeManaged {
			groups = append(groups, g.ID)
		}
	}
	tick := time.NewTicker(time.Minute / time.Duration(o.changes))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		user, group := truth.Users[random.IntN(len(truth.Users))].ID, groups[random.IntN(len(groups))]
		var err error
		var entry graphsim.AuditEntry
		switch who := (graphsim.Principal{ID: user, Type: "User"}); n % 5 {
		case 0:
			err = server.Delete(graphsim.KindUser, user)
			entry = graphsim.ChangeAudit("Delete user", "UserManagement", "User", user)
			entry.Operation = "Delete"
		case 1, 2:
			err = server.RemoveMember(group, graphsim.KindUser, user)
			entry = graphsim.GroupMemberAudit(false, group, who)
		default:
			err = server.AddMember(group, graphsim.KindUser, user)
			entry = graphsim.GroupMemberAudit(true, group, who)
		}
		if err != nil {
			continue // Deleted before.
		}
		server.AddAudit(entry)
	}
}
