package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// A block is a part of the page's data, compressed. The page unpacks it when somebody
// looks at what is in it. Blocks are JSON, or rows of numbers as varints (unsigned
// LEB128), of which the comment of each kind of row says what they mean.
type block struct {
	name   string
	packed []byte
}

// size is how much of the page the block takes.
func (b *block) size() int { return base64.StdEncoding.EncodedLen(len(b.packed)) }

func pack(name string, raw []byte) (block, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return block{}, fmt.Errorf("packing %s: %w", name, err)
	}
	if _, err := z.Write(raw); err != nil {
		return block{}, fmt.Errorf("packing %s: %w", name, err)
	}
	if err := z.Close(); err != nil {
		return block{}, fmt.Errorf("packing %s: %w", name, err)
	}
	return block{name: name, packed: packed.Bytes()}, nil
}

func packJSON(name string, content any) (block, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return block{}, fmt.Errorf("writing %s: %w", name, err)
	}
	return pack(name, raw)
}

// writeTo writes the block as the text of an element. Base64 has no character that
// means something in HTML.
func (b *block) writeTo(to io.Writer) error {
	if _, err := fmt.Fprintf(to, "<script type=\"text/plain\" id=\"b-%s\">", b.name); err != nil {
		return err
	}
	encoder := base64.NewEncoder(base64.StdEncoding, to)
	if _, err := encoder.Write(b.packed); err != nil {
		return err
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(to, "</script>\n")
	return err
}

func writeBlocks(to io.Writer, blocks []block) error {
	for i := range blocks {
		if err := blocks[i].writeTo(to); err != nil {
			return err
		}
	}
	return nil
}

// perBlock is how many objects share a block. A page of an object takes a few of them,
// and each is unpacked in a few milliseconds.
const perBlock = 1024

// varint adds a number, which is never negative, to a row.
func varint(row []byte, number int) []byte {
	return binary.AppendUvarint(row, uint64(max(number, 0)))
}
