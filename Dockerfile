# Target `lean`: Mathesar without a database inside. It builds with docker (with or without BuildKit), podman and
# buildah, so nothing here needs more than the classic instructions.
ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv --without-pip /opt/mathesar \
    && pip install --quiet --require-hashes -r requirements-build.lock \
    && pip --python /opt/mathesar/bin/python install --quiet --require-hashes --no-compile -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY mathesar mathesar
COPY provisioner provisioner
COPY platforms platforms
RUN pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir /wheels . \
    && pip --python /opt/mathesar/bin/python install --quiet --no-deps --no-index --no-compile /wheels/*.whl
# Outside /src, so that the installed package is used; whatever a plan without a platform keeps goes with /tmp
WORKDIR /tmp
RUN MATHESAR_DATA_DIR=/tmp/collect DJANGO_SETTINGS_MODULE=mathesar.settings PYTHONDONTWRITEBYTECODE=1 \
        /opt/mathesar/bin/python -m django collectstatic --noinput --verbosity 0 \
    && /opt/mathesar/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/mathesar/lib

FROM ${BASE} AS lean
# The standard library comes without bytecode, and a read-only root could never keep it
RUN groupadd --gid 10001 mathesar \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mathesar \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/mathesar \
    && python -m compileall -q --invalidation-mode unchecked-hash \
        -x '/(test|idlelib|tkinter|lib2to3|ensurepip|site-packages)/' "$(python -c 'import os; print(os.path.dirname(os.__file__))')"
COPY --from=build /opt/mathesar /opt/mathesar
ENV PATH=/opt/mathesar/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/nonexistent \
    MATHESAR_BIND=0.0.0.0:8000 \
    MATHESAR_DATA_DIR=/var/lib/mathesar \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /
EXPOSE 8000
STOPSIGNAL SIGTERM
# No ENTRYPOINT: platforms run release commands in place of CMD, and would pass them to it as arguments
CMD ["mathesar", "start"]
