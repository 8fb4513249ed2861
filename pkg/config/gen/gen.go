// Command gen writes conf.gen.go, the struct that the configuration fields are
// decoded into. Run it with `go generate ./pkg/config`.
package main

import (
	cfg "github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-sdk/pkg/config"
)

func main() {
	config.Generate("azure-ad", cfg.Configuration)
}
