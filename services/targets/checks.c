/* What the checker says of any statement, at every key stroke: it needs no agreement, only the
 * rules and what was learnt from the rulings so far. Whatever is a text can be checked. */
#include "queries.h"

#include "model.h"

#define ARENA_MAX 4096 /* what the checker writes beside the words of one statement */

static void say(const struct model *model, const struct check_statement *asked, uint32_t count,
    struct reply *reply)
{
    BUF_CLEANUP struct buf arena = BUF(ARENA_MAX);
    struct checker *fresh = model->checker ? NULL : checker_new(); /* before the first body */
    for (uint32_t i = 0; i < count; i++) {
        struct check check = {0};
        buf_clear(&arena);
        checker_check(fresh ? fresh : model->checker, asked[i].statement, &arena, &check);
        reply_add(reply, check_record(), &check);
    }
    checker_free(fresh);
}

enum err check_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)why;
    say(state, request->body, 1, ret_reply);
    return OK;
}

enum err check_many_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct check_list *asked = request->body;
    (void)why;
    say(state, asked->statements.at, asked->statements.head.count, ret_reply);
    reply_total(ret_reply, asked->statements.head.count);
    return OK;
}
