/* Random histories: people come and go, bodies merge, texts change, anybody tries to rule, accept,
 * return and ask. Whatever is decided, nobody has judged the own body, the gates say what a plain
 * count says, no event happened in a state that has no place for it, and the history folded again
 * is the same. */
#include "table.h"

#include "base/must.h"
#include "facts/life.h"
#include "reviews/scene.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS  20
#define STEPS   1000 /* of a round */
#define BODIES  4
#define TARGETS 6
#define JUDGES  4

static const char *const bodies[BODIES] = {"FIN", "PWR", "WAT", "ENE"};
static const char *const judges[JUDGES] = {"c.one", "c.two", "c.six", "d.two"};
static const char *const seats[JUDGES] = {
    "committee.1", "committee.2", "committee.3", "secretariat.2"};

/* What is plainly remembered of each agreement, beside the service. */
struct memory {
    char id[16];
    enum agreement_state state;
    struct {
        bool there, ruled;
        enum verdict verdict;
        enum target_class class;
        unsigned serves;
        int64_t weight;
    } targets[TARGETS + 1]; /* by number */
    unsigned drafted, threads;
    bool open[64];
};

struct game {
    struct play *play;
    struct chance chance;
    struct memory memory[BODIES];
    int comes[JUDGES]; /* from this body; -1: none */
    bool held[JUDGES][BODIES];
    int follows[BODIES]; /* the successor of each; -1: none */
    unsigned done[16], refused;
};

static uint32_t below(struct game *game, uint32_t most)
{
    return chance_below(&game->chance, most);
}

/* ---- the plain rules ---- */
static bool leads(const struct game *game, int from, int to)
{
    for (int steps = 0; from >= 0 && steps <= BODIES; steps++, from = game->follows[from])
        if (from == to)
            return true;
    return false;
}

static bool must_not_judge(const struct game *game, size_t judge, int body)
{
    for (int b = 0; b < BODIES; b++)
        if ((game->held[judge][b] || game->comes[judge] == b) &&
            (leads(game, b, body) || leads(game, body, b)))
            return true;
    return false;
}

static bool serves_an_outcome(const struct memory *memory, unsigned number)
{
    unsigned served = memory->targets[number].serves;
    return served && memory->targets[served].there && memory->targets[served].ruled &&
           memory->targets[served].verdict == VERDICT_ACCEPT &&
           memory->targets[served].class == CLASS_OUTCOME;
}

static bool passes(const struct memory *memory, int64_t ret_weights[4])
{
    int64_t all = 0;
    bool fine = false;
    memset(ret_weights, 0, 4 * sizeof *ret_weights);
    for (unsigned n = 1; n <= memory->drafted; n++)
        fine = fine || memory->targets[n].there;
    for (unsigned n = 1; n <= memory->drafted; n++) {
        if (!memory->targets[n].there)
            continue;
        all += memory->targets[n].weight;
        if (!memory->targets[n].ruled || memory->targets[n].verdict == VERDICT_RETURN) {
            fine = false;
            continue;
        }
        ret_weights[memory->targets[n].class] += memory->targets[n].weight;
        if (memory->targets[n].verdict == VERDICT_ENABLER && !serves_an_outcome(memory, n))
            fine = false;
    }
    return fine && ret_weights[CLASS_OUTCOME] * 10 >= all * 6 &&
           ret_weights[CLASS_PROCESS] * 10 <= all;
}

/* ---- what others do ---- */
static void draft(struct game *game, struct memory *memory)
{
    unsigned number = 1 + below(game, TARGETS);
    if (memory->state != STATE_DRAFT && memory->state != STATE_RETURNED)
        return;
    if (number > memory->drafted)
        number = ++memory->drafted;
    else if (!memory->targets[number].there)
        return;
    char id[24];
    (void)snprintf(id, sizeof id, "%s.%u", memory->id, number);
    if (memory->targets[number].there && below(game, 5) == 0) {
        struct target_one one = {.target = text_of(id)};
        play_tell(game->play, MESSAGE_target_removed, memory->id, id, &one);
        memory->targets[number].there = false;
        return;
    }
    int64_t weight = (1 + (int64_t)below(game, 5)) * 10000;
    scene_target(game->play, memory->id, number, below(game, 2) ? "Cut losses" : "Build roads",
        weight, (enum target_class)below(game, 4), (enum target_class)below(game, 4));
    memory->targets[number].there = true;
    memory->targets[number].ruled = false;
    memory->targets[number].weight = weight;
}

