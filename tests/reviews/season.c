#include "reviews/season.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct play *season_play;

static void add_agreement(const char *id)
{
    static const int64_t weights[] = {50000, 30000, 20000};
    for (unsigned i = 0; i < 3; i++)
        scene_target(
            season_play, id, i + 1, "Theft falls", weights[i], CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(season_play, id, STATE_IN_FORCE);
}

int season_open(const struct service *service)
{
    season_play = play_new(service);
    season_play->now_ms = day_number(20210625) * INT64_C(86400000);
    scene_government(season_play);
    add_agreement("FIN-2021");
    add_agreement("PWR-2021");
    add_agreement("WAT-2021");
    scene_post(season_play, "m.pwr", "minister.PWR");
    scene_post(season_play, "p.rime", "pm");
    play_move(season_play, 20211001);
    return 0;
}

int season_close(void **state)
{
    (void)state;
    assert_true(play_same_again(season_play));
    play_free(season_play);
    return 0;
}

struct report_put season_line(
    const char *target, int64_t period, int64_t value, enum status own_word)
{
    return (struct report_put){.period = {period, true},
        .line = {.target = text_of(target),
            .value = {value, true},
            .own_word = own_word,
            .remark = own_word == STATUS_ON_TRACK ? (struct text){0} : TEXT_LITERAL("Late")}};
}

enum err season_report(const char *person, const char *office, struct report_put put)
{
    return play_do(season_play, person, office, MESSAGE_report_put, &put, 0);
}

/* "f.pwr" of PWR. */
static void person_of(char out[ID_MAX + 1], char role, const char *body)
{
    (void)snprintf(out, ID_MAX + 1, "%c.%.3s", role, body);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

void season_file(const char *body, int64_t period, int64_t first, int64_t second, int64_t third)
{
    const int64_t values[] = {first, second, third};
    char person[ID_MAX + 1], office[ID_MAX + 1], target[ID_MAX + 1];
    person_of(person, 'f', body);
    (void)snprintf(office, sizeof office, "focal.%.3s", body);
    for (int i = 0; i < 3; i++) {
        (void)snprintf(target, sizeof target, "%.3s-2021.%d", body, i + 1);
        assert_int_equal(
            season_report(person, office, season_line(target, period, values[i], STATUS_ON_TRACK)),
            OK);
    }
}

void season_certify(const char *report)
{
    char person[ID_MAX + 1], office[ID_MAX + 1], body[ID_MAX + 1];
    (void)snprintf(body, sizeof body, "%.3s", report);
    person_of(person, 's', body);
    (void)snprintf(office, sizeof office, "secretary.%.3s", report);
    struct report_certify certify = {.report = text_of(report)};
    enum err err = play_do(season_play, person, office, MESSAGE_report_certify, &certify,
        play_version(season_play, report));
    if (err)
        play_print(season_play);
    assert_int_equal(err, OK);
}

struct report season_read(const char *report)
{
    struct report_one one = {.report = text_of(report)};
    struct report view;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_report_get, &one), OK);
    play_read(season_play, 0, report_record(), &view);
    return view;
}

struct result season_result(const char *report, const char *target)
{
    struct result_list list = {.report = text_of(report)};
    struct result view;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_result_list, &list), OK);
    for (size_t i = 0; i < reply_count(season_play->reply); i++) {
        play_read(season_play, i, result_record(), &view);
        if (text_is(view.target, target))
            return view;
    }
    fail_msg("no result of %s in %s", target, report);
    return view;
}

void season_wait(const char *dependency, const char *target, int32_t on)
{
    struct dependency_raised raised = {.id = text_of(dependency),
        .raised = {.blocking_body = TEXT_LITERAL("FIN"),
            .type = TEXT_LITERAL("RELEASE"),
            .what = TEXT_LITERAL("Release of funds")},
        .body = TEXT_LITERAL("PWR"),
        .norm_days = {10, true},
        .weight = {50000, true},
        .on = on};
    raised.raised.targets.head = (struct list_head){1, true};
    raised.raised.targets.at[0] = text_of(target);
    play_tell(season_play, MESSAGE_dependency_raised, dependency, dependency, &raised);
}

size_t season_count(enum message event)
{
    size_t count = 0;
    for (size_t i = 0; i < season_play->log_count; i++)
        count += season_play->log[i].message == event;
    return count;
}
