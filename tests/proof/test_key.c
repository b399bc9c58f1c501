/* Keys: the published vectors, the file that only its owner may read, and every point that has
 * ever been taken for a key. */
#include "proof/base64.h"
#include "proof/key.h"
#include "support/chance.h"
#include "support/program.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct faults why;
static char folder[] = "/tmp/misaq-keys-XXXXXX";

/* RFC 8410, 10.3: the key, and the public key of its certificate request. */
static const char pem_8410[] = "-----BEGIN PRIVATE KEY-----\n"
                               "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                               "-----END PRIVATE KEY-----\n";

static const char *path_of(const char *name)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *content, mode_t mode)
{
    int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    assert_int_equal(fchmod(fd, mode), 0);
    (void)close(fd);
}

static void assert_refused(enum err err, enum err expected, const char *word)
{
    assert_int_equal(err, expected);
    assert_int_equal(why.total, 1);
    if (!strstr(why.kept[0].detail, word))
        fail_msg("\"%s\" does not say \"%s\"", why.kept[0].detail, word);
    faults_clear(&why);
}

static struct key_public from_hex(const char *hex)
{
    struct key_public public;
    assert_int_equal(
        sodium_hex2bin(public.at, sizeof public.at, hex, strlen(hex), NULL, NULL, NULL), 0);
    return public;
}

static void the_published_key_file(void **state)
{
    (void)state;
    struct key_secret secret;
    char text[KEY_TEXT_SIZE];
    faults_clear(&why);
    put("8410", pem_8410, 0600);
    assert_int_equal(key_file_read(path_of("8410"), &secret, &why), OK);
    struct key_public public = key_public_of(&secret);
    struct key_public expected =
        from_hex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    assert_memory_equal(public.at, expected.at, KEY_PUBLIC);
    assert_int_equal(strlen(key_to_text(&public, text)), 43);
}

