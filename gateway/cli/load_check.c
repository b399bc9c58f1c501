#include "load_check.h"

#include "base/json_text.h"
#include "base/must.h"
#include "sample.h"

#define AT_ONCE     100
#define REQUEST_MAX (512u << 10)

struct checking {
    struct desk *desk;
    struct buf statements; /* the request that grows */
    size_t waiting, done;
    uint32_t *findings;
    bool failed;
};

static void note(struct checking *checking, const struct check *check)
{
    must(checking->done < LOAD_CHECK_MAX);
    uint32_t *bits = &checking->findings[checking->done++];
    *bits = 0;
    for (uint32_t i = 0; i < check->findings.head.count; i++)
        *bits |= 1u << check->findings.at[i].code;
}

static bool read_checks(struct checking *checking, struct text answer)
{
    static struct faults why;
    static struct check_page page;
    JSON_CLEANUP struct json_document document = {0};
    faults_clear(&why);
    memset(&page, 0, sizeof page);
    if (json_read(check_page_record(), answer, &document, &page, &why) != OK)
        return false;
    for (uint32_t i = 0; i < page.items.head.count; i++)
        note(checking, &page.items.at[i]);
    return true;
}

static void send(struct checking *checking)
{
    size_t wanted = checking->done + checking->waiting;
    if (checking->waiting == 0 || checking->failed)
        return;
    buf_str(&checking->statements, "]}");
    struct call call = {.method = "POST",
        .path = "/v1/check/batch",
        .type = "application/json",
        .body = buf_as_text(&checking->statements)};
    struct called called = desk_call(checking->desk, NULL, call);
    if (checking->statements.full || called.status != 200 || !read_checks(checking, called.body) ||
        checking->done != wanted)
        checking->failed = !desk_refuse(checking->desk, &call, &called);
    checking->waiting = 0;
}

static void on_promise(void *owner, const struct target_promise *promise)
{
    struct checking *checking = owner;
    if (checking->waiting == 0) {
        buf_clear(&checking->statements);
        buf_str(&checking->statements, "{\"statements\":[");
    }
    buf_str(&checking->statements, checking->waiting++ ? ",{\"statement\":" : "{\"statement\":");
    json_text_write(&checking->statements, promise->statement);
    buf_char(&checking->statements, '}');
    if (checking->waiting == AT_ONCE)
        send(checking);
}

bool load_check(struct desk *desk, size_t body, uint32_t findings[LOAD_CHECK_MAX])
{
    struct checking checking = {.desk = desk, .statements = BUF(REQUEST_MAX)};
    checking.findings = findings;
    sample_each(body, on_promise, &checking);
    send(&checking);
    buf_free(&checking.statements);
    return !checking.failed;
}
