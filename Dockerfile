# The release build puts the static binary for each platform beside this file.
# The base image brings CA certificates, time zones, /tmp and a user that is not
# root; nothing is run while building, so any machine can build any platform.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/baton-azure-ad /usr/bin/baton-azure-ad
ENTRYPOINT ["/usr/bin/baton-azure-ad"]
