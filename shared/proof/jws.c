#include "proof/jws.h"

#include "base/json_text.h"
#include "base/must.h"
#include "proof/base64.h"
#include "proof/digest.h"
#include "schema/json.h"

#include <stdio.h>

#define HEADER_MAX 512

/* Members of JOSE headers that others give a meaning to, and why they have none here. */
static const struct {
    const char *name, *reason;
} refused_members[] = {
    {"crit", "asks for extensions; there are none here"},
    {"b64", "leaves the payload unencoded; here it is always base64url"},
    {"jwk", "brings its own key; keys come from the register alone"},
    {"jku", "names a place to fetch a key from; keys come from the register alone"},
    {"x5c", "brings its own certificate; keys come from the register alone"},
    {"x5u", "names a place to fetch a certificate from; keys come from the register alone"},
    {"x5t", "names a certificate; keys are named by kid"},
    {"x5t#S256", "names a certificate; keys are named by kid"},
    {"zip", "compresses; nothing is compressed here"},
    {"enc", "encrypts; what is signed here is public"},
    {"cty", "is not used here; typ says what is signed"},
};

/* Algorithms that forgers ask for, and why they are not taken. */
static const struct {
    const char *begin, *reason;
} refused_algorithms[] = {
    {"none", "signs nothing"},
    {"HS", "needs a shared secret: with it the public key would be one"},
    {"RS", "is RSA; keys here are Ed25519"},
    {"PS", "is RSA; keys here are Ed25519"},
    {"ES", "is ECDSA; keys here are Ed25519"},
    {"Ed448", "is another curve; keys here are Ed25519"},
};

static enum err refuse(struct faults *why, const char *member, const char *detail)
{
    return faults_add(why, ERR_INVALID, member, "%s", detail);
}

static enum err judge_algorithm(struct text alg, struct faults *why)
{
    if (text_is(alg, "Ed25519") || text_is(alg, "EdDSA"))
        return OK;
    const char *reason = "is not known here: Ed25519 is";
    for (size_t i = 0; i < sizeof refused_algorithms / sizeof *refused_algorithms; i++) {
        struct text begin = text_of(refused_algorithms[i].begin);
        bool same = alg.len >= begin.len;
        for (size_t k = 0; same && k < begin.len; k++) /* "NoNe" has fooled some */
            same = (alg.at[k] | 0x20) == (begin.at[k] | 0x20);
        if (same)
            reason = refused_algorithms[i].reason;
    }
    return faults_add(why, ERR_INVALID, "header/alg", "\"%.*s\" %s",
        alg.len > 40 ? 40 : (int)alg.len, alg.at, reason);
}

/* Says why of the members that are known elsewhere: the reader of JSON only says that they are not
 * known here. */
static void explain(struct faults *why, uint32_t from)
{
    for (uint32_t i = from; i < faults_kept(why); i++) {
        struct fault *fault = &why->kept[i];
        const char *slash = strrchr(fault->member, '/');
        for (size_t k = 0; slash && k < sizeof refused_members / sizeof *refused_members; k++)
            if (strcmp(slash + 1, refused_members[k].name) == 0)
                (void)snprintf(
                    fault->detail, sizeof fault->detail, "%s", refused_members[k].reason);
    }
}

static enum err judge_members(const struct jws_header *header, struct jws *jws, struct faults *why)
{
    unsigned char id[DIGEST_SIZE];
    size_t len;
    if (!base64_read(BASE64_URL, header->kid, id, sizeof id, &len) || len != sizeof id)
        return refuse(why, "header/kid", "is not a JWK thumbprint: 43 characters of base64url");
    memcpy(jws->kid, header->kid.at, header->kid.len);
    if (header->typ.len >= sizeof jws->typ)
        return refuse(why, "header/typ", "is longer than 64 bytes");
    if (header->typ.at)
        memcpy(jws->typ, header->typ.at, header->typ.len);
    return OK;
}

