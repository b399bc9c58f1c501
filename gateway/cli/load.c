/* Three lists say what is there already; the rest is made in order. Every request has a fixed
 * Idempotency-Key, so repeating one whose answer was lost does nothing twice. What people have
 * changed since is left alone: only an agreement at exactly the version that this load gave it is
 * taken further. */
#include "load.h"

#include "base/clock.h"
#include "caller.h"
#include "commands.h"
#include "refusal.h"
#include "sample.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define CALL_MS     30000
#define TRIES       10
#define PAUSE_MS    500
#define SHOW_US     (700 * 1000)
#define RECORD_MAX  (64u << 10)
#define BODIES_MAX  64
#define WORD_SIZE   96
#define SECRETARIAT "sample@secretariat"
#define KEEPER      "sample@administrator"

/* Bodies whose secretaries submit, so that not all agreements are drafts. */
static const char *const submitting[] = {
    "AVN", "CAB", "COM", "EDU", "FIN", "ITT", "MARA", "NHSRC", "REV", "WR"};

struct load {
    struct caller *caller;
    bool has_cycle, has_body[BODIES_MAX];
    struct {
        uint64_t version; /* 0: no agreement */
        uint64_t targets;
        bool drafting;
    } agreements[BODIES_MAX];
    uint32_t bodies, opened, submitted; /* made by this load */
    uint64_t targets;                   /* in agreements that are complete */
    uint64_t shown_us;
    bool line_open;
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
    load->line_open = terminal && !last;
}

static bool refuse(struct load *load, const struct call *call, const struct called *called)
{
    BUF_CLEANUP struct buf text = BUF(RECORD_MAX);
    refusal_write(called->body, &text);
    if (load->line_open)
        (void)printf("\n");
    (void)fflush(stdout);
    (void)fprintf(stderr, "misaq: %s %s: ", call->method, call->path);
    if (called->status)
        (void)fprintf(stderr, "%d ", called->status);
    (void)fprintf(stderr, "%.*s\n", TEXT_ARG(buf_as_text(&text)));
    return false;
}

/* ---- calling ---- */

/* Repeats a call that may have been lost, or that came too early. */
static struct called call_patiently(struct load *load, const struct call *call)
{
    struct called called = {0};
    for (int i = 0; i < TRIES; i++) {
        if (i) {
            struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
            (void)nanosleep(&pause, NULL);
        }
        called = caller_call(load->caller, call);
        if (called.status != 0 && called.status != 429 && called.status != 503 &&
            called.status != 504)
            break;
    }
    return called;
}

/* A command. Its answer is a receipt; *ret_version is the version it tells, where wanted. */
static bool command(struct load *load, const struct call *call, uint64_t *ret_version)
{
    struct called called = call_patiently(load, call);
    if (called.status != 200 && called.status != 201)
        return refuse(load, call, &called);
    JSON_CLEANUP struct json_document document = {0};
    static struct faults why;
    struct receipt receipt = {0};
    faults_clear(&why);
    if (json_read(receipt_record(), called.body, &document, &receipt, &why) != OK)
        return refuse(load, call, &called);
    if (ret_version)
        *ret_version = (uint64_t)receipt.version.value;
    return true;
}

/* The same with a record as its body. */
static bool command_record(
    struct load *load, struct call call, const struct record *record, const void *value)
{
    BUF_CLEANUP struct buf packed = BUF(RECORD_MAX);
    BUF_CLEANUP struct buf json = BUF(RECORD_MAX);
    pack_write(record, value, &packed);
    call.method = "POST";
    call.type = "application/json";
    if (packed.full || !json_write(record, buf_as_text(&packed), &json))
        return false;
    call.body = buf_as_text(&json);
    return command(load, &call, NULL);
}

/* Called for each item of a list that is read. */
typedef void on_item(struct load *load, const void *value);

/* Reads a whole list, a record a line. */
static bool read_list(
    struct load *load, const char *path, const struct record *record, void *value, on_item *item)
{
    static struct faults why;
    struct call call = {
        .method = "GET", .path = path, .actor = SECRETARIAT, .accept = "application/x-ndjson"};
    struct called called = call_patiently(load, &call);
    if (called.status != 200)
        return refuse(load, &call, &called);
    for (struct text rest = called.body; rest.len;) {
        struct text line = text_cut(rest, '\n', &rest);
        JSON_CLEANUP struct json_document document = {0};
        memset(value, 0, record->size);
        faults_clear(&why);
        if (line.len == 0)
            continue;
        if (json_read(record, line, &document, value, &why) != OK)
            return refuse(load, &call, &called);
        item(load, value);
    }
    return true;
}

