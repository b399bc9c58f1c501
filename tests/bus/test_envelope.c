/* Envelopes, refusals and published events there and back, and what is not one of them. */
#include "bus/envelope.h"

#include "schema/pack.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
// clang-format on

static struct faults why, again;

static struct text packed(const struct record *record, const void *value, struct buf *out)
{
    buf_clear(out);
    pack_write(record, value, out);
    return buf_as_text(out);
}

static void requests_are_read(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(4096);
    struct envelope envelope = {.id = TEXT_LITERAL("7"),
        .message = TEXT_LITERAL("target.draft"),
        .key = TEXT_LITERAL("k"),
        .least = {12, true}};
    struct text frames[] = {packed(envelope_record(), &envelope, &out), TEXT_LITERAL("\x80")};
    struct envelope read;
    enum message message;
    assert_int_equal(
        envelope_read(&(struct bus_message){.count = 2, .frames = frames}, &read, &message, &why),
        OK);
    assert_int_equal(message, MESSAGE_target_draft);
    assert_true(text_is(read.key, "k") && read.least.value == 12 && !read.expected.given);
    assert_int_equal(
        envelope_read(&(struct bus_message){.count = 1, .frames = frames}, &read, &message, &why),
        ERR_BAD_INPUT);
}

static void other_requests_are_refused(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(4096);
    static const char *const wires[] = {"target.drafted", "no.such", "target.draft "};
    struct envelope read;
    enum message message;
    for (size_t i = 0; i < sizeof wires / sizeof *wires; i++) {
        struct envelope envelope = {.id = TEXT_LITERAL("7"), .message = text_of(wires[i])};
        struct text frames[] = {packed(envelope_record(), &envelope, &out), TEXT_LITERAL("\x80")};
        faults_clear(&why);
        assert_int_not_equal(envelope_read(&(struct bus_message){.count = 2, .frames = frames},
                                 &read, &message, &why),
            OK);
        assert_string_equal(why.kept[0].member, "message");
    }
}

static void refusals_survive_the_way(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(1u << 20);
    size_t ends[FAULTS_KEPT];
    struct text frames[FAULTS_KEPT + 1] = {TEXT_LITERAL("head")};
    faults_clear(&why);
    faults_add(&why, ERR_STALE, "", "read it again");
    for (uint32_t i = 1; i < FAULTS_KEPT + 20; i++) {
        why.line = i;
        why.column = i % 2;
        faults_add(&why, ERR_INVALID, "milestones/3", "fault %u", i);
    }
    size_t count = envelope_write_faults(&why, &out, ends);
    assert_int_equal(count, FAULTS_KEPT);
    for (size_t i = 0; i < count; i++) {
        size_t from = i ? ends[i - 1] : 0;
        frames[i + 1] = (struct text){out.at + from, ends[i] - from};
    }
    envelope_read_faults(
        &(struct bus_message){.count = count + 1, .frames = frames}, ERR_STALE, &again);
    assert_int_equal(again.total, FAULTS_KEPT);
    assert_memory_equal(&why.kept[0], &again.kept[0], offsetof(struct fault, member));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(why.kept[i].err, again.kept[i].err);
        assert_int_equal(why.kept[i].line, again.kept[i].line);
        assert_int_equal(why.kept[i].column, again.kept[i].column);
        assert_string_equal(why.kept[i].member, again.kept[i].member);
        assert_string_equal(why.kept[i].detail, again.kept[i].detail);
    }
}

static void a_refusal_without_frames_still_says_something(void **state)
{
    (void)state;
    struct text frames[] = {TEXT_LITERAL("head"), TEXT_LITERAL("\xc1")};
    envelope_read_faults(
        &(struct bus_message){.count = 2, .frames = frames}, ERR_UNAVAILABLE, &again);
    assert_int_equal(faults_err(&again), ERR_UNAVAILABLE);
    assert_string_equal(again.kept[0].detail, err_sentence(ERR_UNAVAILABLE));
}

static void published_forms(void **state)
{
    (void)state;
    struct published read;
    struct text position = {"\0\0\0\0\0\0\1\2", 8}, huge = {"\xff\xff\xff\xff\xff\xff\xff\xff", 8};
    struct text zero = {"\0\0\0\0\0\0\0\0", 8};
    char long_reason[ENVELOPE_REASON_MAX + 1];
    const struct {
        size_t count;
        struct text frames[4];
        bool fine;
    } cases[] = {
        {3, {TEXT_LITERAL("target.drafted"), position, TEXT_LITERAL("event")}, true},
        {2, {TEXT_LITERAL("~head"), position}, true},
        {2, {TEXT_LITERAL("~head"), zero}, true},
        {0, {{0}}, false},
        {1, {TEXT_LITERAL("~head")}, false},
        {3, {TEXT_LITERAL("~head"), position, TEXT_LITERAL("event")}, false},
        {2, {TEXT_LITERAL("~head"), huge}, false},
        {2, {TEXT_LITERAL("~head"), TEXT_LITERAL("1234567")}, false},
        {2, {TEXT_LITERAL("target.drafted"), position}, false},
        {3, {TEXT_LITERAL("target.drafted"), zero, TEXT_LITERAL("event")}, false},
        {3, {TEXT_LITERAL("target.drafted"), position, TEXT_LITERAL("")}, false},
        {4, {TEXT_LITERAL("t"), position, TEXT_LITERAL("e"), TEXT_LITERAL("")}, false},
        {2, {TEXT_LITERAL("~hold"), TEXT_LITERAL("event 7 was edited")}, true},
        {2, {TEXT_LITERAL("~hold"), TEXT_LITERAL("")}, false},
        {2, {TEXT_LITERAL("~hold"), TEXT_LITERAL("\xff")}, false},
        {2, {TEXT_LITERAL("~hold"), {long_reason, ENVELOPE_REASON_MAX}}, true},
        {2, {TEXT_LITERAL("~hold"), {long_reason, sizeof long_reason}}, false},
        {1, {TEXT_LITERAL("~hold")}, false},
        {3, {TEXT_LITERAL("~hold"), TEXT_LITERAL("a"), TEXT_LITERAL("b")}, false},
    };
    memset(long_reason, 'x', sizeof long_reason);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bus_message message = {.count = cases[i].count, .frames = cases[i].frames};
        assert_int_equal(envelope_read_published(&message, &read), cases[i].fine);
        if (i < 2)
            assert_int_equal(read.position, 258);
        if (!cases[i].fine)
            continue;
        struct text topic = cases[i].frames[0];
        assert_int_equal(read.is_head, text_is(topic, "~head"));
        assert_int_equal(read.is_hold, text_is(topic, "~hold"));
        if (read.is_hold)
            assert_true(text_equal(read.reason, cases[i].frames[1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_read),
        cmocka_unit_test(other_requests_are_refused),
        cmocka_unit_test(refusals_survive_the_way),
        cmocka_unit_test(a_refusal_without_frames_still_says_something),
        cmocka_unit_test(published_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
