/* Each agreement keeps its own sums, and agreements of one body stand side by side. */
#include "totals.h"

#include "access.h"
#include "paging.h"

static bool counts(const struct model *model, const struct request *request, struct text cycle,
    const struct agreement_entry *agreement)
{
    return (!cycle.at || text_equal(cycle, agreement->facts.cycle)) &&
           access_sees(model, &request->office, agreement);
}

/* A misspelt name must not read like a body without promises. */
static enum err check_names(
    const struct model *model, struct text body, struct text cycle, struct faults *why)
{
    if (body.at && !model_body(model, body))
        faults_add(why, ERR_NOT_FOUND, "body",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(body));
    if (cycle.at && !model_cycle(model, cycle))
        faults_add(why, ERR_NOT_FOUND, "cycle",
            "there is no cycle %.*s; the list of cycles has them", TEXT_ARG(cycle));
    return faults_err(why);
}

enum err totals_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct totals_one *asked = request->body;
    enum err err = check_names(model, asked->body, asked->cycle, why);
    if (err)
        return err;
    struct sums sums = {0};
    int64_t agreements = 0;
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        if ((asked->body.at && !text_equal(asked->body, agreement->facts.body)) ||
            !counts(model, request, asked->cycle, agreement))
            continue;
        sums_add(&sums, &agreement->sums);
        agreements++;
    }
    struct body_totals totals = {.body = asked->body, .totals = sums_totals(&sums, agreements)};
    reply_add(ret_reply, body_totals_record(), &totals);
    return OK;
}

enum err totals_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct totals_list *asked = request->body;
    struct paging paging;
    enum err err = check_names(model, (struct text){0}, asked->cycle, why);
    if (err == OK)
        err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->agreements.count;) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        struct body_totals totals = {.body = agreement->facts.body};
        struct sums sums = {0};
        int64_t agreements = 0;
        while (text_equal(agreement->facts.body, totals.body)) {
            if (counts(model, request, asked->cycle, agreement)) {
                sums_add(&sums, &agreement->sums);
                agreements++;
            }
            if (++i == model->agreements.count)
                break;
            agreement = (const void *)model->agreements.at[i];
        }
        totals.totals = sums_totals(&sums, agreements);
        if (agreements > 0 && paging_takes(&paging, totals.body))
            reply_add(ret_reply, body_totals_record(), &totals);
    }
    paging_close(&paging, ret_reply);
    return OK;
}
