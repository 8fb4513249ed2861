# Needs Go, git, make and a POSIX shell; everything else comes as Go modules.

GO      ?= go
MODULE  := github.com/conductorone/baton-azure-ad
BATON   := github.com/conductorone/baton-sdk/cmd/baton
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULN    := golang.org/x/vuln/cmd/govulncheck@v1.9.0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PORT    ?= 8080
FUZZTIME ?= 20s

# What releases are made with, kept under their versions.
GORELEASER := bin/tools/goreleaser-v2.13.3/goreleaser
SYFT       := bin/tools/syft-v1.57.0/syft
RELEASE    := GO="$(GO)" GORELEASER="$(CURDIR)/$(GORELEASER)" SYFT="$(CURDIR)/$(SYFT)" sh scripts/release.sh

# Without the tag, grpc brings pages about its requests, which nothing here serves, and
# with their templates every exported method stays in the program (docs/decisions.md).
TAGS := grpcnotrace
export GOFLAGS := $(strip $(GOFLAGS) -tags=$(TAGS))

# The version is set in this module's programs only. VCS stamping is off because
# it fails in checkouts that belong to another user, as in many containers. The soft
# limit is for the compiler of Microsoft's models, the only one that meets it: without
# it that takes 4.6 GB, with it 3.2, and the build fits a machine of 4 GB.
BUILD := GOMEMLIMIT=2200MiB $(GO) build -buildvcs=false -ldflags "$(MODULE)/...=-X main.version=$(VERSION)"

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## Build the connector into bin/
	$(BUILD) -o bin/ ./cmd/baton-azure-ad

.PHONY: tools
tools: ## Build the simulated tenant and platform and the SDK's baton command too
	@echo "Building the connector, the simulated tenant and platform and baton: minutes the first time"
	@$(BUILD) -o bin/ ./cmd/baton-azure-ad ./cmd/graphsim ./cmd/platformsim $(BATON)

.PHONY: demo
demo: ## Snapshot a simulated tenant into demo.c1z, and make a report of it
	@echo "Building the connector and the simulated tenant: minutes the first time"
	@$(BUILD) -o bin/ ./cmd/baton-azure-ad ./cmd/graphsim ./internal/lab/demo
	@sh scripts/demo.sh bin demo.c1z

.PHONY: explore
explore: tools ## Browse demo.c1z at http://127.0.0.1:8080 (PORT=... for another port)
	@test -f demo.c1z || $(MAKE) --no-print-directory demo
	@echo "Explorer: http://127.0.0.1:$(PORT), for this machine only (Ctrl-C ends it)"
	@bin/baton explorer -f demo.c1z --port $(PORT)

.PHONY: test
test: check-generated ## Vet, test with the race detector, check generated files
	GO="$(GO)" sh scripts/test.sh

.PHONY: fuzz
fuzz: ## Fuzz each target for FUZZTIME (20s); the first build takes minutes and 5 GB
	GO="$(GO)" sh scripts/fuzz.sh $(FUZZTIME)

.PHONY: lint
lint: ## Run golangci-lint
	$(GO) run $(LINT) run ./...

.PHONY: generate
generate: ## Rewrite the configuration struct, the two JSON files and docs/permissions.md
	$(GO) generate ./pkg/config
	@$(MAKE) --no-print-directory build
	bin/baton-azure-ad capabilities > baton_capabilities.json
	bin/baton-azure-ad config > config_schema.json
	bin/baton-azure-ad permissions --format markdown --provisioning --mailbox-purpose --guest-sponsors --custom-security-attributes --resource-specific-consents --sync-deleted-users --sync-channels --sync-devices --sync-user-risk --exchange --manage-groups --provision-after-grant > docs/permissions.md

.PHONY: check-generated
check-generated: build ## Fail if a generated file is not up to date
	@GO="$(GO)" sh scripts/check-generated.sh bin/baton-azure-ad

.PHONY: lambda
lambda: ## Build for the ConductorOne function runtime
	$(BUILD) -tags baton_lambda_support,$(TAGS) -o bin/lambda/ ./cmd/baton-azure-ad

.PHONY: third-party-licenses
third-party-licenses: ## Write the licences of what is linked to THIRD_PARTY_LICENSES.md
	GO="$(GO)" $(GO) run ./scripts/licenses > THIRD_PARTY_LICENSES.md

