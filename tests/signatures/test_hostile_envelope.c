/* Envelopes that must not pass, each refused for its own reason: headers, spellings, points. */
#include "signatures/hostile.h"

#include "base/must.h"
#include "proof/base64.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <sodium.h>

#define T(literal) TEXT_LITERAL(literal)

static void headers(void **state)
{
    (void)state;
    static const struct {
        const char *header, *member, *words;
    } cases[] = {
        {"{\"alg\":\"none\",\"kid\":\"KID\"}", "jws/header/alg", "signs nothing"},
        {"{\"alg\":\"None\",\"kid\":\"KID\"}", "jws/header/alg", "signs nothing"},
        {"{\"alg\":\"NONE\",\"kid\":\"KID\"}", "jws/header/alg", "signs nothing"},
        {"{\"alg\":\"nOnE\",\"kid\":\"KID\"}", "jws/header/alg", "signs nothing"},
        {"{\"alg\":\"HS256\",\"kid\":\"KID\"}", "jws/header/alg", "shared secret"},
        {"{\"alg\":\"hs256\",\"kid\":\"KID\"}", "jws/header/alg", "shared secret"},
        {"{\"alg\":\"HS384\",\"kid\":\"KID\"}", "jws/header/alg", "shared secret"},
        {"{\"alg\":\"HS512\",\"kid\":\"KID\"}", "jws/header/alg", "shared secret"},
        {"{\"alg\":\"RS256\",\"kid\":\"KID\"}", "jws/header/alg", "is RSA"},
        {"{\"alg\":\"PS256\",\"kid\":\"KID\"}", "jws/header/alg", "is RSA"},
        {"{\"alg\":\"ES256\",\"kid\":\"KID\"}", "jws/header/alg", "is ECDSA"},
        {"{\"alg\":\"ES256K\",\"kid\":\"KID\"}", "jws/header/alg", "is ECDSA"},
        {"{\"alg\":\"Ed448\",\"kid\":\"KID\"}", "jws/header/alg", "another curve"},
        {"{\"alg\":\"ed25519\",\"kid\":\"KID\"}", "jws/header/alg", "is not known here"},
        {"{\"alg\":\"Ed25519 \",\"kid\":\"KID\"}", "jws/header/alg", ""},
        {"{\"alg\":\"eddsa\",\"kid\":\"KID\"}", "jws/header/alg", "is not known here"},
        {"{\"alg\":\"\",\"kid\":\"KID\"}", "jws/header/alg", ""},
        {"{\"alg\":1,\"kid\":\"KID\"}", "jws/header/alg", ""},
        {"{\"alg\":null,\"kid\":\"KID\"}", "jws/header/alg", ""},
        {"{\"alg\":[\"Ed25519\"],\"kid\":\"KID\"}", "jws/header/alg", ""},
        {"{\"kid\":\"KID\"}", "jws/header/alg", "is missing"},
        {"{\"alg\":\"Ed25519\"}", "jws/header/kid", "is missing"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"\"}", "jws/header/kid", ""},
        {"{\"alg\":\"Ed25519\",\"kid\":1}", "jws/header/kid", ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"minister.PWR\"}", "jws/header/kid", "thumbprint"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID=\"}", "jws/header/kid", ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"}",
            "jws/header/kid", "thumbprint"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", "jws",
            "no key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA is enrolled"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"OTHER\"}", "jws", "signs for minister.WAT"},
        {"{\"alg\":\"Ed25519\",\"alg\":\"Ed25519\",\"kid\":\"KID\"}", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"kid\":\"KID\"}", NULL, ""},
        {"{\"alg\":\"none\",\"alg\":\"Ed25519\",\"kid\":\"KID\"}", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"crit\":[\"exp\"],\"kid\":\"KID\"}", "jws/header/crit",
            "extensions"},
        {"{\"alg\":\"Ed25519\",\"crit\":[],\"kid\":\"KID\"}", "jws/header/crit", "extensions"},
        {"{\"alg\":\"Ed25519\",\"b64\":false,\"crit\":[\"b64\"],\"kid\":\"KID\"}", "jws/header/b64",
            "unencoded"},
        {"{\"alg\":\"Ed25519\",\"b64\":true,\"kid\":\"KID\"}", "jws/header/b64", "unencoded"},
        {"{\"alg\":\"Ed25519\",\"jwk\":{\"kty\":\"OKP\"},\"kid\":\"KID\"}", "jws/header/jwk",
            "its own key"},
        {"{\"alg\":\"Ed25519\",\"jku\":\"https://x\",\"kid\":\"KID\"}", "jws/header/jku",
            "a place to fetch a key"},
        {"{\"alg\":\"Ed25519\",\"x5c\":[\"x\"],\"kid\":\"KID\"}", "jws/header/x5c",
            "its own certificate"},
        {"{\"alg\":\"Ed25519\",\"x5u\":\"https://x\",\"kid\":\"KID\"}", "jws/header/x5u",
            "a place to fetch a certificate"},
        {"{\"alg\":\"Ed25519\",\"x5t\":\"x\",\"kid\":\"KID\"}", "jws/header/x5t", "certificate"},
        {"{\"alg\":\"Ed25519\",\"x5t#S256\":\"x\",\"kid\":\"KID\"}", "jws/header/x5t#S256",
            "certificate"},
        {"{\"alg\":\"Ed25519\",\"zip\":\"DEF\",\"kid\":\"KID\"}", "jws/header/zip", "compresses"},
        {"{\"alg\":\"Ed25519\",\"enc\":\"A128GCM\",\"kid\":\"KID\"}", "jws/header/enc", "encrypts"},
        {"{\"alg\":\"Ed25519\",\"cty\":\"JWT\",\"kid\":\"KID\"}", "jws/header/cty", "typ says"},
        {"{\"alg\":\"Ed25519\",\"nonce\":\"1\",\"kid\":\"KID\"}", "jws/header/nonce", ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"typ\":\"1234567890123456789012345678901234567890"
         "1234567890123456789012345\"}",
            "jws/header/typ", ""},
        {"[\"Ed25519\",\"KID\"]", NULL, ""},
        {"\"Ed25519\"", NULL, ""},
        {"{}", "jws/header/alg", "is missing"},
        {"", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\"", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\"}}", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\"} /* */", NULL, ""},
        {"\xef\xbb\xbf{\"alg\":\"Ed25519\",\"kid\":\"KID\"}", NULL, ""},
        {"{'alg':'Ed25519','kid':'KID'}", NULL, ""},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",}", NULL, ""},
    };
    struct hostile hostile = hostile_open(table_service());
    const struct key_secret *key = &hostile.cabinet.minister.secret;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf header = BUF(HOSTILE_ROOM);
        hostile_fill(&hostile, cases[i].header, &header);
        hostile_refuse(&hostile,
            hostile_make(&hostile, buf_as_text(&header), buf_as_text(&hostile.payload), key),
            cases[i].member, cases[i].words);
    }
    /* HS256 with the public key as the secret, as some libraries have taken it */
    struct key_public public = key_public_of(key);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state hmac;
    BUF_CLEANUP struct buf header = BUF(HOSTILE_ROOM);
    hostile_fill(&hostile, "{\"alg\":\"HS256\",\"kid\":\"KID\"}", &header);
    struct buf *out = &hostile.made;
    buf_clear(out);
    base64_write(out, BASE64_URL, buf_as_text(&header));
    buf_char(out, '.');
    base64_write(out, BASE64_URL, buf_as_text(&hostile.payload));
    crypto_auth_hmacsha256_init(&hmac, public.at, sizeof public.at);
    crypto_auth_hmacsha256_update(&hmac, (const unsigned char *)out->at, out->len);
    crypto_auth_hmacsha256_final(&hmac, mac);
    buf_char(out, '.');
    base64_write(out, BASE64_URL, (struct text){(const char *)mac, sizeof mac});
    hostile_refuse(
        &hostile, buf_as_text(out), "jws/header/alg", "with it the public key would be one");
    hostile_close(&hostile, "headers");
}

