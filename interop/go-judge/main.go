// Command go-judge checks a tiled transparency log on disk, with other people's implementation of trees and notes.
//
//	go-judge -log DIR -policy FILE [-earlier FILE]...
//
// It verifies the log's Ed25519 signature and every Ed25519 cosignature of a witness that the policy knows; recomputes the
// root from the entries and, apart from that, from the tiles; compares every tile; proves every entry; proves the tree to
// append to each earlier checkpoint. It has no ML-DSA: of those signatures, and of the quorum, it says nothing.
// It prints "ok size=N root=BASE64" and exits 0, or what is wrong and exits 3. Exit 2: it was called wrongly.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A tile of 2^8 hashes is what both the Go checksum database and tlog-tiles use.
const tileHeight = 8

type paths []string

func (p *paths) String() string { return strings.Join(*p, ",") }
func (p *paths) Set(value string) error {
	*p = append(*p, value)
	return nil
}

func main() {
	var earlier paths
	dir := flag.String("log", "", "directory of the log: checkpoint, tile/…")
	policyFile := flag.String("policy", "", "policy file with verification keys")
	flag.Var(&earlier, "earlier", "an earlier signed checkpoint; may stand several times")
	flag.Parse()
	if *dir == "" || *policyFile == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	tree, err := judge(*dir, *policyFile, earlier)
	if err != nil {
		fmt.Println("wrong:", err)
		os.Exit(3)
	}
	fmt.Printf("ok size=%d root=%s\n", tree.N, tree.Hash)
}

func judge(dir, policyFile string, earlier []string) (tlog.Tree, error) {
	policy, err := readPolicy(policyFile)
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, tree, err := readCheckpoint(filepath.Join(dir, "checkpoint"), policy)
	if err != nil {
		return tlog.Tree{}, err
	}
	if tree.N == 0 {
		if tree.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return tree, errors.New("the root of the empty tree is not the hash of nothing")
		}
	} else if err := checkContents(dir, tree); err != nil {
		return tree, err
	}
	for _, path := range earlier {
		if err := checkEarlier(dir, path, policy, origin, tree); err != nil {
			return tree, fmt.Errorf("%s: %w", path, err)
		}
	}
	return tree, nil
}

// A policy here is only its keys: those of logs, by origin, and those of witnesses.
type policy struct {
	logs      map[string][]note.Verifier
	witnesses []note.Verifier
}

func readPolicy(path string) (*policy, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := &policy{logs: map[string][]note.Verifier{}}
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) >= 2 && words[0] == "log":
			key, err := readVkey(words[1])
			if err != nil {
				return nil, err
			}
			if key != nil {
				p.logs[key.Name()] = append(p.logs[key.Name()], key)
			}
		case len(words) >= 3 && words[0] == "witness":
			key, err := readVkey(words[2])
			if err != nil {
				return nil, err
			}
			if key != nil {
				p.witnesses = append(p.witnesses, key)
			}
		}
	}
	return p, nil
}

// readVkey gives no verifier, and no error, for an ML-DSA-44 key.
func readVkey(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a vkey")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) == 0 {
		return nil, errors.New("not a vkey")
	}
	switch key[0] {
	case 0x01:
		return note.NewVerifier(vkey)
	case 0x04:
		if len(key) != 1+ed25519.PublicKeySize {
			return nil, errors.New("not an Ed25519 cosigner's vkey")
		}
		id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
		return &cosigner{parts[0], binary.BigEndian.Uint32(id[:4]), ed25519.PublicKey(key[1:])}, nil
	case 0x06:
		return nil, nil
	}
	return nil, fmt.Errorf("a vkey of type %#x", key[0])
}

// A cosigner verifies timestamped Ed25519 cosignatures (c2sp.org/tlog-cosignature).
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }
func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

func readCheckpoint(path string, p *policy) (string, tlog.Tree, error) {
	signed, err := os.ReadFile(path)
	if err != nil {
		return "", tlog.Tree{}, err
	}
	origin, _, _ := strings.Cut(string(signed), "\n")
	logKeys := p.logs[origin]
	if len(logKeys) == 0 {
		return "", tlog.Tree{}, fmt.Errorf("the policy has no Ed25519 key of the log %q", origin)
	}
	// note.Open refuses the note if the signature of any known key fails.
	opened, err := note.Open(signed, note.VerifierList(append(append([]note.Verifier{}, logKeys...), p.witnesses...)...))
	if err != nil {
		return "", tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	byLog := false
	for _, signature := range opened.Sigs {
		for _, key := range logKeys {
			byLog = byLog || (signature.Name == key.Name() && signature.Hash == key.KeyHash())
		}
	}
	if !byLog {
		return "", tlog.Tree{}, errors.New("checkpoint: not signed by the log")
	}
	tree, err := readTree(opened.Text)
	return origin, tree, err
}

func readTree(text string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return tlog.Tree{}, errors.New("checkpoint: too few lines")
	}
	// ParseTree knows the same three lines under a fixed first one.
	return tlog.ParseTree([]byte("go.sum database tree\n" + lines[1] + "\n" + lines[2] + "\n"))
}

