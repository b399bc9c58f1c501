/* An agreement is taken on from wherever it stands, as long as its version says that nobody else
 * has touched it. */
#include "load_road.h"

#include "base/clock.h"
#include "key_proof.h"
#include "load_people.h"
#include "proof/jws.h"
#include "sample.h"
#include "sample_people.h"

#include <inttypes.h>
#include <stdio.h>

#define PATH_SIZE    192
#define KEY_SIZE     192
#define TARGETS_MAX  512
#define STEPS_MAX    8
#define KEY_DAYS     700
#define RULING_WORDS TEXT_LITERAL("Sample ruling, invented")

/* Of the bodies whose sample agreements are submitted. */
static const char *const bodies[] = {"COM", "FIN", "NHSRC", "WR"};

const char *load_road_body(size_t index)
{
    return index < sizeof bodies / sizeof *bodies ? bodies[index] : NULL;
}

struct ruled {
    char id[ID_MAX + 1];
    enum target_class class;
};

struct road {
    struct desk *desk;
    struct seat keepers[2], member, unit, adviser, pm;
    struct key_secret pm_key;
    bool pm_enrolled;
    struct buf origin;
    int32_t today;
    char agreement[ID_MAX + 1];
    uint64_t version;
    struct ruled ruled[TARGETS_MAX];
    size_t count;
};

/* ---- one act ---- */

static bool act(struct road *road, const struct seat *seat, const char *what)
{
    char path[PATH_SIZE], key[KEY_SIZE], tag[32];
    (void)snprintf(path, sizeof path, "/v1/agreements/%s/%s", road->agreement, what);
    (void)snprintf(key, sizeof key, "sample-%s-%s-%" PRIu64, what, road->agreement, road->version);
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", road->version);
    const struct call call = {.path = path, .key = key, .if_match = tag};
    return desk_post(road->desk, seat, call, NULL, NULL, NULL);
}

static bool read_state(struct road *road, enum agreement_state *ret_state)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct agreement agreement;
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "/v1/agreements/%s", road->agreement);
    const struct call call = {.method = "GET", .path = path};
    if (!desk_read(road->desk, &road->unit, call, agreement_record(), &document, &agreement))
        return false;
    road->version = (uint64_t)agreement.version.value;
    *ret_state = agreement.state;
    return true;
}

/* ---- the committee ---- */

static void on_target(void *owner, const void *value)
{
    struct road *road = owner;
    const struct target *target = value;
    if (road->count == TARGETS_MAX)
        return;
    struct ruled *ruled = &road->ruled[road->count++];
    (void)snprintf(ruled->id, sizeof ruled->id, "%.*s", TEXT_ARG(target->promised.id));
    ruled->class = target->promised.promise.class;
}

static bool rule_all(struct road *road)
{
    static struct target target;
    char path[PATH_SIZE], key[KEY_SIZE];
    (void)snprintf(path, sizeof path, "/v1/targets?agreement=%s", road->agreement);
    road->count = 0;
    if (!desk_list(road->desk, &road->member, path, target_record(), &target, on_target, road))
        return false;
    for (size_t i = 0; i < road->count; i++) {
        const struct ruled *ruled = &road->ruled[i];
        const struct ruling_make ruling = {.target = text_of(ruled->id),
            .verdict = VERDICT_ACCEPT,
            .class = ruled->class,
            .reason = RULING_WORDS};
        (void)snprintf(path, sizeof path, "/v1/targets/%s/rule", ruled->id);
        (void)snprintf(key, sizeof key, "sample-rule-%s", ruled->id);
        const struct call call = {.path = path, .key = key};
        if (!desk_post(road->desk, &road->member, call, ruling_make_record(), &ruling, NULL))
            return false;
    }
    enum agreement_state state;
    return read_state(road, &state) && act(road, &road->member, "accept");
}

/* ---- the signatures ---- */

static bool enrol(
    struct road *road, const char *office, const char *person, const struct key_secret *secret)
{
    BUF_CLEANUP struct buf proof = BUF(JWS_MAX);
    char x[KEY_TEXT_SIZE], key[KEY_SIZE], path[PATH_SIZE];
    struct key_public public = key_public_of(secret);
    struct desk_receipt receipt;
    struct key_propose propose = {.office = text_of(office),
        .person = text_of(person),
        .key = text_of(key_to_text(&public, x)),
        .from = road->today,
        .until = day_from_number(day_number(road->today) + KEY_DAYS)};
    if (!key_proof_write(&propose, buf_as_text(&road->origin), secret, &proof))
        return false;
    propose.proof = buf_as_text(&proof);
    (void)snprintf(key, sizeof key, "sample-key-%s", x);
    const struct call call = {.path = "/v1/keys", .key = key};
    if (!desk_post(road->desk, &road->keepers[0], call, key_propose_record(), &propose, &receipt))
        return false;
    (void)snprintf(path, sizeof path, "/v1/keys/%s/confirm", receipt.id);
    (void)snprintf(key, sizeof key, "sample-key-confirm-%s", x);
    const struct call confirm = {.path = path, .key = key};
    return desk_post(road->desk, &road->keepers[1], confirm, NULL, NULL, NULL);
}

