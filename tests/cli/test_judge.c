/* A small ledger with one thing wrong at a time: the judge must believe nothing that the server
 * recorded, and say what is wrong. */
#include "base/must.h"
#include "judge_world.h"

/* What a signature says, and what is recorded about it: what the honest one says when not given. */
struct told {
    enum message event;
    int signer;
    enum signing_act act;
    const char *sha256, *document; /* of the record */
    const char *said_sha256, *said_agreement, *said_office, *said_person, *said_origin;
    const char *supersedes, *conflict, *minister;
    const char *person; /* of the record, and who acted */
    const char *head_root;
    uint64_t ahead; /* entries that the signer cannot have seen */
    int key;        /* 1 + the signer whose key is used */
    bool spoiled;   /* one character of the JWS is another */
};

static struct text or (const char *told, const char *otherwise)
{
    return text_of(told ? told : otherwise);
}

static void sign(struct world *world, const struct told *told)
{
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(JWS_MAX);
    const struct signer *signer = &world->signers[told->signer];
    const struct signer *key = &world->signers[told->key ? told->key - 1 : told->signer];
    char root[DIGEST_HEX_SIZE], id[ID_MAX + 1];
    uint64_t size = merkle_size(world->replay.tree);
    struct digest head = merkle_root(world->replay.tree, size);
    const char *over = told->signer == PM ? world->over : NULL;
    const struct statement statement = {.type = T(STATEMENT_TYPE),
        .origin = or (told->said_origin, ORIGIN),
        .agreement = or (told->said_agreement, AGREEMENT),
        .version = {1, true},
        .document = or (told->said_sha256, told->sha256 ? told->sha256 : SHA_ONE),
        .supersedes = text_of(told->supersedes),
        .office = or (told->said_office, signer->office),
        .person = or (told->said_person, told->person ? told->person : signer->person),
        .act = told->act ? told->act : SIGNING_SIGN,
        .minister = or (told->minister, over),
        .conflict = text_of(told->conflict),
        .head_size = {(int64_t)(size + told->ahead), true},
        .head_root = or (told->head_root, digest_to_hex(&head, root))};
    faults_clear(&world->why);
    if (statement_write(&payload, &statement, &world->why) != OK)
        fail_msg("%s %s", world->why.kept[0].member, world->why.kept[0].detail);
    jws_write(&jws, buf_as_text(&payload), NULL, &key->secret);
    if (told->spoiled)
        jws.at[jws.len - 10] = jws.at[jws.len - 10] == 'A' ? 'B' : 'A';
    (void)snprintf(id, sizeof id, AGREEMENT ".s%lu", ++world->numbers);
    const struct signature signature = {.id = text_of(id),
        .agreement = T(AGREEMENT),
        .document = or (told->document, AGREEMENT ".d1"),
        .sha256 = or (told->sha256, SHA_ONE),
        .act = statement.act,
        .office = text_of(signer->office),
        .person = or (told->person, signer->person),
        .key_id = text_of(key->id),
        .jws = buf_as_text(&jws)};
    happen(world, told->event, AGREEMENT, id, told->person ? told->person : signer->person,
        signer->office, &signature);
    struct digest digest = digest_of(signature.jws);
    if (told->signer == MINISTER && !told->spoiled)
        (void)digest_to_hex(&digest, world->over);
}

static const struct told minister_signs = {.event = MESSAGE_agreement_minister_signed};
static const struct told pm_signs = {.event = MESSAGE_agreement_pm_signed, .signer = PM};

static void must_say(struct world *world, const char *words, const char *name)
{
    struct judged *agreement = NULL;
    HASH_FIND_STR(world->replay.judge.agreements, AGREEMENT, agreement);
    assert_non_null(agreement);
    must(agreement);
    if (!*words && agreement->wrong)
        fail_msg("%s: %s", name, agreement->why);
    if (*words && !agreement->wrong)
        fail_msg("%s: nothing is wrong", name);
    if (*words && !strstr(agreement->why, words))
        fail_msg("%s: \"%s\" does not say \"%s\"", name, agreement->why, words);
}

/* ---- one signature that is wrong ---- */

