#include "signatures/cabinet.h"

#include "base/must.h"
#include "schema/jcs.h"

#include <stdio.h>

#define T(literal) TEXT_LITERAL(literal)

void cabinet_person(struct chancery *chancery, const char *person)
{
    if (roster_knows(chancery->roster, text_of(person)))
        return;
    struct person record = {.id = text_of(person), .name = T("Somebody \"of\" \xd8\xb9")};
    chancery_tell(chancery, MESSAGE_person_registered, person, person, &record);
}

void cabinet_unpost(struct chancery *chancery, const char *office)
{
    char id[64];
    for (size_t i = chancery->log_count; i-- > 0;) {
        const struct told *told = &chancery->log[i];
        if (told->message != MESSAGE_posting_began || !text_is(told->subject, office))
            continue;
        (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(told->about));
        struct posting_one one = {.posting = text_of(id)};
        chancery_tell(chancery, MESSAGE_posting_ended, office, id, &one);
        return;
    }
}

void cabinet_post(struct chancery *chancery, const char *person, const char *office)
{
    char id[64];
    struct office_new made = {.id = text_of(office), .title = T("An office")};
    cabinet_person(chancery, person);
    if (chancery_version(chancery, office) == 0)
        chancery_tell(chancery, MESSAGE_office_created, office, office, &made);
    if (roster_holder(chancery->roster, text_of(office)).at)
        cabinet_unpost(chancery, office);
    (void)snprintf(id, sizeof id, "%s.p%u", office, ++chancery->postings);
    struct posting posting = {
        .id = text_of(id), .proposal = {.office = text_of(office), .person = text_of(person)}};
    chancery_tell(chancery, MESSAGE_posting_began, office, id, &posting);
}

void cabinet_body(struct chancery *chancery, const char *id, const char *successor)
{
    struct body body = {.id = text_of(id),
        .name = T("Division of <things> & \"quotes\""),
        .kind = T("division"),
        .valid_from = 20010101};
    bool known = chancery_version(chancery, id) > 0;
    if (successor) {
        body.valid_to = 20210731;
        body.successors.head = (struct list_head){1, true};
        body.successors.at[0] = text_of(successor);
    }
    chancery_tell(chancery, known ? MESSAGE_body_changed : MESSAGE_body_registered, id, id, &body);
}

static void found(struct chancery *chancery)
{
    struct government_found founded = {.first = {.id = T("first"), .name = T("First")},
        .has_first = true,
        .second = {.id = T("second"), .name = T("Second")},
        .has_second = true};
    struct cycle cycle = {
        .id = T("2021"), .title = T("Cycle 2021-23"), .starts_on = 20210701, .ends_on = 20230630};
    chancery_tell(chancery, MESSAGE_government_founded, "government", "government", &founded);
    chancery_tell(chancery, MESSAGE_cycle_created, "2021", "2021", &cycle);
    cabinet_body(chancery, "PWR", NULL);
    cabinet_body(chancery, "WAT", NULL);
    static const char *const posts[][2] = {{"m.pwr", "minister.PWR"}, {"s.pwr", "secretary.PWR"},
        {"f.pwr", "focal.PWR"}, {"m.wat", "minister.WAT"}, {"s.wat", "secretary.WAT"},
        {"f.wat", "focal.WAT"}, {"p.m", "pm"}, {"p.mo", "pmo"}, {"c.one", "committee.1"},
        {"a.udit", "auditor"}, {"d.unit", "secretariat"}};
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        cabinet_post(chancery, posts[i][0], posts[i][1]);
}

struct key_propose cabinet_proposal(const struct signer *signer, struct buf *arena)
{
    struct key_public public = key_public_of(&signer->secret);
    BUF_CLEANUP struct buf packed = BUF(4096), payload = BUF(4096);
    char key[KEY_TEXT_SIZE];
    must(buf_reserve(arena, 8192));
    struct key_statement statement = {.type = T("misaq.key.v1"),
        .origin = T(CHANCERY_ORIGIN),
        .office = text_of(signer->office),
        .person = text_of(signer->person),
        .key = text_of(key_to_text(&public, key)),
        .from = 20210701,
        .until = 20230630};
    pack_write(key_statement_record(), &statement, &packed);
    must(jcs_write(key_statement_record(), buf_as_text(&packed), &payload));
    size_t at = arena->len;
    buf_text(arena, statement.key);
    size_t proof = arena->len;
    jws_write(arena, buf_as_text(&payload), NULL, &signer->secret);
    return (struct key_propose){.office = statement.office,
        .person = statement.person,
        .key = {arena->at + at, proof - at},
        .from = statement.from,
        .until = statement.until,
        .proof = {arena->at + proof, arena->len - proof}};
}

