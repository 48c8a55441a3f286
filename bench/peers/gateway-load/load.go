package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// plan of one measurement, as its flags say it.
type plan struct {
	address, path  string
	requests       [][]byte
	connections    int
	count, rate    int
	duration, warm time.Duration
	streamed       bool
}

// told of one measurement. Times are microseconds, from when a request was due to its last byte.
type told struct {
	Seconds  float64     `json:"seconds"`
	Answered int         `json:"answered"`
	Failed   int         `json:"failed"`
	Statuses map[int]int `json:"statuses"`
	// Fault is the first of them in words.
	Fault string `json:"fault"`
	P50   int64  `json:"p50"`
	P99   int64  `json:"p99"`
	Max   int64  `json:"max"`
	// LateP99 of what went out after its moment although its connection was free: our own timer.
	LateP99 int64 `json:"lateP99"`
}

// load measures what the flags say. Headers of a request beside the common ones are lines of the
// files named at the end, one file for each caller; their connections are dealt out in turn.
func load(args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	target := flags.String("url", "", "where to, http on loopback")
	bodyFile := flags.String("body", "", "file of the request's body")
	connections := flags.Int("connections", 32, "open at once")
	count := flags.Int("count", 0, "stop after so many; 0: by time alone")
	rate := flags.Int("rate", 0, "requests a second at fixed moments; 0: as fast as answered")
	seconds := flags.Float64("seconds", 10, "for how long, at most")
	warm := flags.Float64("warm", 0, "seconds before that, not counted")
	if err := flags.Parse(args); err != nil {
		return err
	}
	where, err := url.Parse(*target)
	if err != nil || where.Hostname() != "127.0.0.1" {
		return fmt.Errorf("expected http://127.0.0.1:port/path, got %q", *target)
	}
	body, err := os.ReadFile(*bodyFile)
	if err != nil {
		return err
	}
	p := plan{
		address: where.Host, path: where.Path, connections: *connections,
		count: *count, rate: *rate,
		duration: time.Duration(*seconds * float64(time.Second)),
		warm:     time.Duration(*warm * float64(time.Second)),
		streamed: bytes.Contains(body, []byte(`"stream":true`)),
	}
	for _, file := range flags.Args() {
		headers, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		p.requests = append(p.requests, spelled(p, headers, body))
	}
	if len(p.requests) == 0 {
		return fmt.Errorf("expected a file of headers for each caller, got none")
	}
	return say(p.measure())
}

func spelled(p plan, headers, body []byte) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n", p.path, p.address)
	for _, line := range bytes.Split(bytes.TrimSpace(headers), []byte("\n")) {
		fmt.Fprintf(&out, "%s\r\n", line)
	}
	fmt.Fprintf(&out, "content-length: %d\r\n\r\n%s", len(body), body)
	return out.Bytes()
}

// caller is one connection and what it met.
type caller struct {
	conn     net.Conn
	from     *bufio.Reader
	answer   message
	took     []int64
	late     []int64
	failed   int
	statuses map[int]int
	fault    string
}

func (p plan) measure() told {
	callers := make([]caller, p.connections)
	begun := time.Now().Add(20 * time.Millisecond)
	var sent atomic.Int64
	var all sync.WaitGroup
	for i := range callers {
		all.Add(1)
		go func() {
			defer all.Done()
			callers[i].statuses = map[int]int{}
			p.callOn(&callers[i], i, begun, &sent)
		}()
	}
	all.Wait()
	out := told{Seconds: time.Since(begun.Add(p.warm)).Seconds(), Statuses: map[int]int{}}
	var took, late []int64
	for _, one := range callers {
		took, late = append(took, one.took...), append(late, one.late...)
		out.Failed += one.failed
		for status, times := range one.statuses {
			out.Statuses[status] += times
		}
		if out.Fault == "" {
			out.Fault = one.fault
		}
	}
	slices.Sort(took)
	slices.Sort(late)
	out.Answered = len(took)
	out.P50, out.P99, out.Max = at(took, 0.5), at(took, 0.99), at(took, 1)
	out.LateP99 = at(late, 0.99)
	return out
}

func at(sorted []int64, share float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(float64(len(sorted)-1)*share)]
}

// callOn calls on one connection until the time or the count is up.
func (p plan) callOn(c *caller, index int, begun time.Time, sent *atomic.Int64) {
	request := p.requests[index%len(p.requests)]
	counted, end := begun.Add(p.warm), begun.Add(p.warm+p.duration)
	var step time.Duration
	due := begun
	if p.rate > 0 {
		step = time.Duration(float64(time.Second) * float64(p.connections) / float64(p.rate))
		due = begun.Add(step * time.Duration(index) / time.Duration(p.connections))
	}
	for {
		now := time.Now()
		wait := due.Sub(now)
		if wait > 0 {
			time.Sleep(wait)
			now = time.Now()
		}
		if !now.Before(end) || (p.count > 0 && sent.Add(1) > int64(p.count)) {
			break
		}
		from := now
		if p.rate > 0 && wait <= 0 {
			from = due // the answer before came after this one's moment: that wait counts
		}
		fault := c.call(p, request)
		if done := time.Now(); !from.Before(counted) {
			if fault == "" {
				c.took = append(c.took, done.Sub(from).Microseconds())
				if wait > 0 {
					c.late = append(c.late, now.Sub(due).Microseconds())
				}
			} else {
				c.failed++
			}
		}
		if fault != "" && c.fault == "" {
			c.fault = fault
		}
		if fault != "" {
			time.Sleep(time.Millisecond) // who refuses at once is not asked in a circle
		}
		due = due.Add(step)
	}
	if c.conn != nil {
		_ = c.conn.Close()
	}
}

// call sends one request and reads its answer whole; in words what was wrong with it, or nothing.
func (c *caller) call(p plan, request []byte) string {
	if c.conn == nil {
		conn, err := net.DialTimeout("tcp", p.address, 30*time.Second)
		if err != nil {
			return err.Error()
		}
		c.conn, c.from = conn, bufio.NewReaderSize(conn, 8<<10)
	}
	_ = c.conn.SetDeadline(time.Now().Add(180 * time.Second))
	_, err := c.conn.Write(request)
	if err == nil {
		err = c.answer.read(c.from)
	}
	if err != nil || c.answer.closes {
		_ = c.conn.Close()
		c.conn = nil
	}
	if err != nil {
		return err.Error()
	}
	status := c.answer.status()
	c.statuses[status]++
	if status != 200 {
		return fmt.Sprintf("status %d: %.300s", status, c.answer.body)
	}
	if p.streamed && !bytes.Contains(c.answer.body, []byte("data: [DONE]")) {
		return fmt.Sprintf("a stream without its end: %.300s", c.answer.body)
	}
	if !p.streamed && !bytes.Contains(c.answer.body, []byte(`"content":"The bounds of the copy`)) {
		return fmt.Sprintf("not what the upstream said: %.300s", c.answer.body)
	}
	return ""
}