static void other_spellings_of_the_header_are_fine(void **state)
{
    (void)state;
    static const char *const forms[] = {"{\"alg\":\"EdDSA\",\"kid\":\"KID\"}",
        "{\"kid\":\"KID\",\"alg\":\"Ed25519\"}", "{ \"alg\": \"Ed25519\", \"kid\": \"KID\" }",
        "{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"typ\":\"JWT\"}"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct hostile hostile = hostile_open(table_service());
        BUF_CLEANUP struct buf header = BUF(HOSTILE_ROOM);
        hostile_fill(&hostile, forms[i], &header);
        struct text jws = hostile_make(&hostile, buf_as_text(&header),
            buf_as_text(&hostile.payload), &hostile.cabinet.minister.secret);
        buf_clear(&hostile.jws);
        buf_text(&hostile.jws, jws);
        hostile_close(&hostile, forms[i]);
    }
}

/* The good one with `what` put at a place of part 0, 1 or 2; len < 0: counted from its end. */
static struct text with(struct hostile *hostile, int part, long at, size_t drop, const char *what)
{
    struct buf *out = &hostile->made;
    struct text left = buf_as_text(&hostile->jws);
    buf_clear(out);
    for (int i = 0; i < 3; i++) {
        struct text piece = text_cut(left, '.', &left);
        if (i)
            buf_char(out, '.');
        if (i != part) {
            buf_text(out, piece);
            continue;
        }
        size_t from = at < 0 ? piece.len + 1 - (size_t)-at : (size_t)at;
        buf_add(out, piece.at, from);
        buf_str(out, what);
        buf_add(out, piece.at + from + drop, piece.len - from - drop);
    }
    return buf_as_text(out);
}

