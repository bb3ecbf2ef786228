# An image with tlbench and nothing to build it:
#
#   docker build -t tlbench .
#   docker run --rm -v "$PWD:/work" tlbench sweep --sizes 100
#
# The Debian package is built and tested without Docker (`make deb`); this file itself has not been
# run by an engine.
FROM swift:6.1-bookworm AS build
WORKDIR /tlbench
COPY . .
RUN apt-get update \
  && apt-get install -y --no-install-recommends dpkg-dev gzip make \
  && make deb

FROM debian:bookworm-slim
COPY --from=build /tlbench/.build/deb/ /tmp/deb/
RUN apt-get update \
  && apt-get install -y --no-install-recommends /tmp/deb/tlbench_*.deb \
  && rm -rf /tmp/deb /var/lib/apt/lists/*
WORKDIR /work
ENTRYPOINT ["tlbench"]
