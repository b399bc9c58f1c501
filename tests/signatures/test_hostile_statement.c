/* Statements and keys that must not pass, each refused for its own reason. */
#include "signatures/hostile.h"

#include "base/must.h"
#include "proof/base64.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

#define GOOD                                                                                       \
    "{\"act\":\"sign\",\"agreement\":\"PWR-2021\",\"document\":\"DOC\",\"head_root\":\"ROOT\","    \
    "\"head_size\":SIZE,\"office\":\"minister.PWR\",\"origin\":\"misaq/TEST\",\"person\":"         \
    "\"m.pwr\",\"type\":\"misaq.statement.v1\",\"version\":1}"

/* The good statement with the first `from` replaced. */
static void replace(const char *from, const char *to, char out[2048])
{
    const char *place = strstr(GOOD, from);
    must(place);
    (void)snprintf(out, 2048, "%.*s%s%s", (int)(place - GOOD), GOOD, to, place + strlen(from));
}

#define ZERO64 "0000000000000000000000000000000000000000000000000000000000000000"

static void statements(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *member, *words;
    } cases[] = {
        {"misaq/TEST", "misaq/PK", "jws/payload/origin", "has to say \"misaq/TEST\""},
        {"\"PWR-2021\"", "\"PWR-2022\"", "jws/payload/agreement", "has to say \"PWR-2021\""},
        {"\"PWR-2021\"", "\"WAT-2021\"", "jws/payload/agreement", "says \"WAT-2021\""},
        {"\"version\":1", "\"version\":2", "jws/payload/version", "says 2, and has to say 1"},
        {"\"version\":1", "\"version\":0", "jws/payload/version", ""},
        {"DOC", ZERO64, "jws/payload/document", "has to say"},
        {"\"office\"", "\"minister\":\"" ZERO64 "\",\"office\"", "jws/payload/minister",
            "has to say nothing"},
        {"\"version\"", "\"version\":1,\"supersedes\"", NULL, ""},
        {"\"type\"", "\"supersedes\":\"" ZERO64 "\",\"type\"", "jws/payload/supersedes",
            "has to say nothing"},
        {"\"document\"", "\"conflict\":\"none\",\"document\"", "jws/payload/conflict",
            "has to say nothing"},
        {"minister.PWR", "minister.WAT", "jws/payload/office", "has to say \"minister.PWR\""},
        {"minister.PWR", "pm", "jws/payload/office", "says \"pm\""},
        {"\"m.pwr\"", "\"m.wat\"", "jws/payload/person", "has to say \"m.pwr\""},
        {"\"sign\"", "\"withdraw\"", "agreement", "only while it is signed_minister"},
        {"\"sign\"", "\"countersign\"", "agreement", "only while it is in_force, amending"},
        {"\"sign\"", "\"adopt\"", "act", "a new Prime Minister adopts"},
        {"\"sign\"", "\"approve\"", "jws/payload/act", ""},
        {"\"sign\"", "\"Sign\"", "jws/payload/act", ""},
        {"SIZE", "999999", "jws/payload/head_size", "not 999999"},
        {"SIZE", "3", "jws/payload/head_root", "has another root"},
        {"SIZE", "0", "jws/payload/head_root", "has another root"},
        {"SIZE", "-1", "jws/payload/head_size", ""},
        {"ROOT", ZERO64, "jws/payload/head_root", "has another root"},
        {"DOC", "abc", "jws/payload/document", "64 lower-case hex digits"},
        {"DOC", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
            "jws/payload/document", "lower-case"},
        {"misaq.statement.v1", "misaq.statement.v2", "jws/payload/type", ""},
        {"misaq.statement.v1", "misaq.key.v1", "jws/payload/type", ""},
        {"misaq.statement.v1", "misaq.handover.v1", "jws/payload/type", ""},
        {"\"act\":\"sign\",", "", "jws/payload/act", "is missing"},
        {"\"agreement\":\"PWR-2021\",", "", "jws/payload/agreement", "is missing"},
        {"\"document\":\"DOC\",", "", "jws/payload/document", "is missing"},
        {"\"head_root\":\"ROOT\",", "", "jws/payload/head_root", "is missing"},
        {"\"head_size\":SIZE,", "", "jws/payload/head_size", "is missing"},
        {"\"office\":\"minister.PWR\",", "", "jws/payload/office", "is missing"},
        {"\"origin\":\"misaq/TEST\",", "", "jws/payload/origin", "is missing"},
        {"\"person\":\"m.pwr\",", "", "jws/payload/person", "is missing"},
        {"\"type\":\"misaq.statement.v1\",", "", "jws/payload/type", "is missing"},
        {",\"version\":1", "", "jws/payload/version", "is missing"},
        {"\"act\"", "\"a\":1,\"act\"", "jws/payload/a", ""},
        {",\"version\":1}", ",\"version\":1,\"z\":null}", "jws/payload/z", ""},
        {"\"act\":\"sign\"", "\"act\":\"sign\",\"act\":\"sign\"", NULL, ""},
        {"\"version\":1", "\"version\":1,\"version\":1", NULL, ""},
        {"\"person\":\"m.pwr\"", "\"person\":\"m.wat\",\"person\":\"m.pwr\"", NULL, ""},
        {"\"act\":\"sign\",\"agreement\":\"PWR-2021\"",
            "\"agreement\":\"PWR-2021\",\"act\":\"sign\"", "jws/payload/", "differs at byte 4"},
        {"{\"act\"", "{ \"act\"", "jws/payload/", "differs at byte 2"},
        {"{\"act\":", "{\"act\" :", "jws/payload/", "differs at byte 7"},
        {"{\"act\":", "{\"act\": ", "jws/payload/", "differs at byte 8"},
        {"{\"act\":", "{\n\"act\":", "jws/payload/", "differs at byte 2"},
        {"{\"act\":", "{\t\"act\":", "jws/payload/", "differs at byte 2"},
        {"\"version\":1}", "\"version\":1 }", "jws/payload/", "canonical"},
        {"\"version\":1}", "\"version\":1}\n", "jws/payload/", "canonical"},
        {"\"version\":1}", "\"version\":1.0}", "jws/payload/version", "is not a whole number"},
        {"\"version\":1}", "\"version\":1e0}", "jws/payload/version", "is not a whole number"},
        {"\"version\":1}", "\"version\":10e-1}", "jws/payload/version", "is not a whole number"},
        {"\"version\":1}", "\"version\":+1}", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":01}", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":\"1\"}", "jws/payload/version", ""},
        {"\"version\":1}", "\"version\":true}", "jws/payload/version", ""},
        {"\"version\":1}", "\"version\":1.5}", "jws/payload/version", ""},
        {"\"version\":1}", "\"version\":1000000000000000}", "jws/payload/", "15 digits"},
        {"\"version\":1}", "\"version\":1,}", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":1}{}", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":1", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":NaN}", "jws/payload/", ""},
        {"\"version\":1}", "\"version\":null}", "jws/payload/version", ""},
        {"\"sign\"", "\"\\u0073ign\"", "jws/payload/", "differs at byte 9"},
        {"\"act\"", "\"\\u0061ct\"", "jws/payload/", "canonical"},
        {"misaq/TEST", "misaq\\/TEST", "jws/payload/", "canonical"},
        {"{\"act\"", "\xef\xbb\xbf{\"act\"", "jws/payload/", ""},
        {"\"m.pwr\"", "[\"m.pwr\"]", "jws/payload/person", ""},
        {"\"m.pwr\"", "{}", "jws/payload/person", ""},
        {"\"m.pwr\"", "\"m.pwr \"", "jws/payload/person", ""},
        {"\"m.pwr\"", "\"M.pwr\"", "jws/payload/person", "has to say \"m.pwr\""},
        {"\"m.pwr\"", "\"m.pwr\\u0000\"", "jws/payload/", ""},
        {"\"m.pwr\"", "\"\xd0\xbc.pwr\"", "jws/payload/person", ""}, /* a Cyrillic m */
        {"misaq/TEST", "misaq/TEST\xe2\x80\xae", "jws/payload/origin", ""},
        {"misaq/TEST", "misaq/TE\xcc\x81ST", "jws/payload/origin", ""},
        {"misaq/TEST", "misaq/T\xff", "jws/payload/", ""},
    };
    struct hostile hostile = hostile_open(table_service());
    BUF_CLEANUP struct buf same = BUF(HOSTILE_ROOM);
    hostile_fill(&hostile, GOOD, &same);
    assert_true(text_equal(buf_as_text(&same), buf_as_text(&hostile.payload)));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char form[2048];
        BUF_CLEANUP struct buf payload = BUF(HOSTILE_ROOM);
        replace(cases[i].from, cases[i].to, form);
        hostile_fill(&hostile, form, &payload);
        hostile_refuse(&hostile,
            hostile_make(&hostile, buf_as_text(&hostile.header), buf_as_text(&payload),
                &hostile.cabinet.minister.secret),
            cases[i].member, cases[i].words);
    }
    hostile_close(&hostile, "statements");
}