.PHONY: check-manifests
check-manifests: build ## Check the Kubernetes manifests against their schemas and the connector
	cd deploy && $(GO) vet ./...
	cd deploy && CONNECTOR="$(CURDIR)/bin/baton-azure-ad" $(GO) test -count=1 ./...

.PHONY: vuln
vuln: ## Look for known vulnerabilities in what is called (asks vuln.go.dev)
	$(GO) run $(VULN) ./...

.PHONY: check-release
check-release: $(GORELEASER) ## Check the release's configuration
	$(GORELEASER) check

.PHONY: release-snapshot
release-snapshot: $(GORELEASER) $(SYFT) ## Build the commit's archives, checksums and SBOMs into dist/ (half an hour)
	$(RELEASE) snapshot dist

.PHONY: check-reproducible
check-reproducible: $(GORELEASER) $(SYFT) ## Build the commit's release twice and compare the hashes (an hour)
	$(RELEASE) compare

.PHONY: release
release: $(GORELEASER) $(SYFT) ## Build and publish the release of the tag that is checked out
	$(RELEASE) publish

$(GORELEASER):
	GOBIN="$(CURDIR)/$(@D)" $(GO) install github.com/goreleaser/goreleaser/v2@$(patsubst bin/tools/goreleaser-%/,%,$(dir $@))

$(SYFT):
	GOBIN="$(CURDIR)/$(@D)" $(GO) install github.com/anchore/syft/cmd/syft@$(patsubst bin/tools/syft-%/,%,$(dir $@))

.PHONY: bench
bench: ## Measure whole syncs at medium and large (half an hour) and fill docs/benchmarks.md
	$(GO) run ./internal/lab/bench -size large -workers 16 -scenario none,delay-l,budget-s -types user,group,role,application
	$(GO) run ./internal/lab/bench -size heavy,large -workers 16 -scenario none -no-floor -verify
	$(GO) run ./internal/lab/bench -size medium -workers 1,4,16 -scenario none,delay-l -verify
	$(GO) run ./internal/lab/bench -size large-half,large-double -workers 16 -scenario none -no-floor
	$(GO) run ./internal/lab/bench -size large -workers 4 -scenario none,delay-l
	$(GO) run ./internal/lab/bench -size large -workers 1 -scenario none,delay-l
	$(GO) run ./internal/lab/bench -render docs/benchmarks.md
	$(GO) test ./pkg/graph/sending -run '^$$' -bench Decode

.PHONY: bench-quick
bench-quick: ## Measure whole syncs at medium only (two minutes)
	$(GO) run ./internal/lab/bench -size medium -workers 4,16 -scenario none,delay-l -verify

.PHONY: trials-kills
trials-kills: ## End runs at 60 random points with each signal and record what is left (a quarter of an hour)
	$(GO) run ./internal/lab/trials/kills -points 60

.PHONY: trials-soak
trials-soak: ## Let the service do 1,300 tasks with faults and record what grows (an hour or two, Linux)
	$(GO) run ./internal/lab/trials/soak -tasks 400 -session-cache 1024 -out internal/lab/trials/recording/soak-small-cache.json
	$(GO) run ./internal/lab/trials/soak -tasks 900

.PHONY: trials-faults
trials-faults: ## Try syncs under every fault and 500 mixes (half an hour), fill docs/reliability.md
	$(GO) run ./internal/lab/trials faults -alone 3 -seeds 500 -patient -record internal/lab/trials/recording/faults.json
	$(GO) run ./internal/lab/trials render docs/reliability.md

.PHONY: trials-forms
trials-forms: ## Try each form of request refused, and each odd value (ten minutes), fill docs/reliability.md
	$(GO) run ./internal/lab/trials forms -record internal/lab/trials/recording/forms.json
	$(GO) run ./internal/lab/trials render docs/reliability.md

.PHONY: trials-verify
trials-verify: ## Hold right snapshots of tenants that change against them (ten minutes)
	$(GO) run ./internal/lab/trials/verifying -size medium -changes 50
	$(GO) run ./internal/lab/trials/verifying -size large -changes 50

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf bin dist THIRD_PARTY_LICENSES.md demo.c1z demo.html .demo.c1z.*.partial
