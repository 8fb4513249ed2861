package platformsim

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Asset is a file that a client uploaded, whole and with the right checksum.
type Asset struct {
	// Path is where the platform keeps it.
	Path string
	// Size is its length in bytes.
	Size int64
}

// upload is a stream on its way to being an asset.
type upload struct {
	stream grpc.ClientStreamingServer[v1.BatonServiceUploadAssetRequest, v1.BatonServiceUploadAssetResponse]
	fault  Rule
	file   *os.File
	hash   hash.Hash
	size   int64
}

// UploadAsset takes a file in pieces: whose it is, its data, its checksum.
func (s *Server) UploadAsset(stream grpc.ClientStreamingServer[v1.BatonServiceUploadAssetRequest, v1.BatonServiceUploadAssetResponse]) error {
	u := &upload{stream: stream, fault: s.rules.match(MethodUpload), hash: sha256.New()}
	first, err := u.next()
	if err != nil {
		return err
	}
	id := first.GetMetadata().GetTaskId()
	if !first.HasMetadata() {
		return status.Error(codes.InvalidArgument, "an upload begins with its metadata")
	}
	if _, err := s.tasks.cancelled(id); err != nil {
		return err
	}
	if u.file, err = os.CreateTemp(s.options.Dir, "asset-"+id+"-"); err != nil {
		return fmt.Errorf("keep the asset: %w", err)
	}
	err = errors.Join(u.receive(), u.file.Close())
	if err == nil {
		err = s.tasks.attach(id, Asset{Path: u.file.Name(), Size: u.size})
	}
	if err != nil {
		return errors.Join(err, os.Remove(u.file.Name()))
	}
	return stream.SendAndClose(&v1.BatonServiceUploadAssetResponse{})
}

// next is the next message, if it keeps its own rules and no fault strikes.
func (u *upload) next() (*v1.BatonServiceUploadAssetRequest, error) {
	if u.size >= u.fault.AfterBytes {
		if err := u.fault.strike(u.stream.Context()); err != nil {
			return nil, err
		}
		u.fault = Rule{}
	}
	message, err := u.stream.Recv()
	if err != nil {
		return nil, fmt.Errorf("the upload broke off: %w", err)
	}
	if err := message.ValidateAll(); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return message, nil
}

// receive writes the data down until its checksum comes, and compares that.
func (u *upload) receive() error {
	for {
		message, err := u.next()
		if err != nil {
			return err
		}
		switch message.WhichMsg() {
		case v1.BatonServiceUploadAssetRequest_Data_case:
			data := message.GetData().GetData()
			if _, err := io.MultiWriter(u.hash, u.file).Write(data); err != nil {
				return err
			}
			u.size += int64(len(data))
		case v1.BatonServiceUploadAssetRequest_Eof_case:
			if !bytes.Equal(u.hash.Sum(nil), message.GetEof().GetSha256Checksum()) {
				return status.Error(codes.DataLoss, "the asset's checksum is wrong")
			}
			return nil
		default:
			return status.Error(codes.InvalidArgument, "an upload has data after its metadata, and then its end")
		}
	}
}