/* ---- what is there ---- */

static void on_cycle(struct load *load, const void *value)
{
    const struct cycle_view *view = value;
    load->has_cycle |= text_is(view->cycle.id, SAMPLE_CYCLE);
}

static void on_body(struct load *load, const void *value)
{
    const struct body_view *view = value;
    size_t body = sample_body_find(view->body.id);
    if (body < BODIES_MAX)
        load->has_body[body] = true;
}

static void on_agreement(struct load *load, const void *value)
{
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
    struct agreement agreement;
    return read_list(load, "/v1/cycles", cycle_view_record(), &cycle, on_cycle) &&
           read_list(load, "/v1/ministries", body_view_record(), &body, on_body) &&
           read_list(load, "/v1/agreements?cycle=" SAMPLE_CYCLE, agreement_record(), &agreement,
               on_agreement);
}

/* ---- making the rest ---- */

static bool make_cycle(struct load *load)
{
    if (load->has_cycle)
        return true;
    struct cycle cycle = sample_cycle();
    struct call call = {.path = "/v1/cycles", .actor = KEEPER, .key = "sample-cycle-" SAMPLE_CYCLE};
    return command_record(load, call, cycle_record(), &cycle);
}

static bool make_body(struct load *load, size_t index)
{
    if (load->has_body[index])
        return true;
    struct body body = sample_body(index);
    char key[WORD_SIZE];
    (void)snprintf(key, sizeof key, "sample-body-%.*s", TEXT_ARG(body.id));
    struct call call = {.path = "/v1/ministries", .actor = KEEPER, .key = key};
    load->bodies++;
    return command_record(load, call, body_record(), &body);
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
    struct call call = {.path = "/v1/agreements", .actor = SECRETARIAT, .key = key};
    if (!command_record(load, call, agreement_open_record(), &open))
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
    char path[WORD_SIZE], actor[WORD_SIZE], key[WORD_SIZE], tag[WORD_SIZE];
    (void)snprintf(
        path, sizeof path, "/v1/agreements/%.*s-" SAMPLE_CYCLE "/%s", TEXT_ARG(code), what);
    (void)snprintf(actor, sizeof actor, "sample@%s.%.*s", role, TEXT_ARG(code));
    (void)snprintf(key, sizeof key, "sample-%s-%.*s", what, TEXT_ARG(code));
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", load->agreements[index].version);
    struct call call = {"POST", path, actor, key, tag, type, NULL, sent};
    return command(load, &call, &load->agreements[index].version);
}

static bool make_targets(struct load *load, size_t index)
{
    if (load->agreements[index].version == 1 && load->agreements[index].drafting) {
        BUF_CLEANUP struct buf csv = BUF(SAMPLE_CSV_MAX);
        sample_csv(index, &csv);
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
    struct text code = sample_body(index).id;
    bool submits = false;
    for (size_t i = 0; i < sizeof submitting / sizeof *submitting; i++)
        submits |= text_is(code, submitting[i]);
    if (!submits || !load->agreements[index].drafting ||
        load->agreements[index].version != 1 + sample_count(index))
        return true;
    load->submitted++;
    return act(load, index, "submit", "secretary", "application/json", TEXT_LITERAL("{}"));
}

static bool make_all(struct load *load)
{
    size_t count = sample_body_count();
    if (!make_cycle(load))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!make_body(load, i))
            return false;
    load->shown_us = clock_mono_us();
    for (size_t i = 0; i < count; i++)
        if (!make_agreement(load, i) || !make_targets(load, i) || !make_submission(load, i))
            return false;
    return true;
}

int load_sample(const char *url)
{
    uint64_t began = clock_mono_us();
    static struct load load;
    load = (struct load){.caller = caller_open(url, CALL_MS)};
    bool fine = load.caller && look(&load) && make_all(&load);
    caller_close(load.caller);
    if (!fine) {
        (void)fprintf(stderr, "misaq: the sample is not complete; loading it again goes on here\n");
        return COMMAND_FAILED;
    }
    if (load.bodies || load.opened || load.submitted) {
        show_progress(&load, true);
        (void)printf(
            "Sample government loaded in %.1f s: %u bodies, %u agreements, %u submitted.\n",
            (double)(clock_mono_us() - began) / 1e6, load.bodies, load.opened, load.submitted);
    } else {
        (void)printf("The sample government is there already: nothing to load.\n");
    }
    return COMMAND_FINE;
}