func checkContents(dir string, tree tlog.Tree) error {
	entries, err := readEntries(dir, tree.N)
	if err != nil {
		return err
	}
	fromEntries := &memory{}
	for n, entry := range entries {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), tlog.RecordHash(entry), fromEntries)
		if err != nil {
			return err
		}
		fromEntries.hashes = append(fromEntries.hashes, hashes...)
	}
	fromTiles, err := authenticated(dir, tree, len(fromEntries.hashes))
	if err != nil {
		return err
	}
	for n, entry := range entries {
		if err := checkEntry(tree, fromTiles, int64(n), entry); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	root, err := tlog.TreeHash(tree.N, fromEntries)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the entries do not hash to the root")
	}
	return compareTiles(dir, tree.N, fromEntries)
}

func readEntries(dir string, size int64) ([][]byte, error) {
	var entries [][]byte
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		if tile.L != 0 {
			continue
		}
		tile.L = -1
		bundle, err := readTile(dir, tile)
		if err != nil {
			return nil, err
		}
		for n := 0; n < tile.W; n++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s breaks off", pathOf(tile))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:end])
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s has more than its entries", pathOf(tile))
		}
	}
	return entries, nil
}

func checkEntry(tree tlog.Tree, hashes tlog.HashReader, n int64, entry []byte) error {
	proof, err := tlog.ProveRecord(tree.N, n, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entry))
}

// authenticated reads every hash of the tree from the tiles; the library checks each tile against the root.
func authenticated(dir string, tree tlog.Tree, count int) (*memory, error) {
	reader := tlog.TileHashReader(tree, &files{dir: dir, cache: map[string][]byte{}})
	const atOnce = 16384
	all := &memory{}
	for len(all.hashes) < count {
		var indexes []int64
		for n := len(all.hashes); n < count && len(indexes) < atOnce; n++ {
			indexes = append(indexes, int64(n))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		all.hashes = append(all.hashes, hashes...)
	}
	return all, nil
}

// compareTiles recomputes every tile that a tree of this size has, those too that no proof needs.
func compareTiles(dir string, size int64, hashes tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		want, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		got, err := readTile(dir, tile)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("%s is not what its entries hash to", pathOf(tile))
		}
	}
	return nil
}

func checkEarlier(dir, path string, p *policy, origin string, tree tlog.Tree) error {
	earlierOrigin, earlier, err := readCheckpoint(path, p)
	if err != nil {
		return err
	}
	if earlierOrigin != origin {
		return fmt.Errorf("a checkpoint of %q", earlierOrigin)
	}
	if earlier.N > tree.N {
		return fmt.Errorf("the log had %d entries and now has %d", earlier.N, tree.N)
	}
	if earlier.N == 0 {
		if earlier.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return errors.New("the root of the empty tree is not the hash of nothing")
		}
		return nil
	}
	reader := tlog.TileHashReader(tree, &files{dir: dir, cache: map[string][]byte{}})
	proof, err := tlog.ProveTree(tree.N, earlier.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash)
}

// memory holds hashes in the library's own order.
type memory struct{ hashes []tlog.Hash }

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = m.hashes[index]
	}
	return found, nil
}

// files gives a log's tiles to the library and remembers them.
type files struct {
	dir   string
	cache map[string][]byte
}

func (f *files) Height() int { return tileHeight }

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := pathOf(tile)
		data, known := f.cache[path]
		if !known {
			var err error
			if data, err = readTile(f.dir, tile); err != nil {
				return nil, err
			}
			f.cache[path] = data
		}
		found[i] = data
	}
	return found, nil
}

func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}

func readTile(dir string, tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(dir, filepath.FromSlash(pathOf(tile))))
}

// pathOf turns the checksum database's path of a tile, tile/8/L/N, into that of tlog-tiles, tile/L/N.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if rest := strings.TrimPrefix(path, "data/"); rest != path {
		return "tile/entries/" + rest
	}
	return "tile/" + path
}
