package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// message is a request or an answer, read whole.
type message struct {
	// first is the request line or the status line.
	first []byte
	body  []byte
	// closes the connection behind it.
	closes bool
}

// read takes one message of HTTP/1.1 off the connection, reusing what the last one left.
func (m *message) read(from *bufio.Reader) error {
	line, err := readLine(from)
	if err != nil {
		return err
	}
	m.first, m.body, m.closes = append(m.first[:0], line...), m.body[:0], false
	length, chunked := 0, false
	for {
		if line, err = readLine(from); err != nil {
			return err
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		if bytes.EqualFold(name, []byte("content-length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		} else if bytes.EqualFold(name, []byte("transfer-encoding")) {
			chunked = bytes.EqualFold(value, []byte("chunked"))
		} else if bytes.EqualFold(name, []byte("connection")) {
			m.closes = bytes.EqualFold(value, []byte("close"))
		}
	}
	if chunked {
		return m.readChunks(from)
	}
	return m.take(from, length)
}

func (m *message) readChunks(from *bufio.Reader) error {
	for {
		line, err := readLine(from)
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(line), 16, 32)
		if err != nil {
			return err
		}
		if err = m.take(from, int(size)); err != nil {
			return err
		}
		if _, err = readLine(from); err != nil {
			return err
		}
		if size == 0 {
			return nil
		}
	}
}

func (m *message) take(from *bufio.Reader, length int) error {
	begun := len(m.body)
	if length < 0 || begun+length > 1<<24 {
		return fmt.Errorf("a body of %d bytes", begun+length)
	}
	for cap(m.body) < begun+length {
		m.body = append(m.body[:cap(m.body)], 0)
	}
	m.body = m.body[:begun+length]
	_, err := io.ReadFull(from, m.body[begun:])
	return err
}

func readLine(from *bufio.Reader) ([]byte, error) {
	line, err := from.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// status of an answer; 0 where it has none.
func (m *message) status() int {
	_, rest, _ := bytes.Cut(m.first, []byte(" "))
	code, _, _ := bytes.Cut(rest, []byte(" "))
	status, _ := strconv.Atoi(string(code))
	return status
}
