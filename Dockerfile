# The release build puts the static binary for each platform, and the licences,
# beside this file. The base image brings CA certificates, time zones, /tmp and a
# user that is not root, and no shell; nothing is run while building, so any
# machine can build any platform.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETPLATFORM
COPY LICENSE THIRD_PARTY_LICENSES.md /usr/share/doc/baton-azure-ad/
COPY $TARGETPLATFORM/baton-azure-ad /usr/bin/baton-azure-ad
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENTRYPOINT ["/usr/bin/baton-azure-ad"]
