FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm run build

FROM node:20-bookworm-slim
WORKDIR /opt/oftr
COPY --from=build /src/bin ./bin
COPY --from=build /src/dist ./dist
COPY --from=build /src/package.json /src/LICENSE ./
RUN ln -s /opt/oftr/bin/oftr.js /usr/local/bin/oftr
USER node
EXPOSE 6653
ENTRYPOINT ["oftr"]
CMD ["jsonrpc"]
