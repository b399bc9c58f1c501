#include "media.h"

#include <strings.h>

static const struct {
    const char *major, *minor, *type, *format;
} table[MEDIA_COUNT] = {
    [MEDIA_NONE] = {"", "", "", ""},
    [MEDIA_JSON] = {"application", "json", "application/json", "json"},
    [MEDIA_MSGPACK] = {"application", "vnd.msgpack", "application/vnd.msgpack", "msgpack"},
    [MEDIA_CSV] = {"text", "csv", "text/csv; charset=utf-8", "csv"},
    [MEDIA_NDJSON] = {"application", "x-ndjson", "application/x-ndjson", "ndjson"},
    [MEDIA_EVENTS] = {"text", "event-stream", "text/event-stream", "events"},
};

const char *media_type(enum media media)
{
    return table[media].type;
}

const char *media_format(enum media media)
{
    return table[media].format;
}

enum media media_of_format(struct text format)
{
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++)
        if (text_is(format, table[m].format))
            return m;
    return MEDIA_NONE;
}

static struct text trimmed(struct text text)
{
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.len--;
    }
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool same_word(struct text text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

/* A quality as thousandths: "0.5", "1", "1.000"; -1 when it is none. */
static int quality_of(struct text text)
{
    if (text.len == 0 || text.len > 5 || (text.at[0] != '0' && text.at[0] != '1') ||
        (text.len > 1 && text.at[1] != '.'))
        return -1;
    int quality = (text.at[0] - '0') * 1000, weight = 100;
    for (size_t i = 2; i < text.len; i++, weight /= 10) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        quality += (text.at[i] - '0') * weight;
    }
    return quality > 1000 ? -1 : quality;
}

/* How closely a range names a media type: 0 not at all, 1 all types, 2 all of its kind, 3 itself.
 */
static int closeness(struct text range, enum media media)
{
    struct text minor, major = text_cut(range, '/', &minor);
    if (text_is(range, "*/*"))
        return 1;
    if (!same_word(major, table[media].major))
        return 0;
    return text_is(minor, "*") ? 2 : same_word(minor, table[media].minor) ? 3 : 0;
}

static int range_quality(struct text parameters)
{
    int quality = 1000;
    while (parameters.at) {
        struct text value, parameter = text_cut(parameters, ';', &parameters);
        struct text name = text_cut(trimmed(parameter), '=', &value);
        if (same_word(name, "q"))
            quality = quality_of(value);
    }
    return quality;
}

enum media media_accept(struct text accept, uint32_t offered)
{
    int closest[MEDIA_COUNT] = {0}, quality[MEDIA_COUNT] = {0};
    struct text rest = accept.len ? accept : TEXT_LITERAL("*/*");
    while (rest.at) {
        struct text parameters, item = trimmed(text_cut(rest, ',', &rest));
        if (item.len == 0)
            continue;
        struct text range = trimmed(text_cut(item, ';', &parameters));
        int wanted = range_quality(parameters);
        if (wanted < 0)
            return MEDIA_NONE;
        for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++) {
            int close = closeness(range, m);
            if (close > closest[m]) {
                closest[m] = close;
                quality[m] = wanted;
            }
        }
    }
    enum media best = MEDIA_NONE;
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++)
        if ((offered & MEDIA_BIT(m)) && quality[m] > quality[best])
            best = m;
    return best;
}

enum media media_of_content(struct text content_type)
{
    struct text parameters, range = trimmed(text_cut(content_type, ';', &parameters));
    while (parameters.at) {
        struct text value, parameter = text_cut(parameters, ';', &parameters);
        struct text name = text_cut(trimmed(parameter), '=', &value);
        if (same_word(name, "charset") && !same_word(value, "utf-8") &&
            !same_word(value, "\"utf-8\""))
            return MEDIA_NONE;
    }
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++)
        if (closeness(range, m) == 3)
            return m;
    return MEDIA_NONE;
}
