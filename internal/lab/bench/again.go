package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
	"github.com/conductorone/baton-azure-ad/internal/lab/localsync"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// signInEvery is whose last sign-in changes between the two syncs: each so-manyth
// person's, in each of the ways to sign in.
const signInEvery = 200

// again measures what last sign-ins and MFA registration add to a sync that comes after
// another: the same sync without them, and with them over the snapshot of a sync that
// had read all. The reports service keeps to its pace, but while that one is made: it
// would take ten minutes for 100,000 people.
func (b *bench) again(ctx context.Context, t *target, size string) error {
	workers := b.workers[len(b.workers)-1]
	s := b.scenarios[0]
	without, err := b.measure(ctx, t, programConnector, size, s, workers, 0, false)
	if err := b.keep(without, err); err != nil {
		return err
	}
	before := filepath.Join(b.dir, "before.c1z")
	if err := readEverything(ctx, t, before, b.dir, workers, b.types); err != nil {
		return err
	}
	users := t.server.Tenant().Truth().Users
	for i := 0; i < len(users); i += signInEvery {
		if err := t.server.LetSignIn(users[i].ID, time.Now(), graphsim.SignInKind(i/signInEvery%3)); err != nil {
			return err
		}
	}
	t.server.SetServiceLimits(true)
	second := *t
	second.before = before
	second.env = append(slices.Clip(t.env), "BATON_SKIP_SIGN_IN_ACTIVITY=false", "BATON_SKIP_MFA_REGISTRATION=false")
	second.judge = func(ctx context.Context, path, scratch string) error {
		return sameSignIns(ctx, t.server, path, scratch)
	}
	with, err := b.measure(ctx, &second, programConnector, size, s, workers, 0, false)
	if err := b.keep(with, err); err != nil {
		return err
	}
	reports := 0
	for _, r := range t.server.Requests() {
		if strings.Contains(r.Query, "signInActivity") || strings.Contains(r.Path, "/reports/") {
			reports++
		}
	}
	full, err := b.inFull(ctx, t, workers)
	if err != nil {
		return err
	}
	if full != with.Rows {
		return fmt.Errorf("the second sync at %s has other rows than one that reads everything: %+v, %+v", size, with.Rows, full)
	}
	_, err = fmt.Fprintf(os.Stdout, "again at %s: %d people, %d of whom have signed in since; %d requests for reports; %.2f x the sync without them; "+
		"every last sign-in is the tenant's, and all %d rows are as in a sync that reads everything\n",
		size, len(users), (len(users)+signInEvery-1)/signInEvery, reports, with.WallSeconds/without.WallSeconds, full.Stored())
	return err
}

// inFull are the rows of a sync that reads everything now.
func (b *bench) inFull(ctx context.Context, t *target, workers int) (Rows, error) {
	path := filepath.Join(b.dir, "full.c1z")
	if err := readEverything(ctx, t, path, b.dir, workers, b.types); err != nil {
		return Rows{}, err
	}
	return countRows(ctx, path, b.dir)
}

// readEverything makes the snapshot of a sync that reads all sign-ins.
func readEverything(ctx context.Context, t *target, path, scratch string, workers int, types string) error {
	t.server.SetLatency(0)
	t.server.SetItemLatency(0)
	t.server.SetServiceLimits(false)
	t.server.SetBudget(scenarios[0].budget)
	cfg := &config.AzureAd{
		AzureTenantId: t.server.TenantID(), AzureClientId: t.server.ClientID(), AzureClientSecret: t.server.ClientSecret(),
		AuthorityHost: t.server.URL(), GraphEndpoint: t.server.URL(), CaCertificate: t.server.CACertPEM(),
	}
	var only []string
	if types != "" {
		only = strings.Split(types+",tenant", ",")
	}
	failed, err := localsync.Sync(ctx, cfg, localsync.Options{
		Path: path, Scratch: scratch, Workers: workers, ResourceTypes: only,
		Connector: connector.Options{Version: "dev", ReportsPerWindow: 1000},
	})
	return errors.Join(failed, err)
}

// sameSignIns makes sure that a snapshot has each person's last sign-in, and no other.
func sameSignIns(ctx context.Context, server *graphsim.Server, path, scratch string) error {
	want := map[string]int64{}
	for _, u := range server.Tenant().Truth().Users {
		if u.LastSignIn == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, u.LastSignIn)
		if err != nil {
			return fmt.Errorf("the tenant's own account: %w", err)
		}
		want[u.ID] = at.Unix()
	}
	file, err := snapshot.Open(ctx, path, scratch)
	if err != nil {
		return err
	}
	wrong := 0
	for row, err := range file.Resources(ctx) {
		if err != nil {
			return errors.Join(err, file.Close(ctx))
		}
		if row.GetId().GetResourceType() != "user" {
			continue
		}
		trait := &v2.UserTrait{}
		annos := annotations.Annotations(row.GetAnnotations())
		if _, err := annos.Pick(trait); err != nil {
			return errors.Join(err, file.Close(ctx))
		}
		if trait.GetLastLogin().GetSeconds() != want[row.GetId().GetResource()] {
			wrong++
		}
	}
	if wrong > 0 {
		err = fmt.Errorf("%d people have another last sign-in in the snapshot than in the tenant", wrong)
	}
	return errors.Join(err, file.Close(ctx))
}
