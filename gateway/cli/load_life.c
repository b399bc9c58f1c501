/* A table of days, each with what happens on it. The clock says how far an earlier load came; on
 * the day on which it was interrupted everything is sent again under the same keys, which does
 * nothing twice. */
#include "load_life.h"

#include "base/clock.h"
#include "life.h"
#include "load_people.h"
#include "load_road.h"
#include "sample.h"
#include "sample_tables.h"

#include <stdio.h>
#include <unistd.h>

#define SEED    UINT64_C(20220515)
#define NOON_MS (INT64_C(7) * 3600 * 1000) /* of UTC+5 */
#define DAY_MS  INT64_C(86400000)

bool life_post(struct life *life, const struct seat *seat, const char *path, const char *what,
    const char *tag, const struct record *record, const void *value,
    struct desk_receipt *ret_receipt)
{
    char key[LIFE_KEY];
    (void)snprintf(key, sizeof key, "sample-life-%s", what);
    const struct call call = {.path = path, .key = key, .if_match = tag};
    return desk_post(life->desk, seat, call, record, value, ret_receipt);
}

bool life_is_first(const struct life *life)
{
    return text_is(life->body, load_road_body(0));
}

struct dice life_dice(const struct life *life, const char *what)
{
    char word[LIFE_KEY];
    (void)snprintf(word, sizeof word, "%s %.*s %d", what, TEXT_ARG(life->body), life->quarter);
    return dice_of(SEED, text_of(word));
}

static bool read_today(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    struct clock_view clock;
    const struct call call = {.method = "GET", .path = "/v1/clock"};
    if (!desk_read(life->desk, NULL, call, clock_view_record(), &document, &clock))
        return false;
    life->today = clock.today;
    return true;
}

/* ---- the days ---- */

static bool nothing(struct life *life)
{
    return life->desk != NULL;
}

/* Days after the first day of the quarter; from 92 on they lie in the next one. */
static const struct {
    int32_t after;
    bool (*happens)(struct life *life);
} days[] = {{10, life_return}, {14, life_raise}, {20, life_ideas}, {24, life_acknowledge},
    {30, life_circle}, {38, life_grant}, {45, life_order}, {60, life_grant_late}, {70, life_adopt},
    {80, life_reshuffle}, {97, life_report}, {100, life_certify}, {105, life_grade},
    {114, life_score}, {131, life_decide}, {134, life_close}};

static int32_t day_of(int quarter, int32_t after)
{
    int32_t first = sample_cycle().starts_on;
    int32_t months = (first / 100 % 100 - 1) + 3 * (quarter - 1);
    int32_t start = (first / 10000 + months / 12) * 10000 + (months % 12 + 1) * 100 + 1;
    return day_from_number(day_number(start) + after);
}

static bool move_to(struct life *life, int32_t day)
{
    const struct clock_move move = {.to = {day_number(day) * DAY_MS + NOON_MS, true}};
    char what[LIFE_KEY];
    (void)snprintf(what, sizeof what, "clock-%d", day);
    life->today = day;
    return life_post(life, &life->unit, "/v1/clock", what, NULL, clock_move_record(), &move, NULL);
}

static bool set_norms(struct life *life)
{
    const struct sample_tables *tables = sample_tables();
    for (size_t i = 0; i < tables->norm_count; i++) {
        const struct norm_row *row = &tables->norms[i];
        const struct norm norm = {.type = row->type,
            .label = row->label,
            .blocking_body = row->body.len ? row->body : (struct text){0},
            .needed = row->needed,
            .norm_days = {row->days, true},
            .basis = LIFE_INVENTED};
        char path[LIFE_PATH], what[LIFE_KEY];
        (void)snprintf(path, sizeof path, "/v1/dependency-types/%.*s", TEXT_ARG(row->type));
        (void)snprintf(what, sizeof what, "norm-%.*s", TEXT_ARG(row->type));
        BUF_CLEANUP struct buf json = BUF(4096);
        if (!desk_write(norm_record(), &norm, &json))
            return false;
        const struct call call = {.method = "PUT",
            .path = path,
            .key = what,
            .type = "application/json",
            .body = buf_as_text(&json)};
        if (!desk_command(life->desk, &life->unit, call, NULL))
            return false;
    }
    return true;
}

static bool for_each_body(struct life *life, bool (*happens)(struct life *life))
{
    for (size_t i = 0; load_road_body(i); i++) {
        life->body = text_of(load_road_body(i));
        if (!happens(life))
            return false;
    }
    return true;
}

/* A step of days[], in order over all quarters: those of two quarters lie between each other. */
struct step {
    int32_t day;
    int quarter;
    bool (*happens)(struct life *life);
};
#define STEPS (LIFE_QUARTERS * sizeof days / sizeof *days + 1)

static void plan(struct step steps[STEPS])
{
    size_t count = 0;
    for (int quarter = 1; quarter <= LIFE_QUARTERS; quarter++)
        for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
            struct step step = {day_of(quarter, days[i].after), quarter, days[i].happens};
            size_t at = count++;
            for (; at > 0 && steps[at - 1].day > step.day; at--)
                steps[at] = steps[at - 1];
            steps[at] = step;
        }
    /* the day after the third quarter's release */
    steps[count] = (struct step){day_of(LIFE_QUARTERS, 136), LIFE_QUARTERS, nothing};
}

static bool take_step(struct life *life, const struct step *step, uint32_t *made)
{
    if (life->today > step->day)
        return true;
    if (life->today < step->day && !move_to(life, step->day))
        return false;
    life->quarter = step->quarter;
    ++*made;
    if (isatty(STDOUT_FILENO) == 1) {
        (void)printf("\r  sample history: %d", step->day);
        (void)fflush(stdout);
        life->desk->line_open = true;
    }
    return for_each_body(life, step->happens);
}

bool load_life(struct desk *desk, uint32_t *made)
{
    static struct life life;
    struct step steps[STEPS];
    life = (struct life){.desk = desk};
    if (!read_today(&life) || !load_people_seat(desk, "secretariat", (struct text){0}, &life.unit))
        return false;
    plan(steps);
    if (life.today >= steps[STEPS - 1].day)
        return true;
    bool fine = set_norms(&life);
    for (size_t i = 0; fine && i < STEPS; i++)
        fine = take_step(&life, &steps[i], made);
    if (desk->line_open)
        (void)printf("\n");
    desk->line_open = false;
    return fine;
}
