package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// earlierVariable hands a worker the file with what the snapshot before says of people.
// It is internal.
const earlierVariable = "BATON_AZURE_AD_EARLIER"

// earlierFile is its name, in the folder for temp files.
const earlierFile = "earlier.json"

// takeEarlier makes the file for a sync that takes the place of a snapshot, and gives
// the environment that names it. A snapshot from which nothing can be taken is none: the
// sync reads everything then, and says so if it matters when it looks at the file that
// it replaces.
func takeEarlier(ctx context.Context, flags *pflag.FlagSet, target, scratch string) ([]string, error) {
	days, err := flags.GetInt(config.ReuseReportsDaysField.FieldName)
	if err != nil || days == 0 {
		return nil, err
	}
	before, err := snapshot.Open(ctx, target, scratch)
	if err != nil {
		return nil, nil //nolint:nilerr // See above.
	}
	path := filepath.Join(scratch, earlierFile)
	found, err := writeEarlier(ctx, before, path)
	if err = errors.Join(err, before.Close(ctx)); err != nil {
		return nil, fmt.Errorf("taking last sign-ins from %s (--%s 0 does without): %w", target, config.ReuseReportsDaysField.FieldName, err)
	}
	if !found {
		return nil, os.Remove(path)
	}
	return []string{earlierVariable + "=" + path}, nil
}

func writeEarlier(ctx context.Context, before *snapshot.File, path string) (bool, error) {
	file, err := os.Create(path)
	if err != nil {
		return false, err
	}
	found, err := connector.WriteEarlier(before.Resources(ctx), file)
	return found, errors.Join(err, file.Close())
}