static void bytes_changed_after_signing(void **state)
{
    (void)state;
    struct hostile hostile = hostile_open(table_service());
    size_t payload_len = hostile.payload.len;
    for (size_t at = 0; at < payload_len; at++) {
        struct text jws = buf_as_text(&hostile.jws), left;
        struct text header = text_cut(jws, '.', &left), payload = text_cut(left, '.', &left);
        (void)payload;
        hostile.payload.at[at] ^= 1;
        buf_clear(&hostile.made);
        buf_text(&hostile.made, header);
        buf_char(&hostile.made, '.');
        base64_write(&hostile.made, BASE64_URL, buf_as_text(&hostile.payload));
        buf_char(&hostile.made, '.');
        buf_text(&hostile.made, left);
        hostile.payload.at[at] ^= 1;
        hostile_refuse(&hostile, buf_as_text(&hostile.made), "jws/signature", "");
    }
    hostile_close(&hostile, "changed bytes");
}

/* A key in each way of not being good; every one signs the very statement that it should. */
static void keys_that_are_not_good(void **state)
{
    (void)state;
    struct hostile hostile = hostile_open(table_service());
    struct chancery *chancery = hostile.cabinet.chancery;
    struct signer *minister = &hostile.cabinet.minister;
    BUF_CLEANUP struct buf arena = BUF(1u << 16);
    struct {
        const char *words;
        struct key_secret key;
        bool confirm, decline, revoke;
    } cases[] = {
        {.words = "is enrolled; the register"},
        {.words = "is proposed and not enrolled"},
        {.words = "was proposed and declined", .decline = true},
        {.words = "was revoked at position", .confirm = true, .revoke = true},
    };
    struct signer signer = *minister;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[KEY_TEXT_SIZE];
        key_generate(&signer.secret);
        cases[i].key = signer.secret;
        if (i == 0)
            continue;
        buf_clear(&arena);
        struct key_propose propose = cabinet_proposal(&signer, &arena);
        struct key_one one = {.key_id = text_of(hostile_kid(&signer.secret, id))};
        must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_propose, &propose, 0));
        if (cases[i].confirm)
            must(!chancery_do(chancery, "second", "administrator.2", MESSAGE_key_confirm, &one, 0));
        if (cases[i].decline)
            must(!chancery_do(chancery, "second", "administrator.2", MESSAGE_key_decline, &one, 0));
        if (cases[i].revoke)
            must(!chancery_do(chancery, "second", "administrator.2", MESSAGE_key_revoke, &one, 0));
    }
    struct text payload = buf_as_text(&hostile.payload);