void cabinet_enrol(struct chancery *chancery, struct signer *signer)
{
    BUF_CLEANUP struct buf arena = BUF(8192);
    char id[KEY_TEXT_SIZE];
    key_generate(&signer->secret);
    struct key_public public = key_public_of(&signer->secret);
    struct key_propose propose = cabinet_proposal(signer, &arena);
    struct key_one one = {.key_id = text_of(key_id(&public, id))};
    enum err err =
        chancery_do(chancery, "first", "administrator.1", MESSAGE_key_propose, &propose, 0);
    if (!err)
        err = chancery_do(chancery, "second", "administrator.2", MESSAGE_key_confirm, &one, 0);
    if (err)
        chancery_print(chancery);
    must(!err);
}

struct cabinet cabinet_open(const struct service *service)
{
    struct cabinet cabinet = {.chancery = chancery_open(service),
        .minister = {.person = "m.pwr", .office = "minister.PWR"},
        .other = {.person = "m.wat", .office = "minister.WAT"},
        .pm = {.person = "p.m", .office = "pm"}};
    found(cabinet.chancery);
    cabinet_enrol(cabinet.chancery, &cabinet.minister);
    cabinet_enrol(cabinet.chancery, &cabinet.other);
    cabinet_enrol(cabinet.chancery, &cabinet.pm);
    return cabinet;
}

void cabinet_close(struct cabinet *cabinet)
{
    chancery_check_again(cabinet->chancery);
    chancery_close(cabinet->chancery);
}

struct target_promise cabinet_promise(const char *statement, int64_t weight)
{
    struct target_promise promise = {.statement = text_of(statement),
        .class = CLASS_OUTCOME,
        .beneficiary = T("Farmers who irrigate"),
        .measure = T("Hours without power a day"),
        .unit = T("hours"),
        .direction = DIRECTION_DOWN,
        .baseline = {4500, true},
        .baseline_on = 20210630,
        .baseline_source = T("Survey 2021"),
        .target_value = {1250, true},
        .target_on = 20230630,
        .source = T("Regulator"),
        .source_kind = SOURCE_INDEPENDENT,
        .weight = {weight, true},
        .owner = T("focal.PWR"),
        .depends_on_nobody = FLAG_YES};
    promise.milestones.head = (struct list_head){8, true};
    for (int i = 0; i < 8; i++)
        promise.milestones.at[i] = 4500 - (i + 1) * 400;
    return promise;
}

static void draft(struct chancery *chancery, const char *agreement, unsigned number,
    const char *statement, int64_t weight)
{
    char id[64];
    (void)snprintf(id, sizeof id, "%s.%u", agreement, number);
    struct target_promised promised = {
        .id = text_of(id), .promise = cabinet_promise(statement, weight)};
    chancery_tell(chancery, MESSAGE_target_drafted, agreement, id, &promised);
}

static void rule(
    struct chancery *chancery, const char *agreement, unsigned number, enum target_class class)
{
    char id[64], served[64];
    (void)snprintf(id, sizeof id, "%s.%u", agreement, number);
    (void)snprintf(served, sizeof served, "%s.1", agreement);
    bool enabler = class != CLASS_OUTCOME;
    struct ruling ruling = {.made = {.target = text_of(id),
                                .verdict = enabler ? VERDICT_ENABLER : VERDICT_ACCEPT,
                                .class = class},
        .statement = T("as it read"),
        .weight = {1000, true}};
    if (enabler)
        ruling.made.serves = text_of(served);
    chancery_tell(chancery, MESSAGE_target_ruled, agreement, id, &ruling);
}

