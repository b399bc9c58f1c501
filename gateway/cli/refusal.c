/* Looking for members instead of reading a document: what stands in quotes behind their names. */
#include "refusal.h"

#include "base/must.h"

#include <stdio.h>

#define FAULTS_SHOWN 5
#define NAME_MAX     32
#define RAW_MAX      400

/* Where `what` first stands, from `from` on; text.len when it does not. Quotes inside of JSON
 * strings are escaped, so names and braces with theirs are only found where they are meant. */
static size_t find(struct text text, size_t from, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = from; i + len <= text.len; i++)
        if (memcmp(text.at + i, what, len) == 0)
            return i;
    return text.len;
}

/* Where the value of a member begins; json.len when it is not there. */
static size_t behind_name(struct text json, const char *name)
{
    char quoted[NAME_MAX];
    int len = snprintf(quoted, sizeof quoted, "\"%s\":", name);
    must(len > 0 && len < NAME_MAX);
    size_t at = find(json, 0, quoted);
    return at == json.len ? at : at + (size_t)len;
}

/* Undoes the string that begins at `at`; false when there is none. */
static bool write_string(struct text json, size_t at, struct buf *out)
{
    if (at >= json.len || json.at[at] != '"')
        return false;
    for (at++; at < json.len && json.at[at] != '"'; at++) {
        if (json.at[at] == '\\' && at + 1 < json.len && strchr("\"\\/", json.at[at + 1]))
            at++;
        buf_char(out, json.at[at]);
    }
    return true;
}

bool refusal_member(struct text json, const char *name, struct buf *out)
{
    return write_string(json, behind_name(json, name), out);
}

/* Digits behind a name within one fault, as "line 12". */
static void write_where(struct text fault, const char *name, struct buf *out)
{
    size_t at = behind_name(fault, name);
    if (at == fault.len)
        return;
    buf_printf(out, " %s ", name);
    for (; at < fault.len && fault.at[at] >= '0' && fault.at[at] <= '9'; at++)
        buf_char(out, fault.at[at]);
}

static void write_fault(struct text fault, struct buf *out)
{
    buf_str(out, "\n   ");
    write_where(fault, "line", out);
    write_where(fault, "column", out);
    static const char *const places[] = {"pointer", "parameter", "header"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        BUF_CLEANUP struct buf place = BUF(RAW_MAX);
        if (refusal_member(fault, places[i], &place))
            buf_printf(out, " %.*s", TEXT_ARG(buf_as_text(&place)));
    }
    buf_char(out, ' ');
    (void)refusal_member(fault, "detail", out);
}

void refusal_write(struct text json, struct buf *out)
{
    static const char begin[] = "{\"detail\":";
    if (!refusal_member(json, "title", out)) {
        buf_text(out, (struct text){json.at, json.len < RAW_MAX ? json.len : RAW_MAX});
        return;
    }
    size_t at = find(json, 0, begin);
    struct text head = {json.at, at};
    if (behind_name(head, "detail") < head.len) {
        buf_str(out, ": ");
        (void)refusal_member(head, "detail", out);
    }
    for (int shown = 0; shown < FAULTS_SHOWN && at < json.len; shown++) {
        size_t next = find(json, at + 1, begin);
        write_fault((struct text){json.at + at, next - at}, out);
        at = next;
    }
}