#define SIGNED(key)                                                                                \
    (buf_clear(&hostile.made), jws_write(&hostile.made, payload, NULL, key),                       \
        buf_as_text(&hostile.made))
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        hostile_refuse(&hostile, SIGNED(&cases[i].key), "jws", cases[i].words);
    hostile_refuse(
        &hostile, SIGNED(&hostile.cabinet.other.secret), "jws", "signs for minister.WAT");
    hostile_refuse(&hostile, SIGNED(&hostile.cabinet.pm.secret), "jws", "signs for pm");
    /* the right key id over another key's signature */
    hostile_refuse(&hostile,
        hostile_make(&hostile, buf_as_text(&hostile.header), payload, &cases[0].key),
        "jws/signature", "");
    chancery->today = 20210630;
    hostile_refuse(&hostile, SIGNED(&minister->secret), "jws", "signs from 2021-07-01 only");
    chancery->today = 20230701;
    hostile_refuse(&hostile, SIGNED(&minister->secret), "jws", "signed until 2023-06-30 only");
    chancery->today = 20230630;
    hostile_close(&hostile, "keys");

    /* the office changes hands: the old key, and the old key in the new holder's hand */
    hostile = hostile_open(table_service());
    chancery = hostile.cabinet.chancery;
    minister = &hostile.cabinet.minister;
    cabinet_post(chancery, "n.ext", "minister.PWR");
    hostile_refuse(&hostile, buf_as_text(&hostile.jws), "", "does not hold the office");
    struct signer next = {.person = "n.ext", .office = "minister.PWR", .secret = minister->secret};
    hostile_refuse_from(
        &hostile, &next, buf_as_text(&hostile.jws), "jws", "belongs to m.pwr, not to n.ext");
    /* he comes back, and his old key does not */
    cabinet_post(chancery, "m.pwr", "minister.PWR");
    hostile_refuse(
        &hostile, buf_as_text(&hostile.jws), "jws", "ended when minister.PWR changed hands");
    cabinet_enrol(chancery, minister);
    hostile_refuse(
        &hostile, buf_as_text(&hostile.jws), "jws", "ended when minister.PWR changed hands");
    buf_clear(&hostile.jws);
    jws_write(&hostile.jws, buf_as_text(&hostile.payload), NULL, &minister->secret);
    hostile_close(&hostile, "hands");
}