/* RFC 8037, A.1 to A.3: the key, its text and its thumbprint; A.4: a signature. */
static void the_published_thumbprint_and_signature(void **state)
{
    (void)state;
    static const char x[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    static const char seed[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    static const char sent[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    static const char sealed[] = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
                                 "hVsPt9g7sVvpAr_MuM0KAg";
    unsigned char bytes[32];
    struct key_public public;
    struct key_secret secret;
    struct key_signature signature;
    char text[KEY_TEXT_SIZE];
    size_t len;
    faults_clear(&why);
    assert_int_equal(key_from_text(text_of(x), "x", &public, &why), OK);
    assert_string_equal(key_to_text(&public, text), x);
    assert_string_equal(key_id(&public, text), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_true(base64_read(BASE64_URL, text_of(seed), bytes, sizeof bytes, &len));
    assert_int_equal(crypto_sign_seed_keypair(public.at, secret.at, bytes), 0);
    assert_true(base64_read(BASE64_URL, text_of(sealed), signature.at, KEY_SIGNATURE, &len));
    struct key_signature own = key_sign(&secret, text_of(sent));
    assert_memory_equal(own.at, signature.at, KEY_SIGNATURE);
    assert_null(key_signature_complaint(&public, text_of(sent), &signature));
}

static void a_key_file_is_written_once_and_read_back(void **state)
{
    (void)state;
    struct key_secret secret, back;
    struct stat facts;
    faults_clear(&why);
    key_generate(&secret);
    mode_t mask = umask(0);
    assert_int_equal(key_file_write(path_of("own"), &secret, &why), OK);
    (void)umask(mask);
    assert_int_equal(stat(path_of("own"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(key_file_read(path_of("own"), &back, &why), OK);
    assert_memory_equal(secret.at, back.at, sizeof secret.at);
    struct key_secret other;
    key_generate(&other);
    assert_memory_not_equal(secret.at, other.at, sizeof secret.at);
    assert_refused(key_file_write(path_of("own"), &other, &why), ERR_EXISTS, "already");
    assert_int_equal(key_file_read(path_of("own"), &back, &why), OK);
    assert_memory_equal(secret.at, back.at, sizeof secret.at);
    assert_refused(key_file_write(path_of("no/such"), &other, &why), ERR_INVALID, "written");
    key_forget(&secret);
    assert_true(sodium_is_zero(secret.at, sizeof secret.at));
    BUF_CLEANUP struct buf listed = BUF(4096);
    assert_int_equal(
        program_run((const char *const[]){"ls", folder, NULL}, (struct text){0}, &listed), 0);
    assert_null(memmem(listed.at, listed.len, ".part", 5)); /* nothing is left of the refused */
}

static void openssl_reads_the_file(void **state)
{
    (void)state;
    struct key_secret secret;
    BUF_CLEANUP struct buf der = BUF(4096), pem = BUF(4096);
    faults_clear(&why);
    key_generate(&secret);
    char path[200];
    (void)snprintf(path, sizeof path, "%s", path_of("openssl"));
    assert_int_equal(key_file_write(path, &secret, &why), OK);
    int code = program_run(
        (const char *const[]){"openssl", "pkey", "-in", path, "-pubout", "-outform", "DER", NULL},
        (struct text){0}, &der);
    if (code < 0)
        skip();
    assert_int_equal(code, 0);
    struct key_public public = key_public_of(&secret);
    assert_int_equal(der.len, 44); /* SubjectPublicKeyInfo: 12 bytes before the key */
    assert_memory_equal(der.at + 12, public.at, KEY_PUBLIC);
    code = program_run((const char *const[]){"openssl", "genpkey", "-algorithm", "ed25519", NULL},
        (struct text){0}, &pem);
    assert_int_equal(code, 0);
    buf_char(&pem, '\0');
    put("theirs", pem.at, 0600);
    assert_int_equal(key_file_read(path_of("theirs"), &secret, &why), OK);
}

static void files_that_are_no_key_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        mode_t mode;
        const char *word;
    } cases[] = {
        {pem_8410, 0640, "others"},
        {pem_8410, 0604, "others"},
        {pem_8410, 0666, "others"},
        {pem_8410, 0610, "others"},
        {"", 0600, "PEM"},
        {"-----BEGIN PRIVATE KEY-----\n", 0600, "PEM"},
        {"-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n", 0600, "PEM"},
        {"-----BEGIN RSA PRIVATE KEY-----\nMC4C\n-----END RSA PRIVATE KEY-----\n", 0600, "PEM"},
        {"-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n", 0600, "PKCS#8"},
        {"-----BEGIN PRIVATE KEY-----\n"
         "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVh\n"
         "-----END PRIVATE KEY-----\n",
            0600, "PKCS#8"},
        {"-----BEGIN PRIVATE KEY-----\n"
         "MC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
         "-----END PRIVATE KEY-----\n",
            0600, "Ed25519"}, /* X25519 */
        {"-----BEGIN PRIVATE KEY-----\n"
         "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\r\n"
         "-----END PRIVATE KEY-----\n",
            0600, "PKCS#8"},
    };
    faults_clear(&why);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key_secret secret;
        put("case", cases[i].content, cases[i].mode);
        assert_refused(key_file_read(path_of("case"), &secret, &why), ERR_INVALID, cases[i].word);
    }
    struct key_secret secret;
    assert_refused(key_file_read(path_of("absent"), &secret, &why), ERR_INVALID, "opened");
    assert_refused(key_file_read(folder, &secret, &why), ERR_INVALID, "plain file");
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    assert_refused(key_file_read(path_of("pipe"), &secret, &why), ERR_INVALID, "plain file");
    char much[1000];
    memset(much, 'A', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    put("long", much, 0600);
    assert_refused(key_file_read(path_of("long"), &secret, &why), ERR_INVALID, "longer");
}

static void points_that_are_no_keys(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *word;
    } cases[] = {
        {"0000000000000000000000000000000000000000000000000000000000000000", "small order"},
        {"0000000000000000000000000000000000000000000000000000000000000080", "small order"},
        {"0100000000000000000000000000000000000000000000000000000000000000", "small order"},
        {"0100000000000000000000000000000000000000000000000000000000000080", "small order"},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "small order"},
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "small order"},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "small order"},
        {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "small order"},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "small order"},
        {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "small order"},
        {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "canonical"},
        {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "canonical"},
        {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "canonical"},
        {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "canonical"},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "canonical"},
        {"0200000000000000000000000000000000000000000000000000000000000000", "curve"},
        {"0700000000000000000000000000000000000000000000000000000000000000", "curve"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct key_public public = from_hex(cases[i].hex);
        const char *complaint = key_public_complaint(&public);
        if (!complaint || !strstr(complaint, cases[i].word))
            fail_msg("%s: %s", cases[i].hex, complaint);
    }
    /* A good key with a point of order 8 added. */
    struct key_public mixed, eighth = from_hex(cases[6].hex);
    struct key_secret secret;
    key_generate(&secret);
    struct key_public public = key_public_of(&secret);
    assert_null(key_public_complaint(&public));
    assert_int_equal(crypto_core_ed25519_add(mixed.at, public.at, eighth.at), 0);
    assert_non_null(strstr(key_public_complaint(&mixed), "part of small order"));
}

