#include "outline.h"

#include "base/decimal.h"
#include "base/json_text.h"

static void begin(struct outline *outline, const char *name)
{
    if (outline->depth || outline->begun)
        buf_str(outline->out, outline->begun ? ",\n" : "\n");
    for (unsigned i = 0; i < outline->depth; i++)
        buf_str(outline->out, "  ");
    if (name) {
        json_text_write(outline->out, text_of(name));
        buf_str(outline->out, ": ");
    }
    outline->begun = true;
}

void outline_open(struct outline *outline, const char *name, char bracket)
{
    begin(outline, name);
    buf_char(outline->out, bracket);
    outline->depth++;
    outline->begun = false;
}

void outline_close(struct outline *outline, char bracket)
{
    outline->depth--;
    if (outline->begun) {
        buf_char(outline->out, '\n');
        for (unsigned i = 0; i < outline->depth; i++)
            buf_str(outline->out, "  ");
    }
    buf_char(outline->out, bracket);
    outline->begun = true;
}

void outline_text(struct outline *outline, const char *name, const char *text)
{
    begin(outline, name);
    json_text_write(outline->out, text_of(text));
}

void outline_whole(struct outline *outline, const char *name, int64_t value)
{
    begin(outline, name);
    buf_whole(outline->out, value);
}

void outline_decimal(struct outline *outline, const char *name, int64_t thousandths)
{
    begin(outline, name);
    decimal_write(outline->out, thousandths);
}

void outline_flag(struct outline *outline, const char *name, bool value)
{
    begin(outline, name);
    buf_str(outline->out, value ? "true" : "false");
}

void outline_ref(struct outline *outline, const char *name, const char *part, const char *target)
{
    BUF_CLEANUP struct buf path = BUF(256);
    buf_printf(&path, "#/components/%s/%s", part, target);
    buf_char(&path, '\0');
    outline_open(outline, name, '{');
    outline_text(outline, "$ref", path.at);
    outline_close(outline, '}');
}
