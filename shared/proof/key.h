/* Ed25519 keys: in memory, in the owner's file, and as the public sees them. Verifiers of the
 * world disagree on a few strange points and on unreduced signatures, so that both are refused
 * here by name; what passes here passes everywhere. */
#ifndef MISAQ_PROOF_KEY_H
#define MISAQ_PROOF_KEY_H

#include "base/err.h"
#include "base/text.h"

#define KEY_PUBLIC    32
#define KEY_SIGNATURE 64
#define KEY_TEXT_SIZE 44 /* 43 characters of base64url, terminated */

struct key_public {
    unsigned char at[KEY_PUBLIC];
};

/* Seed and public key as libsodium keeps them; never written anywhere but to the key file. */
struct key_secret {
    unsigned char at[64];
};
#define KEY_CLEANUP __attribute__((cleanup(key_forget)))

struct key_signature {
    unsigned char at[KEY_SIGNATURE];
};

void key_generate(struct key_secret *ret_secret);
/* Overwrites the key in memory. */
void key_forget(struct key_secret *secret);
struct key_public key_public_of(const struct key_secret *secret);

/* The owner's file: PKCS#8 in PEM (RFC 8410), as `openssl pkey` reads and `openssl genpkey` writes
 * it. Written with mode 0600, whole or not at all, never over a file that is there. Reading refuses
 * what is not a plain file of this user that nobody else can read. */
enum err key_file_write(const char *path, const struct key_secret *secret, struct faults *why)
    MUST_CHECK;
enum err key_file_read(const char *path, struct key_secret *ret_secret, struct faults *why)
    MUST_CHECK;

/* The public key as 43 characters of base64url: "x" of the JWK (RFC 8037). */
const char *key_to_text(const struct key_public *public, char out[KEY_TEXT_SIZE]);
/* The same back, judged by key_public_complaint(): faults name `member`. */
enum err key_from_text(struct text text, const char *member, struct key_public *ret_public,
    struct faults *why) MUST_CHECK;
/* The key's id: its JWK thumbprint (RFC 7638) in base64url. */
const char *key_id(const struct key_public *public, char out[KEY_TEXT_SIZE]);
/* Why these bytes are no public key for us (not canonical, no point, of small order ...); NULL
 * when they are one. Enrol nothing that has not passed this. */
const char *key_public_complaint(const struct key_public *public);

struct key_signature key_sign(const struct key_secret *secret, struct text bytes);
/* Why this is not a signature of that key over the bytes; NULL when it is one. */
const char *key_signature_complaint(const struct key_public *public, struct text bytes,
    const struct key_signature *signature) MUST_CHECK;

#endif