static void texts_that_are_no_keys(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp",
        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHU\no",
        " 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
    struct key_public public;
    faults_clear(&why);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refused(
            key_from_text(text_of(texts[i]), "x", &public, &why), ERR_INVALID, "43 characters");
    assert_refused(key_from_text(TEXT_LITERAL("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "x",
                       &public, &why),
        ERR_INVALID, "small order");
}

/* S + L says the same to a lenient verifier. */
static void signatures_that_lenient_verifiers_take(void **state)
{
    (void)state;
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
        0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    struct text bytes = TEXT_LITERAL("what was signed");
    struct key_secret secret, other;
    key_generate(&secret);
    key_generate(&other);
    struct key_public public = key_public_of(&secret), stranger = key_public_of(&other);
    struct key_signature good = key_sign(&secret, bytes), bad = good;
    assert_null(key_signature_complaint(&public, bytes, &good));
    sodium_add(bad.at + 32, order, sizeof order);
    assert_non_null(strstr(key_signature_complaint(&public, bytes, &bad), "malleable"));
    bad = good;
    memset(bad.at, 0, 32);
    bad.at[0] = 1; /* R: the identity */
    assert_non_null(strstr(key_signature_complaint(&public, bytes, &bad), "first half"));
    assert_non_null(strstr(key_signature_complaint(&stranger, bytes, &good), "does not verify"));
    assert_non_null(strstr(
        key_signature_complaint(&public, TEXT_LITERAL("what was not"), &good), "does not verify"));
    struct key_public identity = {.at = {1}};
    struct key_signature zero = {.at = {1}}; /* verifies anything with that key, somewhere */
    assert_non_null(strstr(key_signature_complaint(&identity, bytes, &zero), "small order"));
    for (size_t i = 0; i < 8 * sizeof good.at; i++) {
        bad = good;
        bad.at[i / 8] ^= (unsigned char)(1 << i % 8);
        assert_non_null(key_signature_complaint(&public, bytes, &bad));
    }
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(64);
    return program_run((const char *const[]){"rm", "-r", folder, NULL}, (struct text){0}, &out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_key_file),
        cmocka_unit_test(the_published_thumbprint_and_signature),
        cmocka_unit_test(a_key_file_is_written_once_and_read_back),
        cmocka_unit_test(openssl_reads_the_file),
        cmocka_unit_test(files_that_are_no_key_of_ours),
        cmocka_unit_test(points_that_are_no_keys),
        cmocka_unit_test(texts_that_are_no_keys),
        cmocka_unit_test(signatures_that_lenient_verifiers_take),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
