/* One agreement after the other. What is random comes from the dice of the body; everything else,
 * such as weights that sum to exactly 100, is arithmetic. */
#include "sample.h"

#include "base/must.h"
#include "sample_text.h"
#include "sample_values.h"
#include "schema/csv.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define SEED       UINT64_C(20210701)
#define COUNT_MAX  (SAMPLE_TARGETS / 41 + 1)
#define WORDS_MAX  (64u << 10)
#define WEIGHT_ALL (100 * DECIMAL_ONE)
#define WEIGHT_BIT (DECIMAL_ONE / 100) /* weights are told to 0.01 */

struct drafting {
    struct text body;
    const struct pick *picks;
    uint32_t count;
    bool reasons;
    struct dice dice;
    struct buf words; /* what the texts of the promise at hand are borrowed from */
};

size_t sample_body_count(void)
{
    return sample_tables()->body_count;
}

struct body sample_body(size_t body)
{
    const struct sample_tables *tables = sample_tables();
    return (struct body){
        .id = tables->bodies[body].code,
        .name = tables->bodies[body].name,
        .kind = tables->bodies[body].kind,
        .peers = tables->bodies[body].peers,
        .valid_from = 20180820,
        .note = TEXT_LITERAL(SAMPLE_LABEL ": list of bodies from memory, not official"),
    };
}

struct cycle sample_cycle(void)
{
    return (struct cycle){
        .id = TEXT_LITERAL(SAMPLE_CYCLE),
        .title = TEXT_LITERAL("Performance agreements 2021-23 (" SAMPLE_LABEL ")"),
        .starts_on = VALUES_CYCLE_START,
        .ends_on = VALUES_CYCLE_END,
        .periods = {VALUES_PERIODS, true},
        .periods_a_year = {4, true},
    };
}

size_t sample_body_find(struct text code)
{
    const struct sample_tables *tables = sample_tables();
    for (size_t i = 0; i < tables->body_count; i++)
        if (text_equal(tables->bodies[i].code, code))
            return i;
    return SIZE_MAX;
}

uint32_t sample_count(size_t body)
{
    size_t bodies = sample_body_count();
    return (uint32_t)(SAMPLE_TARGETS / bodies + (body < SAMPLE_TARGETS % bodies));
}

bool sample_is_complete(size_t body)
{
    struct text code = sample_tables()->bodies[body].code;
    return !text_is(code, "NSD") && !text_is(code, "PVT") && !text_is(code, "ST");
}

/* Heavy outcomes, light process lines; in steps of 0.01, and 100 in all. */
static void make_weights(struct drafting *drafting, int64_t weights[COUNT_MAX])
{
    static const int64_t least[] = {0, 2, 6, 12}, most[] = {0, 8, 24, 60};
    int64_t sum = 0, given = 0;
    for (uint32_t i = 0; i < drafting->count; i++) {
        enum target_class class = drafting->picks[i].measure->class;
        weights[i] = dice_between(&drafting->dice, least[class], most[class]);
        sum += weights[i];
    }
    must(sum > 0);
    int64_t bits = WEIGHT_ALL / WEIGHT_BIT;
    for (uint32_t i = 0; i < drafting->count; i++) {
        int64_t share = weights[i] * bits / sum;
        weights[i] = share > 0 ? share : 1;
        given += weights[i];
    }
    for (uint32_t i = 0; given != bits; i = (i + 1) % drafting->count) {
        int64_t change = given < bits ? 1 : weights[i] > 1 ? -1 : 0;
        weights[i] += change;
        given += change;
    }
    for (uint32_t i = 0; i < drafting->count; i++)
        weights[i] *= WEIGHT_BIT;
}

/* What was written to the words from `begin` on. */
static struct text words_from(const struct drafting *drafting, size_t begin)
{
    must(!drafting->words.full);
    return (struct text){drafting->words.at + begin, drafting->words.len - begin};
}

/* A first draft has gaps: nobody named, nobody who owns it, only the body's own word for the
 * result.
 */
static void make_gaps(struct drafting *drafting, struct target_promise *promise)
{
    if (dice_percent(&drafting->dice, 7))
        promise->beneficiary = (struct text){0};
    if (promise->source_kind != SOURCE_OWN && dice_percent(&drafting->dice, 12)) {
        promise->source_kind = SOURCE_OWN;
        promise->source = TEXT_LITERAL("own record of the body");
    }
}

/* What the table says that it needs from others; now and then one fewer. */
static void make_needs(
    struct drafting *drafting, const struct measure *measure, struct target_promise *promise)
{
    uint32_t count = cell_count(measure->needs), kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct text what, code = text_cut(cell_item(measure->needs, i), ':', &what);
        if (text_equal(code, drafting->body) || dice_percent(&drafting->dice, 15))
            continue;
        promise->dependencies.at[kept++] = (struct need){code, what};
    }
    promise->dependencies.head = (struct list_head){kept, kept > 0};
    promise->depends_on_nobody = kept ? FLAG_UNSET : FLAG_YES;
}

