#include "conditions.h"

#include "base/random.h"

#include <stdio.h>
#include <strings.h>

/* A strong ETag of ours: digits in quotes. */
static bool read_etag(struct text etag, uint64_t *ret_version)
{
    if (etag.len < 3 || etag.at[0] != '"' || etag.at[etag.len - 1] != '"')
        return false;
    return text_whole((struct text){etag.at + 1, etag.len - 2}, (uint64_t)WHOLE_MAX, ret_version);
}

enum err condition_if_match(struct text field, struct whole *ret_expected, struct faults *why)
{
    uint64_t version;
    if (text_is(field, "*"))
        return faults_add(why, ERR_BAD_INPUT, "If-Match",
            "* would change what you have not seen: send the ETag that you read");
    if (!read_etag(field, &version))
        return faults_add(why, ERR_BAD_INPUT, "If-Match",
            "is not one strong ETag as it was given, like \"12\" with its quotes");
    *ret_expected = (struct whole){(int64_t)version, true};
    return OK;
}

bool condition_none_match(struct text field, uint64_t version)
{
    if (text_is(field, "*"))
        return true;
    struct text rest = field;
    while (rest.at) {
        struct text etag = text_cut(rest, ',', &rest);
        while (etag.len && etag.at[0] == ' ')
            etag = (struct text){etag.at + 1, etag.len - 1};
        while (etag.len && etag.at[etag.len - 1] == ' ')
            etag.len--;
        if (text_starts(etag, TEXT_LITERAL("W/")))
            etag = (struct text){etag.at + 2, etag.len - 2};
        uint64_t seen;
        if (read_etag(etag, &seen) && seen == version)
            return true;
    }
    return false;
}

enum err condition_key(struct text field, struct faults *why)
{
    bool fine = field.len >= 1 && field.len <= 200;
    for (size_t i = 0; fine && i < field.len; i++)
        fine = field.at[i] >= 0x20 && field.at[i] < 0x7F;
    return fine ? OK
                : faults_add(why, ERR_BAD_INPUT, "Idempotency-Key",
                      "is not 1 to 200 printable ASCII characters");
}

enum err condition_office(struct text field, struct office *ret_office, struct faults *why)
{
    struct office read = {0};
    if (!id_complaint(field))
        read = office_read(field);
    if (read.role == role_UNSET)
        return faults_add(why, ERR_BAD_INPUT, "Misaq-Office",
            "is not an office: a role, with a body and a seat where the role has them, like "
            "focal.PWR.2; or person");
    *ret_office = read;
    return OK;
}

struct text condition_bearer(struct text field)
{
    static const char scheme[] = "Bearer ";
    if (field.len < sizeof scheme || strncasecmp(field.at, scheme, sizeof scheme - 1) != 0)
        return (struct text){0};
    struct text token = {field.at + sizeof scheme - 1, field.len - (sizeof scheme - 1)};
    while (token.len && token.at[0] == ' ')
        token = (struct text){token.at + 1, token.len - 1};
    return token.len ? token : (struct text){0};
}

/* Lower-case hexadecimal digits, not all of them zero. */
static bool is_hex_id(const char *at, size_t len)
{
    bool other_than_zero = false;
    for (size_t i = 0; i < len; i++) {
        if ((at[i] < '0' || at[i] > '9') && (at[i] < 'a' || at[i] > 'f'))
            return false;
        other_than_zero |= at[i] != '0';
    }
    return other_than_zero;
}

void condition_trace(struct text field, struct trace *ret_trace)
{
    char span[RANDOM_ID_LEN + 1];
    random_id(span);
    random_id(ret_trace->id);
    const char *at = field.at;
    bool valid = field.len == TRACE_SIZE - 1 && memcmp(at, "00-", 3) == 0 && at[35] == '-' &&
                 at[52] == '-' && is_hex_id(at + 3, TRACE_ID_LEN) && is_hex_id(at + 36, 16);
    if (valid)
        memcpy(ret_trace->id, at + 3, TRACE_ID_LEN);
    (void)snprintf(ret_trace->parent, TRACE_SIZE, "00-%s-%.16s-%s", ret_trace->id, span,
        valid && at[54] == '1' ? "01" : "00");
}
