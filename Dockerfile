# The image holds the program alone: give it a PostgreSQL by DATABASE_URL (docker-compose.yml shows how).
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=0.1.0-dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/perennial-api/perennial/internal/app.Version=${VERSION}" -o /perennial ./cmd/perennial

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /perennial /perennial
COPY --from=build /src/LICENSE /LICENSE
USER nonroot:nonroot
ENV HOST=0.0.0.0 PORT=8080 LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s CMD ["/perennial", "ready"]
ENTRYPOINT ["/perennial"]
CMD ["serve"]
