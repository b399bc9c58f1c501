#include "watch.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/must.h"
#include "gateway.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdlib.h>

#define EVERY_US UINT64_C(1000000)
#define FRESH_US UINT64_C(4000000) /* an older word of a service counts as none */

struct watched {
    struct buf packed; /* service_status as it came last */
    uint64_t heard_us;
    bool asked;
};

struct watch {
    struct gateway *gateway;
    uint64_t next_us;
    struct watched services[SERVICE_COUNT];
};

struct watch *watch_new(struct gateway *gateway)
{
    struct watch *watch = calloc(1, sizeof *watch);
    must(watch);
    watch->gateway = gateway;
    for (enum service_id s = 0; s < SERVICE_COUNT; s++)
        watch->services[s].packed = BUF(BUS_FRAME_MAX);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    for (enum service_id s = 0; s < SERVICE_COUNT; s++)
        buf_free(&watch->services[s].packed);
    free(watch);
}

static void on_status(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct watched *watched = owner;
    watched->asked = false;
    if (err != OK || !text_is(answer->status, err_word(OK)) || message->count < 2)
        return;
    buf_clear(&watched->packed);
    buf_text(&watched->packed, message->frames[1]);
    watched->heard_us = clock_mono_us();
}

void watch_turn(struct watch *watch, uint64_t now_us)
{
    struct gateway *gateway = watch->gateway;
    if (now_us < watch->next_us)
        return;
    watch->next_us = now_us + EVERY_US;
    struct nothing nothing = {0};
    BUF_CLEANUP struct buf packed = BUF(64);
    pack_write(nothing_record(), &nothing, &packed);
    struct text frame = buf_as_text(&packed);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        struct watched *watched = &watch->services[s];
        struct question question = {
            .service = s, .message = MESSAGE_service_status, .frames = &frame, .frame_count = 1};
        if (!watched->asked)
            watched->asked = asks_send(gateway->asks, &question, now_us, on_status, watched) == OK;
    }
}

/* The status that a service told last; false when that is too long ago. */
static bool status_of(const struct watch *watch, enum service_id service, uint64_t now_us,
    struct service_status *ret_status)
{
    const struct watched *watched = &watch->services[service];
    static struct faults why;
    faults_clear(&why);
    return watched->heard_us && watched->heard_us + FRESH_US >= now_us &&
           pack_read_trusted(
               service_status_record(), buf_as_text(&watched->packed), ret_status, &why) == OK;
}

static void missing(struct buf *out, size_t *count, const char *what, struct text why)
{
    char text[400];
    struct buf sentence = {.at = text, .room = sizeof text - 1, .max = sizeof text - 1};
    buf_printf(&sentence, "%s: ", what);
    buf_text(&sentence, why);
    if ((*count)++)
        buf_char(out, ',');
    json_text_write(out, buf_as_text(&sentence));
}

size_t watch_missing(const struct watch *watch, uint64_t now_us, struct buf *out)
{
    const struct gateway *gateway = watch->gateway;
    const struct ledger_health *health = ledger_health(gateway->ledger);
    static struct service_status status;
    size_t count = 0;
    if (gateway->draining)
        missing(out, &count, "gateway", TEXT_LITERAL("is stopping"));
    if (!health->ok)
        missing(out, &count, "ledger", text_of(*health->why ? health->why : "not reached yet"));
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        if (!status_of(watch, s, now_us, &status))
            missing(out, &count, service_name(s), TEXT_LITERAL("does not answer"));
        else if (status.ready != FLAG_YES)
            missing(out, &count, service_name(s), status.why);
    const char *complaint = feed_complaint(gateway->feed, now_us);
    if (complaint)
        missing(out, &count, "events", text_of(complaint));
    if (tokens_complaint(gateway->tokens))
        missing(out, &count, "keys", text_of(tokens_complaint(gateway->tokens)));
    const char *hold = feed_hold(gateway->feed, now_us);
    if (hold)
        missing(out, &count, "record", text_of(hold));
    return count;
}

/* The plain numbers of a service_status. */
static const struct {
    const char *name, *type, *help;
    size_t offset;
} numbers[] = {
#define NUMBER(name, metric, type, help)                                                           \
    {"misaq_service_" metric, type, help, offsetof(struct service_status, name)},
    NUMBER(position, "position", "gauge", "Last position that the service folded")
        NUMBER(head, "head", "gauge", "Last position that the service knows of") NUMBER(
            waiting, "waiting", "gauge", "Requests that the service has taken and not answered")
            NUMBER(memory, "memory_bytes", "gauge", "Resident memory of the service") NUMBER(
                holes, "holes_total", "counter", "Gaps that the service filled from the ledger")
                NUMBER(conflicts, "conflicts_total", "counter", "Appends that lost a race")
#undef NUMBER
};

static void write_number(const struct watch *watch, uint64_t now_us, size_t index, struct buf *out)
{
    static struct service_status status;
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", numbers[index].name, numbers[index].help,
        numbers[index].name, numbers[index].type);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        if (status_of(watch, s, now_us, &status)) {
            const struct whole *value =
                (const void *)((const char *)&status + numbers[index].offset);
            buf_printf(out, "%s{service=\"%s\"} %" PRId64 "\n", numbers[index].name,
                service_name(s), value->value);
        }
}

/* One counter of every message of every service: which member of the row `offset` says. */
static void write_counters(const struct watch *watch, uint64_t now_us, const char *name,
    const char *help, size_t offset, struct buf *out)
{
    static struct service_status status;
    buf_printf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        for (uint32_t i = 0; status_of(watch, s, now_us, &status) && i < status.counters.head.count;
             i++) {
            const struct message_counter *row = &status.counters.at[i];
            const struct whole *value = (const void *)((const char *)row + offset);
            buf_printf(out, "%s{service=\"%s\",message=\"%.*s\"} %" PRId64 "\n", name,
                service_name(s), TEXT_ARG(row->message), value->value);
        }
}

void watch_write_metrics(const struct watch *watch, uint64_t now_us, struct buf *out)
{
    static struct service_status status;
    buf_str(out, "# HELP misaq_service_ready Whether the service says it is ready\n"
                 "# TYPE misaq_service_ready gauge\n");
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        buf_printf(out, "misaq_service_ready{service=\"%s\"} %d\n", service_name(s),
            status_of(watch, s, now_us, &status) && status.ready == FLAG_YES);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        write_number(watch, now_us, i, out);
    write_counters(watch, now_us, "misaq_service_calls_total", "Messages that came",
        offsetof(struct message_counter, calls), out);
    write_counters(watch, now_us, "misaq_service_refusals_total", "Messages that were refused",
        offsetof(struct message_counter, refusals), out);
    write_counters(watch, now_us, "misaq_service_microseconds_total", "Time spent on messages",
        offsetof(struct message_counter, microseconds), out);
}
