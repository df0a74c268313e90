package mongostandin

import (
	"encoding/binary"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

const (
	// headerSize is that of a message's header: its length, two numbers of requests, the code of its kind.
	headerSize = 16
	// largest is MongoDB's limit for a message.
	largest = 48_000_000
	// opMsg is the code of the only kind of message that drivers send once they have said hello.
	opMsg = 2013
	// moreToCome is the flag of a message that is not answered.
	moreToCome = 2
)

// message is one message of MongoDB's wire protocol.
type message []byte

// readMessage reads one message. Its first four bytes are its length.
func readMessage(r io.Reader) (message, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(length[:])
	if size < headerSize || size > largest {
		return nil, fmt.Errorf("a message of %d bytes", size)
	}
	m := make(message, size)
	copy(m, length[:])
	_, err := io.ReadFull(r, m[len(length):])
	return m, err
}

// isAnswered reports whether an answer follows.
func (m message) isAnswered() bool {
	return !m.isMsg() || binary.LittleEndian.Uint32(m[headerSize:])&moreToCome == 0
}

// writes reports whether the message's command changes what the server holds.
func (m message) writes() bool {
	switch m.command() {
	case "insert", "update", "delete", "findAndModify", "findandmodify", "create", "createIndexes", "drop", "dropDatabase",
		"dropIndexes", "renameCollection", "collMod":
		return true
	default:
		return false
	}
}

func (m message) isMsg() bool {
	return len(m) > headerSize+4 && binary.LittleEndian.Uint32(m[12:]) == opMsg
}

// command names the message's command: the first key of its body.
func (m message) command() string {
	first, err := m.body().IndexErr(0)
	if err != nil {
		return ""
	}
	return first.Key()
}

// body returns the message's document; empty: it has none. A body is a section of kind 0; drivers may put sections of kind
// 1, which hold long lists, before it.
func (m message) body() bsoncore.Document {
	if !m.isMsg() {
		return nil
	}
	for rest := m[headerSize+4:]; len(rest) > 5; {
		size := int(binary.LittleEndian.Uint32(rest[1:]))
		if size < 5 || 1+size > len(rest) {
			return nil
		}
		if rest[0] == 0 {
			return bsoncore.Document(rest[1 : 1+size])
		}
		rest = rest[1+size:]
	}
	return nil
}
