#include "problem.h"

#include "base/json_text.h"

static void member(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, ",\"%s\":", name);
    json_text_write(out, text_of(value));
}

static void write_fault(struct buf *out, const struct fault *fault, enum problem_place place)
{
    buf_str(out, "{\"detail\":");
    json_text_write(out, text_of(fault->detail));
    if (*fault->member && place == PROBLEM_IN_BODY) {
        buf_str(out, ",\"pointer\":");
        char pointer[sizeof fault->member + 1] = "/";
        memcpy(pointer + 1, fault->member, strlen(fault->member) + 1);
        json_text_write(out, text_of(pointer));
    } else if (*fault->member) {
        member(out, place == PROBLEM_IN_HEADER ? "header" : "parameter", fault->member);
    }
    if (fault->line)
        buf_printf(out, ",\"line\":%u", fault->line);
    if (fault->column)
        buf_printf(out, ",\"column\":%u", fault->column);
    buf_char(out, '}');
}

static void write_detail(struct buf *out, const struct faults *why)
{
    const struct fault *first = &why->kept[0];
    if (why->total == 0)
        return;
    char detail[sizeof first->member + sizeof first->detail + 64];
    struct buf text = {.at = detail, .room = sizeof detail - 1, .max = sizeof detail - 1};
    if (*first->member)
        buf_printf(&text, "%s: ", first->member);
    buf_str(&text, first->detail);
    if (why->total > 1)
        buf_printf(&text, " (and %u more)", why->total - 1);
    detail[text.len] = '\0';
    member(out, "detail", detail);
}

void problem_write(struct buf *out, enum err err, const struct faults *why,
    enum problem_place place, const char *trace)
{
    buf_printf(out, "{\"type\":\"/problems/%s\",\"title\":", err_word(err));
    json_text_write(out, text_of(err_sentence(err)));
    buf_printf(out, ",\"status\":%d", err_http(err));
    write_detail(out, why);
    if (*trace)
        member(out, "trace", trace);
    /* One fault of the whole request is told by `detail` already. */
    bool placed = why->total > 1 || (why->total && (*why->kept->member || why->kept->line));
    for (uint32_t i = 0; placed && i < faults_kept(why); i++) {
        buf_str(out, i ? "," : ",\"errors\":[");
        write_fault(out, &why->kept[i], place);
    }
    buf_str(out, placed ? "]}\n" : "}\n");
}

bool problem_explain(struct buf *out, struct text word)
{
    enum err err = err_from_word(word.at, word.len);
    if (err == OK || !text_is(word, err_word(err)))
        return false;
    buf_printf(out, "%s (%d)\n%s.\n", err_word(err), err_http(err), err_sentence(err));
    return true;
}