/* What the PM signs lies over the minister's signature. */
static void the_pm_over_the_minister(void **state)
{
    (void)state;
    struct hostile hostile = hostile_open(table_service());
    struct chancery *chancery = hostile.cabinet.chancery;
    struct signer *pm = &hostile.cabinet.pm;
    static const struct {
        const char *from, *to, *words;
    } cases[] = {
        {"\"minister.PWR\"", "\"pm\"", "says nothing, and has to say"},
        {"\"office\":\"minister.PWR\"", "\"minister\":\"" ZERO64 "\",\"office\":\"pm\"",
            "says \"000000"},
    };
    must(!cabinet_send(chancery, &hostile.cabinet.minister, "PWR-2021", buf_as_text(&hostile.jws)));
    struct buf jws = BUF(HOSTILE_ROOM);
    BUF_CLEANUP struct buf payload = BUF(HOSTILE_ROOM);
    must(cabinet_statement(chancery, pm, "PWR-2021", SIGNING_SIGN, &payload));
    jws_write(&jws, buf_as_text(&payload), NULL, &pm->secret);
    buf_free(&hostile.jws);
    hostile.jws = jws;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char form[2048];
        BUF_CLEANUP struct buf said = BUF(HOSTILE_ROOM), right = BUF(HOSTILE_ROOM);
        replace(cases[i].from, cases[i].to, form);
        hostile_fill(&hostile, form, &said);
        const char *person = memmem(said.at, said.len, "\"m.pwr\"", 7);
        buf_add(&right, said.at, (size_t)(person - said.at));
        buf_str(&right, "\"p.m\"");
        buf_add(&right, person + 7, said.len - (size_t)(person - said.at) - 7);
        buf_clear(&hostile.made);
        jws_write(&hostile.made, buf_as_text(&right), NULL, &pm->secret);
        hostile_refuse_from(
            &hostile, pm, buf_as_text(&hostile.made), "jws/payload/minister", cases[i].words);
    }
    hostile.cabinet.minister = *pm; /* whose signature passes at the end */
    hostile_close(&hostile, "the PM");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),
        cmocka_unit_test(bytes_changed_after_signing),
        cmocka_unit_test(keys_that_are_not_good),
        cmocka_unit_test(the_pm_over_the_minister),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
