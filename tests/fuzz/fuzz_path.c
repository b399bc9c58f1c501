/* The path matcher over any bytes: what is accepted is UTF-8 without control characters and comes
 * out the same when it is encoded and read once more. */
#include "base/buf.h"
#include "base/must.h"
#include "base/utf8.h"
#include "parameters.h"
#include "path.h"
#include "routes.h"

static void check_text(struct text text)
{
    must(utf8_length(text) != SIZE_MAX);
    for (size_t i = 0; i < text.len; i++)
        must((unsigned char)text.at[i] >= 0x20);
}

static void check_again(const struct path *path)
{
    static struct path again;
    static struct faults why;
    BUF_CLEANUP struct buf target = BUF(4 * PATH_TARGET_MAX);
    for (size_t i = 0; i < path->segment_count; i++) {
        buf_char(&target, '/');
        path_encode(&target, path->segments[i]);
    }
    if (path->segment_count == 0)
        buf_char(&target, '/');
    for (size_t i = 0; i < path->parameter_count; i++) {
        buf_char(&target, i ? '&' : '?');
        path_encode(&target, path->parameters[i].name);
        buf_char(&target, '=');
        path_encode(&target, path->parameters[i].value);
    }
    faults_clear(&why);
    if (target.len > PATH_TARGET_MAX)
        return; /* encoded, it is longer than what came */
    must(path_read(buf_as_text(&target), &again, &why) == OK);
    must(again.segment_count == path->segment_count);
    must(again.parameter_count == path->parameter_count);
    for (size_t i = 0; i < path->segment_count; i++)
        must(text_equal(again.segments[i], path->segments[i]));
    for (size_t i = 0; i < path->parameter_count; i++)
        must(text_equal(again.parameters[i].value, path->parameters[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct path path;
    static struct faults why;
    struct text raw = {(const char *)data, size};
    faults_clear(&why);
    if (path_read(raw, &path, &why) != OK) {
        must(why.total > 0);
        return 0;
    }
    for (size_t i = 0; i < path.segment_count; i++) {
        check_text(path.segments[i]);
        must(path.segments[i].len > 0 && text_find(path.segments[i], '/') == path.segments[i].len);
    }
    for (size_t i = 0; i < path.parameter_count; i++) {
        check_text(path.parameters[i].name);
        check_text(path.parameters[i].value);
    }
    check_again(&path);
    struct route_match match;
    if (route_find(&path, TEXT_LITERAL("GET"), &match) != OK)
        return 0;
    struct manner manner;
    static struct event_list largest[64]; /* room for any record of a query */
    const struct record *carries = route_carries(match.route);
    must(!carries || carries->size <= sizeof largest);
    if (parameters_manner(match.route, &path, &manner, &why) == OK && carries) {
        memset(largest, 0, sizeof largest);
        if (parameters_read(&match, &path, largest, &why) == OK &&
            record_check(carries, largest, &why) == OK)
            must(why.total == 0);
    }
    BUF_CLEANUP struct buf next = BUF(4 * PATH_TARGET_MAX);
    parameters_next(&next, raw, TEXT_LITERAL("a/b"));
    must(!next.full);
    return 0;
}
