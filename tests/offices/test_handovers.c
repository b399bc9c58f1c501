/* Notes, days and acknowledgements. The statement that is signed is written here by hand, as a
 * stranger would. */
#include "offices/house.h"

#include "proof/jws.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>

#define ONE      "adm.one@administrator.1"
#define OFFICE   "secretary.PWR"
#define HANDOVER "secretary.PWR.h1"
#define SHAH     "b.shah@secretary.PWR"

static void expect(struct house *house, enum err is, enum err wanted, const char *what)
{
    if (is != wanted) {
        (void)fprintf(stderr, "%s: %s, not %s\n", what, err_word(is), err_word(wanted));
        house_print(house);
    }
    assert_int_equal(is, wanted);
}

/* a.khan has left, b.shah has come. */
static void open_handed_over(struct house *house)
{
    house_open(house);
    house_register(house, "a.khan");
    house_register(house, "b.shah");
    house_register(house, "c.third");
    house_create(house, OFFICE);
    house_create(house, "minister.PWR");
    house_create(house, "secretary.EDU");
    house_post(house, OFFICE, "a.khan");
    house_post(house, OFFICE, "b.shah");
    house_post(house, "secretary.EDU", "c.third");
}

static enum err note(struct house *house, const char *actor, const char *handover)
{
    struct handover_note record = {text_of(handover), TEXT_LITERAL("mind the tariff hearing")};
    return house_do(house, actor, MESSAGE_handover_note, &record, 0);
}

static struct handover_view get(struct house *house, const char *actor)
{
    struct handover_one one = {TEXT_LITERAL(HANDOVER)};
    struct handover_view view;
    expect(house, house_ask(house, actor, MESSAGE_handover_get, &one), OK, actor);
    house_read(house, 0, handover_view_record(), &view);
    return view;
}

static void notes(void **unused)
{
    (void)unused;
    struct house house;
    open_handed_over(&house);
    expect(&house, note(&house, "a.khan@person", "secretary.PWR.h2"), ERR_NOT_FOUND, "no such");
    expect(&house, note(&house, "b.shah@person", HANDOVER), ERR_FORBIDDEN, "who comes");
    expect(&house, note(&house, "a.khan@person", HANDOVER), OK, "who leaves");
    house.now_ms += 3 * HOUSE_DAY_MS - 1;
    expect(&house, note(&house, "a.khan@person", HANDOVER), OK, "in time");
    house.now_ms += 1;
    expect(&house, note(&house, "a.khan@person", HANDOVER), ERR_STATE, "too late");
    static const struct {
        const char *actor;
        bool sees;
    } readers[] = {{"a.khan@person", true}, {"b.shah@person", true}, {SHAH, true},
        {"c.third@person", false}, {"c.third@secretary.EDU", false}, {ONE, false}};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        assert_int_equal(get(&house, readers[i].actor).note.at != NULL, readers[i].sees);
    house_close(&house);
}

static void days_are_counted(void **unused)
{
    (void)unused;
    struct house house;
    open_handed_over(&house);
    static const struct {
        int64_t after_ms;
        int64_t days;
        enum flag overdue;
    } cases[] = {{0, 0, FLAG_NO}, {HOUSE_DAY_MS - 1, 0, FLAG_NO}, {HOUSE_DAY_MS, 1, FLAG_NO},
        {7 * HOUSE_DAY_MS - 1, 6, FLAG_NO}, {7 * HOUSE_DAY_MS, 7, FLAG_YES}};
    int64_t start = house.now_ms;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        house.now_ms = start + cases[i].after_ms;
        struct handover_view view = get(&house, SHAH);
        assert_int_equal(view.days.value, cases[i].days);
        assert_int_equal(view.overdue, cases[i].overdue);
        assert_true(text_starts(view.pack, TEXT_LITERAL("/v1/packs/PWR?at=")));
    }
    house_close(&house);
}

/* ---- acknowledging ---- */
struct signer {
    struct key_secret secret;
    char id[KEY_TEXT_SIZE], public[KEY_TEXT_SIZE];
};

static void enrol(struct house *house, struct signer *signer, const char *office,
    const char *person, bool confirmed)
{
    key_generate(&signer->secret);
    struct key_public public = key_public_of(&signer->secret);
    key_id(&public, signer->id);
    key_to_text(&public, signer->public);
    struct key_proposed proposed = {.id = text_of(signer->id),
        .proposal = {.office = text_of(office),
            .person = text_of(person),
            .key = text_of(signer->public),
            .from = 20230101,
            .until = 20251231,
            .proof = TEXT_LITERAL("x")}};
    house_feed(house, MESSAGE_key_proposed, office, signer->id, &proposed);
    struct key_one one = {.key_id = text_of(signer->id)};
    if (confirmed)
        house_feed(house, MESSAGE_key_enrolled, office, signer->id, &one);
}

#define STATEMENT                                                                                  \
    "{\"handover\":\"%s\",\"office\":\"%s\",\"origin\":\"%s\",\"person\":\"%s\",\"position\":%s,"  \
    "\"type\":\"%s\"}"