static void forms_of_the_envelope(void **state)
{
    (void)state;
    struct hostile hostile = hostile_open(table_service());
    static const char *const members[] = {"jws/header", "jws/payload", "jws/signature"};
    static const char *const odd[] = {"=", "==", "+", "/", " ", "%", "A"};
    for (int part = 0; part < 3; part++) {
        /* padding, the other alphabet, blanks and a character too many, before and behind */
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
            hostile_refuse(&hostile, with(&hostile, part, -1, 0, odd[i]), NULL, "");
            struct text other = with(&hostile, part, 0, i < 2 ? 0 : 1, odd[i]);
            if (!text_equal(other, buf_as_text(&hostile.jws))) /* it may begin with A */
                hostile_refuse(&hostile, other, NULL, "");
        }
        hostile_refuse(&hostile, with(&hostile, part, -1, 0, "="), members[part], "only spelling");
    }
    /* unused bits that are not zero: 64 bytes leave four of them */
    struct text jws = buf_as_text(&hostile.jws);
    char last[2] = {0};
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t more = 1; more < 16; more += 5) {
        last[0] = digits[(size_t)(strchr(digits, jws.at[jws.len - 1]) - digits) + more];
        hostile_refuse(&hostile, with(&hostile, 2, -2, 1, last), "jws/signature", "only spelling");
    }
    struct text left, header = text_cut(jws, '.', &left), payload = text_cut(left, '.', &left);
    char form[HOSTILE_ROOM];
