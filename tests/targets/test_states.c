/* Every command in every state by every office, and what leads back into draft or to the end. */
#include "table.h"

#include "model.h"

#include "targets/acts.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

/* 2023-06-30 19:00 UTC: July has begun in UTC+5. */
#define AFTER_THE_CYCLE INT64_C(1688151600000)

/* One in which an amendment may touch everything. */
static const struct cycle_entry *lax_cycle(void)
{
    static struct cycle_entry lax;
    lax.id = TEXT_LITERAL("2021");
    lax.facts = samples_cycle();
    lax.facts.amendment_most.thousandths = 100000;
    return &lax;
}

static struct agreement_entry *pwr(struct world *world)
{
    return model_agreement(world->state, PWR);
}

#define BIT(enumerator) (1u << enumerator)
#define EDITABLE                                                                                   \
    (BIT(STATE_DRAFT) | BIT(STATE_RETURNED) | BIT(STATE_ACCEPTED) | BIT(STATE_AT_PMO) |            \
        BIT(STATE_READY))
#define UNSIGNED (EDITABLE | BIT(STATE_SUBMITTED) | BIT(STATE_SIGNED_MINISTER))

/* In which states each can be done, by which roles, and by whose: own is PWR's. */
static const struct act {
    enum message command;
    unsigned states, own, centre;
} acts[] = {
    {MESSAGE_target_draft, EDITABLE, BIT(ROLE_FOCAL) | BIT(ROLE_SECRETARY), 0},
    {MESSAGE_target_change, EDITABLE, BIT(ROLE_FOCAL) | BIT(ROLE_SECRETARY), 0},
    {MESSAGE_target_remove, EDITABLE, BIT(ROLE_FOCAL) | BIT(ROLE_SECRETARY), 0},
    {MESSAGE_agreement_reorder, EDITABLE, BIT(ROLE_FOCAL) | BIT(ROLE_SECRETARY), 0},
    {MESSAGE_agreement_import, EDITABLE, BIT(ROLE_FOCAL) | BIT(ROLE_SECRETARY), 0},
    {MESSAGE_agreement_submit, BIT(STATE_DRAFT) | BIT(STATE_RETURNED), BIT(ROLE_SECRETARY), 0},
    {MESSAGE_agreement_withdraw, BIT(STATE_SUBMITTED), BIT(ROLE_SECRETARY), 0},
    {MESSAGE_amendment_propose, BIT(STATE_IN_FORCE), BIT(ROLE_SECRETARY), 0},
    {MESSAGE_amendment_drop, BIT(STATE_AMENDING), BIT(ROLE_SECRETARY), BIT(ROLE_PMO)},
    {MESSAGE_agreement_close, BIT(STATE_IN_FORCE) | BIT(STATE_AMENDING), 0, BIT(ROLE_SECRETARIAT)},
    {MESSAGE_agreement_lapse, UNSIGNED, 0, BIT(ROLE_SECRETARIAT)},
};
#define ACTS (sizeof acts / sizeof *acts)

static const char *const offices[] = {"focal.PWR", "focal.PWR.2", "secretary.PWR", "minister.PWR",
    "focal.FIN", "secretary.FIN", "minister.FIN", "committee", "committee.3", "secretariat", "pmo",
    "pm", "auditor", "administrator", "administrator.2", "person", "setup", "nobody", ""};

static enum err expected(enum agreement_state state, const struct act *act, const char *id)
{
    struct office office = office_read(text_of(id));
    bool own = text_is(office.body, "PWR") && (act->own >> office.role & 1u);
    bool centre = office.body.len == 0 && office.role && (act->centre >> office.role & 1u);
    if (!own && !centre)
        return ERR_FORBIDDEN;
    return act->states >> state & 1u ? OK : ERR_STATE;
}

static void test_state_command_office(void **unused)
{
    (void)unused;
    for (enum agreement_state state = STATE_DRAFT; state <= STATE_LAPSED; state++)
        for (size_t c = 0; c < ACTS; c++)
            for (size_t o = 0; o < sizeof offices / sizeof *offices; o++) {
                void *fresh;
                open_world(&fresh);
                acts_stand(fresh, state);
                bool ends = acts[c].command == MESSAGE_agreement_close ||
                            acts[c].command == MESSAGE_agreement_lapse;
                if (ends)
                    ((struct world *)fresh)->now_ms = AFTER_THE_CYCLE;
                else
                    pwr(fresh)->cycle = lax_cycle();
                enum err want = expected(state, &acts[c], offices[o]);
                enum err err = acts_do(fresh, offices[o], acts[c].command, true);
                if (err != want) {
                    print_message("%s of %s by '%s'\n", message_row(acts[c].command)->wire,
                        choices_word(agreement_state_choices(), (int)state), offices[o]);
                    world_print(fresh);
                }
                assert_int_equal(err, want);
                samples_close(&fresh);
            }
}

/* An edit of what is accepted, discussed or frozen begins with its way back into draft. */
static void test_reopen(void **unused)
{
    (void)unused;
    for (enum agreement_state state = STATE_DRAFT; state <= STATE_READY; state++)
        for (size_t c = 0; c < ACTS; c++) {
            if (acts[c].states != EDITABLE || state == STATE_SUBMITTED)
                continue;
            void *fresh;
            open_world(&fresh);
            acts_stand(fresh, state);
            struct world *world = fresh;
            bool back = state != STATE_DRAFT && state != STATE_RETURNED;
            size_t before = world->log_count;
            bool drafting = acts[c].command == MESSAGE_target_draft;
            if (!drafting || back) /* nobody makes a document void that he has not seen */
                assert_int_equal(
                    acts_do(world, "focal.PWR", acts[c].command, false), ERR_UNCONDITIONAL);
            assert_int_equal(acts_do(world, "focal.PWR", acts[c].command, true), OK);
            assert_int_equal(world->log[before].message == MESSAGE_agreement_reopened, back);
            assert_int_equal(pwr(world)->state, back ? STATE_DRAFT : state);
            for (size_t i = before + 1; i < world->log_count; i++)
                assert_int_not_equal(world->log[i].message, MESSAGE_agreement_reopened);
            samples_close(&fresh);
        }
}

/* An agreement ends on the day after the last of its cycle, in the government's zone. */
static void test_end(void **unused)
{
    (void)unused;
    static const struct {
        enum message command;
        enum agreement_state from, to;
    } rows[] = {{MESSAGE_agreement_close, STATE_IN_FORCE, STATE_CLOSED},
        {MESSAGE_agreement_lapse, STATE_READY, STATE_LAPSED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *fresh;
        open_world(&fresh);
        acts_stand(fresh, rows[i].from);
        struct world *world = fresh;
        world->now_ms = AFTER_THE_CYCLE - 1;
        assert_int_equal(acts_do(world, "secretariat", rows[i].command, true), ERR_STATE);
        assert_non_null(strstr(world->why.kept[0].detail, "2023-06-30"));
        world->now_ms = AFTER_THE_CYCLE;
        assert_int_equal(acts_do(world, "secretariat", rows[i].command, false), ERR_UNCONDITIONAL);
        assert_int_equal(acts_do(world, "secretariat", rows[i].command, true), OK);
        assert_int_equal(pwr(world)->state, rows[i].to);
        samples_close(&fresh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_command_office),
        cmocka_unit_test(test_reopen),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