static enum err acknowledge(
    struct house *house, const char *actor, const struct signer *signer, const char *statement)
{
    BUF_CLEANUP struct buf compact = BUF(JWS_MAX);
    jws_write(&compact, text_of(statement), NULL, &signer->secret);
    struct handover_acknowledge body = {TEXT_LITERAL(HANDOVER), buf_as_text(&compact)};
    return house_do(house, actor, MESSAGE_handover_acknowledge, &body, 0);
}

static void statements(void **unused)
{
    (void)unused;
    struct house house;
    open_handed_over(&house);
    char position[24], fine[400], other[404];
    struct signer own, proposed, of_edu, old;
    enrol(&house, &own, OFFICE, "b.shah", true);
    enrol(&house, &proposed, OFFICE, "b.shah", false);
    enrol(&house, &of_edu, "secretary.EDU", "c.third", true);
    key_generate(&old.secret);
    (void)snprintf(position, sizeof position, "%ld", get(&house, SHAH).position.value);
    (void)snprintf(fine, sizeof fine, STATEMENT, HANDOVER, OFFICE, "misaq/PK", "b.shah", position,
        "misaq.handover.v1");
    const struct {
        const char *handover, *office, *origin, *person, *position, *type, *member;
    } wrong[] = {
        {"secretary.PWR.h2", OFFICE, "misaq/PK", "b.shah", position, "misaq.handover.v1",
            "handover"},
        {HANDOVER, "minister.PWR", "misaq/PK", "b.shah", position, "misaq.handover.v1", "office"},
        {HANDOVER, OFFICE, "misaq/IN", "b.shah", position, "misaq.handover.v1", "origin"},
        {HANDOVER, OFFICE, "misaq/PK", "a.khan", position, "misaq.handover.v1", "person"},
        {HANDOVER, OFFICE, "misaq/PK", "b.shah", "1", "misaq.handover.v1", "position"},
        {HANDOVER, OFFICE, "misaq/PK", "b.shah", position, "misaq.statement.v1", "type"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        (void)snprintf(other, sizeof other, STATEMENT, wrong[i].handover, wrong[i].office,
            wrong[i].origin, wrong[i].person, wrong[i].position, wrong[i].type);
        expect(&house, acknowledge(&house, SHAH, &own, other), ERR_INVALID, wrong[i].member);
        assert_true(house_faults(&house, wrong[i].member, ""));
    }
    (void)snprintf(other, sizeof other, " %s", fine);
    expect(&house, acknowledge(&house, SHAH, &own, other), ERR_INVALID, "a blank");
    assert_true(house_faults(&house, "jws", "canonical"));
    expect(&house, acknowledge(&house, SHAH, &own, "{}"), ERR_INVALID, "empty");
    expect(&house, acknowledge(&house, SHAH, &proposed, fine), ERR_INVALID, "not enrolled");
    expect(&house, acknowledge(&house, SHAH, &of_edu, fine), ERR_INVALID, "of another office");
    expect(&house, acknowledge(&house, SHAH, &old, fine), ERR_INVALID, "unknown key");
    expect(&house, acknowledge(&house, "c.third@secretary.EDU", &of_edu, fine), ERR_FORBIDDEN,
        "another office");
    struct handover_acknowledge plain = {TEXT_LITERAL(HANDOVER), TEXT_LITERAL("a.b.c")};
    expect(&house, house_do(&house, SHAH, MESSAGE_handover_acknowledge, &plain, 0), ERR_INVALID,
        "no signature");
    house.now_ms += 2 * HOUSE_DAY_MS;
    expect(&house, acknowledge(&house, SHAH, &own, fine), OK, "fine");
    house.now_ms += 20 * HOUSE_DAY_MS;
    struct handover_view view = get(&house, SHAH);
    assert_int_equal(view.days.value, 2);
    assert_int_equal(view.overdue, FLAG_NO);
    expect(&house, acknowledge(&house, SHAH, &own, fine), ERR_STATE, "twice");
    struct handover_list open = {.open = FLAG_YES, .limit = {9, true}};
    expect(&house, house_ask(&house, ONE, MESSAGE_handover_list, &open), OK, "open ones");
    assert_int_equal(house_frames(&house), 0);
    house_close(&house);
}

static void who_left_cannot_acknowledge_any_more(void **unused)
{
    (void)unused;
    struct house house;
    open_handed_over(&house);
    struct signer own, next;
    char statement[400], position[24];
    enrol(&house, &own, OFFICE, "b.shah", true);
    (void)snprintf(position, sizeof position, "%ld", get(&house, SHAH).position.value);
    (void)snprintf(statement, sizeof statement, STATEMENT, HANDOVER, OFFICE, "misaq/PK", "b.shah",
        position, "misaq.handover.v1");
    house_post(&house, OFFICE, "c.third");
    expect(&house, acknowledge(&house, SHAH, &own, statement), ERR_FORBIDDEN, "has left");
    enrol(&house, &next, OFFICE, "c.third", true);
    expect(&house, acknowledge(&house, "c.third@secretary.PWR", &next, statement), ERR_STATE,
        "not the last one");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes),
        cmocka_unit_test(days_are_counted),
        cmocka_unit_test(statements),
        cmocka_unit_test(who_left_cannot_acknowledge_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