struct wrong {
    const char *name, *says;
    struct told told;
};

static const struct wrong minister_wrong[] = {
    {"honest", "", {0}},
    {"another document", "otherwise", {.said_sha256 = SHA_TWO}},
    {"another agreement", "otherwise", {.said_agreement = "FIN-2021"}},
    {"another office", "otherwise", {.said_office = "minister.FIN"}},
    {"another person", "otherwise", {.said_person = "m.two"}},
    {"another ledger", "otherwise", {.said_origin = "misaq/X"}},
    {"another act", "act", {.act = SIGNING_WITHDRAW}},
    {"an invented conflict", "conflict", {.conflict = "none at all"}},
    {"something that it replaces", "supersedes", {.supersedes = SHA_TWO}},
    {"a head of the future", "not there yet", {.ahead = 5}},
    {"a forked head", "not the root", {.head_root = SHA_TWO}},
    {"the name of another person", "belongs to m.one", {.person = "m.two"}},
    {"the key of another", "signs for minister.FIN", {.key = 1 + OTHER}},
    {"a spoiled signature", "signature", {.spoiled = true}},
    {"the minister of another body", "does not act for", {.signer = OTHER}},
    {"the PM instead of the minister", "minister", {.signer = PM, .minister = SHA_TWO}},
};

static void one_wrong_signature_of_the_minister(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof minister_wrong / sizeof *minister_wrong; i++) {
        struct world *world = open_world();
        struct told told = minister_wrong[i].told;
        told.event = MESSAGE_agreement_minister_signed;
        sign(world, &told);
        must_say(world, minister_wrong[i].says, minister_wrong[i].name);
        close_world(world);
    }
}

static const struct wrong pm_wrong[] = {
    {"honest", "", {0}},
    {"over another signature", "minister", {.minister = SHA_TWO}},
    {"over another document", "another one", {.document = AGREEMENT ".d2", .sha256 = SHA_TWO}},
    {"the same id with other bytes", "another one", {.sha256 = SHA_TWO}},
    {"by a minister", "Prime Minister", {.signer = OTHER}},
};

static void one_wrong_signature_of_the_pm(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pm_wrong / sizeof *pm_wrong; i++) {
        struct world *world = open_world();
        struct told told = pm_wrong[i].told;
        told.event = MESSAGE_agreement_pm_signed;
        told.signer = told.signer ? told.signer : PM;
        sign(world, &minister_signs);
        sign(world, &told);
        must_say(world, pm_wrong[i].says, pm_wrong[i].name);
        struct judged *agreement = world->replay.judge.agreements;
        assert_int_equal(agreement->in_force.id[0] != '\0', !*pm_wrong[i].says);
        close_world(world);
    }
}

/* ---- the order of things ---- */

static void the_pm_before_the_minister(void **state)
{
    (void)state;
    struct world *world = open_world();
    sign(world,
        &(struct told){.event = MESSAGE_agreement_pm_signed, .signer = PM, .minister = SHA_TWO});
    must_say(world, "no minister's signature", "PM first");
    close_world(world);
}

static void withdrawn_before_the_pm(void **state)
{
    (void)state;
    struct world *world = open_world();
    sign(world, &minister_signs);
    sign(world, &(struct told){.event = MESSAGE_agreement_unsigned, .act = SIGNING_WITHDRAW});
    must_say(world, "", "withdrawn");
    sign(world, &pm_signs);
    must_say(world, "no minister's signature", "the PM signs what was withdrawn");
    close_world(world);
}

static void keys_end_where_the_ledger_says(void **state)
{
    (void)state;
    struct world *world = open_world();
    const struct key_one one = {.key_id = text_of(world->signers[MINISTER].id)};
    happen(world, MESSAGE_key_revoked, "minister.PWR", world->signers[MINISTER].id, "first",
        "administrator.1", &one);
    sign(world, &minister_signs);
    must_say(world, "revoked", "a revoked key");
    close_world(world);

    world = open_world();
    leave(world, "minister.PWR", 1);
    post(world, "minister.PWR", "m.two", 2);
    sign(world, &minister_signs);
    must_say(world, "changed hands", "the predecessor");
    close_world(world);

    world = open_world();
    sign(world, &minister_signs);
    leave(world, "minister.PWR", 1);
    sign(world, &pm_signs);
    must_say(world, "", "a signature stays valid after its signer has left");
    close_world(world);
}