/* An output serves an outcome, where there is one at the same place. */
static struct text make_serves(struct drafting *drafting, uint32_t index)
{
    const struct pick *pick = &drafting->picks[index];
    if (pick->measure->class != CLASS_OUTPUT)
        return (struct text){0};
    uint32_t outcomes = 0, found = 0, near = 0;
    while (drafting->picks[outcomes].measure->class == CLASS_OUTCOME)
        outcomes++;
    must(outcomes > 0);
    for (uint32_t i = 0; i < outcomes; i++)
        if (drafting->picks[i].place.name.at == pick->place.name.at &&
            dice_below(&drafting->dice, ++near) == 0)
            found = i;
    if (near == 0)
        found = dice_below(&drafting->dice, outcomes);
    size_t begin = drafting->words.len;
    buf_printf(&drafting->words, "%.*s-" SAMPLE_CYCLE ".%u", TEXT_ARG(drafting->body), found + 1);
    return words_from(drafting, begin);
}

static struct text make_owner(struct drafting *drafting)
{
    if (dice_percent(&drafting->dice, 4))
        return (struct text){0};
    size_t begin = drafting->words.len;
    const char *role = dice_percent(&drafting->dice, 85) ? "focal" : "secretary";
    buf_printf(&drafting->words, "%s.%.*s", role, TEXT_ARG(drafting->body));
    return words_from(drafting, begin);
}

static void make_texts(
    struct drafting *drafting, const struct pick *pick, struct target_promise *promise)
{
    struct buf *words = &drafting->words;
    size_t begin = words->len;
    text_statement(&drafting->dice, words, pick, promise);
    promise->statement = words_from(drafting, begin);
    begin = words->len;
    text_measure(words, pick);
    promise->measure = words_from(drafting, begin);
    begin = words->len;
    text_place(words, &pick->place);
    promise->place = words_from(drafting, begin);
    begin = words->len;
    text_baseline_source(&drafting->dice, words, promise->source);
    promise->baseline_source = words_from(drafting, begin);
}

static void make_promise(struct drafting *drafting, uint32_t index, struct target_promise *promise)
{
    const struct pick *pick = &drafting->picks[index];
    const struct measure *measure = pick->measure;
    *promise = (struct target_promise){
        .class = measure->class,
        .beneficiary = measure->beneficiary.len ? measure->beneficiary : pick->variant,
        .unit = measure->unit,
        .direction = measure->direction,
        .source = measure->source,
        .source_kind = measure->source_kind,
        .frequency = measure->frequency,
        .note = TEXT_LITERAL(SAMPLE_LABEL),
    };
    make_gaps(drafting, promise);
    values_make(&drafting->dice, measure, drafting->reasons, promise);
    make_texts(drafting, pick, promise);
    make_needs(drafting, measure, promise);
    promise->serves = make_serves(drafting, index);
    promise->owner = make_owner(drafting);
}

void sample_each(size_t body, sample_on_target *on_target, void *owner)
{
    static struct pick picks[COUNT_MAX];
    struct drafting drafting = {
        .body = sample_tables()->bodies[body].code,
        .picks = picks,
        .count = sample_count(body),
        .reasons = sample_is_complete(body),
        .words = BUF(WORDS_MAX),
    };
    must(drafting.count <= COUNT_MAX && buf_reserve(&drafting.words, WORDS_MAX / 2));
    drafting.dice = dice_of(SEED, drafting.body);
    choice_make(&drafting.dice, body, drafting.count, picks);
    int64_t weights[COUNT_MAX] = {0};
    make_weights(&drafting, weights);
    for (uint32_t i = 0; i < drafting.count; i++) {
        struct target_promise promise;
        buf_clear(&drafting.words);
        make_promise(&drafting, i, &promise);
        must(drafting.words.len < WORDS_MAX / 2); /* so that the texts have not moved */
        promise.weight = (struct decimal){weights[i], true};
        on_target(owner, &promise);
    }
    buf_free(&drafting.words);
}

struct writing {
    const uint32_t *findings; /* of the next promise; NULL: nothing is answered */
    struct buf *out;
};

static void answer_findings(uint32_t findings, struct target_promise *promise)
{
    const uint32_t room = sizeof promise->answers.at / sizeof *promise->answers.at;
    for (enum finding_code code = finding_code_UNSET + 1; code <= FINDING_NOT_READ; code++)
        if (findings >> code & 1u && promise->answers.head.count < room)
            promise->answers.at[promise->answers.head.count++] = (struct finding_answer){
                code, TEXT_LITERAL("Known, and meant so (" SAMPLE_LABEL ")")};
    promise->answers.head.given = promise->answers.head.count > 0;
}

static void write_row(void *owner, const struct target_promise *made)
{
    struct writing *writing = owner;
    struct target_promise promise = *made;
    BUF_CLEANUP struct buf packed = BUF(WORDS_MAX);
    if (writing->findings)
        answer_findings(*writing->findings++, &promise);
    pack_write(target_promise_record(), &promise, &packed);
    must(csv_write(target_promise_record(), buf_as_text(&packed), writing->out));
}

void sample_csv(size_t body, const uint32_t *findings, struct buf *out)
{
    struct writing writing = {findings, out};
    csv_write_header(target_promise_record(), out);
    sample_each(body, write_row, &writing);
}
