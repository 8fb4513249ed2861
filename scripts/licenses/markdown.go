package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// write prints the list of modules and then every text, with the modules that
// come with it.
func write(out io.Writer, modules []module, texts []text) error {
	w := bufio.NewWriter(out)
	fmt.Fprint(w, "# Third-party licences\n\nWhat is linked into baton-azure-ad on any platform, and the terms under which it is.\n\n| module | version | licence |\n|---|---|---|\n")
	for i := range modules {
		fmt.Fprintf(w, "| %s | %s | %s |\n", modules[i].name, modules[i].version, strings.Join(modules[i].kinds, ", "))
	}
	for _, t := range texts {
		fence := fence(t.body)
		fmt.Fprintf(w, "\n## %s\n\n%s\n%s\n%s\n", strings.Join(t.modules, ", "), fence, t.body, fence)
	}
	return w.Flush()
}

// fence is longer than any run of backquotes in a text.
func fence(body string) string {
	fence := "```"
	for strings.Contains(body, fence) {
		fence += "`"
	}
	return fence
}
