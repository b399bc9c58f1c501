#include "seal.h"

#include "model.h"
#include "recheck.h"
#include "witnesses.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "ledger/ledger.h"
#include "proof/vault.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_MS 200 /* how often answers of witnesses and other instances are looked for */
#define LOOK_US 200000

struct seal {
    struct model *model;
    struct sealed *sealed;
    struct vault vault;
    struct recheck recheck;
    struct witnesses *witnesses;
    uint64_t seal_us;
    uint64_t due_us;   /* when what came must be sealed; 0: nothing came */
    uint64_t compared; /* leaves on disk that were compared with the ledger */
    uint64_t naming;   /* position of the event that differs, being looked up; 0: none */
    uint64_t look_us;
    bool asked;   /* for that event */
    bool sealing; /* this instance does */
    struct faults why;
    struct buf scratch;
};

static void hold(struct seal *seal, const char *why)
{
    if (*seal->sealed->hold)
        return;
    (void)snprintf(seal->sealed->hold, sizeof seal->sealed->hold, "%s", why);
    log_line(LOG_ERROR, "read-only hold", "why", seal->sealed->hold);
}

static const char *first_why(const struct seal *seal)
{
    return seal->why.total ? seal->why.kept[0].detail : "";
}

/* What the vault holds becomes what queries answer. */
static bool show(struct seal *seal)
{
    struct checkpoint checkpoint, witnessed;
    struct sealed *sealed = seal->sealed;
    faults_clear(&seal->why);
    if (vault_read(&seal->vault, buf_as_text(&seal->vault.note), &checkpoint, &seal->why) != OK)
        return false;
    sealed->size = checkpoint.size;
    sealed->root = checkpoint.root;
    sealed->at_ms = clock_wall_ms();
    buf_clear(&sealed->note);
    buf_text(&sealed->note, buf_as_text(&seal->vault.note));
    if (seal->vault.witnessed.len == 0)
        return true;
    if (vault_read(&seal->vault, buf_as_text(&seal->vault.witnessed), &witnessed, &seal->why) != OK)
        return false;
    sealed->witnessed_size = witnessed.size;
    buf_clear(&sealed->witnessed);
    buf_text(&sealed->witnessed, buf_as_text(&seal->vault.witnessed));
    return true;
}

/* ---- the ledger beside the record ---- */

static void named(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct seal *seal = owner;
    char name[160], detail[SEALED_WHY_SIZE];
    (void)why;
    seal->asked = false;
    if (entries && count)
        recheck_name(seal->naming, entries[0].packed, name, sizeof name);
    else
        (void)snprintf(name, sizeof name, "event %llu", (unsigned long long)seal->naming);
    (void)snprintf(detail, sizeof detail, "%s is not what was recorded", name);
    seal->naming = 0;
    hold(seal, detail);
}

static void look_up(struct seal *seal, struct ledger *ledger)
{
    if (seal->asked)
        return;
    seal->asked = true;
    ledger_read(ledger, seal->naming, seal->naming, 1, named, seal);
}

/* Every leaf hash that is on disk, once, beside the ledger as it was folded. */
static void compare(struct seal *seal, const struct ledger *ledger)
{
    uint64_t size = merkle_size(seal->model->tree);
    struct digest leaf;
    char detail[SEALED_WHY_SIZE];
    for (; seal->compared < seal->vault.count && seal->compared < size; seal->compared++) {
        struct digest now = merkle_leaf_at(seal->model->tree, seal->compared);
        if (vault_leaf(&seal->vault, seal->compared, &leaf) && digest_equal(&leaf, &now))
            continue;
        seal->naming = seal->compared + 1;
        return;
    }
    /* Behind another instance that sealed more there is only something left to fold. */
    if (size < seal->vault.count && ledger_health(ledger)->head < seal->vault.count) {
        (void)snprintf(detail, sizeof detail, "the ledger ends at event %llu, the record has %llu",
            (unsigned long long)size, (unsigned long long)seal->vault.count);
        hold(seal, detail);
    }
}

/* ---- sealing ---- */

static void seal_now(struct seal *seal)
{
    faults_clear(&seal->why);
    if (vault_seal(&seal->vault, text_of(seal->sealed->origin), seal->model->tree, &seal->why) !=
            OK ||
        !show(seal)) {
        log_line(LOG_ERROR, "the checkpoint is not stored", "why", first_why(seal));
        return; /* tried again in the next turn */
    }
    seal->compared = seal->vault.count;
    seal->due_us = 0;
}

