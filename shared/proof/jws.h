/* Compact JWS (RFC 7515) with Ed25519 (RFC 9864) and nothing else. Everything that has ever let a
 * JWS be forged is a choice that its sender was given: here the sender chooses nothing but the key,
 * and what is not needed is refused by name. */
#ifndef MISAQ_PROOF_JWS_H
#define MISAQ_PROOF_JWS_H

#include "base/buf.h"
#include "proof/key.h"

#define JWS_MAX      8192 /* characters of the whole; more is refused */
#define JWS_TYP_SIZE 65

/* A plain value, but for `covered`, which is borrowed from what was read. Unverified until
 * jws_verify() says OK. */
struct jws {
    struct text covered;     /* "header.payload" as it stands: what the signature is over */
    char kid[KEY_TEXT_SIZE]; /* of the key that is said to have signed: key_id() */
    char typ[JWS_TYP_SIZE];  /* "" when the header has none */
    struct key_signature signature;
    size_t payload_len;
    char payload[JWS_MAX];
};

/* Takes it apart: three parts of base64url in their only spelling; a header of `alg` (Ed25519, or
 * EdDSA, its older name), `kid` (a JWK thumbprint) and perhaps `typ`; 64 bytes of signature. Faults
 * name header/alg, header/crit ..., payload, signature. */
enum err jws_read(struct text compact, struct jws *ret_jws, struct faults *why) MUST_CHECK;
/* Whether that key signed it: its id is the `kid`, it is a fit key, and the signature is its. */
enum err jws_verify(const struct jws *jws, const struct key_public *public, struct faults *why)
    MUST_CHECK;
/* What was signed. Borrowed. */
static inline struct text jws_payload(const struct jws *jws)
{
    return (struct text){jws->payload, jws->payload_len};
}

/* Appends header.payload.signature; `typ` may be NULL. The whole must be within JWS_MAX. */
void jws_write(
    struct buf *out, struct text payload, const char *typ, const struct key_secret *secret);

#endif