static enum err read_header(struct text part, struct jws *jws, struct faults *why)
{
    char json[HEADER_MAX], prefix[sizeof why->prefix];
    size_t len, at = strlen(why->prefix);
    uint32_t before = why->total;
    if (!base64_read(BASE64_URL, part, json, sizeof json, &len))
        return refuse(why, "header", "is not base64url in its only spelling, or too long");
    JSON_CLEANUP struct json_document document = {0};
    struct jws_header header = {0};
    memcpy(prefix, why->prefix, sizeof prefix);
    (void)snprintf(why->prefix + at, sizeof prefix - at, "header/");
    enum err err =
        json_read(jws_header_record(), (struct text){json, len}, &document, &header, why);
    memcpy(why->prefix, prefix, sizeof prefix);
    explain(why, before);
    enum err judged = header.alg.at ? judge_algorithm(header.alg, why) : OK;
    if (err != OK || judged != OK)
        return err != OK ? err : judged;
    return judge_members(&header, jws, why);
}

static enum err read_parts(struct text parts[3], struct jws *jws, struct faults *why)
{
    size_t len;
    enum err err = read_header(parts[0], jws, why);
    if (err != OK)
        return err;
    if (parts[1].len == 0)
        return refuse(why, "payload", "is empty: a detached payload is not taken");
    if (!base64_read(BASE64_URL, parts[1], jws->payload, sizeof jws->payload, &jws->payload_len))
        return refuse(why, "payload", "is not base64url in its only spelling");
    if (parts[2].len == 0)
        return refuse(why, "signature", "is empty");
    if (!base64_read(BASE64_URL, parts[2], jws->signature.at, KEY_SIGNATURE, &len) ||
        len != KEY_SIGNATURE)
        return refuse(why, "signature", "is not 64 bytes of base64url in their only spelling");
    return OK;
}

enum err jws_read(struct text compact, struct jws *ret_jws, struct faults *why)
{
    struct text left = compact, parts[3];
    if (compact.len > JWS_MAX)
        return faults_add(why, ERR_TOO_LARGE, "", "the JWS is longer than %d characters", JWS_MAX);
    for (size_t i = 0; i < 3; i++)
        parts[i] = left.at ? text_cut(left, '.', &left) : (struct text){0};
    if (!parts[2].at || left.at)
        return faults_add(
            why, ERR_INVALID, "", "is not a compact JWS: three parts, header.payload.signature");
    struct jws jws = {.covered = {compact.at, parts[0].len + 1 + parts[1].len}};
    enum err err = read_parts(parts, &jws, why);
    if (err == OK)
        *ret_jws = jws;
    return err;
}

enum err jws_verify(const struct jws *jws, const struct key_public *public, struct faults *why)
{
    char id[KEY_TEXT_SIZE];
    if (strcmp(jws->kid, key_id(public, id)) != 0)
        return faults_add(why, ERR_INVALID, "header/kid", "names another key than %s", id);
    const char *complaint = key_signature_complaint(public, jws->covered, &jws->signature);
    return complaint ? refuse(why, "signature", complaint) : OK;
}

void jws_write(
    struct buf *out, struct text payload, const char *typ, const struct key_secret *secret)
{
    char id[KEY_TEXT_SIZE];
    struct key_public public = key_public_of(secret);
    BUF_CLEANUP struct buf header = BUF(HEADER_MAX), whole = BUF(JWS_MAX + 1);
    buf_str(&header, "{\"alg\":\"Ed25519\",\"kid\":\"");
    buf_str(&header, key_id(&public, id));
    buf_str(&header, typ ? "\",\"typ\":" : "\"");
    if (typ)
        json_text_write(&header, text_of(typ));
    buf_char(&header, '}');
    base64_write(&whole, BASE64_URL, buf_as_text(&header));
    buf_char(&whole, '.');
    base64_write(&whole, BASE64_URL, payload);
    struct key_signature signature = key_sign(secret, buf_as_text(&whole));
    buf_char(&whole, '.');
    base64_write(
        &whole, BASE64_URL, (struct text){(const char *)signature.at, sizeof signature.at});
    must(!header.full && !whole.full && payload.len > 0);
    buf_text(out, buf_as_text(&whole));
}
