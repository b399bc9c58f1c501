#include "signatures/hostile.h"

#include "base/must.h"
#include "proof/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

const char *hostile_kid(const struct key_secret *secret, char out[KEY_TEXT_SIZE])
{
    struct key_public public = key_public_of(secret);
    return key_id(&public, out);
}

struct hostile hostile_open(const struct service *service)
{
    struct hostile hostile = {.cabinet = cabinet_open(service),
        .payload = BUF(HOSTILE_ROOM),
        .header = BUF(HOSTILE_ROOM),
        .jws = BUF(HOSTILE_ROOM),
        .made = BUF(HOSTILE_ROOM)};
    struct cabinet *cabinet = &hostile.cabinet;
    cabinet_agreement(cabinet->chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(cabinet->chancery, "PWR-2021");
    must(cabinet_statement(
        cabinet->chancery, &cabinet->minister, "PWR-2021", SIGNING_SIGN, &hostile.payload));
    jws_write(&hostile.jws, buf_as_text(&hostile.payload), NULL, &cabinet->minister.secret);
    buf_printf(&hostile.header, "{\"alg\":\"Ed25519\",\"kid\":\"%s\"}",
        hostile_kid(&cabinet->minister.secret, hostile.kid));
    hostile_kid(&cabinet->other.secret, hostile.other_kid);
    return hostile;
}

void hostile_refuse_from(struct hostile *hostile, const struct signer *signer, struct text jws,
    const char *member, const char *words)
{
    struct chancery *chancery = hostile->cabinet.chancery;
    struct agreement_sign sign = {.agreement = T("PWR-2021"), .jws = jws};
    uint64_t version = chancery_version(chancery, "PWR-2021");
    enum err err = chancery_would(
        chancery, signer->person, signer->office, MESSAGE_agreement_sign, &sign, version);
    if (err == OK || !chancery_says(chancery, member, words)) {
        chancery_print(chancery);
        fail_msg(
            "%s instead of \"%s\" at %s, for\n%.*s", err_word(err), words, member, TEXT_ARG(jws));
    }
    must(decision_count(chancery->decision) == 0);
    hostile->refused++;
}

void hostile_refuse(struct hostile *hostile, struct text jws, const char *member, const char *words)
{
    hostile_refuse_from(hostile, &hostile->cabinet.minister, jws, member, words);
}

void hostile_close(struct hostile *hostile, const char *what)
{
    struct chancery *chancery = hostile->cabinet.chancery;
    (void)fprintf(stderr, "%s: %u refused\n", what, hostile->refused);
    enum err err =
        cabinet_send(chancery, &hostile->cabinet.minister, "PWR-2021", buf_as_text(&hostile->jws));
    if (err)
        chancery_print(chancery);
    assert_int_equal(err, OK);
    cabinet_close(&hostile->cabinet);
    buf_free(&hostile->payload);
    buf_free(&hostile->header);
    buf_free(&hostile->jws);
    buf_free(&hostile->made);
}

struct text hostile_make(
    struct hostile *hostile, struct text header, struct text payload, const struct key_secret *key)
{
    struct buf *out = &hostile->made;
    buf_clear(out);
    base64_write(out, BASE64_URL, header);
    buf_char(out, '.');
    base64_write(out, BASE64_URL, payload);
    struct key_signature signature = key_sign(key, buf_as_text(out));
    buf_char(out, '.');
    base64_write(out, BASE64_URL, (struct text){(const char *)signature.at, KEY_SIGNATURE});
    return buf_as_text(out);
}

void hostile_fill(const struct hostile *hostile, const char *form, struct buf *out)
{
    const struct text payload = buf_as_text(&hostile->payload);
    const char *size = (const char *)memmem(payload.at, payload.len, "\"head_size\":", 12) + 12;
    size_t digits = 0; /* the payload is not terminated */
    while (size[digits] >= '0' && size[digits] <= '9')
        digits++;
    const struct {
        const char *name;
        struct text value;
    } names[] = {
        {"KID", text_of(hostile->kid)},
        {"OTHER", text_of(hostile->other_kid)},
        {"DOC", {(const char *)memmem(payload.at, payload.len, "\"document\":\"", 12) + 12, 64}},
        {"ROOT", {(const char *)memmem(payload.at, payload.len, "\"head_root\":\"", 13) + 13, 64}},
        {"SIZE", {size, digits}},
    };
    while (*form) {
        size_t i = 0;
        while (i < 5 && strncmp(form, names[i].name, strlen(names[i].name)) != 0)
            i++;
        if (i == 5) {
            buf_char(out, *form++);
            continue;
        }
        buf_text(out, names[i].value);
        form += strlen(names[i].name);
    }
}
