/* An idea a state: each passes the gates up to where it is left, by the offices that may. */
#include "life.h"

#include "load_people.h"
#include "load_road.h"
#include "sample.h"
#include "schema/csv.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>

#define SPONSOR "COM"
#define SLOWED  SPONSOR "-" SAMPLE_CYCLE ".5"

/* In the order in which they are proposed: the first becomes idea-1. Two people stand for each. */
static const struct {
    const char *title;
    enum idea_state left; /* where it stands in the end */
} ideas[] = {
    {"Customs clearance on Sundays", IDEA_PROPOSED},
    {"One form for all export permits", IDEA_SCREENED},
    {"Market prices by telephone in five languages", IDEA_SPONSORED},
    {"Return of duty within ten days", IDEA_SHAPED},
    {"A window for small traders at three dry ports", IDEA_TRIAL},
    {"A museum of trade", IDEA_PARKED},
    {"A second ministry for the same exports", IDEA_DECLINED},
    {"Weighbridges that print their own slips", IDEA_ADOPTED},
};
#define IDEAS (sizeof ideas / sizeof *ideas)

/* The gates before a state, the state itself not among them. */
static size_t gates_before(enum idea_state left, enum idea_state gates[4])
{
    static const enum idea_state all[] = {IDEA_SCREENED, IDEA_SPONSORED, IDEA_SHAPED, IDEA_TRIAL};
    static const size_t counts[] = {[IDEA_PROPOSED] = 0,
        [IDEA_SCREENED] = 0,
        [IDEA_DECLINED] = 0,
        [IDEA_PARKED] = 1,
        [IDEA_SPONSORED] = 1,
        [IDEA_SHAPED] = 2,
        [IDEA_TRIAL] = 3,
        [IDEA_ADOPTED] = 4};
    memcpy(gates, all, sizeof all);
    return counts[left];
}

static bool take_seat(struct life *life, enum idea_state to, struct seat *ret_seat)
{
    const char *role = to == IDEA_SPONSORED ? "minister" : to == IDEA_SHAPED ? "focal" : NULL;
    if (role)
        return load_people_seat(life->desk, role, TEXT_LITERAL(SPONSOR), ret_seat);
    *ret_seat = life->unit;
    return true;
}

static bool step(
    struct life *life, size_t number, enum idea_state to, uint64_t version, const char *amendment)
{
    char path[LIFE_PATH], what[LIFE_KEY], tag[32];
    struct seat seat;
    struct idea_step wish = {.to = to, .reason = LIFE_INVENTED, .amendment = text_of(amendment)};
    if (to == IDEA_SHAPED) {
        wish.slows = TEXT_LITERAL(SLOWED);
        wish.slows_weight = (struct decimal){100, true};
    }
    (void)snprintf(path, sizeof path, "/v1/ideas/idea-%zu/step", number);
    (void)snprintf(what, sizeof what, "idea-%zu-%d", number, (int)to);
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", version);
    return take_seat(life, to, &seat) &&
           life_post(life, &seat, path, what, tag, idea_step_record(), &wish, NULL);
}

static bool endorse(struct life *life, size_t number, const char *role)
{
    char path[LIFE_PATH], what[LIFE_KEY];
    const struct idea_endorse word = {.remark = LIFE_INVENTED};
    struct seat seat;
    (void)snprintf(path, sizeof path, "/v1/ideas/idea-%zu/endorse", number);
    (void)snprintf(what, sizeof what, "idea-%zu-endorse-%s", number, role);
    return load_people_seat(life->desk, role, TEXT_LITERAL(SPONSOR), &seat) &&
           life_post(life, &seat, path, what, NULL, idea_endorse_record(), &word, NULL);
}

static bool propose(struct life *life, size_t index)
{
    char what[LIFE_KEY];
    struct seat seat;
    const struct idea_propose wish = {.title = text_of(ideas[index].title),
        .text = TEXT_LITERAL("Invented for the sample: what it is, for whom, and how one would "
                             "see that it works."),
        .body = TEXT_LITERAL(SPONSOR)};
    (void)snprintf(what, sizeof what, "idea-%zu", index + 1);
    return load_people_seat(life->desk, "focal", TEXT_LITERAL(SPONSOR), &seat) &&
           life_post(life, &seat, "/v1/ideas", what, NULL, idea_propose_record(), &wish, NULL);
}

