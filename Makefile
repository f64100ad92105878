# Thin: the work is npm scripts. `make preview STACK=prod` and `make test` set everything up themselves.
STACK ?= dev
ARGS ?=

.PHONY: preview test bench lint build
preview: node_modules/.installed
	@npm run --silent preview -- --stack $(STACK) $(ARGS)
test: node_modules/.installed
	@npm run --silent test
bench: node_modules/.installed
	@npm run --silent bench
lint: node_modules/.installed
	@npm run --silent lint
build: node_modules/.installed
	@npm run --silent build

node_modules/.installed: package-lock.json package.json $(wildcard */package.json)
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
