# The service in an image, without a compiler, npm or root. docs/operations.md says how to run it; compose.yaml does.
#
#     docker build --tag smartdhandha .

FROM python:3.13-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev npm \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/smartdhandha
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
# One package is compiled. Without build isolation, pip builds it with the backend that has a hash, and fetches no other.
RUN /opt/smartdhandha/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-build.lock \
    && /opt/smartdhandha/bin/pip install --no-cache-dir --no-deps --require-hashes --no-build-isolation --requirement requirements.lock
COPY . .
RUN /opt/smartdhandha/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/smartdhandha/bin/python -P -m infra.assets \
    && /opt/smartdhandha/bin/python -m compileall -q /opt/smartdhandha/lib

FROM python:3.13-slim-bookworm
RUN useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /sbin/nologin --uid 10001 smartdhandha
COPY --from=build /opt/smartdhandha /opt/smartdhandha
ENV PATH=/opt/smartdhandha/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SMARTDHANDHA_BIND=0.0.0.0:8000
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
# /healthz needs no database, so an outage of the database does not restart the service. Route traffic by /readyz.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["smartdhandha"]
CMD ["serve", "--no-demo"]