static bool begin(struct life *life, size_t index)
{
    enum idea_state gates[4], left = ideas[index].left;
    uint64_t version = 3; /* proposed, and two who stand for it */
    if (!propose(life, index) || !endorse(life, index + 1, "secretary") ||
        !endorse(life, index + 1, "minister"))
        return false;
    size_t count = gates_before(left, gates);
    for (size_t i = 0; i < count; i++)
        if (!step(life, index + 1, gates[i], version++, NULL))
            return false;
    return left == IDEA_PROPOSED || left == IDEA_ADOPTED ||
           step(life, index + 1, left, version, NULL);
}

bool life_ideas(struct life *life)
{
    bool fine = true;
    if (life->quarter != 1 || !life_is_first(life))
        return true;
    for (size_t i = 0; fine && i < IDEAS; i++)
        fine = begin(life, i);
    return fine;
}

/* ---- one becomes text ---- */

static bool read_target(struct life *life, struct json_document *document, struct target *ret)
{
    const struct call call = {.method = "GET", .path = "/v1/targets/" SLOWED};
    return desk_read(life->desk, NULL, call, target_record(), document, ret);
}

static bool write_amendment(struct life *life, struct buf *csv)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf packed = BUF(1u << 18);
    static struct target target;
    if (!read_target(life, &document, &target))
        return false;
    static struct amendment_change change;
    change = (struct amendment_change){.target = TEXT_LITERAL(SLOWED),
        .why = TEXT_LITERAL("idea-8 needs the same people (sample, invented)"),
        .effect = TEXT_LITERAL("None on the values; it is said why they come later"),
        .promise = target.promised.promise};
    change.promise.phasing_reason = TEXT_LITERAL("The weighbridges come first (sample, invented)");
    pack_write(amendment_change_record(), &change, &packed);
    csv_write_header(amendment_change_record(), csv);
    return csv_write(amendment_change_record(), buf_as_text(&packed), csv) && !csv->full;
}

static bool propose_amendment(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf csv = BUF(1u << 18);
    static struct agreement agreement;
    struct seat seat;
    char tag[32];
    const struct call ask = {.method = "GET", .path = "/v1/agreements/" SPONSOR "-" SAMPLE_CYCLE};
    if (!desk_read(life->desk, NULL, ask, agreement_record(), &document, &agreement) ||
        !load_people_seat(life->desk, "secretary", TEXT_LITERAL(SPONSOR), &seat))
        return false;
    if (agreement.state != STATE_IN_FORCE)
        return true; /* it was proposed before this load was interrupted */
    (void)snprintf(tag, sizeof tag, "\"%" PRId64 "\"", agreement.version.value);
    if (!write_amendment(life, &csv))
        return false;
    const struct call call = {.method = "POST",
        .path = "/v1/agreements/" SPONSOR "-" SAMPLE_CYCLE "/amend?reason=Sample%2C%20invented",
        .key = "sample-life-amend",
        .if_match = tag,
        .type = "text/csv",
        .body = buf_as_text(&csv)};
    return desk_command(life->desk, &seat, call, NULL);
}

static bool is_adopted(struct life *life, bool *ret_adopted)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct idea_view idea;
    const struct call call = {.method = "GET", .path = "/v1/ideas/idea-8"};
    if (!desk_read(life->desk, NULL, call, idea_view_record(), &document, &idea))
        return false;
    *ret_adopted = idea.state == IDEA_ADOPTED;
    return true;
}

bool life_adopt(struct life *life)
{
    bool adopted = false;
    if (life->quarter != 2 || !life_is_first(life))
        return true;
    if (!is_adopted(life, &adopted) || adopted)
        return adopted;
    return propose_amendment(life) && load_road_amended(life->desk, TEXT_LITERAL(SPONSOR)) &&
           step(life, IDEAS, IDEA_ADOPTED, 7, SPONSOR "-" SAMPLE_CYCLE ".a1");
}
