#include "facts/life.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define IS(state) (1u << STATE_##state)
#define NOWHERE   (1u << agreement_state_UNSET)
#define UNSIGNED                                                                                   \
    (IS(DRAFT) | IS(SUBMITTED) | IS(RETURNED) | IS(ACCEPTED) | IS(AT_PMO) | IS(READY) |            \
        IS(SIGNED_MINISTER))
#define STATE_STAY agreement_state_UNSET

static const struct {
    uint32_t from; /* bits 1 << state */
    enum agreement_state to;
} table[MESSAGE_COUNT] = {
#define FROM(event, states, state) [MESSAGE_##event] = {states, STATE_##state},
#include "facts/life.def"
#undef FROM
};

bool life_concerns(enum message event)
{
    return table[event].from != 0;
}

enum agreement_state life_after(enum message event, enum agreement_state state)
{
    if (!(table[event].from >> state & 1u))
        return agreement_state_UNSET;
    return table[event].to ? table[event].to : state;
}

enum err life_check(
    enum message event, struct text agreement, enum agreement_state state, struct faults *why)
{
    must(life_concerns(event));
    if (life_after(event, state))
        return OK;
    BUF_CLEANUP struct buf states = BUF(200);
    const char *before = "";
    for (enum agreement_state s = STATE_DRAFT; s <= STATE_LAPSED; s++)
        if (table[event].from >> s & 1u) {
            buf_printf(&states, "%s%s", before, choices_word(agreement_state_choices(), (int)s));
            before = ", ";
        }
    return faults_add(why, ERR_STATE, "agreement", "%.*s is %s; %s happens only while it is %.*s",
        TEXT_ARG(agreement), choices_word(agreement_state_choices(), (int)state),
        message_row(event)->wire, TEXT_ARG(buf_as_text(&states)));
}

bool life_is_in_force(enum agreement_state state)
{
    return state == STATE_IN_FORCE || state == STATE_AMENDING;
}

/* ---- all of them ---- */

struct life {
    char id[ID_MAX + 1];
    enum agreement_state state;
    bool was_in_force;
    UT_hash_handle hh;
};

struct lives {
    struct life *all;
};

struct lives *lives_new(void)
{
    struct lives *lives = calloc(1, sizeof *lives);
    must(lives);
    return lives;
}

void lives_free(struct lives *lives)
{
    if (!lives)
        return;
    struct life *life = lives->all;
    HASH_CLEAR(hh, lives->all);
    for (struct life *next; life; life = next) {
        next = life->hh.next;
        free(life);
    }
    free(lives);
}

static struct life *find(const struct lives *lives, struct text id)
{
    struct life *life = NULL;
    HASH_FIND(hh, lives->all, id.at, id.len, life);
    return life;
}

const char *lives_apply(struct lives *lives, const struct happened *happened)
{
    if (!life_concerns(happened->message))
        return NULL;
    struct life *life = find(lives, happened->subject);
    enum agreement_state before = life ? life->state : agreement_state_UNSET;
    enum agreement_state after = life_after(happened->message, before);
    if (!after)
        return "an agreement was not in a state in which that happens";
    if (!life) {
        life = calloc(1, sizeof *life);
        must(life && happened->subject.len <= ID_MAX);
        memcpy(life->id, happened->subject.at, happened->subject.len);
        HASH_ADD_KEYPTR(hh, lives->all, life->id, happened->subject.len, life);
    }
    life->state = after;
    life->was_in_force = life->was_in_force || life_is_in_force(after);
    return NULL;
}

enum agreement_state lives_state(const struct lives *lives, struct text agreement)
{
    const struct life *life = find(lives, agreement);
    return life ? life->state : agreement_state_UNSET;
}

bool lives_public(const struct lives *lives, struct text agreement)
{
    const struct life *life = find(lives, agreement);
    return life && life->was_in_force;
}