static void seal_in_time(struct seal *seal, uint64_t now_us)
{
    if (merkle_size(seal->model->tree) == seal->sealed->size)
        return;
    if (seal->due_us == 0)
        seal->due_us = now_us + seal->seal_us;
    if (now_us >= seal->due_us)
        seal_now(seal);
}

static void hear_witnesses(struct seal *seal, uint64_t now_us)
{
    uint64_t size = witnesses_take(seal->witnesses, &seal->scratch);
    faults_clear(&seal->why);
    if (size && (vault_keep(&seal->vault, buf_as_text(&seal->scratch), size == seal->sealed->size,
                     &seal->why) != OK ||
                    !show(seal)))
        log_line(LOG_ERROR, "the cosigned checkpoint is not stored", "why", first_why(seal));
    if (seal->sealed->size)
        witnesses_offer(seal->witnesses, buf_as_text(&seal->sealed->note), seal->sealed->size,
            seal->model->tree, now_us);
}

/* The other instance seals: what it stored is shown, once this one has folded as far. */
static void follow_other(struct seal *seal)
{
    faults_clear(&seal->why);
    if (vault_take(&seal->vault)) {
        seal->sealing = true;
        log_line(LOG_INFO, "this instance seals", NULL, NULL);
    }
    if (vault_refresh(&seal->vault, &seal->why) != OK || !show(seal))
        hold(seal, first_why(seal));
}

/* ---- the side ---- */

static enum err side_open(
    const struct settings *settings, void *state, void **ret_side, struct faults *why)
{
    struct seal *seal = calloc(1, sizeof *seal);
    struct model *model = state;
    must(seal);
    seal->model = model;
    seal->sealed = &model->sealed;
    seal->seal_us = settings->seal_ms * 1000;
    seal->scratch = BUF(SEALED_NOTE_MAX);
    seal->recheck =
        (struct recheck){.tree = model->tree, .round_us = settings->audit_s * 1000000, .next = 1};
    (void)snprintf(seal->sealed->origin, sizeof seal->sealed->origin, "%s", settings->origin);
    enum err err = witnesses_open(settings->witnesses, &seal->witnesses, why);
    if (err == OK)
        err = vault_open(&seal->vault, settings->record, text_of(seal->sealed->origin), true, why);
    if (err == ERR_READ_ONLY) { /* the record itself was touched: nothing can be proved by it */
        hold(seal, why->kept[0].detail);
        faults_clear(why);
        err = OK;
    } else if (err == OK && !show(seal))
        hold(seal, first_why(seal));
    if (err != OK) {
        witnesses_close(seal->witnesses);
        vault_close(&seal->vault);
        free(seal);
        return err;
    }
    BUF_CLEANUP struct buf key = BUF(sizeof seal->sealed->key);
    note_key_write(&key, &seal->vault.key);
    (void)snprintf(
        seal->sealed->key, sizeof seal->sealed->key, "%.*s", TEXT_ARG(buf_as_text(&key)));
    *ret_side = seal;
    return OK;
}

static void side_close(void *side)
{
    struct seal *seal = side;
    if (!seal)
        return;
    witnesses_close(seal->witnesses);
    vault_close(&seal->vault);
    buf_free(&seal->scratch);
    free(seal);
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static int side_turn(void *side, struct ledger *ledger, uint64_t now_us)
{
    struct seal *seal = side;
    int wait_ms = recheck_turn(&seal->recheck, ledger, now_us);
    if (*seal->recheck.found)
        hold(seal, seal->recheck.found);
    if (*seal->sealed->hold)
        return wait_ms;
    if (!seal->sealing && now_us >= seal->look_us) {
        seal->look_us = now_us + LOOK_US;
        follow_other(seal);
    }
    compare(seal, ledger);
    if (seal->naming)
        look_up(seal, ledger);
    else if (seal->sealing && !*seal->sealed->hold) {
        seal_in_time(seal, now_us);
        hear_witnesses(seal, now_us);
    }
    return sooner(wait_ms, LOOK_MS);
}

static const char *side_hold(const void *side)
{
    const struct seal *seal = side;
    return *seal->sealed->hold ? seal->sealed->hold : NULL;
}

const struct service_side seal_side = {
    .open = side_open, .close = side_close, .turn = side_turn, .hold = side_hold};
