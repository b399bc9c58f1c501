#include "origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

/* Whether an Origin ("https://host:port") is of the host that the request went to. */
static bool is_own(struct text origin, struct text host)
{
    struct text rest, scheme = text_cut(origin, ':', &rest);
    if ((!text_is(scheme, "https") && !text_is(scheme, "http")) || host.len == 0 ||
        !text_starts(rest, TEXT_LITERAL("//")))
        return false;
    rest = (struct text){rest.at + 2, rest.len - 2};
    return rest.len == host.len && strncasecmp(rest.at, host.at, host.len) == 0;
}

const char *origin_complaint(const struct headers *headers)
{
    struct text site = headers->fetch_site;
    if (site.at && !text_is(site, "same-origin") && !text_is(site, "none"))
        return "a page of another site has sent this (Sec-Fetch-Site)";
    if (headers->origin.at && !is_own(headers->origin, headers->host))
        return "a page of another site has sent this (Origin)";
    return NULL;
}

/* An IPv4 address that came as an IPv6 one is still the same client. */
static bool write_six(const struct in6_addr *six, char out[ORIGIN_ADDRESS_SIZE])
{
    if (IN6_IS_ADDR_V4MAPPED(six))
        return inet_ntop(AF_INET, six->s6_addr + 12, out, ORIGIN_ADDRESS_SIZE) != NULL;
    return inet_ntop(AF_INET6, six, out, ORIGIN_ADDRESS_SIZE) != NULL;
}

void origin_peer(const struct sockaddr *from, char out[ORIGIN_ADDRESS_SIZE])
{
    out[0] = '\0';
    if (from->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)from;
        (void)inet_ntop(AF_INET, &four->sin_addr, out, ORIGIN_ADDRESS_SIZE);
    } else if (from->sa_family == AF_INET6) {
        (void)write_six(&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, out);
    }
}

/* An address as proxies write it, some with a port: in its one normal form. */
static bool read_address(struct text text, char out[ORIGIN_ADDRESS_SIZE])
{
    char word[ORIGIN_ADDRESS_SIZE];
    struct in_addr four;
    struct in6_addr six;
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct text){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    if (text.len && text.at[0] == '[') {
        text = (struct text){text.at + 1, text.len - 1};
        text.len = text_find(text, ']');
    } else if (text_find(text, '.') < text_find(text, ':')) {
        text.len = text_find(text, ':');
    }
    if (text.len == 0 || text.len >= sizeof word)
        return false;
    memcpy(word, text.at, text.len);
    word[text.len] = '\0';
    if (inet_pton(AF_INET, word, &four) == 1)
        return inet_ntop(AF_INET, &four, out, ORIGIN_ADDRESS_SIZE) != NULL;
    return inet_pton(AF_INET6, word, &six) == 1 && write_six(&six, out);
}

/* The part behind the last comma, which is cut off; the whole becomes absent with its first part.
 */
static struct text cut_last(struct text *list)
{
    size_t at = list->len;
    while (at && list->at[at - 1] != ',')
        at--;
    struct text last = {list->at + at, list->len - at};
    *list = at ? (struct text){list->at, at - 1} : (struct text){0};
    return last;
}

void origin_client(const struct headers *headers, uint64_t proxies, const char *peer,
    char out[ORIGIN_ADDRESS_SIZE])
{
    struct text seen = {0};
    uint64_t left = proxies;
    for (size_t i = headers->forwarded_count; left && i; i--) {
        struct text list = headers->forwarded[i - 1];
        for (; left && list.at; left--)
            seen = cut_last(&list);
    }
    /* Fewer than there are proxies: the request came in behind the outermost ones, and all of the
     * list is ours. */
    char client[ORIGIN_ADDRESS_SIZE];
    const char *best = seen.at && read_address(seen, client) ? client : peer;
    (void)snprintf(out, ORIGIN_ADDRESS_SIZE, "%s", best);
}
