/* Of each body's requests in a quarter the first is answered well, the second late, the third is
 * returned, and about the fourth nobody says a word. */
#include "life.h"

#include "base/clock.h"
#include "load_people.h"
#include "sample.h"
#include "sample_tables.h"

#include <inttypes.h>
#include <stdio.h>

#define REQUESTS 4  /* of each body in each quarter */
#define TARGETS  12 /* the first of each body: those that wait */
#define TRIES    20
#define STALE    412

/* A type that another body usually answers. */
static const struct norm_row *pick_norm(const struct life *life, struct dice *dice)
{
    const struct sample_tables *tables = sample_tables();
    for (;;) {
        const struct norm_row *norm =
            &tables->norms[dice_below(dice, (uint32_t)tables->norm_count)];
        if (norm->body.len && !text_equal(norm->body, life->body))
            return norm;
    }
}

static void dependency_id(const struct life *life, int index, char out[ID_MAX + 1])
{
    (void)snprintf(out, ID_MAX + 1, "%.*s-" SAMPLE_CYCLE ".d%d", TEXT_ARG(life->body),
        (life->quarter - 1) * REQUESTS + index + 1);
}

static bool raise_one(struct life *life, const struct seat *seat, struct dice *dice, int index)
{
    char target[ID_MAX + 1], what[LIFE_KEY], id[ID_MAX + 1];
    const struct norm_row *norm = pick_norm(life, dice);
    struct dependency_raise raise = {.period = {life->quarter, true},
        .blocking_body = norm->body,
        .type = norm->type,
        .what = norm->needed};
    (void)snprintf(target, sizeof target, "%.*s-" SAMPLE_CYCLE ".%u", TEXT_ARG(life->body),
        1 + dice_below(dice, TARGETS));
    raise.targets.head = (struct list_head){1, true};
    raise.targets.at[0] = text_of(target);
    dependency_id(life, index, id);
    (void)snprintf(what, sizeof what, "raise-%s", id);
    return life_post(
        life, seat, "/v1/dependencies", what, NULL, dependency_raise_record(), &raise, NULL);
}

bool life_raise(struct life *life)
{
    struct seat seat;
    struct dice dice = life_dice(life, "raise");
    if (!load_people_seat(life->desk, "focal", life->body, &seat))
        return false;
    for (int i = 0; i < REQUESTS; i++)
        if (!raise_one(life, &seat, &dice, i))
            return false;
    return true;
}

static bool read_dependency(struct life *life, int index, char path[LIFE_PATH],
    struct json_document *document, struct dependency *ret_dependency)
{
    char id[ID_MAX + 1];
    dependency_id(life, index, id);
    (void)snprintf(path, LIFE_PATH, "/v1/dependencies/%s", id);
    const struct call call = {.method = "GET", .path = path};
    return desk_read(life->desk, NULL, call, dependency_record(), document, ret_dependency);
}

/* Sends an act with the version that was read; 412 when something has fallen due since then. */
static unsigned send_act(struct life *life, const struct seat *seat, const char *path,
    const char *act, int64_t version, struct text json)
{
    char deed[2 * LIFE_PATH], key[2 * LIFE_KEY], tag[32];
    (void)snprintf(deed, sizeof deed, "%s/%s", path, act);
    (void)snprintf(key, sizeof key, "sample-life-%s-%s", act, path);
    (void)snprintf(tag, sizeof tag, "\"%" PRId64 "\"", version);
    const struct call call = {.method = "POST",
        .path = deed,
        .key = key,
        .if_match = tag,
        .type = "application/json",
        .body = json};
    struct called called = desk_call(life->desk, seat, call);
    if (called.status != 200 && called.status != STALE)
        (void)desk_refuse(life->desk, &call, &called);
    return (unsigned)called.status;
}

/* An act of the body that has to act, while the ball is in its court. The clock was moved just now:
 * rungs of the escalation may come between reading and acting. */
static bool answer(struct life *life, int index, const char *act, const char *role,
    const struct record *record, const void *value)
{
    static struct dependency dependency;
    BUF_CLEANUP struct buf json = BUF(4096);
    struct seat seat = {.token = ""};
    unsigned status = STALE;
    if (!desk_write(record, value, &json))
        return false;
    for (int i = 0; status == STALE && i < TRIES; i++) {
        JSON_CLEANUP struct json_document document = {0};
        char path[LIFE_PATH];
        if (!read_dependency(life, index, path, &document, &dependency))
            return false;
        struct text blocking = dependency.dependency.raised.blocking_body;
        if (dependency.court != COURT_BLOCKING || text_is(blocking, "EXTERNAL"))
            return true;
        if (!*seat.token && !load_people_seat(life->desk, role, blocking, &seat))
            return false;
        status = send_act(life, &seat, path, act, dependency.version.value, buf_as_text(&json));
    }
    return status == 200;
}

bool life_acknowledge(struct life *life)
{
    const struct dependency_act act = {.remark = LIFE_INVENTED};
    const struct dependency_promise promise = {
        .promised = day_from_number(day_number(life->today) + 14)};
    struct dependency_return missing = {.missing = {.head = {1, true}}};
    missing.missing.at[0].what = TEXT_LITERAL("A signed covering letter (sample, invented)");
    return answer(life, 0, "acknowledge", "focal", dependency_act_record(), &act) &&
           answer(life, 0, "promise", "secretary", dependency_promise_record(), &promise) &&
           answer(life, 1, "acknowledge", "focal", dependency_act_record(), &act) &&
           answer(life, 2, "return", "focal", dependency_return_record(), &missing);
}

bool life_grant(struct life *life)
{
    const struct dependency_act act = {.remark = LIFE_INVENTED};
    return answer(life, 0, "grant", "focal", dependency_act_record(), &act);
}

/* What was acknowledged a quarter before is granted at last. */
bool life_grant_late(struct life *life)
{
    const struct dependency_act act = {.remark = LIFE_INVENTED};
    if (life->quarter == 1)
        return true;
    life->quarter--;
    bool fine = answer(life, 1, "grant", "focal", dependency_act_record(), &act);
    life->quarter++;
    return fine;
}