/* Some event of another service that is possible now. */
static void go_on(struct game *game, struct memory *memory)
{
    static const enum message events[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_submitted,
        MESSAGE_agreement_submitted, MESSAGE_agreement_withdrawn, MESSAGE_agreement_reopened,
        MESSAGE_agreement_frozen};
    enum message event = events[below(game, sizeof events / sizeof *events)];
    enum agreement_state after = life_after(event, memory->state);
    if (!after || (event != MESSAGE_agreement_submitted && below(game, 4)))
        return;
    play_tell(game->play, event, memory->id, memory->id, NULL);
    memory->state = after;
}

static void move_people(struct game *game)
{
    size_t judge = below(game, JUDGES);
    int body = (int)below(game, BODIES);
    char office[24];
    (void)snprintf(office, sizeof office, "focal.%s.%zu", bodies[body], judge + 2);
    switch (below(game, 600)) {
    case 0: /* for a while */
        scene_post(game->play, judges[judge], office);
        scene_unpost(game->play, office);
        game->held[judge][body] = true;
        break;
    case 1:
        scene_person(game->play, judges[judge], bodies[body]);
        game->comes[judge] = body;
        break;
    case 2: /* forwards only, so that there is no circle */
        if (body + 1 < BODIES && below(game, 4) == 0) {
            game->follows[body] = body + 1 + (int)below(game, (uint32_t)(BODIES - body - 1));
            scene_body(game->play, bodies[body], bodies[game->follows[body]]);
        }
        break;
    default:
        break;
    }
}

/* ---- what the service decides ---- */
static void rule(struct game *game, int body, size_t judge)
{
    struct memory *memory = &game->memory[body];
    unsigned number = 1 + below(game, TARGETS), serves = 1 + below(game, TARGETS);
    char id[24], served[24];
    (void)snprintf(id, sizeof id, "%s.%u", memory->id, number);
    (void)snprintf(served, sizeof served, "%s.%u", memory->id, serves);
    struct ruling_make make = {.target = text_of(id),
        .verdict = below(game, 3) ? VERDICT_ACCEPT : (enum verdict)(1 + below(game, 3)),
        .class = (enum target_class)(1 + below(game, 3)),
        .reason = below(game, 4) ? TEXT_LITERAL("as it reads") : (struct text){0}};
    if (below(game, 4))
        make.class = CLASS_OUTCOME;
    if (make.verdict == VERDICT_ENABLER)
        make.serves = text_of(served);
    enum err err = play_do(game->play, judges[judge], seats[judge], MESSAGE_ruling_make, &make, 0);
    if (seats[judge][0] == 's') /* the secretariat rules on nothing */
        assert_int_equal(err, ERR_FORBIDDEN);
    if (err) {
        game->refused++;
        return;
    }
    game->done[0]++;
    assert_false(must_not_judge(game, judge, body));
    assert_int_equal(memory->state, STATE_SUBMITTED);
    assert_true(memory->targets[number].there);
    memory->targets[number].ruled = true;
    memory->targets[number].verdict = make.verdict;
    memory->targets[number].class = make.class;
    memory->targets[number].serves = make.verdict == VERDICT_ENABLER ? serves : 0;
}

static void judge_whole(struct game *game, int body, size_t judge)
{
    static const enum message acts[] = {
        MESSAGE_agreement_accept, MESSAGE_agreement_return, MESSAGE_agreement_forward};
    static const enum message events[] = {
        MESSAGE_agreement_accepted, MESSAGE_agreement_returned, MESSAGE_agreement_forwarded};
    struct memory *memory = &game->memory[body];
    struct agreement_judge act = {
        .agreement = text_of(memory->id), .reason = TEXT_LITERAL("as it reads")};
    size_t which = below(game, 8) ? below(game, 2) * 2 : 1;
    int64_t weights[4];
    bool pass = passes(memory, weights), fine = life_after(events[which], memory->state);
    if (acts[which] != MESSAGE_agreement_forward)
        fine = fine && !must_not_judge(game, judge, body);
    else
        fine = fine && seats[judge][0] == 's';
    if (acts[which] == MESSAGE_agreement_accept)
        fine = fine && pass;
    enum err err = play_do(game->play, judges[judge], seats[judge], acts[which], &act,
        play_version(game->play, memory->id));
    if ((err == OK) != fine)
        play_print(game->play);
    assert_int_equal(err == OK, fine);
    if (err)
        return;
    game->done[1 + which]++;
    memory->state = life_after(events[which], memory->state);
}

