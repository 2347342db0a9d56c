.DEFAULT_GOAL := help
.PHONY: help run test prove pythons lint bench images deb chart wheel release-dry-run lock clean

LOCKS := requirements-build.lock pyproject.toml packaging/environment.sh

help:     ## List these commands.
	@grep -E '^[a-z-]+: .*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1	/'

run: .venv/.run     ## Serve Mathesar on this machine, with a sample database unless DATABASE_URL is set.
	@exec .venv/bin/mathesar start

test: .venv/.dev     ## Run the tests (a few minutes).
	@.venv/bin/python -m pytest -n 2 --dist loadfile

prove: .venv/.dev     ## Run the slow proofs: fuzzing, many processes at once, the image.
	@.venv/bin/python -m pytest -m prove -n 2 --dist loadgroup

pythons: .venv/.dev     ## Run the tests that need no browser on the other Pythons of this machine, 3.10 to 3.13.
	@sh packaging/pythons.sh

lint: .venv/.dev     ## Check style, types and formatting.
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

bench: .venv/.dev     ## Measure speed and memory against their limits.
	@for file in benchmarks/*.py; do .venv/bin/python "$$file" || exit 1; done

images:     ## Build the images mathesar:lean and mathesar:all-in-one with docker, podman or buildah.
	@sh packaging/images/build.sh

deb: .venv/.dev     ## Build the Debian package in dist/, for Debian 12, 13 and Ubuntu 22.04, 24.04; needs debhelper.
	@PYTHON=.venv/bin/python sh packaging/debian/build.sh

chart: .venv/.chart     ## Prove the Helm chart with Helm's own code and Kubernetes' schemas.
	@.venv/bin/python -m pytest -m prove tests/packages/test_chart*.py

wheel: .venv/.run     ## Build the wheel and the source archive into dist/.
	@.venv/bin/python packaging/wheel.py dist

release-dry-run: .venv/.run     ## Build everything that a release holds into dist/, and upload nothing.
	@sh packaging/release/dry_run.sh

lock:     ## Write the locked dependency files anew.
	@sh packaging/lock.sh

clean:     ## Remove what the other commands made here; data directories stay.
	@rm -rf .venv build dist *.egg-info mathesar/staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/.run: requirements-run.lock $(LOCKS)
	@sh packaging/environment.sh run

.venv/.dev: requirements-dev.lock $(LOCKS)
	@sh packaging/environment.sh dev

.venv/.chart: packaging/helm/requirements.lock .venv/.dev
	@.venv/bin/python -m pip install --quiet --require-hashes -r packaging/helm/requirements.lock && touch $@
