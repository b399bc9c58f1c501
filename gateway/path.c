#include "path.h"

#include "base/buf.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Appends `raw` decoded behind `used` bytes of the path. In a query '+' is a blank. NULL, or what
 * is wrong. */
static const char *decode(
    struct path *path, size_t *used, struct text raw, bool query, struct text *ret_text)
{
    char *start = path->bytes + *used, *at = start;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '%') {
            int high = i + 2 < raw.len ? hex_digit(raw.at[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_digit(raw.at[i + 2]);
            if (low < 0)
                return "has a % that two hexadecimal digits do not follow";
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7F)
            return "contains a control character";
        if (c == '/' && !query)
            return "contains an encoded slash";
        *at++ = c;
    }
    struct text text = {start, (size_t)(at - start)};
    if (utf8_length(text) == SIZE_MAX)
        return "is not UTF-8";
    *used += text.len;
    *ret_text = text;
    return NULL;
}

static const char *read_segments(struct path *path, size_t *used, struct text raw)
{
    struct text rest = {raw.at + 1, raw.len - 1};
    if (rest.len == 0)
        return NULL;
    while (rest.at) {
        struct text segment = text_cut(rest, '/', &rest);
        if (segment.len == 0)
            return "has an empty segment; write single slashes and none at the end";
        if (path->segment_count == PATH_SEGMENTS_MAX)
            return "has more segments than any path here";
        struct text *decoded = &path->segments[path->segment_count++];
        const char *complaint = decode(path, used, segment, false, decoded);
        if (complaint)
            return complaint;
        if (text_is(*decoded, ".") || text_is(*decoded, ".."))
            return "has a segment of dots";
    }
    return NULL;
}

static const char *read_parameters(struct path *path, size_t *used, struct text rest)
{
    while (rest.at && rest.len) {
        struct text value, name = text_cut(text_cut(rest, '&', &rest), '=', &value);
        if (name.len == 0)
            return "has a parameter without a name";
        if (path->parameter_count == PATH_PARAMETERS_MAX)
            return "has too many parameters";
        struct parameter *parameter = &path->parameters[path->parameter_count++];
        const char *complaint = decode(path, used, name, true, &parameter->name);
        if (!complaint)
            complaint = decode(path, used, value, true, &parameter->value);
        if (complaint)
            return complaint;
    }
    return NULL;
}

enum err path_read(struct text raw, struct path *ret_path, struct faults *why)
{
    ret_path->segment_count = ret_path->parameter_count = 0;
    if (raw.len > PATH_TARGET_MAX)
        return faults_add(why, ERR_HEADERS, "", "the target of the request is longer than %d bytes",
            PATH_TARGET_MAX);
    if (raw.len == 0 || raw.at[0] != '/')
        return faults_add(
            why, ERR_BAD_INPUT, "", "the target of a request begins with a slash here");
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] <= 0x20 || raw.at[i] >= 0x7F || strchr("\"#<>\\^`{|}", raw.at[i]))
            return faults_add(
                why, ERR_BAD_INPUT, "", "byte %zu of the target belongs percent-encoded", i + 1);
    struct text query, path = text_cut(raw, '?', &query);
    size_t used = 0;
    const char *complaint = read_segments(ret_path, &used, path);
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the path %s", complaint);
    complaint = read_parameters(ret_path, &used, query);
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the query %s", complaint);
    return OK;
}

void path_encode(struct buf *out, struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            buf_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}
