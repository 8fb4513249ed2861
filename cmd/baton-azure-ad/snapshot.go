package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// typesFlag is the SDK's flag that narrows a sync down to some types.
const typesFlag = "sync-resource-types"

// withTenant adds the tenant to the types that a sync was narrowed down to: a snapshot
// of a part of a tenant has to say so, too.
func withTenant(v *viper.Viper, run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, args []string) error {
		if err := v.BindPFlags(command.Flags()); err != nil {
			return err
		}
		if types := v.GetStringSlice(typesFlag); len(types) > 0 && !slices.Contains(types, connector.TypeTenant) {
			v.Set(typesFlag, append(slices.Clone(types), connector.TypeTenant))
		}
		return run(command, args)
	}
}

// shapingFlags are the SDK's flags that decide what a snapshot holds.
var shapingFlags = []string{
	"auth-method", "sync-resources", typesFlag, "skip-entitlements-and-grants", "skip-grants", "storage-engine",
	"external-resource-c1z", "external-resource-entitlement-id-filter", "external-resource-traits",
}

// keepOrder lets the SDK's one-shot sync work on a file beside the one that
// --file names, which is replaced only by a finished snapshot. Syncs, services
// and operations run in a worker, so that they can be stopped in order.
func keepOrder(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, args []string) error {
		flags := command.Flags()
		if scratch := os.Getenv(scratchVariable); scratch != "" {
			if err := beWorker(flags, scratch); err != nil {
				return err
			}
			return run(command, args)
		}
		if given(flags, "client-id") {
			if runtime.GOOS == "windows" {
				return run(command, args) // The service manager talks to the process that it started.
			}
			return serve(command.Context(), flags)
		}
		if err := refuseForeignWork(flags); err != nil {
			return err
		}
		operation, err := operationAsked(flags)
		switch {
		case err != nil:
			return err
		case operation:
			return operate(command.Context(), flags, command.OutOrStdout())
		case given(flags, dryRunFlag) || given(flags, jsonFlag):
			return fmt.Errorf("--%s and --%s belong to an operation, and none is asked for", dryRunFlag, jsonFlag)
		case given(flags, "compact-syncs"):
			return compact(command.Context(), flags)
		}
		target, err := flags.GetString("file")
		if err != nil {
			return err
		}
		if err := refuseLogInPlaceOf(flags, target); err != nil {
			return err
		}
		return makeSnapshot(command.Context(), flags, target)
	}
}

// makeSnapshot syncs to a work file and puts it in the place of target. A person
// at a terminal sees how far it is.
func makeSnapshot(ctx context.Context, flags *pflag.FlagSet, target string) error {
	screen := screenFor(flags, onTerminal())
	err := withWorker(flags, "the sync", oneSync, screen, func(w *worker) error {
		env, err := takeEarlier(ctx, flags, target, w.scratch)
		if err != nil {
			return err
		}
		err = snapshot.Make(ctx, target, fingerprint(flags), w.scratch, func(work string) error {
			return w.run(ctx, append(env, workFileVariable+"="+work)...)
		})
		if errors.Is(err, snapshot.ErrUnfinished) && len(reasonsIn(w.scratch)) > 0 {
			err = errors.Join(err, w.failure(int(codes.Unknown)))
		}
		return inOneLine(err)
	})
	if err == nil && screen != nil {
		screen.Summarize(target)
	}
	return err
}

// inOneLine is the failure of a sync, which for one that was interrupted is a line that
// says what there is now: whoever interrupted it knows why it ended.
func inOneLine(err error) error {
	var ended *exitError
	if !errors.As(err, &ended) || !ended.interrupted {
		return err
	}
	said := []string{"interrupted"}
	for _, part := range parts(err) {
		if !errors.Is(part, ended) {
			said = append(said, part.Error())
		}
	}
	return &exitError{code: ended.code, what: strings.Join(said, "; "), interrupted: true}
}

// refuseLogInPlaceOf keeps the SDK from writing its log into the snapshot.
func refuseLogInPlaceOf(flags *pflag.FlagSet, target string) error {
	logs, err := flags.GetStringSlice("log-path")
	if err != nil {
		return err
	}
	snapshot, _ := os.Stat(target) // Without one there is nothing to harm.
	for _, path := range logs {
		log, err := os.Stat(path)
		if filepath.Clean(path) == filepath.Clean(target) || err == nil && os.SameFile(snapshot, log) {
			return fmt.Errorf("--log-path and --file both name %s", path)
		}
	}
	return nil
}

// fingerprint is what decides the contents of a snapshot: the build, the tenant
// and how it is reached, and the flags that shape it. Secrets are left out; a
// new secret reads the same tenant.
func fingerprint(flags *pflag.FlagSet) []string {
	parts := []string{version}
	for _, f := range config.Configuration.Fields {
		if flag := flags.Lookup(f.FieldName); flag != nil && !f.Secret {
			parts = append(parts, f.FieldName+"="+strings.TrimSpace(flag.Value.String()))
		}
	}
	for _, name := range shapingFlags {
		if flag := flags.Lookup(name); flag != nil {
			parts = append(parts, name+"="+flag.Value.String())
		}
	}
	return parts
}
