/* Session tokens: read back, and refused in every other shape. What is hostile is made here by hand
 * from the pieces of a right one. */
#include "proof/base64.h"
#include "proof/token.h"

#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <ftw.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1700000000)

static const unsigned char secret[TOKEN_SECRET_SIZE] = "a secret of thirty-two bytes....";
static const unsigned char other[TOKEN_SECRET_SIZE] = "another of thirty-two bytes.....";

static struct token right(void)
{
    return (struct token){TEXT_LITERAL("PK"), TEXT_LITERAL("a.khan"),
        TEXT_LITERAL("0123456789abcdef0123456789abcdef"), NOW - 10, NOW - 10, NOW + 900};
}

/* Reads from memory of exactly its size. */
static enum err read_exact(struct text text, const char *government, int64_t now, struct buf *arena,
    struct token *ret, struct faults *why)
{
    char *copy = malloc(text.len ? text.len : 1);
    must(copy);
    memcpy(copy, text.at, text.len);
    faults_clear(why);
    enum err err = token_read(
        (struct text){copy, text.len}, secret, text_of(government), now, arena, ret, why);
    must((err == OK) == (why->total == 0));
    free(copy);
    return err;
}

static bool refused(struct text text, const char *words)
{
    static struct faults why;
    BUF_CLEANUP struct buf arena = BUF(1024);
    struct token token;
    enum err err = read_exact(text, "PK", NOW, &arena, &token, &why);
    if (err != ERR_UNAUTHENTICATED || !strstr(why.kept[0].detail, words)) {
        (void)fprintf(stderr, "%.*s: %s %s, not \"%s\"\n", TEXT_ARG(text), err_word(err),
            why.kept[0].detail, words);
        return false;
    }
    return true;
}

static void is_read_back(void **unused)
{
    (void)unused;
    static struct faults why;
    struct token token, wrote = right();
    BUF_CLEANUP struct buf text = BUF(TOKEN_MAX), arena = BUF(1024);
    token_write(&wrote, secret, &text);
    assert_int_equal(read_exact(buf_as_text(&text), "PK", NOW, &arena, &token, &why), OK);
    assert_true(text_equal(token.person, wrote.person) && text_equal(token.session, wrote.session));
    assert_true(text_is(token.government, "PK"));
    assert_true(token.signed_in == NOW - 10 && token.began == NOW - 10);
    assert_true(token.expires == NOW + 900);
    assert_int_equal(read_exact(buf_as_text(&text), "PK", NOW + 899, &arena, &token, &why), OK);
    assert_int_equal(
        read_exact(buf_as_text(&text), "PK", NOW + 900, &arena, &token, &why), ERR_UNAUTHENTICATED);
    assert_non_null(strstr(why.kept[0].detail, "expired"));
    assert_int_equal(
        read_exact(buf_as_text(&text), "IN", NOW, &arena, &token, &why), ERR_UNAUTHENTICATED);
    assert_non_null(strstr(why.kept[0].detail, "another government"));
}

/* Signed in by the wall's clock, began in business time two years ahead. */
static void of_a_demonstration(void **unused)
{
    (void)unused;
    static struct faults why;
    struct token token, wrote = right();
    BUF_CLEANUP struct buf text = BUF(TOKEN_MAX), arena = BUF(1024);
    wrote.began += 730 * 86400;
    token_write(&wrote, secret, &text);
    assert_int_equal(read_exact(buf_as_text(&text), "PK", NOW, &arena, &token, &why), OK);
    assert_true(token.signed_in == wrote.signed_in && token.began == wrote.began);
    assert_int_equal(
        read_exact(buf_as_text(&text), "PK", NOW + 900, &arena, &token, &why), ERR_UNAUTHENTICATED);
}

static void every_byte_counts(void **unused)
{
    (void)unused;
    struct token wrote = right();
    BUF_CLEANUP struct buf text = BUF(TOKEN_MAX);
    token_write(&wrote, secret, &text);
    for (size_t len = 0; len < text.len; len++)
        assert_true(refused((struct text){text.at, len}, ""));
    for (size_t i = 0; i < text.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            text.at[i] = (char)(text.at[i] ^ (1 << bit));
            assert_true(refused(buf_as_text(&text), ""));
            text.at[i] = (char)(text.at[i] ^ (1 << bit));
        }
    buf_char(&text, 'A');
    assert_true(refused(buf_as_text(&text), "seal"));
}

/* header and claims as they are given, sealed with `key` (NULL: not at all). */
static void forge(struct buf *out, const char *header, const char *claims, const unsigned char *key)
{
    unsigned char seal[crypto_auth_hmacsha256_BYTES];
    buf_clear(out);
    base64_write(out, BASE64_URL, text_of(header));
    buf_char(out, '.');
    base64_write(out, BASE64_URL, text_of(claims));
    if (key)
        crypto_auth_hmacsha256(seal, (const unsigned char *)out->at, out->len, key);
    buf_char(out, '.');
    if (key)
        base64_write(out, BASE64_URL, (struct text){(const char *)seal, sizeof seal});
}

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define CLAIMS                                                                                     \
    "{\"iss\":\"PK\",\"sub\":\"a.khan\",\"sid\":\"0123456789abcdef0123456789abcdef\","             \
    "\"auth_time\":1699999990,\"exp\":1700000900}"

