/* Every act in every state, done or refused by name; and random histories, after which a reader who
 * trusts nobody goes through the ledger and finds every signature good. */
#include "signatures/cabinet.h"

#include "base/must.h"
#include "model.h"
#include "proof/digest.h"
#include "proof/statement.h"
#include "support/chance.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

/* F: freeze; the minister signs, takes it back, countersigns: s w c; the PM signs, adopts,
 * withdraws: S A W. */
#define ACTS "FswcSAW"

static const struct {
    const char *name;
    const char *possible;
    enum agreement_state state;
    int step; /* on the way from in_force through an amendment */
} rows[] = {
    {"draft", "", STATE_DRAFT, 0},
    {"submitted", "", STATE_SUBMITTED, 0},
    {"returned", "", STATE_RETURNED, 0},
    {"accepted", "", STATE_ACCEPTED, 0},
    {"at_pmo", "F", STATE_AT_PMO, 0},
    {"ready", "s", STATE_READY, 0},
    {"signed_minister", "wS", STATE_SIGNED_MINISTER, 0},
    {"in_force", "cAW", STATE_IN_FORCE, 0},
    {"amending", "FcAW", STATE_AMENDING, 1},
    {"amending, frozen", "scAW", STATE_AMENDING, 2},
    {"amending, signed", "cSAW", STATE_AMENDING, 3},
    {"amended", "cAW", STATE_IN_FORCE, 4},
    {"closed", "", STATE_CLOSED, 0},
    {"lapsed", "", STATE_LAPSED, 0},
};

static void amend(struct cabinet *cabinet, int steps)
{
    struct chancery *chancery = cabinet->chancery;
    if (steps > 0)
        cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    if (steps > 1)
        cabinet_freeze(chancery, "PWR-2021");
    if (steps > 2)
        must(!cabinet_sign(chancery, &cabinet->minister, "PWR-2021", SIGNING_SIGN));
    if (steps > 3)
        must(!cabinet_sign(chancery, &cabinet->pm, "PWR-2021", SIGNING_SIGN));
}

static void lead(struct cabinet *cabinet, size_t row)
{
    struct chancery *chancery = cabinet->chancery;
    enum agreement_state state = rows[row].state;
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    bool lapsed = state == STATE_LAPSED;
    cabinet_agreement(chancery, "PWR", state <= STATE_AT_PMO ? state : STATE_AT_PMO);
    if (state > STATE_AT_PMO)
        cabinet_freeze(chancery, "PWR-2021");
    if (state > STATE_READY && !lapsed)
        must(!cabinet_sign(chancery, &cabinet->minister, "PWR-2021", SIGNING_SIGN));
    if (state > STATE_SIGNED_MINISTER && !lapsed)
        must(!cabinet_sign(chancery, &cabinet->pm, "PWR-2021", SIGNING_SIGN));
    amend(cabinet, rows[row].step);
    if (state == STATE_CLOSED)
        chancery_tell(chancery, MESSAGE_agreement_closed, "PWR-2021", "PWR-2021", &act);
    if (lapsed)
        chancery_tell(chancery, MESSAGE_agreement_lapsed, "PWR-2021", "PWR-2021", &act);
    must(chancery_state(chancery, "PWR-2021") == state);
    /* new holders, who may countersign and adopt */
    cabinet->minister = (struct signer){.person = "n.ext", .office = "minister.PWR"};
    cabinet->pm = (struct signer){.person = "n.pm", .office = "pm"};
    cabinet_post(chancery, "n.ext", "minister.PWR");
    cabinet_post(chancery, "n.pm", "pm");
    cabinet_enrol(chancery, &cabinet->minister);
    cabinet_enrol(chancery, &cabinet->pm);
}

/* A statement that is not asked for but made up; what it is about cannot be right. */
static enum err send_made_up(
    struct chancery *chancery, const struct signer *signer, enum signing_act act)
{
    static const char hex[] = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    struct faults why = {0};
    struct statement statement = {.origin = T(CHANCERY_ORIGIN),
        .agreement = T("PWR-2021"),
        .version = {1, true},
        .document = text_of(hex),
        .office = text_of(signer->office),
        .person = text_of(signer->person),
        .act = act,
        .head_size = {1, true},
        .head_root = text_of(hex)};
    must(!statement_write(&payload, &statement, &why));
    jws_write(&jws, buf_as_text(&payload), NULL, &signer->secret);
    return cabinet_send(chancery, signer, "PWR-2021", buf_as_text(&jws));
}

