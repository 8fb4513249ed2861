package main

import (
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

func TestProgressIsShownToAPersonAtATerminalWhoDidNotAskForTheLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		terminal bool
		args     []string
		shown    bool
		json     bool
	}{
		"at a terminal":           {true, nil, true, true},
		"into a file":             {false, nil, false, true},
		"into a file, console":    {false, []string{"--log-format", "console"}, false, false},
		"at a terminal, JSON":     {true, []string{"--log-format", "json"}, false, false}, // As the flag says.
		"at a terminal, console":  {true, []string{"--log-format", "console"}, false, false},
		"at a terminal, debug":    {true, []string{"--log-level", "debug"}, false, false},
		"at a terminal, log file": {true, []string{"--log-path", "x"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			for _, flag := range logFlags {
				flags.String(flag, "", "")
			}
			require.NoError(t, flags.Parse(c.args))
			require.Equal(t, c.shown, screenFor(flags, c.terminal) != nil)
			require.Equal(t, c.json, len(logFormat(flags, c.terminal, c.shown)) > 0, "the log is not for whoever reads it")
		})
	}
}

func TestReportsAreAskedForByTheProcessAtTheTerminalOnly(t *testing.T) {
	for value, want := range map[string]string{"": "0s", "1s": "1s", "-1s": "0s", "soon": "0s"} {
		t.Setenv("BATON_AZURE_AD_PROGRESS", value)
		require.Equal(t, want, reportsEvery().String())
	}
}