static void forgeries(void **unused)
{
    (void)unused;
    static const struct {
        const char *header, *claims;
        const unsigned char *key;
        const char *words;
    } cases[] = {
        {HEADER, CLAIMS, other, "not sealed here"},
        {HEADER, CLAIMS, NULL, "seal"},
        {"{\"alg\":\"none\",\"typ\":\"JWT\"}", CLAIMS, NULL, "no session token"},
        {"{\"alg\":\"none\",\"typ\":\"JWT\"}", CLAIMS, secret, "no session token"},
        {"{\"alg\":\"HS512\",\"typ\":\"JWT\"}", CLAIMS, secret, "no session token"},
        {"{\"alg\":\"RS256\",\"typ\":\"JWT\"}", CLAIMS, secret, "no session token"},
        {"{\"typ\":\"JWT\",\"alg\":\"HS256\"}", CLAIMS, secret, "no session token"},
        {"{\"alg\":\"HS256\"}", CLAIMS, secret, "no session token"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"x\"}", CLAIMS, secret, "no session token"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}", CLAIMS, secret,
            "no session token"},
        {"", CLAIMS, secret, "no session token"},
        {HEADER, "", secret, "cannot be read"},
        {HEADER, "{}", secret, "cannot be read"},
        {HEADER, "{\"sub\":\"a.khan\"", secret, "cannot be read"},
        {HEADER,
            "{\"iss\":\"PK\",\"sub\":\"a.khan\",\"sid\":\"x\",\"auth_time\":1,\"exp\":1700000900,"
            "\"role\":\"pm\"}",
            secret, "cannot be read"},
        {HEADER,
            "{\"iss\":\"PK\",\"sub\":\"a.khan\",\"sub\":\"pm\",\"sid\":\"x\",\"auth_time\":1,"
            "\"exp\":1700000900}",
            secret, "cannot be read"},
        {HEADER,
            "{\"iss\":\"PK\",\"sub\":\"a.khan\",\"sid\":\"x\",\"auth_time\":1,"
            "\"exp\":\"1700000900\"}",
            secret, "cannot be read"},
        {HEADER,
            "{\"iss\":\"PK\",\"sub\":\"a.khan\",\"sid\":\"x\",\"auth_time\":1,\"exp\":1699999999}",
            secret, "expired"},
    };
    static const char *const plain[] = {"", ".", "..", "...", "a.b.c", "Bearer x.y.z", "null"};
    BUF_CLEANUP struct buf text = BUF(2048);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        forge(&text, cases[i].header, cases[i].claims, cases[i].key);
        assert_true(refused(buf_as_text(&text), cases[i].words));
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_true(refused(text_of(plain[i]), "no session token"));
    forge(&text, HEADER, CLAIMS, secret);
    buf_char(&text, '='); /* padded */
    assert_true(refused(buf_as_text(&text), "seal"));
    forge(&text, HEADER, CLAIMS, secret);
    buf_str(&text, ".x");
    assert_true(refused(buf_as_text(&text), "seal"));
    forge(&text, HEADER, CLAIMS, secret);
    while (text.len <= TOKEN_MAX)
        buf_char(&text, 'A');
    assert_true(refused(buf_as_text(&text), "no session token"));
    /* the pieces are right: the very same from the same claims is taken */
    static struct faults why;
    struct token token;
    BUF_CLEANUP struct buf arena = BUF(1024);
    forge(&text, HEADER, CLAIMS, secret);
    assert_int_equal(read_exact(buf_as_text(&text), "PK", NOW, &arena, &token, &why), OK);
}

/* ---- the file of the secret ---- */
static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

static void write_file(const char *path, const char *content, mode_t mode)
{
    FILE *file = fopen(path, "w");
    must(file && fputs(content, file) >= 0 && fclose(file) == 0 && chmod(path, mode) == 0);
}

struct starter {
    pthread_t thread;
    const char *folder;
    unsigned char secret[TOKEN_SECRET_SIZE];
};

static void *start(void *owner)
{
    struct starter *starter = owner;
    struct faults why = {0};
    must(token_secret(starter->folder, true, starter->secret, &why) == OK);
    return NULL;
}

static void the_secret_is_made_once(void **unused)
{
    (void)unused;
    static struct faults why;
    char top[] = "/tmp/misaq-token-XXXXXX", folder[80], path[100];
    unsigned char first[TOKEN_SECRET_SIZE], again[TOKEN_SECRET_SIZE];
    must(mkdtemp(top));
    (void)snprintf(folder, sizeof folder, "%s/keys", top);
    (void)snprintf(path, sizeof path, "%s/token.key", folder);
    assert_int_equal(token_secret(folder, false, first, &why), ERR_NOT_FOUND);
    struct starter starters[8];
    for (size_t i = 0; i < 8; i++) {
        starters[i].folder = folder;
        must(pthread_create(&starters[i].thread, NULL, start, &starters[i]) == 0);
    }
    for (size_t i = 0; i < 8; i++)
        must(pthread_join(starters[i].thread, NULL) == 0);
    faults_clear(&why);
    assert_int_equal(token_secret(folder, false, first, &why), OK);
    for (size_t i = 0; i < 8; i++)
        assert_memory_equal(first, starters[i].secret, sizeof first);
    struct stat facts;
    must(stat(path, &facts) == 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(token_secret(folder, true, again, &why), OK);
    assert_memory_equal(first, again, sizeof first);

    static const struct {
        const char *content;
        mode_t mode;
    } bad[] = {{"", 0600}, {"abcd\n", 0600},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", 0640},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", 0604},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdex\n", 0600},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0", 0600}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(path, bad[i].content, bad[i].mode);
        memset(again, 7, sizeof again);
        assert_int_equal(token_secret(folder, true, again, &why), ERR_INVALID);
        assert_int_equal(again[0], 7);
    }
    write_file(path, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", 0600);
    faults_clear(&why);
    assert_int_equal(token_secret(folder, false, again, &why), OK);
    assert_int_equal(again[1], 0x23);
    (void)nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_back),
        cmocka_unit_test(of_a_demonstration),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(forgeries),
        cmocka_unit_test(the_secret_is_made_once),
    };
    must(sodium_init() >= 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
