/* The rules, so that anybody can see who is told of what. */
#include "queries.h"

#include "rules.h"

#define WHO_MOST 1024 /* bytes */

enum err hearing_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)state, (void)request, (void)why; /* the same for everybody, always */
    BUF_CLEANUP struct buf who = BUF(WHO_MOST);
    for (size_t i = 0; i < rules_count(); i++) {
        const struct rule *rule = rules_at(i);
        buf_clear(&who);
        rules_who(rule, &who);
        struct hearing hearing = {.event = text_of(message_row(rule->event)->wire),
            .who = buf_as_text(&who),
            .urgency = rule->urgency,
            .sentence = text_of(rule->sentence)};
        reply_add(ret_reply, hearing_record(), &hearing);
    }
    reply_total(ret_reply, rules_count());
    return OK;
}