static bool sign(struct road *road, const struct seat *seat, const struct key_secret *secret)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf jws = BUF(JWS_MAX);
    struct statement_view view;
    char path[PATH_SIZE], key[KEY_SIZE], tag[32];
    (void)snprintf(path, sizeof path, "/v1/agreements/%s/statement?act=sign", road->agreement);
    const struct call ask = {.method = "GET", .path = path};
    if (!desk_read(road->desk, seat, ask, statement_view_record(), &document, &view))
        return false;
    jws_write(&jws, view.payload, NULL, secret);
    const struct agreement_sign signature = {.jws = buf_as_text(&jws)};
    (void)snprintf(path, sizeof path, "/v1/agreements/%s/sign", road->agreement);
    (void)snprintf(key, sizeof key, "sample-sign-%s-%s-%" PRIu64, seat->office, road->agreement,
        road->version);
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", road->version);
    const struct call call = {.path = path, .key = key, .if_match = tag};
    return !jws.full &&
           desk_post(road->desk, seat, call, agreement_sign_record(), &signature, NULL);
}

static bool sign_minister(struct road *road, struct text body)
{
    KEY_CLEANUP struct key_secret secret;
    struct seat seat;
    char person[ID_MAX + 1];
    key_generate(&secret);
    sample_person_id("minister", body, person);
    return load_people_seat(road->desk, "minister", body, &seat) &&
           enrol(road, seat.office, person, &secret) && sign(road, &seat, &secret);
}

static bool sign_pm(struct road *road)
{
    if (!road->pm_enrolled) {
        key_generate(&road->pm_key);
        road->pm_enrolled = enrol(road, road->pm.office, "prime.minister", &road->pm_key);
    }
    return road->pm_enrolled && sign(road, &road->pm, &road->pm_key);
}

/* ---- all of it ---- */

/* Whether the version is what this load makes of it, with all rulings or some. */
static bool is_ours(const struct road *road, enum agreement_state state, uint64_t targets)
{
    uint64_t submitted = 2 + targets, ruled = submitted + targets;
    switch ((int)state) {
    case STATE_SUBMITTED:
        return road->version >= submitted && road->version <= ruled;
    case STATE_ACCEPTED:
        return road->version == ruled + 1;
    case STATE_AT_PMO:
        return road->version == ruled + 2;
    default:
        return state == STATE_READY || state == STATE_SIGNED_MINISTER;
    }
}

static bool take_step(struct road *road, enum agreement_state state, struct text body)
{
    switch ((int)state) {
    case STATE_SUBMITTED:
        return rule_all(road);
    case STATE_ACCEPTED:
        return act(road, &road->unit, "forward");
    case STATE_AT_PMO:
        return act(road, &road->adviser, "freeze");
    case STATE_READY:
        return sign_minister(road, body);
    default:
        return sign_pm(road);
    }
}

static bool lead(struct road *road, struct text body, uint32_t *made)
{
    size_t index = sample_body_find(body);
    bool stepped = false;
    (void)snprintf(road->agreement, sizeof road->agreement, "%.*s-" SAMPLE_CYCLE, TEXT_ARG(body));
    for (int i = 0; i < STEPS_MAX; i++) {
        enum agreement_state state;
        if (!read_state(road, &state))
            return false;
        if (!is_ours(road, state, sample_count(index))) {
            *made += stepped && state == STATE_IN_FORCE;
            return true;
        }
        if (!take_step(road, state, body))
            return false;
        stepped = true;
    }
    return true;
}

static bool read_clock(struct road *road)
{
    JSON_CLEANUP struct json_document document = {0}, second = {0};
    struct clock_view clock;
    struct record_head head;
    const struct call ask = {.method = "GET", .path = "/v1/clock"};
    const struct call record = {.method = "GET", .path = "/v1/record"};
    if (!desk_read(road->desk, NULL, ask, clock_view_record(), &document, &clock) ||
        !desk_read(road->desk, NULL, record, record_head_record(), &second, &head))
        return false;
    road->today = clock.today;
    buf_text(&road->origin, head.origin);
    return !road->origin.full;
}

static bool take_seats(struct road *road)
{
    const struct text none = {0};
    struct desk *desk = road->desk;
    return load_people_seat(desk, "administrator.1", none, &road->keepers[0]) &&
           load_people_seat(desk, "administrator.2", none, &road->keepers[1]) &&
           load_people_seat(desk, "committee.1", none, &road->member) &&
           load_people_seat(desk, "secretariat", none, &road->unit) &&
           load_people_seat(desk, "pmo", none, &road->adviser) &&
           load_people_seat(desk, "pm", none, &road->pm);
}

/* Takes a road with its seats, and what it must not leave behind. */
static bool open_road(struct road *road, struct desk *desk)
{
    *road = (struct road){.desk = desk, .origin = BUF(512)};
    return read_clock(road) && take_seats(road);
}

static void close_road(struct road *road)
{
    key_forget(&road->pm_key);
    buf_free(&road->origin);
}

bool load_road(struct desk *desk, uint32_t *made)
{
    static struct road road;
    bool fine = open_road(&road, desk);
    for (size_t i = 0; fine && load_road_body(i); i++)
        fine = lead(&road, text_of(load_road_body(i)), made);
    close_road(&road);
    return fine;
}

bool load_road_amended(struct desk *desk, struct text body)
{
    static struct road road;
    enum agreement_state state = agreement_state_UNSET;
    bool fine = open_road(&road, desk);
    (void)snprintf(road.agreement, sizeof road.agreement, "%.*s-" SAMPLE_CYCLE, TEXT_ARG(body));
    fine = fine && read_state(&road, &state);
    if (fine && state == STATE_AMENDING)
        fine = act(&road, &road.adviser, "freeze") && read_state(&road, &state) &&
               sign_minister(&road, body) && read_state(&road, &state) && sign_pm(&road);
    close_road(&road);
    return fine;
}
