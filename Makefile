# make help lists the targets.
SHELL := /bin/sh
export GOFLAGS ?= -mod=readonly

# The race detector needs a C compiler.
RACE := $(shell command -v gcc >/dev/null 2>&1 && echo -race)

.PHONY: help build run test check generate generated fmt vet lint

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the program, as bin/perennial
	@go build -o bin/perennial ./cmd/perennial

run: build ## start everything on 127.0.0.1:8080 with the demo trust
	@sh internal/pgembed/setup.sh
	@exec bin/perennial demo run

test: ## every test, on a PostgreSQL that the tests start themselves
	@sh internal/pgembed/setup.sh
	go test $(RACE) -timeout 20m ./...

generate: ## types, server, client and documents from the contract and the code
	cp openapi.yaml api/contract/openapi.gen.yaml
	go tool oapi-codegen -config api/types.yaml openapi.yaml
	go tool oapi-codegen -config api/server.yaml openapi.yaml
	go tool oapi-codegen -config api/client.yaml openapi.yaml
	gofmt -w api pkg/client
	go run ./internal/render docs

generated: ## fail when something generated is stale
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && cp -r api pkg docs "$$tmp" && $(MAKE) -s generate && \
	for d in api pkg docs; do diff -r "$$tmp/$$d" "$$d" >/dev/null || { echo "$$d was stale: commit what make generate made"; exit 1; }; done

fmt: ## fail when a file is not gofmt'd
	@bad=$$(gofmt -l api cmd internal migrations pkg); [ -z "$$bad" ] || { echo "gofmt: $$bad"; exit 1; }

vet: ## go vet
	go vet ./...

lint: ## staticcheck
	go tool staticcheck ./...

check: generated fmt vet lint test ## everything that CI checks
