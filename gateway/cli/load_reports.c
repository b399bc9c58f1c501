/* Reports good and bad: one body is silent in the second quarter, one always sees itself on track.
 */
#include "life.h"

#include "load_people.h"
#include "sample.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#define TARGETS_MAX 512
#define GRADED      12
#define DIGEST_TEXT (2 * crypto_hash_sha256_BYTES + 1)
#define CSV_MAX     (1u << 20)
#define SILENT      "WR"
#define ROSY        "COM"

struct promised {
    int64_t baseline, milestones[LIFE_QUARTERS];
};

struct promises {
    struct promised at[TARGETS_MAX];
    size_t count;
};

static void on_target(void *owner, const void *value)
{
    struct promises *promises = owner;
    const struct target *target = value;
    const struct target_promise *promise = &target->promised.promise;
    if (promises->count == TARGETS_MAX)
        return;
    struct promised *promised = &promises->at[promises->count++];
    promised->baseline = promise->baseline.thousandths;
    for (int i = 0; i < LIFE_QUARTERS; i++)
        promised->milestones[i] = promise->milestones.at[i];
}

static bool read_targets(struct life *life, struct promises *ret_promises)
{
    static struct target target;
    char path[LIFE_PATH];
    (void)snprintf(path, sizeof path, "/v1/targets?agreement=%.*s-" SAMPLE_CYCLE "&sort=id",
        TEXT_ARG(life->body));
    ret_promises->count = 0;
    return desk_list(life->desk, NULL, path, target_record(), &target, on_target, ret_promises);
}

static bool is_silent(const struct life *life)
{
    return life->quarter == 2 && text_is(life->body, SILENT);
}

/* How much of what was promised for the quarter is there, in percent: mostly all of it. */
static int64_t reached(struct dice *dice)
{
    static const int64_t shares[] = {100, 100, 100, 105, 110, 90, 80, 70, 50, 100};
    return shares[dice_below(dice, sizeof shares / sizeof *shares)];
}

/* Of every fourth target nobody shows anything. */
static bool is_shown(size_t index)
{
    return index % 4 != 3;
}

/* One file a quarter for all that is shown; what it holds is invented too. */
static bool send_evidence(struct life *life, const struct seat *seat, char ret_sha256[DIGEST_TEXT])
{
    char path[LIFE_PATH], content[256];
    unsigned char digest[crypto_hash_sha256_BYTES];
    size_t len = (size_t)snprintf(content, sizeof content,
        "body,quarter,note\n%.*s,%d,Invented returns of a sample government\n",
        TEXT_ARG(life->body), life->quarter);
    (void)crypto_hash_sha256(digest, (const unsigned char *)content, len);
    (void)sodium_bin2hex(ret_sha256, DIGEST_TEXT, digest, sizeof digest);
    (void)snprintf(path, sizeof path, "/v1/evidence?name=returns-%.*s-%d.csv", TEXT_ARG(life->body),
        life->quarter);
    const struct call call = {
        .method = "POST", .path = path, .type = "text/csv", .body = {content, len}};
    struct called called = desk_call(life->desk, seat, call);
    return called.status == 201 || called.status == 200 || desk_refuse(life->desk, &call, &called);
}

static void write_line(const struct life *life, const struct promised *target, size_t index,
    const char *sha256, struct dice *dice, struct buf *csv)
{
    int64_t share = reached(dice);
    int64_t value =
        target->baseline + (target->milestones[life->quarter - 1] - target->baseline) * share / 100;
    bool rosy = text_is(life->body, ROSY) || dice_percent(dice, 20);
    const char *word = share >= 100 || rosy ? "on_track" : share > 60 ? "lagging" : "off_track";
    buf_printf(csv, "%.*s-" SAMPLE_CYCLE ".%zu,", TEXT_ARG(life->body), index + 1);
    decimal_write(csv, value);
    buf_printf(csv, ",%s,%s,%s\n", word, share >= 100 ? "" : "Behind for reasons invented here",
        is_shown(index) ? sha256 : "");
}

