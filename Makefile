# The commands of this repository. The work is done by the scripts in dev/, which can be called directly too.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format i18n screenshots bench test-checks test-odoo

PORT ?= 8069

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install what is missing; a second run takes seconds
	@dev/setup && echo "Everything is installed."

run: ## Serve Odoo with the addon and demo data (PORT=8070 for another port)
	@dev/run $(PORT)

test: ## Run every check and every test (T=/contact_lifecycle:TestClass.test_x for one)
	@dev/test "$(T)" </dev/null

lint: ## Run the linters only
	@dev/lint

format: ## Let ruff and prettier mend what they can, in place
	@dev/format

i18n: ## Export the template and update the translations
	@dev/i18n

screenshots: ## Take the pictures of the documents anew
	@dev/screenshots

bench: ## Run the benchmarks
	@if [ -x benchmarks/run ]; then dev/setup && benchmarks/run; else echo "There are no benchmarks yet."; fi

test-checks: ## Plant faults in a copy, and see every check find its own (20 minutes)
	@dev/check-the-checks

test-odoo: ## Run Odoo's own tests with and without the addon, and compare (half an hour)
	@dev/check-odoo-suites
