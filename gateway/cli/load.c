/* Three lists say what is there already; the rest is made in order. Every request has a fixed
 * Idempotency-Key, so repeating one whose answer was lost does nothing twice. What people have
 * changed since is left alone: only an agreement at exactly the version that this load gave it is
 * taken further. */
#include "load.h"

#include "base/clock.h"
#include "commands.h"
#include "load_check.h"
#include "load_life.h"
#include "load_people.h"
#include "load_road.h"
#include "sample.h"
#include "sample_people.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define SHOW_US    (700 * 1000)
#define BODIES_MAX 64
#define WORD_SIZE  96

/* Bodies whose secretaries submit, so that not all agreements are drafts. */
static const char *const submitting[] = {
    "AVN", "CAB", "COM", "EDU", "FIN", "ITT", "MARA", "NHSRC", "REV", "WR"};

struct load {
    struct desk desk;
    struct seat keeper, secretariat; /* an administrator, and the delivery unit */
    bool has_cycle, has_body[BODIES_MAX];
    struct {
        uint64_t version; /* 0: no agreement */
        uint64_t targets;
        bool drafting;
    } agreements[BODIES_MAX];
    uint32_t bodies, people, opened, submitted, in_force, days; /* made by this load */
    uint64_t targets; /* in agreements that are complete */
    uint64_t shown_us;
};

/* ---- telling ---- */

static void show_progress(struct load *load, bool last)
{
    uint64_t now = clock_mono_us();
    if (!last && now - load->shown_us < SHOW_US)
        return;
    load->shown_us = now;
    bool terminal = isatty(STDOUT_FILENO) == 1;
    (void)printf("%s  %" PRIu64 " of %d sample targets%s", terminal ? "\r" : "", load->targets,
        SAMPLE_TARGETS, terminal && !last ? "" : "\n");
    (void)fflush(stdout);
    load->desk.line_open = terminal && !last;
}

/* ---- what is there ---- */

static void on_cycle(void *owner, const void *value)
{
    struct load *load = owner;
    const struct cycle_view *view = value;
    load->has_cycle |= text_is(view->cycle.id, SAMPLE_CYCLE);
}

static void on_body(void *owner, const void *value)
{
    struct load *load = owner;
    const struct body_view *view = value;
    size_t body = sample_body_find(view->body.id);
    if (body < BODIES_MAX)
        load->has_body[body] = true;
}

static void on_agreement(void *owner, const void *value)
{
    struct load *load = owner;
    const struct agreement *agreement = value;
    size_t body = sample_body_find(agreement->opened.opened.body);
    if (body >= BODIES_MAX || !text_is(agreement->opened.opened.cycle, SAMPLE_CYCLE))
        return;
    load->agreements[body].version = (uint64_t)agreement->version.value;
    load->agreements[body].targets = (uint64_t)agreement->totals.targets.value;
    load->agreements[body].drafting = agreement->state == STATE_DRAFT;
}

static bool look(struct load *load)
{
    struct cycle_view cycle;
    struct body_view body;
    struct desk *desk = &load->desk;
    return desk_list(desk, NULL, "/v1/cycles", cycle_view_record(), &cycle, on_cycle, load) &&
           desk_list(desk, NULL, "/v1/ministries", body_view_record(), &body, on_body, load);
}

static bool look_at_agreements(struct load *load)
{
    struct agreement agreement;
    return desk_list(&load->desk, &load->secretariat, "/v1/agreements?cycle=" SAMPLE_CYCLE,
        agreement_record(), &agreement, on_agreement, load);
}

/* ---- making the rest ---- */

static bool make_cycle(struct load *load)
{
    if (load->has_cycle)
        return true;
    struct cycle cycle = sample_cycle();
    struct call call = {.path = "/v1/cycles", .key = "sample-cycle-" SAMPLE_CYCLE};
    return desk_post(&load->desk, &load->keeper, call, cycle_record(), &cycle, NULL);
}

static bool make_body(struct load *load, size_t index)
{
    if (load->has_body[index])
        return true;
    struct body body = sample_body(index);
    char key[WORD_SIZE];
    (void)snprintf(key, sizeof key, "sample-body-%.*s", TEXT_ARG(body.id));
    struct call call = {.path = "/v1/ministries", .key = key};
    load->bodies++;
    return desk_post(&load->desk, &load->keeper, call, body_record(), &body, NULL);
}