static void one_administrator_is_not_two(void **state)
{
    (void)state;
    struct world *world = open_world();
    leave(world, "minister.PWR", 1);
    post(world, "minister.PWR", "m.one", 2);
    enrol(world, &world->signers[MINISTER], "first");
    sign(world, &minister_signs);
    must_say(world, "same administrator", "enrolled by one");
    close_world(world);
}

static void an_office_that_was_never_held(void **state)
{
    (void)state;
    struct world *world = open_world();
    world->signers[MINISTER].person = "m.two";
    enrol(world, &world->signers[MINISTER], "second");
    sign(world, &minister_signs);
    must_say(world, "did not hold", "a key without a posting");
    close_world(world);
}

static void a_minister_who_is_the_pm(void **state)
{
    (void)state;
    struct world *world = open_world();
    leave(world, "minister.PWR", 1);
    post(world, "minister.PWR", "p.one", 2);
    world->signers[MINISTER].person = "p.one";
    enrol(world, &world->signers[MINISTER], "second");
    sign(world, &minister_signs);
    must_say(world, "secretary", "the PM signs for both sides");
    close_world(world);
}

/* ---- a life ---- */

static void amended_countersigned_adopted_and_withdrawn(void **state)
{
    (void)state;
    struct world *world = open_world();
    const struct told amends = {.event = MESSAGE_amendment_minister_signed,
        .document = AGREEMENT ".d2",
        .sha256 = SHA_TWO,
        .supersedes = SHA_ONE};
    struct told amended = amends;
    amended.event = MESSAGE_agreement_amended;
    amended.signer = PM;
    struct told countersigned = amends, withdrawn = amended;
    countersigned.event = MESSAGE_agreement_countersigned;
    countersigned.act = SIGNING_COUNTERSIGN;
    withdrawn.event = MESSAGE_agreement_withdrawn_by_pm;
    withdrawn.act = SIGNING_WITHDRAW;
    sign(world, &minister_signs);
    sign(world, &pm_signs);
    sign(world, &amends);
    sign(world, &amended);
    leave(world, "minister.PWR", 1);
    post(world, "minister.PWR", "m.two", 2);
    world->signers[MINISTER].person = "m.two";
    enrol(world, &world->signers[MINISTER], "second");
    sign(world, &countersigned);
    struct told adopted = countersigned;
    adopted.event = MESSAGE_agreement_adopted;
    adopted.act = SIGNING_ADOPT;
    adopted.signer = PM;
    sign(world, &adopted);
    sign(world, &withdrawn);
    must_say(world, "", "a whole life");
    struct judged *agreement = world->replay.judge.agreements;
    assert_string_equal(agreement->in_force.id, AGREEMENT ".d2");
    assert_true(agreement->ended);
    assert_int_equal(HASH_COUNT(world->replay.judge.documents), 2);
    assert_int_equal(world->replay.judge.signatures, 7);
    sign(world, &minister_signs);
    must_say(world, "had ended", "signed once more");
    close_world(world);
}

static void signed_twice(void **state)
{
    (void)state;
    struct world *world = open_world();
    sign(world, &minister_signs);
    sign(world, &pm_signs);
    sign(world, &minister_signs);
    must_say(world, "in force already", "the minister again");
    close_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_wrong_signature_of_the_minister),
        cmocka_unit_test(one_wrong_signature_of_the_pm),
        cmocka_unit_test(the_pm_before_the_minister),
        cmocka_unit_test(withdrawn_before_the_pm),
        cmocka_unit_test(keys_end_where_the_ledger_says),
        cmocka_unit_test(one_administrator_is_not_two),
        cmocka_unit_test(an_office_that_was_never_held),
        cmocka_unit_test(a_minister_who_is_the_pm),
        cmocka_unit_test(amended_countersigned_adopted_and_withdrawn),
        cmocka_unit_test(signed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