static enum err try(struct cabinet *cabinet, char act, bool made_up)
{
    static const enum signing_act meant[] = {['s'] = SIGNING_SIGN,
        ['w'] = SIGNING_WITHDRAW,
        ['c'] = SIGNING_COUNTERSIGN,
        ['S'] = SIGNING_SIGN,
        ['A'] = SIGNING_ADOPT,
        ['W'] = SIGNING_WITHDRAW};
    struct chancery *chancery = cabinet->chancery;
    struct agreement_submit freeze = {.agreement = T("PWR-2021")};
    const struct signer *signer = act >= 'a' ? &cabinet->minister : &cabinet->pm;
    if (act == 'F')
        return chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &freeze,
            chancery_version(chancery, "PWR-2021"));
    return made_up ? send_made_up(chancery, signer, meant[(int)act])
                   : cabinet_sign(chancery, signer, "PWR-2021", meant[(int)act]);
}

static void every_act_in_every_state(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        for (const char *act = ACTS; *act; act++) {
            struct cabinet cabinet = cabinet_open(table_service());
            lead(&cabinet, row);
            bool possible = strchr(rows[row].possible, *act) != NULL;
            size_t before = cabinet.chancery->log_count;
            if (!possible && *act != 'F')
                assert_int_equal(try(&cabinet, *act, true), ERR_STATE);
            enum err err = try(&cabinet, *act, false);
            if (err != (possible ? OK : ERR_STATE) ||
                (!possible && !chancery_says(cabinet.chancery, "agreement", "PWR-2021"))) {
                chancery_print(cabinet.chancery);
                fail_msg("%c while %s: %s", *act, rows[row].name, err_word(err));
            }
            assert_true(possible || cabinet.chancery->log_count == before);
            cabinet_close(&cabinet);
        }
}

/* ---- random histories ---- */
struct play {
    struct chance chance;
    struct cabinet cabinet;
    struct signer signers[8];
    size_t count;
};

static const char *const people[] = {"m.pwr", "n.ext", "p.m", "n.pm", "s.pwr"};
static const char *const offices[] = {"minister.PWR", "pm", "secretary.PWR"};

/* Whoever holds an office now signs with the latest key of the office, which may be another's. */
static void sign_somehow(struct play *play)
{
    struct chancery *chancery = play->cabinet.chancery;
    const char *office = offices[chance_below(&play->chance, 3)];
    struct signer signer = play->signers[chance_below(&play->chance, (uint32_t)play->count)];
    enum signing_act act = (enum signing_act)(1 + chance_below(&play->chance, 4));
    struct text holder = roster_holder(chancery->roster, text_of(office));
    char person[ID_MAX + 1];
    if (!holder.at)
        return;
    (void)snprintf(person, sizeof person, "%.*s", TEXT_ARG(holder));
    for (size_t i = play->count; i-- > 0 && chance_below(&play->chance, 8);)
        if (strcmp(play->signers[i].office, office) == 0) {
            signer = play->signers[i];
            break;
        }
    signer.person = person;
    signer.office = office;
    (void)cabinet_sign(chancery, &signer, "PWR-2021", act);
}

static void move_somebody(struct play *play)
{
    struct chancery *chancery = play->cabinet.chancery;
    const char *office = offices[chance_below(&play->chance, 3)];
    struct signer signer = {.person = people[chance_below(&play->chance, 5)], .office = office};
    if (chance_below(&play->chance, 6) == 0) {
        if (roster_holder(chancery->roster, text_of(office)).at)
            cabinet_unpost(chancery, office);
        return;
    }
    cabinet_post(chancery, signer.person, office);
    if (chance_below(&play->chance, 4) == 0)
        return;
    cabinet_enrol(chancery, &signer);
    play->signers[play->count < 8 ? play->count++ : chance_below(&play->chance, 8)] = signer;
}

/* An event of another service that can happen now. */
static void tell_something(struct play *play)
{
    static const enum message events[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_reopened, MESSAGE_amendment_dropped};
    struct chancery *chancery = play->cabinet.chancery;
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    enum agreement_state state = chancery_state(chancery, "PWR-2021");
    enum message event = events[chance_below(&play->chance, 5)];
    if (state == STATE_IN_FORCE)
        cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    else if (life_after(event, state) &&
             (event != MESSAGE_agreement_reopened || chance_below(&play->chance, 4) == 0) &&
             (event != MESSAGE_amendment_dropped || chance_below(&play->chance, 4) == 0))
        chancery_tell(chancery, event, "PWR-2021", "PWR-2021", &act);
}

static void step(struct play *play)
{
    struct chancery *chancery = play->cabinet.chancery;
    struct agreement_submit freeze = {.agreement = T("PWR-2021")};
    switch (chance_below(&play->chance, 8)) {
    case 0:
        move_somebody(play);
        break;
    case 1:
    case 2:
        tell_something(play);
        break;
    case 3:
        (void)chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &freeze,
            chancery_version(chancery, "PWR-2021"));
        break;
    default:
        sign_somehow(play);
    }
}

/* The last signature of a minister's side on each document. */
struct side {
    char sha[DIGEST_HEX_SIZE], jws_sha[DIGEST_HEX_SIZE], person[ID_MAX + 1];
};

