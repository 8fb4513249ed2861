// Package localsync runs whole syncs in one process: the connector behind real
// gRPC, and the SDK's own syncer in front of it. It is for tests and trials.
package localsync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/connectorclient"
	sdksync "github.com/conductorone/baton-sdk/pkg/sync"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// Options shape one sync.
type Options struct {
	// Path is the snapshot that is written, and Scratch the folder for what is
	// needed on the way.
	Path, Scratch string
	Workers       int
	// ResourceTypes are those to sync; all if empty.
	ResourceTypes []string
	DontExpand    bool
	// FailFast makes every invariant of the SDK fatal.
	FailFast  bool
	Connector connector.Options
	// Spoil is shown each answer of the connector and may change it, for what has to
	// notice a connector that is wrong. It is called by several workers at once.
	Spoil func(answer any)
	// LoseFirst loses the first answer to each page that is listed, so that all is asked
	// for twice.
	LoseFirst bool
}

// Sync syncs a tenant, and returns when nothing of the sync runs any more. The
// first error is the sync's own, as the SDK reports it; the second says that
// there was no sync to speak of.
func Sync(ctx context.Context, cfg *config.AzureAd, o Options) (error, error) {
	c, err := connector.New(cfg, &cli.ConnectorOpts{SyncResourceTypeIDs: o.ResourceTypes}, o.Connector)
	if err != nil {
		return err, nil
	}
	session := &lateSession{}
	served, err := c.Server(ctx, cli.RunTimeOpts{SessionStore: session})
	if err != nil {
		return nil, err
	}
	client, stop, err := serve(ctx, served, o.between)
	if err != nil {
		return nil, err
	}
	options := []sdksync.SyncOpt{
		sdksync.WithC1ZPath(o.Path),
		sdksync.WithTmpDir(o.Scratch),
		sdksync.WithWorkerCount(o.Workers),
		sdksync.WithSessionStore(session),
		sdksync.WithSyncResourceTypes(o.ResourceTypes),
	}
	if o.FailFast {
		options = append(options, sdksync.WithFailFastInvariants())
	}
	if o.DontExpand {
		options = append(options, sdksync.WithDontExpandGrants())
	}
	syncer, err := sdksync.NewSyncer(ctx, client, options...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a syncer: %w", err), stop())
	}
	failed := syncer.Sync(ctx)
	// A failed sync can leave calls under way, which use the store.
	return failed, errors.Join(stop(), syncer.Close(context.WithoutCancel(ctx)))
}

// Serve puts a connector behind real gRPC, message limits and all. The function
// it returns ends that, after calls that are under way.
func Serve(ctx context.Context, server types.ConnectorServer) (types.ConnectorClient, func() error, error) {
	return serve(ctx, server, (&Options{}).between)
}

// between is what happens between the SDK and the connector.
func (o *Options) between(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if o.LoseFirst && strings.Contains(info.FullMethod, "/List") {
		if _, err := handler(ctx, req); err != nil {
			return nil, err
		}
	}
	answer, err := handler(ctx, req)
	if err == nil && o.Spoil != nil {
		o.Spoil(answer)
	}
	return answer, err
}

func serve(ctx context.Context, server types.ConnectorServer, between grpc.UnaryServerInterceptor) (types.ConnectorClient, func() error, error) {
	withLogger := func(callCtx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return between(ctxzap.ToContext(callCtx, ctxzap.Extract(ctx)), req, info, handler)
	}
	g := grpc.NewServer(grpc.UnaryInterceptor(withLogger), grpc.WaitForHandlers(true))
	v2.RegisterConnectorServiceServer(g, server)
	v2.RegisterResourceTypesServiceServer(g, server)
	v2.RegisterResourcesServiceServer(g, server)
	v2.RegisterResourceGetterServiceServer(g, server)
	v2.RegisterEntitlementsServiceServer(g, server)
	v2.RegisterGrantsServiceServer(g, server)
	v2.RegisterAssetServiceServer(g, server)
	v2.RegisterActionServiceServer(g, server)
	v2.RegisterEventServiceServer(g, server)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("serving the connector: %w", err)
	}
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("serving the connector: %w", err), listener.Close())
	}
	served := make(chan error, 1)
	go func() { served <- g.Serve(listener) }()
	stop := func() error {
		g.Stop()
		return errors.Join(<-served, conn.Close())
	}
	return connectorclient.NewConnectorClient(ctx, conn), stop, nil
}