#define REFUSE_FORM(member, words, ...)                                                            \
    (void)snprintf(form, sizeof form, __VA_ARGS__);                                                \
    hostile_refuse(&hostile, text_of(form), member, words)
    REFUSE_FORM("jws/payload", "detached", "%.*s..%.*s", TEXT_ARG(header), TEXT_ARG(left));
    REFUSE_FORM("jws/signature", "is empty", "%.*s.%.*s.", TEXT_ARG(header), TEXT_ARG(payload));
    REFUSE_FORM("jws/header/", "", ".%.*s.%.*s", TEXT_ARG(payload), TEXT_ARG(left));
    REFUSE_FORM("jws/", "three parts", "%.*s.%.*s", TEXT_ARG(header), TEXT_ARG(payload));
    REFUSE_FORM("jws/", "three parts", "%.*s.", TEXT_ARG(jws));
    REFUSE_FORM("jws/", "three parts", "%.*s.%.*s", TEXT_ARG(jws), TEXT_ARG(left));
    REFUSE_FORM("jws/", "three parts", ".%.*s", TEXT_ARG(jws));
    REFUSE_FORM("jws/", "three parts", "x");
    REFUSE_FORM("jws/header/", "", "..");
    REFUSE_FORM("jws/", "three parts", " ");
    REFUSE_FORM("jws", "", "%.*s\n", TEXT_ARG(jws));
    REFUSE_FORM("jws/", "three parts",
        "{\"payload\":\"%.*s\",\"protected\":\"%.*s\",\"signature\":\"%.*s\"}", TEXT_ARG(payload),
        TEXT_ARG(header), TEXT_ARG(left));
    REFUSE_FORM("jws", "", "%s%04000d", "a.b.", 0);
    hostile_close(&hostile, "forms");
}

/* The good one with other 64 bytes of signature. */
static struct text resigned(struct hostile *hostile, const unsigned char signature[KEY_SIGNATURE])
{
    struct text jws = buf_as_text(&hostile->jws);
    buf_clear(&hostile->made);
    buf_add(&hostile->made, jws.at, jws.len - 86);
    base64_write(&hostile->made, BASE64_URL, (struct text){(const char *)signature, KEY_SIGNATURE});
    return buf_as_text(&hostile->made);
}

static void points_and_scalars(void **state)
{
    (void)state;
    struct hostile hostile = hostile_open(table_service());
    unsigned char good[KEY_SIGNATURE], bad[KEY_SIGNATURE];
    size_t len;
    struct text jws = buf_as_text(&hostile.jws);
    must(
        base64_read(BASE64_URL, (struct text){jws.at + jws.len - 86, 86}, good, sizeof good, &len));
    for (size_t i = 0; i < KEY_SIGNATURE; i++) { /* one bit in each byte */
        memcpy(bad, good, sizeof bad);
        bad[i] ^= (unsigned char)(1u << (i % 8));
        hostile_refuse(&hostile, resigned(&hostile, bad), "jws/signature", "");
    }
    /* S + L is the same number again: malleable where it is not refused */
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
        0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    memcpy(bad, good, sizeof bad);
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)bad[32 + i] + order[i];
        bad[32 + i] = (unsigned char)carry;
        carry >>= 8;
    }
    hostile_refuse(&hostile, resigned(&hostile, bad), "jws/signature", "is malleable");
    /* small-order points in the place of R, with S as it is and with S = 0 */
    static const unsigned char points[][32] = {{1}, {0}, {[31] = 0x80}, {1, [31] = 0x80},
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
            0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d,
            0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
            0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92,
            0xac, 0x03, 0x7a},
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0x7f}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        for (int zero = 0; zero < 2; zero++) {
            memcpy(bad, good, sizeof bad);
            memcpy(bad, points[i], 32);
            if (zero)
                memset(bad + 32, 0, 32);
            hostile_refuse(
                &hostile, resigned(&hostile, bad), "jws/signature", "no point of the group");
        }
    memset(bad, 0, sizeof bad);
    hostile_refuse(&hostile, resigned(&hostile, bad), "jws/signature", "");
    memset(bad, 0xff, sizeof bad);
    hostile_refuse(&hostile, resigned(&hostile, bad), "jws/signature", "");
    hostile_close(&hostile, "points");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(other_spellings_of_the_header_are_fine),
        cmocka_unit_test(forms_of_the_envelope),
        cmocka_unit_test(points_and_scalars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
