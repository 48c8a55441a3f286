// Command breakwater answers with what scrutineer's own code makes of findings and records, so that
// ours can be held to it. It reads one JSON object and writes one.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"scrutineer/internal/interchange"
)

type finding struct {
	Repository string `json:"repository"`
	SubPath    string `json:"subPath"`
	Location   string `json:"location"`
	Weaknesses string `json:"weaknesses"`
}

type question struct {
	Salt     string            `json:"salt"`
	Findings []finding         `json:"findings"`
	Records  []json.RawMessage `json:"records"`
	// Where to ask whether each finding is known; empty: nowhere.
	Door string `json:"door"`
}

type judged struct {
	Fault string `json:"fault"`
	Path  string `json:"path"`
}

type answer struct {
	Hashes   []string                `json:"hashes"`
	Judged   []judged                `json:"judged"`
	Made     []interchange.Statement `json:"made"`
	Answered []string                `json:"answered"`
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	var out answer
	for _, f := range asked.Findings {
		hash := interchange.FindingHash(asked.Salt, f.Repository, f.SubPath, f.Location, f.Weaknesses)
		out.Hashes = append(out.Hashes, hash)
		if asked.Door != "" {
			out.Answered = append(out.Answered, ask(asked.Door, hash))
		}
	}
	for _, raw := range asked.Records {
		out.Judged = append(out.Judged, judge(raw))
	}
	out.Made = made()
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fail(err)
	}
}

func judge(raw json.RawMessage) judged {
	if err := interchange.Validate(raw); err != nil {
		return judged{Fault: err.Error()}
	}
	var statement interchange.Statement
	if err := json.Unmarshal(raw, &statement); err != nil {
		return judged{Fault: err.Error()}
	}
	path, err := interchange.RecordFile(statement, false)
	if err != nil {
		return judged{Fault: err.Error()}
	}
	return judged{Path: path}
}

// made is one record of each kind, as scrutineer makes them.
func made() []interchange.Statement {
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	repository := "https://github.com/ACME/Lib.git"
	certificate := interchange.CertificatePredicate{
		Repository: repository, Advisory: "GHSA-aaaa-bbbb-cccc", Status: "fixed", AuditedAt: at,
	}
	failed := certificate
	failed.Status = "bypass"
	hash := interchange.FindingHash("s", repository, "", "src/parse.go", "CWE-79")
	return []interchange.Statement{
		interchange.NewCertificate(certificate),
		interchange.NewCertificate(failed),
		interchange.NewClaim(hash, interchange.ClaimPredicate{Contact: "security@example.com"}),
		interchange.NewOptOut(interchange.OptOutPredicate{Repository: repository, RequestedAt: at}),
		interchange.NewRoute(interchange.RoutePredicate{
			Repository: repository, Channel: "security@example.com", VerifiedAt: at,
		}),
	}
}

// ask puts one question to a claim check, as scrutineer's interchange page documents it.
func ask(door, hash string) string {
	body, err := json.Marshal(map[string]string{"hash": hash})
	if err != nil {
		fail(err)
	}
	response, err := http.Post(door, "application/json", bytes.NewReader(body))
	if err != nil {
		fail(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		fail(err)
	}
	return fmt.Sprintf("%d %s", response.StatusCode, bytes.TrimSpace(text))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
