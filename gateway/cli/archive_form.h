/* What stands where in an archive: what `misaq archive` writes and `misaq verify archive` reads. */
#ifndef MISAQ_CLI_ARCHIVE_FORM_H
#define MISAQ_CLI_ARCHIVE_FORM_H

#define ARCHIVE_FIRST_LINE "misaq archive 1"
#define ARCHIVE_README     "README.txt"
#define ARCHIVE_CHECKPOINT "checkpoint"
#define ARCHIVE_WITNESSED  "checkpoint.witnessed"
#define ARCHIVE_ENTRIES    "entries.ndjson"
#define ARCHIVE_AGREEMENTS "agreements.ndjson"
#define ARCHIVE_PROOFS     "proofs.ndjson"
#define ARCHIVE_DOCUMENTS  "documents/"
#define ARCHIVE_BYTES      ".json"

/* Ways to check it by hand stand in the archive itself, for whoever finds it without us. */
#define ARCHIVE_PROSE                                                                              \
    "All that is public of one cycle of performance agreements. It verifies without any server:\n" \
    "  misaq verify archive FILE --key KEY      (the key as you know it from elsewhere)\n\n"       \
    "checkpoint            signed head of the ledger (C2SP tlog-checkpoint, signed-note)\n"        \
    "checkpoint.witnessed  the last one that a witness co-signed, where there is one\n"            \
    "entries.ndjson        every entry of the ledger under the checkpoint, in order. leaf is\n"    \
    "                      SHA-256(0x00, entry), packed the entry itself (MessagePack) in\n"       \
    "                      base64; what is withheld says why. The tree is that of RFC 9162.\n"     \
    "documents/ID.json     the exact bytes of a document: their SHA-256 stands in what was\n"      \
    "                      signed. ID.txt is the same for people, and proves nothing.\n"           \
    "signatures.ndjson     each with its JWS (RFC 7515, Ed25519) and the position of its event\n"  \
    "proofs.ndjson         that these events lie in the ledger (RFC 9162, section 2.1.3)\n"        \
    "keys.ndjson           the register of signing keys: key is the x of a JWK\n"                  \
    "SHA256SUMS            of all files, against damage: sha256sum -c SHA256SUMS\n"                \
    "other .ndjson files   what the server said; nothing in them is needed to verify\n"

#endif
