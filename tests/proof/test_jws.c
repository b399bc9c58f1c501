/* The envelope: what we write is what JOSE libraries read, and of what they have ever been talked
 * into, each form is refused for its own reason. */
#include "proof/base64.h"
#include "proof/jws.h"
#include "support/chance.h"
#include "support/program.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct faults why;
static struct jws jws;
static struct key_secret secret;
static struct key_public public;
static char kid[KEY_TEXT_SIZE];

static bool says(const char *word)
{
    for (uint32_t i = 0; i < faults_kept(&why); i++)
        if (strstr(why.kept[i].detail, word) || strstr(why.kept[i].member, word))
            return true;
    return false;
}

static void assert_says(enum err err, const char *member, const char *word)
{
    assert_int_not_equal(err, OK);
    if (!says(member) || !says(word))
        fail_msg("%s %s: does not say %s %s", why.kept[0].member, why.kept[0].detail, member, word);
    faults_clear(&why);
}

static void encode(struct buf *out, struct text bytes)
{
    base64_write(out, BASE64_URL, bytes);
}

/* header.payload.signature with a good signature over whatever the header says. */
static void compose(struct buf *out, const char *header, const char *payload)
{
    BUF_CLEANUP struct buf covered = BUF(2 * JWS_MAX);
    encode(&covered, text_of(header));
    buf_char(&covered, '.');
    encode(&covered, text_of(payload));
    struct key_signature signature = key_sign(&secret, buf_as_text(&covered));
    buf_text(out, buf_as_text(&covered));
    buf_char(out, '.');
    encode(out, (struct text){(const char *)signature.at, sizeof signature.at});
}

static void fill_in(char *out, size_t size, const char *pattern)
{
    const char *at = strstr(pattern, "KID");
    if (at)
        (void)snprintf(out, size, "%.*s%s%s", (int)(at - pattern), pattern, kid, at + 3);
    else
        (void)snprintf(out, size, "%s", pattern);
}

static void what_is_written_is_read_and_verified(void **state)
{
    (void)state;
    static const char *const typs[] = {NULL, "JOSE", "application/misaq-statement+jws"};
    for (size_t i = 0; i < sizeof typs / sizeof *typs; i++) {
        BUF_CLEANUP struct buf out = BUF(JWS_MAX);
        faults_clear(&why);
        jws_write(&out, TEXT_LITERAL("{\"a\":1}"), typs[i], &secret);
        assert_int_equal(jws_read(buf_as_text(&out), &jws, &why), OK);
        assert_int_equal(jws_verify(&jws, &public, &why), OK);
        assert_true(text_is(jws_payload(&jws), "{\"a\":1}"));
        assert_string_equal(jws.kid, kid);
        assert_string_equal(jws.typ, typs[i] ? typs[i] : "");
    }
}

static void the_older_name_of_the_algorithm_is_understood(void **state)
{
    (void)state;
    char header[200];
    BUF_CLEANUP struct buf out = BUF(JWS_MAX);
    fill_in(header, sizeof header, "{ \"kid\": \"KID\", \"alg\": \"EdDSA\" }");
    compose(&out, header, "text");
    faults_clear(&why);
    assert_int_equal(jws_read(buf_as_text(&out), &jws, &why), OK);
    assert_int_equal(jws_verify(&jws, &public, &why), OK);
}

