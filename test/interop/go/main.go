// Command check verifies one disclosed entry of a Breakwater log, and the request of the gateway that
// it proves where there is one, with the Go project's own implementation of signed notes and Merkle
// proofs, which shares no code with ours.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type disclosure struct {
	Key        string   `json:"key"`
	Checkpoint string   `json:"checkpoint"`
	Index      int64    `json:"index"`
	Proof      []string `json:"proof"`
	Salt       string   `json:"salt"`
	// Canonical holds the entry's content as canonical JSON (RFC 8785), in base64.
	Canonical string `json:"canonical"`
	// Request is what the entry proves beside itself, if anything.
	Request *requestProof `json:"request"`
}

func main() {
	if err := check(); err != nil {
		fmt.Println("does not hold:", err)
		os.Exit(1)
	}
	fmt.Println("holds")
}

func check() error {
	var d disclosure
	if err := json.NewDecoder(os.Stdin).Decode(&d); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(d.Key)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(d.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := hash(lines[2])
	if err != nil {
		return err
	}
	proof, err := hashes(d.Proof)
	if err != nil {
		return err
	}
	entry, err := committed("breakwater log entry v1\n", d.Salt, d.Canonical)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, size, root, d.Index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	if d.Request == nil {
		return nil
	}
	return checkRequest(d.Request, d.Canonical)
}

func hash(text string) (tlog.Hash, error) {
	var h tlog.Hash
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return h, err
	}
	if len(bytes) != len(h) {
		return h, fmt.Errorf("hash of %d bytes", len(bytes))
	}
	copy(h[:], bytes)
	return h, nil
}
