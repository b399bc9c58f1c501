#include "desk.h"

#include "refusal.h"
#include "schema/pack.h"

#include <stdio.h>
#include <time.h>

#define CALL_MS    30000
#define TRIES      10
#define PAUSE_MS   500
#define RECORD_MAX (256u << 10)

bool desk_open(struct desk *desk, const char *url)
{
    *desk = (struct desk){.caller = caller_open(url, CALL_MS)};
    return desk->caller != NULL;
}

void desk_close(struct desk *desk)
{
    caller_close(desk->caller);
    desk->caller = NULL;
}

struct called desk_call(struct desk *desk, const struct seat *seat, struct call call)
{
    struct called called = {0};
    call.token = seat ? seat->token : NULL;
    call.office = seat && *seat->office ? seat->office : NULL;
    for (int i = 0; i < TRIES; i++) {
        if (i) {
            struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
            (void)nanosleep(&pause, NULL);
        }
        called = caller_call(desk->caller, &call);
        if (called.status != 0 && called.status != 429 && called.status != 503 &&
            called.status != 504)
            break;
    }
    return called;
}

bool desk_refuse(struct desk *desk, const struct call *call, const struct called *called)
{
    BUF_CLEANUP struct buf text = BUF(RECORD_MAX);
    refusal_write(called->body, &text);
    if (desk->line_open)
        (void)printf("\n");
    desk->line_open = false;
    (void)fflush(stdout);
    (void)fprintf(stderr, "misaq: %s %s: ", call->method, call->path);
    if (called->status)
        (void)fprintf(stderr, "%d ", called->status);
    (void)fprintf(stderr, "%.*s\n", TEXT_ARG(buf_as_text(&text)));
    return false;
}

static bool is_fine(const struct called *called)
{
    return called->status == 200 || called->status == 201;
}

bool desk_write(const struct record *record, const void *value, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(RECORD_MAX);
    if (!record) {
        buf_str(out, "{}");
        return true;
    }
    pack_write(record, value, &packed);
    return !packed.full && json_write(record, buf_as_text(&packed), out) && !out->full;
}

bool desk_read(struct desk *desk, const struct seat *seat, struct call call,
    const struct record *record, struct json_document *document, void *ret)
{
    static struct faults why;
    faults_clear(&why);
    memset(ret, 0, record->size);
    struct called called = desk_call(desk, seat, call);
    return (is_fine(&called) && json_read(record, called.body, document, ret, &why) == OK) ||
           desk_refuse(desk, &call, &called);
}

bool desk_command(
    struct desk *desk, const struct seat *seat, struct call call, struct desk_receipt *ret_receipt)
{
    JSON_CLEANUP struct json_document document = {0};
    struct receipt receipt;
    if (!desk_read(desk, seat, call, receipt_record(), &document, &receipt))
        return false;
    if (ret_receipt) {
        ret_receipt->version = (uint64_t)receipt.version.value;
        ret_receipt->position = (uint64_t)receipt.position.value;
        (void)snprintf(ret_receipt->id, sizeof ret_receipt->id, "%.*s", TEXT_ARG(receipt.id));
    }
    return true;
}

bool desk_post(struct desk *desk, const struct seat *seat, struct call call,
    const struct record *record, const void *value, struct desk_receipt *ret_receipt)
{
    BUF_CLEANUP struct buf json = BUF(RECORD_MAX);
    call.method = "POST";
    call.type = "application/json";
    if (!desk_write(record, value, &json))
        return false;
    call.body = buf_as_text(&json);
    return desk_command(desk, seat, call, ret_receipt);
}

bool desk_list(struct desk *desk, const struct seat *seat, const char *path,
    const struct record *record, void *value, desk_on_item *item, void *owner)
{
    static struct faults why;
    struct call call = {.method = "GET", .path = path, .accept = "application/x-ndjson"};
    struct called called = desk_call(desk, seat, call);
    if (called.status != 200)
        return desk_refuse(desk, &call, &called);
    for (struct text rest = called.body; rest.len;) {
        struct text line = text_cut(rest, '\n', &rest);
        JSON_CLEANUP struct json_document document = {0};
        memset(value, 0, record->size);
        faults_clear(&why);
        if (line.len == 0)
            continue;
        if (json_read(record, line, &document, value, &why) != OK)
            return desk_refuse(desk, &call, &called);
        item(owner, value);
    }
    return true;
}

bool desk_sign_in(struct desk *desk, struct text person, const char *password, const char *office,
    struct seat *ret_seat, bool *ret_refused)
{
    BUF_CLEANUP struct buf json = BUF(RECORD_MAX);
    JSON_CLEANUP struct json_document document = {0};
    static struct faults why;
    struct credentials credentials = {person, text_of(password)};
    struct session session = {0};
    struct call call = {.method = "POST", .path = "/v1/sessions", .type = "application/json"};
    if (!desk_write(credentials_record(), &credentials, &json))
        return false;
    call.body = buf_as_text(&json);
    struct called called = desk_call(desk, NULL, call);
    if (called.status == 401 && ret_refused) {
        *ret_refused = true;
        return false;
    }
    faults_clear(&why);
    if (!is_fine(&called) ||
        json_read(session_record(), called.body, &document, &session, &why) != OK)
        return desk_refuse(desk, &call, &called);
    (void)snprintf(ret_seat->token, sizeof ret_seat->token, "%.*s", TEXT_ARG(session.token));
    (void)snprintf(ret_seat->office, sizeof ret_seat->office, "%s", office ? office : "");
    return true;
}