static void discuss(struct game *game, int body)
{
    struct memory *memory = &game->memory[body];
    char id[24];
    unsigned number = 1 + below(game, memory->threads + 1);
    (void)snprintf(id, sizeof id, "%s.f%u", memory->id, number);
    struct thread_open open = {.agreement = text_of(memory->id), .text = TEXT_LITERAL("Why?")};
    struct thread_close close = {.thread = text_of(id), .outcome = THREAD_ANSWERED};
    bool here = memory->state == STATE_AT_PMO;
    if (below(game, 2) && memory->threads < 60) {
        enum err err = play_do(game->play, "p.mo", "pmo", MESSAGE_thread_open, &open, 0);
        assert_int_equal(err, here ? OK : ERR_STATE);
        if (here)
            memory->open[++memory->threads] = true;
    } else {
        enum err err = play_do(game->play, "p.mo", "pmo", MESSAGE_thread_close, &close, 0);
        bool there = number <= memory->threads;
        assert_int_equal(err, !there                         ? ERR_NOT_FOUND
                              : here && memory->open[number] ? OK
                                                             : ERR_STATE);
        if (err == OK)
            memory->open[number] = false;
        game->done[4] += err == OK;
    }
}

/* ---- what must always be true ---- */
static void check_gates(struct game *game, int body)
{
    struct memory *memory = &game->memory[body];
    struct agreement_one one = {.agreement = text_of(memory->id)};
    struct gates_view view = {0};
    int64_t weights[4];
    bool pass = passes(memory, weights);
    must(play_ask(game->play, "a.udit", "auditor", MESSAGE_gates_get, &one) == OK);
    play_read(game->play, 0, gates_view_record(), &view);
    assert_int_equal(view.state, memory->state);
    assert_int_equal(view.gates.pass, pass ? FLAG_YES : FLAG_NO);
    assert_int_equal(view.gates.outcome_weight.thousandths, weights[CLASS_OUTCOME]);
    assert_int_equal(view.gates.output_weight.thousandths, weights[CLASS_OUTPUT]);
    assert_int_equal(view.gates.process_weight.thousandths, weights[CLASS_PROCESS]);
}

static void check_queue(struct game *game, size_t judge)
{
    struct queue_list asked = {0};
    must(play_ask(game->play, judges[judge], seats[judge], MESSAGE_queue_list, &asked) == OK);
    size_t waiting = 0;
    for (int b = 0; b < BODIES; b++)
        waiting += game->memory[b].state == STATE_SUBMITTED;
    assert_int_equal(reply_count(game->play->reply), waiting);
    for (size_t i = 0; i < waiting; i++) {
        struct queue_item item = {0};
        play_read(game->play, i, queue_item_record(), &item);
        for (int b = 0; b < BODIES; b++)
            if (text_is(item.body, bodies[b]))
                assert_int_equal(item.recused, must_not_judge(game, judge, b) ? FLAG_YES : FLAG_NO);
    }
}

static void step(struct game *game)
{
    int body = (int)below(game, BODIES);
    size_t judge = below(game, JUDGES);
    switch (below(game, 12)) {
    case 0:
    case 1:
        draft(game, &game->memory[body]);
        break;
    case 2:
        go_on(game, &game->memory[body]);
        break;
    case 3:
        judge_whole(game, body, judge);
        break;
    case 4:
        discuss(game, body);
        break;
    default:
        rule(game, body, judge);
    }
    move_people(game);
    check_gates(game, body);
    check_queue(game, judge);
}

static void begin(struct game *game)
{
    game->play = play_new(table_service());
    scene_government(game->play);
    scene_body(game->play, "ENE", NULL);
    scene_open(game->play, "ENE");
    memset(game->memory, 0, sizeof game->memory);
    memset(game->held, 0, sizeof game->held);
    for (int b = 0; b < BODIES; b++) {
        (void)snprintf(game->memory[b].id, sizeof game->memory[b].id, "%s-2021", bodies[b]);
        game->memory[b].state = STATE_DRAFT;
        game->follows[b] = -1;
    }
    for (size_t j = 0; j < JUDGES; j++) {
        scene_post(game->play, judges[j], seats[j]);
        game->comes[j] = -1;
    }
}

static void test_play(void **unused)
{
    (void)unused;
    static struct game game;
    game.chance = chance_start("test_random");
    for (int round = 0; round < ROUNDS; round++) {
        begin(&game);
        for (int i = 0; i < STEPS; i++)
            step(&game);
        assert_true(play_same_again(game.play));
        play_free(game.play);
    }
    print_message("ruled %u (refused %u), accepted %u, returned %u, forwarded %u, closed %u\n",
        game.done[0], game.refused, game.done[1], game.done[2], game.done[3], game.done[4]);
    for (size_t i = 0; i < 5; i++) /* a game in which nothing happens proves nothing */
        assert_true(game.done[i] > 0);
    assert_true(game.refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_play)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
