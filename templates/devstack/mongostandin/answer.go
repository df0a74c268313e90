package mongostandin

import (
	"encoding/binary"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// duplicateKey is MongoDB's code for a refusal because of a unique index.
const duplicateKey = 11000

// corrected gives an answer to an update that breaks a unique index the form that MongoDB's has. FerretDB reports an
// error of its own there; for inserts it does as MongoDB does.
func corrected(request, answer message) message {
	if request.command() != "update" {
		return answer
	}
	text, _ := answer.body().Lookup("errmsg").StringValueOK()
	if !strings.Contains(text, "UNIQUE constraint failed: index") {
		return answer
	}
	refused := bsoncore.NewDocumentBuilder().
		AppendInt32("index", 0).
		AppendInt32("code", duplicateKey).
		AppendString("errmsg", "E11000 duplicate key error").
		Build()
	body := bsoncore.NewDocumentBuilder().
		AppendInt32("n", 0).
		AppendInt32("nModified", 0).
		AppendArray("writeErrors", bsoncore.NewArrayBuilder().AppendDocument(refused).Build()).
		AppendDouble("ok", 1).
		Build()
	return answer.withBody(body)
}

// withBody returns a message with the same header and another body.
func (m message) withBody(body bsoncore.Document) message {
	other := append(message{}, m[:headerSize]...)
	other = append(other, 0, 0, 0, 0) // no flags
	other = append(other, 0)          // a section of kind 0
	other = append(other, body...)
	binary.LittleEndian.PutUint32(other, uint32(len(other)))
	return other
}
