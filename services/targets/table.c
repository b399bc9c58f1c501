/* The service as data: every command and query that it answers, and the functions that do. */
#include "table.h"

#include "apply.h"
#include "commands.h"
#include "list.h"
#include "model.h"
#include "queries.h"
#include "totals.h"

static const struct service_command commands[] = {
#define DECIDE(command) {MESSAGE_##command, command##_decide},
    COMMANDS(DECIDE)
#undef DECIDE
};

static const struct service_query queries[] = {
    {MESSAGE_clock_get, clock_get_answer, NULL},
    {MESSAGE_holiday_list, holiday_list_answer, NULL},
    {MESSAGE_period_list, period_list_answer, NULL},
    {MESSAGE_cycle_list, cycle_list_answer, NULL},
    {MESSAGE_cycle_get, cycle_get_answer, cycle_get_scope},
    {MESSAGE_body_list, body_list_answer, NULL},
    {MESSAGE_body_get, body_get_answer, body_get_scope},
    {MESSAGE_agreement_list, agreement_list_answer, NULL},
    {MESSAGE_agreement_get, agreement_get_answer, agreement_get_scope},
    {MESSAGE_target_list, list_answer, NULL},
    {MESSAGE_target_get, target_get_answer, target_get_scope},
    {MESSAGE_totals_get, totals_get_answer, NULL},
    {MESSAGE_totals_list, totals_list_answer, NULL},
    {MESSAGE_amendment_list, amendment_list_answer, NULL},
    {MESSAGE_idea_list, idea_list_answer, NULL},
    {MESSAGE_idea_get, idea_get_answer, NULL},
    {MESSAGE_endorsement_list, endorsement_list_answer, NULL},
    {MESSAGE_order_list, order_list_answer, NULL},
    {MESSAGE_history_idea, NULL, history_idea_scope},
    {MESSAGE_check_get, check_get_answer, NULL},
    {MESSAGE_check_many, check_many_answer, NULL},
    {MESSAGE_history_cycle, NULL, history_cycle_scope},
    {MESSAGE_history_body, NULL, history_body_scope},
    {MESSAGE_history_agreement, NULL, history_agreement_scope},
    {MESSAGE_history_target, NULL, history_target_scope},
};

const struct service *table_service(void)
{
    static const struct service service = {
        .id = SERVICE_targets,
        .about = "what each body promises: bodies, cycles, agreements and targets",
        .state_new = model_new,
        .state_free = model_free,
        .apply = apply_event,
        .digest = model_digest,
        .commands = commands,
        .command_count = sizeof commands / sizeof *commands,
        .queries = queries,
        .query_count = sizeof queries / sizeof *queries,
    };
    return &service;
}
