package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// requestProof is the proof of one request of the gateway: see docs/log-format.md. The disclosure
// around it is that of its interval's entry.
type requestProof struct {
	Salt string `json:"salt"`
	// Canonical holds the request as canonical JSON (RFC 8785), in base64.
	Canonical string `json:"canonical"`
	Group     struct {
		Index int64    `json:"index"`
		Size  int64    `json:"size"`
		Root  string   `json:"root"`
		Proof []string `json:"proof"`
	} `json:"group"`
	Interval struct {
		Place int64    `json:"place"`
		Proof []string `json:"proof"`
	} `json:"interval"`
}

const places = 1024

// checkRequest follows the proof from the request up to the root that the entry names.
func checkRequest(r *requestProof, canonicalEntry string) error {
	root, err := intervalRoot(canonicalEntry)
	if err != nil {
		return err
	}
	group, err := hash(r.Group.Root)
	if err != nil {
		return err
	}
	path, err := hashes(r.Group.Proof)
	if err != nil {
		return err
	}
	leaf, err := committed("breakwater gateway request v1\n", r.Salt, r.Canonical)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, r.Group.Size, group, r.Group.Index, tlog.RecordHash(leaf)); err != nil {
		return fmt.Errorf("in its group: %w", err)
	}
	sized := binary.BigEndian.AppendUint64(group[:], uint64(r.Group.Size))
	path, err = hashes(r.Interval.Proof)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, places, root, r.Interval.Place, tlog.RecordHash(sized)); err != nil {
		return fmt.Errorf("in its interval: %w", err)
	}
	return nil
}

func intervalRoot(canonicalEntry string) (tlog.Hash, error) {
	var root tlog.Hash
	text, err := base64.StdEncoding.DecodeString(canonicalEntry)
	if err != nil {
		return root, err
	}
	var entry struct {
		Act  string `json:"act"`
		Data struct {
			Root   string `json:"root"`
			Places int64  `json:"places"`
		} `json:"data"`
	}
	if err := json.Unmarshal(text, &entry); err != nil {
		return root, err
	}
	if entry.Act != "gateway.interval-closed" || entry.Data.Places != places {
		return root, errors.New("the entry closes no interval")
	}
	bytes, err := hex.DecodeString(entry.Data.Root)
	if err != nil || len(bytes) != len(root) {
		return root, errors.New("the entry has no root")
	}
	copy(root[:], bytes)
	return root, nil
}

// committed is 32 bytes in the form of an entry: a fixed line, the salt, the content.
func committed(domain, salt, canonical string) ([]byte, error) {
	saltBytes, err := base64.StdEncoding.DecodeString(salt)
	if err != nil {
		return nil, err
	}
	content, err := base64.StdEncoding.DecodeString(canonical)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write([]byte(domain))
	sum.Write(saltBytes)
	sum.Write(content)
	return sum.Sum(nil), nil
}

func hashes(texts []string) (tlog.RecordProof, error) {
	var proof tlog.RecordProof
	for _, text := range texts {
		h, err := hash(text)
		if err != nil {
			return nil, err
		}
		proof = append(proof, h)
	}
	return proof, nil
}
