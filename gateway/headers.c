#include "headers.h"

#include <strings.h>

#define LENGTH_MAX UINT64_C(1000000000000)

/* tchar of RFC 9110, section 5.6.2. */
static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_char(text.at[i]))
            return false;
    return text.len > 0;
}

static bool is_value(struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

static bool same_word(struct text text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

/* The member that keeps a field, or NULL for those that nobody here asks for. Fields that frame the
 * message or identify somebody may come once only. */
static struct text *place_of(struct headers *headers, struct text name)
{
    static const struct {
        const char *word;
        size_t offset;
    } known[] = {
        {"host", offsetof(struct headers, host)},
        {"content-length", offsetof(struct headers, content_length)},
        {"transfer-encoding", offsetof(struct headers, transfer_encoding)},
        {"content-type", offsetof(struct headers, content_type)},
        {"expect", offsetof(struct headers, expect)},
        {"accept", offsetof(struct headers, accept)},
        {"if-match", offsetof(struct headers, if_match)},
        {"if-none-match", offsetof(struct headers, if_none_match)},
        {"idempotency-key", offsetof(struct headers, key)},
        {"traceparent", offsetof(struct headers, traceparent)},
        {"authorization", offsetof(struct headers, authorization)},
        {"cookie", offsetof(struct headers, cookie)},
        {"misaq-office", offsetof(struct headers, office)},
        {"origin", offsetof(struct headers, origin)},
        {"sec-fetch-site", offsetof(struct headers, fetch_site)},
        {"content-digest", offsetof(struct headers, digest)},
        {"last-event-id", offsetof(struct headers, last_event)},
    };
    char first = (char)(name.at[0] | 0x20);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].word[0] == first && same_word(name, known[i].word))
            return (struct text *)(void *)((char *)headers + known[i].offset);
    return NULL;
}

static void add_forwarded(struct headers *headers, struct text value)
{
    if (headers->forwarded_count == HEADERS_FORWARDED_MAX)
        memmove(headers->forwarded, headers->forwarded + 1,
            --headers->forwarded_count * sizeof *headers->forwarded);
    headers->forwarded[headers->forwarded_count++] = value;
}

void headers_add(struct headers *headers, struct text name, struct text value)
{
    headers->count++;
    headers->bytes += name.len + value.len;
    if (headers->complaint)
        return;
    headers->culprit = name;
    if (!is_token(name)) {
        headers->complaint = "is not a name of a header field";
        headers->culprit = (struct text){0};
        return;
    }
    if (!is_value(value)) {
        headers->complaint = "has control characters in its value";
        return;
    }
    struct text *place = place_of(headers, name);
    if (!place) {
        if (same_word(name, "x-forwarded-for"))
            add_forwarded(headers, value);
        return;
    }
    if (place->at)
        headers->complaint = "comes twice";
    else
        *place = (struct text){value.at ? value.at : "", value.len};
}

static const char *framing_complaint(struct headers *headers, bool newer)
{
    if (newer && !headers->host.at)
        return "Host is missing";
    if (headers->content_length.at && headers->transfer_encoding.at)
        return "Content-Length and Transfer-Encoding exclude each other";
    if (headers->content_length.at &&
        !text_whole(headers->content_length, LENGTH_MAX, &headers->length))
        return "Content-Length is not a number of bytes";
    if (headers->transfer_encoding.at && !newer)
        return "HTTP/1.0 knows no Transfer-Encoding";
    if (headers->transfer_encoding.at && !same_word(headers->transfer_encoding, "chunked"))
        return "the only Transfer-Encoding here is chunked";
    if (headers->expect.at && !same_word(headers->expect, "100-continue"))
        return "the only Expect here is 100-continue";
    headers->chunked = headers->transfer_encoding.at;
    return NULL;
}

enum err headers_judge(struct headers *headers, bool newer, struct faults *why)
{
    if (headers->count > HEADERS_MAX || headers->bytes > HEADERS_BYTES_MAX)
        return faults_add(why, ERR_HEADERS, "", "the header has more than %d fields or %d bytes",
            HEADERS_MAX, HEADERS_BYTES_MAX);
    if (headers->complaint && !headers->culprit.at)
        return faults_add(why, ERR_BAD_INPUT, "", "a field %s", headers->complaint);
    if (headers->complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "%.*s %s",
            (int)(headers->culprit.len < 60 ? headers->culprit.len : 60), headers->culprit.at,
            headers->complaint);
    const char *complaint = framing_complaint(headers, newer);
    return complaint ? faults_add(why, ERR_BAD_INPUT, "", "%s", complaint) : OK;
}

/* Cuts two NULs off the front: a line that ended in CR LF. */
static bool cut_line_end(struct text *rest)
{
    if (rest->len < 2 || rest->at[0] || rest->at[1])
        return false;
    *rest = (struct text){rest->at + 2, rest->len - 2};
    return true;
}

bool headers_plain(struct text fields, size_t count)
{
    struct text rest = fields, value;
    bool fine = cut_line_end(&rest);
    for (size_t i = 0; fine && i < count; i++) {
        struct text name = text_cut(rest, '\0', &value);
        size_t len = text_find(value, '\0');
        rest = (struct text){value.at + len, value.len - len};
        fine = is_token(name) && value.at && cut_line_end(&rest);
    }
    return fine && cut_line_end(&rest) && rest.len == 0;
}
