// Command precheck asks a Breakwater server whether keys are known there, with Cloudflare's
// implementation of RFC 9497 and nothing of ours: docs/precheck.md is all it was written from.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
	"github.com/cloudflare/circl/zk/dleq"
)

const elements = 8

type given struct {
	Server string `json:"server"`
	APIKey string `json:"apiKey"`
	Keys   []struct {
		Granularity string `json:"granularity"`
		Text        string `json:"text"`
	} `json:"keys"`
}

type epoch struct {
	Epoch             string `json:"epoch"`
	PublicKey         []byte `json:"publicKey"`
	PrefixBits        uint   `json:"prefixBits"`
	EntriesPerBucket  int    `json:"entriesPerBucket"`
	BucketsPerRequest int    `json:"bucketsPerRequest"`
}

func main() {
	handles, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(handles); err != nil {
		os.Exit(1)
	}
}

// run answers for each key with its handle in base64, or with an empty string.
func run() ([]string, error) {
	var g given
	if err := json.NewDecoder(os.Stdin).Decode(&g); err != nil {
		return nil, err
	}
	var keys struct {
		Epochs []epoch `json:"epochs"`
	}
	if err := call("GET", g.Server+"/v1/precheck/keys", "", nil, &keys); err != nil {
		return nil, err
	}
	if len(keys.Epochs) == 0 {
		return nil, fmt.Errorf("no epoch may be asked under yet")
	}
	e := keys.Epochs[0]
	id := sha256.Sum256(e.PublicKey)
	if hex.EncodeToString(id[:8]) != e.Epoch {
		return nil, fmt.Errorf("the id is not that of the key")
	}
	outputs, err := evaluate(g, e)
	if err != nil {
		return nil, err
	}
	return lookUp(g, e, outputs[:len(g.Keys)])
}

func evaluate(g given, e epoch) ([][]byte, error) {
	suite := oprf.SuiteRistretto255
	public := new(oprf.PublicKey)
	if err := public.UnmarshalBinary(suite, e.PublicKey); err != nil {
		return nil, err
	}
	client := oprf.NewVerifiableClient(suite, public)
	inputs := make([][]byte, elements)
	for i := range inputs {
		if i < len(g.Keys) {
			inputs[i] = []byte("breakwater precheck key v1\n" + g.Keys[i].Granularity + "\n" + g.Keys[i].Text)
			continue
		}
		inputs[i] = make([]byte, 32)
		if _, err := rand.Read(inputs[i]); err != nil {
			return nil, err
		}
	}
	blinded, request, err := client.Blind(inputs)
	if err != nil {
		return nil, err
	}
	sent := make([][]byte, elements)
	for i, element := range request.Elements {
		if sent[i], err = element.MarshalBinaryCompress(); err != nil {
			return nil, err
		}
	}
	var answer struct {
		Evaluated [][]byte `json:"evaluated"`
		Proof     []byte   `json:"proof"`
	}
	body := map[string]any{"epoch": e.Epoch, "elements": sent}
	if err := call("POST", g.Server+"/v1/precheck/evaluate", g.APIKey, body, &answer); err != nil {
		return nil, err
	}
	evaluation := oprf.Evaluation{Proof: new(dleq.Proof)}
	if err := evaluation.Proof.UnmarshalBinary(group.Ristretto255, answer.Proof); err != nil {
		return nil, err
	}
	for _, encoded := range answer.Evaluated {
		element := group.Ristretto255.NewElement()
		if err := element.UnmarshalBinary(encoded); err != nil {
			return nil, err
		}
		evaluation.Elements = append(evaluation.Elements, element)
	}
	return client.Finalize(blinded, &evaluation)
}

func lookUp(g given, e epoch, outputs [][]byte) ([]string, error) {
	wanted := map[uint32]bool{}
	for _, output := range outputs {
		wanted[bucketOf(output, e)] = true
	}
	for len(wanted) < e.BucketsPerRequest {
		chance := make([]byte, 4)
		if _, err := rand.Read(chance); err != nil {
			return nil, err
		}
		wanted[bucketOf(chance, e)] = true
	}
	numbers := []uint32{}
	for number := range wanted {
		numbers = append(numbers, number)
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	var answer struct {
		Salt    []byte   `json:"salt"`
		Buckets [][]byte `json:"buckets"`
	}
	body := map[string]any{"epoch": e.Epoch, "buckets": numbers}
	if err := call("POST", g.Server+"/v1/precheck/buckets", g.APIKey, body, &answer); err != nil {
		return nil, err
	}
	handles := make([]string, len(outputs))
	for i, output := range outputs {
		at := sort.Search(len(numbers), func(j int) bool { return numbers[j] >= bucketOf(output, e) })
		bucket := answer.Buckets[at]
		if len(bucket) != e.EntriesPerBucket*48 {
			return nil, fmt.Errorf("a bucket of %d bytes", len(bucket))
		}
		handle, err := open(bucket, output, e.Epoch, answer.Salt)
		if err != nil {
			return nil, err
		}
		handles[i] = base64.StdEncoding.EncodeToString(handle)
	}
	return handles, nil
}

func bucketOf(output []byte, e epoch) uint32 {
	return uint32(uint64(binary.BigEndian.Uint32(output)) >> (32 - e.PrefixBits))
}

func open(bucket, output []byte, epoch string, salt []byte) ([]byte, error) {
	root := mac(make([]byte, 32), output)
	info := append([]byte("breakwater precheck entry v1\n"+epoch+"\n"), salt...)
	block, err := aes.NewCipher(mac(root, append(info, 1)))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	var found []byte
	for at := 0; at < len(bucket); at += 48 {
		if handle, err := aead.Open(nil, make([]byte, 12), bucket[at:at+48], nil); err == nil {
			found = handle
		}
	}
	return found, nil
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

func call(method, url, key string, body, answer any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	var sent io.Reader
	if body != nil {
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, url, sent)
	if err != nil {
		return err
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		once := make([]byte, 16)
		if _, err := rand.Read(once); err != nil {
			return err
		}
		request.Header.Set("Idempotency-Key", hex.EncodeToString(once))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
		return fmt.Errorf("%s answered %d: %s", url, response.StatusCode, text)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
