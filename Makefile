# Needs Go, git, make and a POSIX shell; everything else comes as Go modules.

GO      ?= go
MODULE  := github.com/conductorone/baton-azure-ad
BATON   := github.com/conductorone/baton-sdk/cmd/baton
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PORT    ?= 8080

# The version is set in this module's programs only. VCS stamping is off because
# it fails in checkouts that belong to another user, as in many containers.
BUILD := $(GO) build -buildvcs=false -ldflags "$(MODULE)/...=-X main.version=$(VERSION)"

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## Build the connector into bin/
	$(BUILD) -o bin/ ./cmd/baton-azure-ad

.PHONY: tools
tools: ## Build the simulated tenant and the SDK's baton command too
	@echo "Building the connector, the simulated tenant and the baton command into bin/"
	@$(BUILD) -o bin/ ./cmd/baton-azure-ad ./cmd/graphsim $(BATON)

.PHONY: demo
demo: tools ## Snapshot a simulated tenant into demo.c1z and show what is in it
	@GO="$(GO)" sh scripts/demo.sh bin demo.c1z

.PHONY: explore
explore: tools ## Browse demo.c1z at http://127.0.0.1:8080 (PORT=... for another port)
	@test -f demo.c1z || GO="$(GO)" sh scripts/demo.sh bin demo.c1z
	@echo "Explorer: http://127.0.0.1:$(PORT), for this machine only (Ctrl-C ends it)"
	@bin/baton explorer -f demo.c1z --port $(PORT)

.PHONY: test
test: check-generated ## Vet, test with the race detector, check generated files
	GO="$(GO)" sh scripts/test.sh

.PHONY: lint
lint: ## Run golangci-lint
	$(GO) run $(LINT) run ./...

.PHONY: generate
generate: ## Rewrite the configuration struct, the two JSON files and docs/permissions.md
	$(GO) generate ./pkg/config
	@$(MAKE) --no-print-directory build
	bin/baton-azure-ad capabilities > baton_capabilities.json
	bin/baton-azure-ad config > config_schema.json
	bin/baton-azure-ad permissions --format markdown --provisioning --mailbox-purpose --sync-deleted-users --sync-devices --sync-user-risk > docs/permissions.md

.PHONY: check-generated
check-generated: build ## Fail if a generated file is not up to date
	@GO="$(GO)" sh scripts/check-generated.sh bin/baton-azure-ad

.PHONY: lambda
lambda: ## Build for the ConductorOne function runtime
	$(BUILD) -tags baton_lambda_support -o bin/lambda/ ./cmd/baton-azure-ad

.PHONY: bench
bench: ## Measure whole syncs at medium and large (half an hour) and fill docs/benchmarks.md
	$(GO) run ./internal/bench -size large -workers 16 -scenario none,delay-l,budget-s -verify
	$(GO) run ./internal/bench -size medium -workers 1,4,16 -scenario none,delay-l -verify
	$(GO) run ./internal/bench -size large-half,large-double -workers 16 -scenario none -no-floor
	$(GO) run ./internal/bench -size large -workers 4 -scenario none,delay-l
	$(GO) run ./internal/bench -size large -workers 1 -scenario none,delay-l
	$(GO) run ./internal/bench -render docs/benchmarks.md
	$(GO) test ./pkg/graph -run '^$$' -bench Decode

.PHONY: bench-quick
bench-quick: ## Measure whole syncs at medium only (two minutes)
	$(GO) run ./internal/bench -size medium -workers 4,16 -scenario none,delay-l -verify

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf bin dist demo.c1z .demo.c1z.*.partial
