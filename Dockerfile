# What the image is made of is the work of deploy/build-image.sh; CI runs that without a container engine.
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN deploy/build-image.sh /image

FROM node:20-bookworm-slim
COPY --from=build /image/ /
# Clients are let in over a Unix socket, so that nothing but switches comes over the network. A volume that is made of
# this folder belongs to the user of the image.
COPY --from=build --chown=node:node /image/run/oftr /run/oftr
VOLUME /run/oftr
USER node
ENV OFTR_LISTEN=unix:/run/oftr/rpc.sock,mode=0660
ENV OFTR_OPENFLOW=tcp:0.0.0.0:6653
ENV OFTR_METRICS=127.0.0.1:9303
# Where `oftr call` finds the daemon.
ENV OFTR_RPC=unix:/run/oftr/rpc.sock
EXPOSE 6653
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["oftr", "call", "OFP.DESCRIPTION"]
ENTRYPOINT ["oftr"]
CMD ["jsonrpc"]