static void headers_that_forgers_write(void **state)
{
    (void)state;
    static const struct {
        const char *header, *member, *word;
    } cases[] = {
        {"{\"alg\":\"none\",\"kid\":\"KID\"}", "header/alg", "signs nothing"},
        {"{\"alg\":\"None\",\"kid\":\"KID\"}", "header/alg", "signs nothing"},
        {"{\"alg\":\"nOnE\"}", "header/alg", "signs nothing"},
        {"{\"alg\":\"HS256\",\"kid\":\"KID\"}", "header/alg", "shared secret"},
        {"{\"alg\":\"HS512\",\"kid\":\"KID\"}", "header/alg", "shared secret"},
        {"{\"alg\":\"RS256\",\"kid\":\"KID\"}", "header/alg", "RSA"},
        {"{\"alg\":\"PS256\",\"kid\":\"KID\"}", "header/alg", "RSA"},
        {"{\"alg\":\"ES256\",\"kid\":\"KID\"}", "header/alg", "ECDSA"},
        {"{\"alg\":\"ES256K\",\"kid\":\"KID\"}", "header/alg", "ECDSA"},
        {"{\"alg\":\"Ed448\",\"kid\":\"KID\"}", "header/alg", "another curve"},
        {"{\"alg\":\"ed25519\",\"kid\":\"KID\"}", "header/alg", "not known"},
        {"{\"alg\":\"eddsa\",\"kid\":\"KID\"}", "header/alg", "not known"},
        {"{\"alg\":\"Ed25519 \",\"kid\":\"KID\"}", "header/alg", "not known"},
        {"{\"alg\":\"Ed25519ph\",\"kid\":\"KID\"}", "header/alg", "not known"},
        {"{\"alg\":\"\",\"kid\":\"KID\"}", "header/alg", "empty"},
        {"{\"alg\":1,\"kid\":\"KID\"}", "header/alg", "string"},
        {"{\"alg\":null,\"kid\":\"KID\"}", "header/alg", "null"},
        {"{\"alg\":[\"Ed25519\"],\"kid\":\"KID\"}", "header/alg", "string"},
        {"{\"kid\":\"KID\"}", "header/alg", "missing"},
        {"{\"ALG\":\"Ed25519\",\"kid\":\"KID\"}", "header/ALG", "not a member"},
        {"{\"alg\":\"Ed25519\",\"alg\":\"none\",\"kid\":\"KID\"}", "header", "duplicate"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"crit\":[\"exp\"]}", "header/crit", "extensions"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"crit\":[]}", "header/crit", "extensions"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"b64\":false,\"crit\":[\"b64\"]}", "header/b64",
            "unencoded"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"b64\":true}", "header/b64", "unencoded"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"jwk\":{\"kty\":\"OKP\"}}", "header/jwk",
            "its own key"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"jku\":\"https://a.example\"}", "header/jku",
            "fetch a key"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"x5c\":[\"MIIB\"]}", "header/x5c", "certificate"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"x5u\":\"https://a.example\"}", "header/x5u",
            "certificate"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"x5t\":\"AA\"}", "header/x5t", "certificate"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"x5t#S256\":\"AA\"}", "header/x5t#S256",
            "certificate"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"zip\":\"DEF\"}", "header/zip", "compresses"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"enc\":\"A128GCM\"}", "header/enc", "encrypts"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"cty\":\"JWT\"}", "header/cty", "typ says"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"exp\":1}", "header/exp", "not a member"},
        {"{\"alg\":\"Ed25519\"}", "header/kid", "missing"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"\"}", "header/kid", "empty"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"../../etc/passwd\"}", "header/kid", "thumbprint"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID=\"}", "header/kid", "longer"},
        {"{\"alg\":\"Ed25519\",\"kid\":7}", "header/kid", "string"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"typ\":\"a\\nb\"}", "header/typ", "control"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\",\"typ\":\"a\\u0000b\"}", "header", "broken"},
        {"[\"Ed25519\"]", "header", "not an object"},
        {"\"Ed25519\"", "header", "broken"},
        {"", "header", "broken"},
        {"{", "header", "broken"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\"}{}", "header", "broken"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"KID\"}\\", "header", "broken"},
        {"{\"alg\":\"Ed25519\",\"kid\":\"\xFF\"}", "header", "broken"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "header", "deep"},
    };
    faults_clear(&why);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[400];
        BUF_CLEANUP struct buf out = BUF(JWS_MAX);
        fill_in(header, sizeof header, cases[i].header);
        compose(&out, header, "text");
        assert_says(jws_read(buf_as_text(&out), &jws, &why), cases[i].member, cases[i].word);
    }
}

/* H, P and S stand for the parts of a good one. */
static void texts_that_are_not_in_the_form(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *member, *word;
    } cases[] = {
        {"", "", "three parts"},
        {"H", "", "three parts"},
        {"H.P", "", "three parts"},
        {"H.P.S.", "", "three parts"},
        {"H.P.S.S", "", "three parts"},
        {"H.P.S.S.S", "", "three parts"},
        {"{\"payload\":\"P\",\"signature\":\"S\"}", "", "three parts"},
        {".P.S", "header", "broken"},
        {"H..S", "payload", "detached"},
        {"H.P.", "signature", "empty"},
        {"H=.P.S", "header", "spelling"},
        {" H.P.S", "header", "spelling"},
        {"H.P=.S", "payload", "spelling"},
        {"H.P\n.S", "payload", "spelling"},
        {"H.P .S", "payload", "spelling"},
        {"H.P.S=", "signature", "spelling"},
        {"H.P.S==", "signature", "spelling"},
        {"H.P.S\n", "signature", "spelling"},
        {"H.P.S ", "signature", "spelling"},
        {"H.P.SA", "signature", "64 bytes"},
        {"H.P.SAAAA", "signature", "64 bytes"},
        {"H.P.AAAA", "signature", "64 bytes"},
        {"H.dGV4dB.S", "payload", "spelling"}, /* unused bits that are not zero */
        {"H.dGV+dA.S", "payload", "spelling"},
    };
    BUF_CLEANUP struct buf good = BUF(JWS_MAX);
    jws_write(&good, TEXT_LITERAL("text"), NULL, &secret);
    struct text left = buf_as_text(&good), parts[3];
    for (size_t i = 0; i < 3; i++)
        parts[i] = text_cut(left, '.', &left);
    faults_clear(&why);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf out = BUF(JWS_MAX);
        for (const char *at = cases[i].pattern; *at; at++) {
            if (strchr("HPS", *at))
                buf_text(&out, parts[strcspn("HPS", (const char[]){*at, '\0'})]);
            else
                buf_char(&out, *at);
        }
        assert_says(jws_read(buf_as_text(&out), &jws, &why), cases[i].member, cases[i].word);
    }
    BUF_CLEANUP struct buf much = BUF(2 * JWS_MAX);
    while (much.len <= JWS_MAX)
        buf_char(&much, 'A');
    assert_int_equal(jws_read(buf_as_text(&much), &jws, &why), ERR_TOO_LARGE);
}

