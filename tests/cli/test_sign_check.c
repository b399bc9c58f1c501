/* A server that lies about what is to be signed gets no signature: each lie is named. */
#include "base/must.h"
#include "sign_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)
#define LEAVES     40

static const struct text document = {"{\"agreement\":\"PWR-2021\"}", 24};

static struct sign_intent intent_of(void)
{
    return (struct sign_intent){.agreement = T("PWR-2021"),
        .office = T("minister.PWR"),
        .person = T("a.khan"),
        .origin = T("misaq/T"),
        .act = SIGNING_SIGN,
        .document = document};
}

/* The honest statement; hex is scratch. */
static struct statement statement_of(char hex[DIGEST_HEX_SIZE])
{
    struct digest digest = digest_of(document);
    struct text sha256 = text_of(digest_to_hex(&digest, hex));
    return (struct statement){.type = T(STATEMENT_TYPE),
        .origin = T("misaq/T"),
        .agreement = T("PWR-2021"),
        .version = {1, true},
        .document = sha256,
        .office = T("minister.PWR"),
        .person = T("a.khan"),
        .act = SIGNING_SIGN,
        .head_size = {7, true},
        .head_root = sha256};
}

static enum err check(const struct statement *statement, struct faults *why)
{
    BUF_CLEANUP struct buf payload = BUF(4096);
    JSON_CLEANUP struct json_document parsed = {0};
    struct sign_intent intent = intent_of();
    struct statement said = {0};
    faults_clear(why);
    must(statement_write(&payload, statement, why) == OK);
    return sign_check_statement(&intent, buf_as_text(&payload), &parsed, &said, why);
}

static void every_lie_is_named(void **state)
{
    (void)state;
    static struct faults why;
    char hex[DIGEST_HEX_SIZE];
    static const char *const members[] = {
        "agreement", "office", "person", "origin", "act", "document"};
    struct statement honest = statement_of(hex);
    assert_int_equal(check(&honest, &why), OK);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct statement lie = honest;
        struct text *const texts[] = {&lie.agreement, &lie.office, &lie.person, &lie.origin};
        if (i < 4)
            *texts[i] = T("another");
        else if (i == 4)
            lie.act = SIGNING_WITHDRAW;
        else
            lie.document = T("1111111111111111111111111111111111111111111111111111111111111111");
        assert_int_equal(check(&lie, &why), ERR_INVALID);
        assert_int_equal(why.total, 1);
        assert_string_equal(why.kept[0].member, members[i]);
    }
}

static void another_spelling_is_refused(void **state)
{
    (void)state;
    static struct faults why;
    BUF_CLEANUP struct buf payload = BUF(4096);
    JSON_CLEANUP struct json_document parsed = {0};
    char hex[DIGEST_HEX_SIZE];
    struct sign_intent intent = intent_of();
    struct statement said = {0}, honest = statement_of(hex);
    faults_clear(&why);
    must(statement_write(&payload, &honest, &why) == OK);
    buf_char(&payload, ' ');
    assert_int_not_equal(
        sign_check_statement(&intent, buf_as_text(&payload), &parsed, &said, &why), OK);
}

/* Heads of every size beside checkpoints of every size, of the same ledger and of a fork. */
static void heads_belong_to_the_checkpoint(void **state)
{
    (void)state;
    static struct faults why;
    MERKLE_CLEANUP struct merkle *tree = merkle_new(), *fork = merkle_new();
    char hex[DIGEST_HEX_SIZE];
    must(tree && fork);
    for (uint64_t i = 0; i < LEAVES; i++) {
        unsigned char byte = (unsigned char)i;
        struct digest leaf = merkle_leaf((struct text){(const char *)&byte, 1});
        must(merkle_add(tree, &leaf));
        leaf.at[0] ^= i == 3;
        must(merkle_add(fork, &leaf));
    }
    for (uint64_t size = 1; size <= LEAVES; size++)
        for (uint64_t head = 1; head <= LEAVES; head++) {
            const struct checkpoint checkpoint = {
                .origin = T("misaq/T"), .size = size, .root = merkle_root(tree, size)};
            uint64_t small = head < size ? head : size, large = head < size ? size : head;
            struct merkle_path path;
            merkle_consistency(tree, small, large, &path);
            struct digest root = merkle_root(tree, head), forked = merkle_root(fork, head);
            struct statement statement = {.head_size = {(int64_t)head, true},
                .head_root = text_of(digest_to_hex(&root, hex))};
            faults_clear(&why);
            assert_int_equal(sign_check_head(&statement, &checkpoint, &path, &why), OK);
            if (head <= 3)
                continue;
            statement.head_root = text_of(digest_to_hex(&forked, hex));
            assert_int_equal(sign_check_head(&statement, &checkpoint, &path, &why), ERR_INVALID);
        }
}

static void the_title_is_the_document_s_own(void **state)
{
    (void)state;
    static const struct {
        const char *json, *title;
    } cases[] = {
        {"{\"title\":\"A\"}", "A"},
        {"{\"cycle\":{\"title\":\"B\"},\"targets\":[{\"title\":\"C\"}],\"title\":\"D\"}", "D"},
        {"{\"note\":\"\\\"title\\\":\\\"E\\\"\",\"title\":\"F\"}", "F"},
        {"{\"note\":\"{\",\"title\":\"G\"}", "G"},
        {"{\"cycle\":{\"title\":\"H\"}}", NULL},
        {"{\"note\":\"", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf out = BUF(100);
        bool found = sign_check_title(text_of(cases[i].json), &out);
        assert_int_equal(found, cases[i].title != NULL);
        if (found)
            assert_true(text_is(buf_as_text(&out), cases[i].title));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lie_is_named),
        cmocka_unit_test(another_spelling_is_refused),
        cmocka_unit_test(heads_belong_to_the_checkpoint),
        cmocka_unit_test(the_title_is_the_document_s_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
