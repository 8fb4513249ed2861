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
	}{
		"at a terminal":           {true, nil, true},
		"into a file":             {false, nil, false},
		"at a terminal, JSON":     {true, []string{"--log-format", "json"}, false},
		"at a terminal, console":  {true, []string{"--log-format", "console"}, false},
		"at a terminal, debug":    {true, []string{"--log-level", "debug"}, false},
		"at a terminal, log file": {true, []string{"--log-path", "x"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			for _, flag := range logFlags {
				flags.String(flag, "", "")
			}
			require.NoError(t, flags.Parse(c.args))
			require.Equal(t, c.shown, screenFor(flags, c.terminal) != nil)
		})
	}
}

func TestReportsAreAskedForByTheProcessAtTheTerminalOnly(t *testing.T) {
	for value, want := range map[string]string{"": "0s", "1s": "1s", "-1s": "0s", "soon": "0s"} {
		t.Setenv("BATON_AZURE_AD_PROGRESS", value)
		require.Equal(t, want, reportsEvery().String())
	}
}
