package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

const answer = `{"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"fake",` +
	`"choices":[{"index":0,"message":{"role":"assistant","content":"` + words + `"},` +
	`"logprobs":null,"finish_reason":"stop"}],` + usage + `}`

const words = "The bounds of the copy are taken from the header, which the sender wrote; " +
	"check them against the length of the buffer first."

const usage = `"usage":{"prompt_tokens":240,"completion_tokens":26,"total_tokens":266}`

const opening = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

// eventsAtOnce of a stream that is not held.
const eventsAtOnce = 16

var (
	whole = []byte(fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"+
		"content-length: %d\r\n\r\n%s", len(answer), answer))
	event = framed(`{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,` +
		`"model":"fake","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}`)
	counted = framed(`{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,` +
		`"model":"fake","choices":[],` + usage + `}`)
	last    = framed("[DONE]")
	holding = []byte("hold ")
)

func framed(data string) []byte {
	text := "data: " + data + "\n\n"
	return []byte(fmt.Sprintf("%x\r\n%s\r\n", len(text), text))
}

// serve answers on a port of loopback, which it tells, until its standard input ends.
func serve() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	if err := say(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port}); err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go answerAll(conn)
	}
}

func answerAll(conn net.Conn) {
	defer conn.Close()
	from := bufio.NewReaderSize(conn, 8<<10)
	var request message
	for {
		if request.read(from) != nil || answerOne(conn, request.body) != nil {
			return
		}
	}
}

func answerOne(conn net.Conn, body []byte) error {
	if !bytes.Contains(body, []byte(`"stream":true`)) && !bytes.Contains(body, []byte(`"stream": true`)) {
		_, err := conn.Write(whole)
		return err
	}
	events, pause := eventsAtOnce, time.Duration(0)
	if seconds := held(body); seconds > 0 {
		events, pause = seconds, time.Second
	}
	if _, err := conn.Write([]byte(opening)); err != nil {
		return err
	}
	for range events {
		if _, err := conn.Write(event); err != nil {
			return err
		}
		time.Sleep(pause)
	}
	ending := append([]byte{}, counted...)
	ending = append(ending, last...)
	_, err := conn.Write(append(ending, "0\r\n\r\n"...))
	return err
}

// held is for how many seconds a prompt that says "hold N " wants its stream open, a word a second.
func held(body []byte) int {
	_, rest, found := bytes.Cut(body, holding)
	if !found {
		return 0
	}
	digits, _, _ := bytes.Cut(rest, []byte(" "))
	seconds, _ := strconv.Atoi(string(digits))
	return min(max(seconds, 0), 120)
}
