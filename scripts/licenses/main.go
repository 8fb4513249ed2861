// Command licenses prints, as Markdown, the licence texts of everything that is
// linked into the released connector. It fails if a module has none, or one that
// nobody has agreed to: a release must not ship what it may not.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// program is the package that is released.
const program = "./cmd/baton-azure-ad"

// platforms are those of .goreleaser.yaml; each links some modules of its own.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// linked says of a package its module, and where both are. What belongs to the
// standard library or to this module gives an empty line.
const linked = `{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{.Version}}{{"\t"}}{{.Dir}}{{"\t"}}{{$.Dir}}{{end}}{{end}}`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	modules, err := linkedModules(ctx)
	if err != nil {
		return err
	}
	standard, err := standardLibrary(ctx)
	if err != nil {
		return err
	}
	modules = append([]module{standard}, modules...)
	texts, err := collect(modules)
	if err != nil {
		return err
	}
	return write(out, modules, texts)
}

// module is a module of which at least one package is linked.
type module struct {
	name, version, dir string
	packages           []string // Folders of the linked packages.
	kinds              []string
}

// linkedModules lists the modules that any platform links, by name.
func linkedModules(ctx context.Context) ([]module, error) {
	found := map[string]*module{}
	for _, platform := range platforms {
		goos, goarch, _ := strings.Cut(platform, "/")
		list := exec.CommandContext(ctx, goCommand(), "list", "-deps", "-f", linked, program) //nolint:gosec // The go command is the caller's choice.
		list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("listing what is linked for %s: %w", platform, err)
		}
		if err := add(found, out); err != nil {
			return nil, err
		}
	}
	var modules []module
	for _, m := range found {
		slices.Sort(m.packages)
		m.packages = slices.Compact(m.packages)
		modules = append(modules, *m)
	}
	slices.SortFunc(modules, func(a, b module) int { return cmp.Compare(a.name, b.name) })
	return modules, nil
}

// add puts the packages that go list printed to their modules.
func add(found map[string]*module, listed []byte) error {
	for line := range strings.Lines(string(listed)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 4 || fields[2] == "" {
			return fmt.Errorf("go list said %q, which names no module in a folder", line)
		}
		m := found[fields[0]]
		if m == nil {
			m = &module{name: fields[0], version: fields[1], dir: fields[2]}
			found[m.name] = m
		}
		m.packages = append(m.packages, fields[3])
	}
	return nil
}

// standardLibrary is Go's own library, which every program links.
func standardLibrary(ctx context.Context) (module, error) {
	out, err := exec.CommandContext(ctx, goCommand(), "env", "GOROOT", "GOVERSION").Output() //nolint:gosec // As above.
	if err != nil {
		return module{}, fmt.Errorf("finding the standard library: %w", err)
	}
	root, version, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return module{name: "Go standard library", version: version, dir: root, packages: []string{root}}, nil
}

func goCommand() string {
	return cmp.Or(os.Getenv("GO"), "go")
}

// text is a licence text and the modules that come with it.
type text struct {
	body    string
	modules []string
}

// collect reads the modules' licences and notes their kinds. Equal texts are
// kept once.
func collect(modules []module) ([]text, error) {
	var texts []text
	var faults []error
	known := map[string]int{}
	for i := range modules {
		m := &modules[i]
		bodies, err := licenceTexts(m)
		if err != nil {
			return nil, err
		}
		for _, body := range bodies {
			at, seen := known[body]
			if !seen {
				at = len(texts)
				known[body] = at
				texts = append(texts, text{body: body})
			}
			texts[at].modules = append(texts[at].modules, m.name)
			m.kinds = append(m.kinds, kinds(body)...)
		}
		slices.Sort(m.kinds)
		m.kinds = slices.Compact(m.kinds)
		faults = append(faults, acceptable(m))
	}
	return texts, errors.Join(faults...)
}

// licenceTexts reads the licences and notices beside the linked packages and in
// the folders above, up to the module's own. Some modules keep more of them in a
// folder named licenses.
func licenceTexts(m *module) ([]string, error) {
	var folders []string
	for _, folder := range m.packages {
		for ; len(folder) >= len(m.dir) && !slices.Contains(folders, folder); folder = filepath.Dir(folder) {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	var bodies []string
	for _, folder := range folders {
		more, err := folderTexts(m, folder, licenceFile)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, more...)
	}
	return bodies, nil
}

// folderTexts reads the files of a folder whose names are wanted.
func folderTexts(m *module, folder string, wanted func(name string) bool) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("looking for the licence of %s: %w", m.name, err)
	}
	var bodies []string
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		switch {
		case entry.IsDir() && strings.EqualFold(entry.Name(), "licenses"):
			more, err := folderTexts(m, path, func(string) bool { return true })
			if err != nil {
				return nil, err
			}
			bodies = append(bodies, more...)
		case !entry.IsDir() && wanted(entry.Name()):
			body, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("reading the licence of %s: %w", m.name, err)
			}
			bodies = append(bodies, string(bytes.TrimSpace(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")))))
		}
	}
	return bodies, nil
}