struct stranger {
    struct keys *keys;
    char frozen[DIGEST_HEX_SIZE]; /* the document that was frozen last */
    struct side sides[100];
    size_t side_count;
    unsigned good;
};

static struct side *side_of(struct stranger *stranger, struct text sha)
{
    for (size_t i = 0; i < stranger->side_count; i++)
        if (text_is(sha, stranger->sides[i].sha))
            return &stranger->sides[i];
    must(stranger->side_count < sizeof stranger->sides / sizeof *stranger->sides);
    struct side *side = &stranger->sides[stranger->side_count++];
    (void)snprintf(side->sha, sizeof side->sha, "%.*s", TEXT_ARG(sha));
    return side;
}

static void judge(struct stranger *stranger, const struct told *told, size_t position,
    const struct signature *signature)
{
    struct key_public public;
    struct jws jws;
    struct statement said;
    struct faults why = {0};
    JSON_CLEANUP struct json_document document = {0};
    must(!jws_read(signature->jws, &jws, &why));
    struct text kid = text_of(jws.kid);
    must(!keys_check(stranger->keys, kid, told->office, told->person, 20210801, &why));
    must(!key_from_text(keys_find(stranger->keys, kid)->key, "", &public, &why));
    must(!jws_verify(&jws, &public, &why));
    must(!statement_read(jws_payload(&jws), &document, &said, &why));
    must(text_equal(said.office, told->office) && text_equal(said.person, told->person));
    must(said.act == signature->act && said.head_size.value < (int64_t)position);
    must(text_is(told->office, "secretary.PWR") == (said.conflict.at != NULL));
    must(said.act != SIGNING_SIGN || text_is(said.document, stranger->frozen));
    struct side *side = side_of(stranger, said.document);
    if (text_is(told->office, "pm")) {
        must(text_is(said.minister, side->jws_sha));
        must(said.act == SIGNING_WITHDRAW || !text_is(told->person, side->person));
    } else if (said.act != SIGNING_WITHDRAW) {
        struct digest digest = digest_of(signature->jws);
        digest_to_hex(&digest, side->jws_sha);
        (void)snprintf(side->person, sizeof side->person, "%.*s", TEXT_ARG(told->person));
    }
    stranger->good++;
}

/* Goes through the ledger as a stranger would: keys in its order, every signature verified with the
 * key as it was registered then, the PM's over the minister's, never one person for both. */
static unsigned read_as_a_stranger(const struct chancery *chancery)
{
    static struct stranger stranger;
    stranger = (struct stranger){.keys = keys_new()};
    for (size_t i = 0; i < chancery->log_count; i++) {
        const struct told *told = &chancery->log[i];
        const struct record *record = message_row(told->message)->carries();
        struct faults why = {0};
        void *value = calloc(1, record->size);
        must(value && !pack_read_trusted(record, told->data, value, &why));
        struct happened happened = {.message = told->message,
            .position = i + 1,
            .subject = told->subject,
            .about = told->about,
            .actor = {told->person, told->office},
            .data = told->data,
            .record = value};
        must(!keys_apply(stranger.keys, &happened));
        if (record == document_frozen_record())
            (void)snprintf(stranger.frozen, sizeof stranger.frozen, "%.*s",
                TEXT_ARG(((const struct document_frozen *)value)->sha256));
        if (record == signature_record())
            judge(&stranger, told, i + 1, value);
        free(value);
    }
    keys_free(stranger.keys);
    return stranger.good;
}

static void random_histories(void **state)
{
    (void)state;
    struct play play = {.chance = chance_start("test_states")};
    unsigned good = 0, reached = 0;
    for (int round = 0; round < 40; round++) {
        play.cabinet = cabinet_open(table_service());
        struct chancery *chancery = play.cabinet.chancery;
        play.signers[0] = play.cabinet.minister;
        play.signers[1] = play.cabinet.pm;
        play.count = 2;
        cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
        for (int i = 0; i < 250; i++) {
            step(&play);
            const struct agreement_entry *agreement =
                model_agreement(chancery->state, T("PWR-2021"));
            must(agreement->state == chancery_state(chancery, "PWR-2021"));
            must(agreement->version == chancery_version(chancery, "PWR-2021"));
            reached |= 1u << agreement->state;
            const struct document_entry *document = agreement->in_force;
            bool stands = life_is_in_force(agreement->state);
            must(!stands || (document->minister && document->pm && !document->minister->withdrawn));
            must(!stands ||
                 !text_equal(document->minister->facts.person, document->pm->facts.person));
        }
        good += read_as_a_stranger(chancery);
        cabinet_close(&play.cabinet);
    }
    (void)fprintf(stderr, "%u signatures, states %x\n", good, reached);
    assert_true(good > 20 && (reached >> STATE_IN_FORCE & 1u));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_in_every_state),
        cmocka_unit_test(random_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
