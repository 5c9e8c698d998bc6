# Everything comes from Debian and npm. docs/operations.md says how it is run.
FROM debian:trixie-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/detour
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# The database client and the web app; then what only they needed goes away.
RUN npm run build && npm prune --omit=dev

FROM debian:trixie-slim
RUN useradd --system --uid 1000 --home-dir /opt/detour detour \
 && install --directory --owner=detour --mode=0700 /var/lib/detour /var/cache/detour
COPY --from=build /opt/detour /opt/detour
WORKDIR /opt/detour
USER detour
ENV PORT=3000 \
    HOST=0.0.0.0 \
    DATA_DIR=/var/lib/detour \
    NODE_COMPILE_CACHE=/var/cache/detour
VOLUME /var/lib/detour
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node_modules/.bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node_modules/.bin/node", "src/main.ts"]