bool life_report(struct life *life)
{
    BUF_CLEANUP struct buf csv = BUF(CSV_MAX);
    struct dice dice = life_dice(life, "report");
    static struct promises promises;
    struct seat seat;
    char path[LIFE_PATH], key[LIFE_KEY], sha256[DIGEST_TEXT];
    if (is_silent(life))
        return true;
    if (!read_targets(life, &promises) || !load_people_seat(life->desk, "focal", life->body, &seat))
        return false;
    if (!send_evidence(life, &seat, sha256))
        return false;
    buf_str(&csv, "target,value,own_word,remark,evidence\n");
    for (size_t i = 0; i < promises.count; i++)
        write_line(life, &promises.at[i], i, sha256, &dice, &csv);
    (void)snprintf(path, sizeof path, "/v1/agreements/%.*s-" SAMPLE_CYCLE "/reports?period=%d",
        TEXT_ARG(life->body), life->quarter);
    (void)snprintf(
        key, sizeof key, "sample-life-report-%.*s-%d", TEXT_ARG(life->body), life->quarter);
    const struct call call = {
        .method = "POST", .path = path, .key = key, .type = "text/csv", .body = buf_as_text(&csv)};
    return !csv.full && desk_command(life->desk, &seat, call, NULL);
}

bool life_certify(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct report report;
    struct seat seat;
    char path[LIFE_PATH], deed[LIFE_PATH + 16], what[LIFE_KEY], tag[32];
    if (is_silent(life))
        return true;
    (void)snprintf(path, sizeof path, "/v1/reports/%.*s-" SAMPLE_CYCLE ".q%d", TEXT_ARG(life->body),
        life->quarter);
    const struct call call = {.method = "GET", .path = path};
    if (!desk_read(life->desk, &life->unit, call, report_record(), &document, &report) ||
        !load_people_seat(life->desk, "secretary", life->body, &seat))
        return false;
    if (report.state != REPORT_OPEN)
        return true;
    (void)snprintf(deed, sizeof deed, "%s/certify", path);
    (void)snprintf(what, sizeof what, "certify-%.*s-%d", TEXT_ARG(life->body), life->quarter);
    (void)snprintf(tag, sizeof tag, "\"%" PRId64 "\"", report.version.value);
    return life_post(life, &seat, deed, what, tag, NULL, NULL, NULL);
}

bool life_grade(struct life *life)
{
    char path[LIFE_PATH], what[LIFE_KEY];
    struct dice dice = life_dice(life, "grade");
    for (unsigned n = 1; n <= GRADED && !is_silent(life); n++) {
        const struct report_grade grade = {.period = {life->quarter, true},
            .grade = is_shown(n - 1) ? GRADE_E1 + dice_below(&dice, 4) : GRADE_E3,
            .reason = LIFE_INVENTED};
        (void)snprintf(path, sizeof path, "/v1/targets/%.*s-" SAMPLE_CYCLE ".%u/grade",
            TEXT_ARG(life->body), n);
        (void)snprintf(
            what, sizeof what, "grade-%.*s-%u-%d", TEXT_ARG(life->body), n, life->quarter);
        if (!life_post(life, &life->unit, path, what, NULL, report_grade_record(), &grade, NULL))
            return false;
    }
    return true;
}

bool life_score(struct life *life)
{
    static const char *const members[] = {"committee.1", "committee.2", "committee.3"};
    struct dice dice = life_dice(life, "score");
    char path[LIFE_PATH], what[LIFE_KEY];
    (void)snprintf(path, sizeof path, "/v1/reports/%.*s-" SAMPLE_CYCLE ".q%d/score",
        TEXT_ARG(life->body), life->quarter);
    for (size_t i = 0; i < sizeof members / sizeof *members && !is_silent(life); i++) {
        struct seat seat;
        const struct score_give give = {.difficulty = {dice_below(&dice, 4), true},
            .difficulty_why = LIFE_INVENTED,
            .citizens = {dice_below(&dice, 4), true},
            .citizens_why = LIFE_INVENTED,
            .data = {dice_below(&dice, 4), true},
            .data_why = LIFE_INVENTED,
            .cooperation = {dice_below(&dice, 4), true},
            .cooperation_why = LIFE_INVENTED,
            .learning = {dice_below(&dice, 4), true},
            .learning_why = LIFE_INVENTED};
        (void)snprintf(
            what, sizeof what, "score-%.*s-%d-%zu", TEXT_ARG(life->body), life->quarter, i);
        if (!load_people_seat(life->desk, members[i], (struct text){0}, &seat) ||
            !life_post(life, &seat, path, what, NULL, score_give_record(), &give, NULL))
            return false;
    }
    return true;
}
