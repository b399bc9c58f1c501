/* Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature, of the log
 * itself (Ed25519) or of a witness (cosignature/v1, which also says when). Signatures of keys that
 * one does not know prove nothing and are passed over; one of a known key that does not verify
 * spoils the note. */
#ifndef MISAQ_PROOF_NOTE_H
#define MISAQ_PROOF_NOTE_H

#include "base/buf.h"
#include "proof/key.h"

#define NOTE_NAME_MAX       200 /* bytes of a key's name */
#define NOTE_SIGNATURES_MAX 100
#define NOTE_MAX            (256 * 1024)

/* The signature types of C2SP that are verified here. */
enum note_kind {
    NOTE_LOG = 0x01,    /* Ed25519 over the text */
    NOTE_WITNESS = 0x04 /* cosignature/v1: Ed25519 over a moment and the text */
};

/* A verifier key: "name+hash+base64" outside. */
struct note_key {
    char name[NOTE_NAME_MAX + 1];
    enum note_kind kind;
    uint32_t id; /* first four bytes of SHA-256(name, newline, kind, public key) */
    struct key_public public;
};

/* Why a name is none: empty, too long, blanks, '+', control characters; NULL when it is fine. */
const char *note_name_complaint(struct text name);
/* The name must have passed note_name_complaint(). */
struct note_key note_key_of(struct text name, enum note_kind kind, const struct key_public *public);
/* "example.org/log+deadbeef+AT..." both ways; reading recomputes the hash and judges the key. */
enum err note_key_read(struct text text, struct note_key *ret_key, struct faults *why) MUST_CHECK;
void note_key_write(struct buf *out, const struct note_key *key);

struct note_signature {
    struct text name;
    uint32_t id;
    struct text base64; /* of the id and the signature */
};

/* Borrowed from the bytes that it was read from. */
struct note {
    struct text text; /* what is signed, with its last newline */
    uint32_t count;
    struct note_signature at[NOTE_SIGNATURES_MAX];
};

/* Takes a note apart and judges its form; says nothing about who signed. Faults name a line. */
enum err note_read(struct text bytes, struct note *ret_note, struct faults *why) MUST_CHECK;
/* Whether `key` signed it: OK; ERR_NOT_FOUND: no signature of this key; ERR_INVALID: there is one
 * that does not verify. *ret_seconds (may be NULL) becomes the moment of a witness, the latest when
 * it signed more than once, in seconds since 1970; 0 for a log. */
enum err note_verify(const struct note *note, const struct note_key *key, uint64_t *ret_seconds,
    struct faults *why) MUST_CHECK;

/* Begins a note: the text, which must end with a newline, and the empty line. */
void note_write(struct buf *out, struct text text);
/* Appends the signature line of `key` over `text`; `secret` must be its other half. `seconds` since
 * 1970 is what a witness says of the time; logs say none (0). A witness answers with this line
 * alone; whoever keeps the note appends it. */
void note_sign(struct buf *out, struct text text, const struct note_key *key,
    const struct key_secret *secret, uint64_t seconds);

#endif
