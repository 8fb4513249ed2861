package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Generator is in the head of every page, so that a page of ours is known again.
const Generator = `<meta name="generator" content="baton-azure-ad report">`

//go:embed page
var files embed.FS

// styles and scripts are the files of the page, in their order. The scripts are one
// function to the browser.
var (
	styles  = []string{"base.css", "parts.css"}
	scripts = []string{
		"words.js", "dom.js", "data.js", "table.js", "overview.js", "privileged.js", "picture.js", "sections.js", "object.js",
		"search.js", "main.js",
	}
)

func joined(names []string) (string, error) {
	var all strings.Builder
	for _, name := range names {
		raw, err := files.ReadFile("page/" + name)
		if err != nil {
			return "", fmt.Errorf("the program lacks %s: %w", name, err)
		}
		all.WriteString(string(raw))
	}
	return all.String(), nil
}

// policy lets nothing run but the page's own script, nothing look but its own style,
// and nothing be asked for from anywhere. Texts cannot become HTML or scripts
// (trusted types), where the browser knows that.
func policy(style, script string) string {
	return "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style) + "'; base-uri 'none'; form-action 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// writePage fills page.html. The places are looked for in the template only: what is
// put into them is never searched.
func writePage(to io.Writer, s *summary, blocks []block) error {
	style, err := joined(styles)
	if err != nil {
		return err
	}
	script, err := joined(scripts)
	if err != nil {
		return err
	}
	script = "(() => {\n\"use strict\";\n" + script + "})();\n"
	// The encoder spells out <, >, &, U+2028 and U+2029, so no text can end the element.
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	template, err := files.ReadFile("page/page.html")
	if err != nil {
		return fmt.Errorf("the program lacks its page: %w", err)
	}
	texts := map[string]string{"generator": Generator, "policy": policy(style, script), "style": style, "script": script, "summary": string(data)}
	rest := string(template)
	for {
		before, after, more := strings.Cut(rest, "{{")
		if _, err := io.WriteString(to, before); err != nil || !more {
			return err
		}
		name, tail, _ := strings.Cut(after, "}}")
		rest = tail
		if name == "blocks" {
			err = writeBlocks(to, blocks)
		} else {
			_, err = io.WriteString(to, texts[name])
		}
		if err != nil {
			return err
		}
	}
}