static bool make_agreement(struct load *load, size_t index)
{
    if (load->agreements[index].version)
        return true;
    struct body body = sample_body(index);
    char key[WORD_SIZE], title[2 * WORD_SIZE];
    (void)snprintf(key, sizeof key, "sample-agreement-%.*s", TEXT_ARG(body.id));
    (void)snprintf(
        title, sizeof title, "%.*s, %s-23 (" SAMPLE_LABEL ")", TEXT_ARG(body.name), SAMPLE_CYCLE);
    struct agreement_open open = {body.id, TEXT_LITERAL(SAMPLE_CYCLE), text_of(title)};
    struct call call = {.path = "/v1/agreements", .key = key};
    if (!desk_post(&load->desk, &load->secretariat, call, agreement_open_record(), &open, NULL))
        return false;
    load->agreements[index].version = 1;
    load->agreements[index].drafting = true;
    load->opened++;
    return true;
}

/* A command on an agreement that changes it: "import", "submit". */
static bool act(struct load *load, size_t index, const char *what, const char *role,
    const char *type, struct text sent)
{
    struct text code = sample_body(index).id;
    char path[WORD_SIZE], key[WORD_SIZE], tag[WORD_SIZE];
    (void)snprintf(
        path, sizeof path, "/v1/agreements/%.*s-" SAMPLE_CYCLE "/%s", TEXT_ARG(code), what);
    (void)snprintf(key, sizeof key, "sample-%s-%.*s", what, TEXT_ARG(code));
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", load->agreements[index].version);
    struct call call = {
        .method = "POST", .path = path, .key = key, .if_match = tag, .type = type, .body = sent};
    struct desk_receipt receipt;
    struct seat seat;
    if (!load_people_seat(&load->desk, role, code, &seat) ||
        !desk_command(&load->desk, &seat, call, &receipt))
        return false;
    load->agreements[index].version = receipt.version;
    return true;
}

static bool submits(size_t index)
{
    struct text code = sample_body(index).id;
    for (size_t i = 0; i < sizeof submitting / sizeof *submitting; i++)
        if (text_is(code, submitting[i]))
            return true;
    return false;
}

/* Who submits has asked the checker before, and answers what it found. */
static bool make_targets(struct load *load, size_t index)
{
    if (load->agreements[index].version == 1 && load->agreements[index].drafting) {
        BUF_CLEANUP struct buf csv = BUF(SAMPLE_CSV_MAX);
        uint32_t findings[LOAD_CHECK_MAX] = {0};
        if (submits(index) && !load_check(&load->desk, index, findings))
            return false;
        sample_csv(index, findings, &csv);
        if (csv.full || !act(load, index, "import", "focal", "text/csv", buf_as_text(&csv)))
            return false;
        load->agreements[index].targets = sample_count(index);
    }
    load->targets += load->agreements[index].targets;
    show_progress(load, false);
    return true;
}

static bool make_submission(struct load *load, size_t index)
{
    if (!submits(index) || !load->agreements[index].drafting ||
        load->agreements[index].version != 1 + sample_count(index))
        return true;
    load->submitted++;
    return act(load, index, "submit", "secretary", "application/json", TEXT_LITERAL("{}"));
}

static bool make_all(struct load *load)
{
    size_t count = sample_body_count();
    if (!load_people_found(&load->desk, &load->keeper) || !make_cycle(load))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!make_body(load, i))
            return false;
    if (!load_people(&load->desk, &load->people) ||
        !load_people_seat(&load->desk, "secretariat", (struct text){0}, &load->secretariat) ||
        !look_at_agreements(load))
        return false;
    load->shown_us = clock_mono_us();
    for (size_t i = 0; i < count; i++)
        if (!make_agreement(load, i) || !make_targets(load, i) || !make_submission(load, i))
            return false;
    show_progress(load, true);
    return load_road(&load->desk, &load->in_force) && load_life(&load->desk, &load->days);
}

int load_sample(const char *url)
{
    uint64_t began = clock_mono_us();
    static struct load load;
    load = (struct load){0};
    bool fine = desk_open(&load.desk, url) && look(&load) && make_all(&load);
    desk_close(&load.desk);
    if (!fine) {
        (void)fprintf(stderr, "misaq: the sample is not complete; loading it again goes on here\n");
        return COMMAND_FAILED;
    }
    if (load.bodies || load.people || load.opened || load.submitted || load.in_force || load.days) {
        (void)printf("Sample government loaded in %.1f s: %u bodies, %u people, %u agreements, %u "
                     "submitted, %u in force, %u days of history.\n",
            (double)(clock_mono_us() - began) / 1e6, load.bodies, load.people, load.opened,
            load.submitted, load.in_force, load.days);
    } else {
        (void)printf("The sample government is there already: nothing to load.\n");
    }
    return COMMAND_FINE;
}