static void signatures_of_others(void **state)
{
    (void)state;
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
        0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    struct key_secret other;
    key_generate(&other);
    struct key_public stranger = key_public_of(&other);
    BUF_CLEANUP struct buf out = BUF(JWS_MAX), theirs = BUF(JWS_MAX);
    jws_write(&out, TEXT_LITERAL("text"), NULL, &secret);
    faults_clear(&why);
    assert_int_equal(jws_read(buf_as_text(&out), &jws, &why), OK);
    assert_says(jws_verify(&jws, &stranger, &why), "header/kid", "another key");
    struct key_signature kept = jws.signature;
    sodium_add(jws.signature.at + 32, order, sizeof order);
    assert_says(jws_verify(&jws, &public, &why), "signature", "malleable");
    jws.signature = (struct key_signature){.at = {1}};
    assert_says(jws_verify(&jws, &public, &why), "signature", "first half");
    jws.signature = kept;
    assert_int_equal(jws_verify(&jws, &public, &why), OK);
    /* Their signature under our kid. */
    jws_write(&theirs, TEXT_LITERAL("text"), NULL, &other);
    static struct jws their;
    assert_int_equal(jws_read(buf_as_text(&theirs), &their, &why), OK);
    jws.signature = their.signature;
    assert_says(jws_verify(&jws, &public, &why), "signature", "does not verify");
    struct key_public identity = {.at = {1}};
    (void)key_id(&identity, jws.kid);
    assert_says(jws_verify(&jws, &identity, &why), "signature", "small order");
}

static void every_changed_character_is_found(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(JWS_MAX);
    jws_write(&out, TEXT_LITERAL("{\"type\":\"misaq.statement.v1\"}"), "JOSE", &secret);
    for (size_t i = 0; i < out.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            out.at[i] = (char)((unsigned char)out.at[i] ^ 1u << bit);
            faults_clear(&why);
            enum err err = jws_read(buf_as_text(&out), &jws, &why);
            if (err == OK)
                err = jws_verify(&jws, &public, &why);
            if (err == OK || why.total == 0)
                fail_msg("character %zu, bit %u", i, bit);
            out.at[i] = (char)((unsigned char)out.at[i] ^ 1u << bit);
        }
}

/* What Node, which knows JWK and Ed25519 of its own, makes of it. */
static void node_verifies_it(void **state)
{
    (void)state;
    static const char script[] =
        "const c = require('crypto'), [jws, x] = require('fs').readFileSync(0, 'utf8').split(' ');"
        "const [h, p, s] = jws.split('.'), key = c.createPublicKey("
        "{key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'});"
        "console.log(c.verify(null, h + '.' + p, key, Buffer.from(s, 'base64url')),"
        "JSON.parse(Buffer.from(h, 'base64url')).kid === c.createHash('sha256').update("
        "JSON.stringify({crv: 'Ed25519', kty: 'OKP', x})).digest('base64url'));";
    BUF_CLEANUP struct buf said = BUF(1000), out = BUF(2 * JWS_MAX);
    char x[KEY_TEXT_SIZE];
    jws_write(&out, TEXT_LITERAL("text"), "JOSE", &secret);
    buf_char(&out, ' ');
    buf_str(&out, key_to_text(&public, x));
    int code =
        program_run((const char *const[]){"node", "-e", script, NULL}, buf_as_text(&out), &said);
    if (code < 0)
        skip();
    assert_int_equal(code, 0);
    assert_true(text_is(buf_as_text(&said), "true true\n"));
}

static int make_key(void **state)
{
    (void)state;
    key_generate(&secret);
    public = key_public_of(&secret);
    (void)key_id(&public, kid);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_verified),
        cmocka_unit_test(the_older_name_of_the_algorithm_is_understood),
        cmocka_unit_test(headers_that_forgers_write),
        cmocka_unit_test(texts_that_are_not_in_the_form),
        cmocka_unit_test(signatures_of_others),
        cmocka_unit_test(every_changed_character_is_found),
        cmocka_unit_test(node_verifies_it),
    };
    return cmocka_run_group_tests(tests, make_key, NULL);
}