void cabinet_agreement(struct chancery *chancery, const char *body, enum agreement_state state)
{
    char id[64];
    (void)snprintf(id, sizeof id, "%s-2021", body);
    struct agreement_opened opened = {
        .id = text_of(id), .opened = {.body = text_of(body), .cycle = T("2021")}};
    struct agreement_submit act = {.agreement = text_of(id)};
    struct agreement_judge judge = {.agreement = text_of(id)};
    chancery_tell(chancery, MESSAGE_agreement_opened, id, id, &opened);
    draft(chancery, id, 1, "Outages fall from 4.5 to 1.25 hours a day", 60000);
    draft(chancery, id, 2, "40 sub-stations are built, \"on time\"", 40000);
    if (state == STATE_DRAFT)
        return;
    chancery_tell(chancery, MESSAGE_agreement_submitted, id, id, &act);
    if (state == STATE_SUBMITTED)
        return;
    rule(chancery, id, 1, CLASS_OUTCOME);
    rule(chancery, id, 2, CLASS_OUTPUT);
    if (state == STATE_RETURNED) {
        chancery_tell(chancery, MESSAGE_agreement_returned, id, id, &judge);
        return;
    }
    chancery_tell(chancery, MESSAGE_agreement_accepted, id, id, &judge);
    if (state == STATE_ACCEPTED)
        return;
    chancery_tell(chancery, MESSAGE_agreement_forwarded, id, id, &judge);
    must(state == STATE_AT_PMO);
}

void cabinet_amend(struct chancery *chancery, const char *agreement, const char *amendment)
{
    char target[64];
    (void)snprintf(target, sizeof target, "%s.2", agreement);
    struct amendment_proposed proposed = {.id = text_of(amendment),
        .proposal = {.agreement = text_of(agreement), .reason = T("Floods")},
        .changes = {1, true},
        .weight = {40000, true}};
    struct amendment_changed changed = {.amendment = text_of(amendment),
        .change = {.target = text_of(target),
            .why = T("Roads are gone"),
            .effect = T("None until 2023"),
            .promise = cabinet_promise("30 sub-stations are built", 40000)}};
    changed.change.promise.place = T("Sindh");
    changed.change.promise.baseline_source = (struct text){0};
    chancery_tell(chancery, MESSAGE_amendment_proposed, agreement, amendment, &proposed);
    chancery_tell(chancery, MESSAGE_amendment_changed, agreement, target, &changed);
}

void cabinet_freeze(struct chancery *chancery, const char *agreement)
{
    struct agreement_submit act = {.agreement = text_of(agreement)};
    enum err err = chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &act,
        chancery_version(chancery, agreement));
    if (err)
        chancery_print(chancery);
    must(!err);
}

bool cabinet_statement(struct chancery *chancery, const struct signer *signer,
    const char *agreement, enum signing_act act, struct buf *arena)
{
    struct statement_one one = {.agreement = text_of(agreement), .act = act};
    struct statement_view view;
    if (chancery_ask(chancery, signer->person, signer->office, MESSAGE_statement_get, &one))
        return false;
    chancery_read(chancery, 0, statement_view_record(), &view);
    buf_text(arena, view.payload);
    return true;
}

enum err cabinet_send(
    struct chancery *chancery, const struct signer *signer, const char *agreement, struct text jws)
{
    struct agreement_sign sign = {.agreement = text_of(agreement), .jws = jws};
    return chancery_do(chancery, signer->person, signer->office, MESSAGE_agreement_sign, &sign,
        chancery_version(chancery, agreement));
}

enum err cabinet_sign(struct chancery *chancery, const struct signer *signer, const char *agreement,
    enum signing_act act)
{
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    if (!cabinet_statement(chancery, signer, agreement, act, &payload))
        return faults_err(&chancery->why);
    jws_write(&jws, buf_as_text(&payload), NULL, &signer->secret);
    return cabinet_send(chancery, signer, agreement, buf_as_text(&jws));
}

struct cabinet cabinet_ready(const struct service *service)
{
    struct cabinet cabinet = cabinet_open(service);
    cabinet_agreement(cabinet.chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(cabinet.chancery, "PWR-2021");
    return cabinet;
}

struct cabinet cabinet_in_force(const struct service *service)
{
    struct cabinet cabinet = cabinet_ready(service);
    must(!cabinet_sign(cabinet.chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    must(!cabinet_sign(cabinet.chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    must(chancery_state(cabinet.chancery, "PWR-2021") == STATE_IN_FORCE);
    return cabinet;
}
