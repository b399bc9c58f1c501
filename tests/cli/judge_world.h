/* A small government with its ledger, entry by entry as an archive has it: two bodies, their
 * ministers, a PM, and a key for each. */
#ifndef MISAQ_TESTS_JUDGE_WORLD_H
#define MISAQ_TESTS_JUDGE_WORLD_H

#include "base/must.h"
#include "proof/base64.h"
#include "proof/jws.h"
#include "replay.h"
#include "schema/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)
#define ORIGIN     "misaq/T"
#define AGREEMENT  "PWR-2021"
#define SHA_ONE    "1111111111111111111111111111111111111111111111111111111111111111"
#define SHA_TWO    "2222222222222222222222222222222222222222222222222222222222222222"
#define BEGAN_MS   INT64_C(1625130000000) /* 2021-07-01 */

struct signer {
    const char *office, *person;
    struct key_secret secret;
    char x[KEY_TEXT_SIZE], id[KEY_TEXT_SIZE];
};

enum { MINISTER, PM, OTHER, SIGNERS };

struct world {
    struct replay replay;
    struct signer signers[SIGNERS];
    char over[DIGEST_HEX_SIZE]; /* SHA-256 of the minister's JWS that stands */
    uint64_t numbers;
    struct faults why;
};

static void feed(struct world *world, struct text packed)
{
    BUF_CLEANUP struct buf line = BUF(1u << 20);
    char hex[DIGEST_HEX_SIZE];
    struct digest leaf = merkle_leaf(packed);
    buf_printf(&line, "{\"position\":%lu,\"leaf\":\"%s\",\"packed\":\"",
        merkle_size(world->replay.tree) + 1, digest_to_hex(&leaf, hex));
    base64_write(&line, BASE64_PADDED, packed);
    buf_str(&line, "\"}");
    must(!line.full);
    faults_clear(&world->why);
    if (replay_line(&world->replay, buf_as_text(&line), &world->why) != OK)
        fail_msg("%s %s", world->why.kept[0].member, world->why.kept[0].detail);
}

static void happen(struct world *world, enum message message, const char *subject,
    const char *about, const char *person, const char *office, const void *record)
{
    BUF_CLEANUP struct buf data = BUF(1u << 16), packed = BUF(1u << 17);
    pack_write(message_row(message)->carries(), record, &data);
    const struct event event = {.type = text_of(message_row(message)->wire),
        .subject = text_of(subject),
        .about = text_of(about),
        .at = {BEGAN_MS + (int64_t)merkle_size(world->replay.tree), true},
        .actor = {text_of(person), text_of(office)},
        .has_actor = true,
        .cause = T("test"),
        .data = buf_as_text(&data)};
    pack_write(event_record(), &event, &packed);
    must(!packed.full);
    feed(world, buf_as_text(&packed));
}

static void post(struct world *world, const char *office, const char *person, unsigned number)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.p%u", office, number);
    const struct posting posting = {
        .id = text_of(id), .proposal = {.office = text_of(office), .person = text_of(person)}};
    happen(world, MESSAGE_posting_began, office, id, "second", "administrator.2", &posting);
}

static void leave(struct world *world, const char *office, unsigned number)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.p%u", office, number);
    const struct posting_one one = {.posting = text_of(id)};
    happen(world, MESSAGE_posting_ended, office, id, "second", "administrator.2", &one);
}

static void enrol(struct world *world, struct signer *signer, const char *second)
{
    key_generate(&signer->secret);
    struct key_public public = key_public_of(&signer->secret);
    (void)key_to_text(&public, signer->x);
    (void)key_id(&public, signer->id);
    const struct key_proposed key = {.id = text_of(signer->id),
        .proposal = {.office = text_of(signer->office),
            .person = text_of(signer->person),
            .key = text_of(signer->x),
            .from = 20210101,
            .until = 20230630,
            .proof = T("a.b.c")}};
    const struct key_one one = {.key_id = text_of(signer->id)};
    happen(
        world, MESSAGE_key_proposed, signer->office, signer->id, "first", "administrator.1", &key);
    happen(
        world, MESSAGE_key_enrolled, signer->office, signer->id, second, "administrator.2", &one);
}

static void found(struct world *world)
{
    static const char *const people[] = {"m.one", "p.one", "o.one", "m.two"};
    static const char *const offices[] = {"minister.PWR", "pm", "minister.FIN", "secretary.PWR"};
    const struct government_found first = {.first = {.id = T("first"), .name = T("First")},
        .has_first = true,
        .second = {.id = T("second"), .name = T("Second")},
        .has_second = true};
    happen(
        world, MESSAGE_government_founded, "government", "government", "operator", "setup", &first);
    for (size_t i = 0; i < 4; i++) {
        const struct person person = {.id = text_of(people[i]), .name = T("Somebody")};
        const struct office_new office = {.id = text_of(offices[i]), .title = T("An office")};
        happen(world, MESSAGE_person_registered, people[i], people[i], "first", "administrator.1",
            &person);
        happen(world, MESSAGE_office_created, offices[i], offices[i], "first", "administrator.1",
            &office);
    }
    for (size_t i = 0; i < 2; i++) {
        const char *id = i ? "FIN" : "PWR";
        const struct body body = {
            .id = text_of(id), .name = T("A body"), .kind = T("division"), .valid_from = 20000101};
        happen(world, MESSAGE_body_registered, id, id, "first", "administrator.1", &body);
    }
    for (size_t i = 0; i < SIGNERS; i++) {
        world->signers[i] = (struct signer){.office = offices[i], .person = people[i]};
        post(world, offices[i], people[i], 1);
        enrol(world, &world->signers[i], "second");
    }
}

static struct world *open_world(void)
{
    struct world *world = calloc(1, sizeof *world);
    must(world);
    replay_open(&world->replay, 300);
    world->replay.judge.origin = T(ORIGIN);
    found(world);
    return world;
}

static void close_world(struct world *world)
{
    replay_close(&world->replay);
    free(world);
}

#endif
