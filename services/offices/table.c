/* The service as data: every command, query and errand that it answers, and the functions that
 * do. */
#include "table.h"

#include "apply.h"
#include "commands.h"
#include "errands.h"
#include "queries.h"
#include "tools.h"

static const struct service_command commands[] = {
#define DECIDE(command) {MESSAGE_##command, command##_decide},
    COMMANDS(DECIDE)
#undef DECIDE
};

static const struct service_query queries[] = {
    {MESSAGE_person_list, person_list_answer, NULL},
    {MESSAGE_person_get, person_get_answer, NULL},
    {MESSAGE_office_list, office_list_answer, NULL},
    {MESSAGE_office_get, office_get_answer, NULL},
    {MESSAGE_posting_list, posting_list_answer, NULL},
    {MESSAGE_posting_get, posting_get_answer, posting_get_scope},
    {MESSAGE_handover_list, handover_list_answer, NULL},
    {MESSAGE_handover_get, handover_get_answer, NULL},
    {MESSAGE_pack_list, pack_list_answer, pack_list_scope},
    {MESSAGE_history_office, NULL, history_office_scope},
    {MESSAGE_department_list, department_list_answer, NULL},
    {MESSAGE_department_get, department_get_answer, NULL},
    {MESSAGE_history_department, NULL, history_department_scope},
};

static const struct service_errand errands[] = {
#define ERRAND(name) {MESSAGE_##name, name##_order, name##_run},
    ERRANDS(ERRAND)
#undef ERRAND
};

const struct service *table_service(void)
{
    static const struct service service = {
        .id = SERVICE_offices,
        .about = "who holds which office since when; sign-in; hand-over",
        .state_new = model_new,
        .state_free = model_free,
        .apply = apply_event,
        .digest = model_digest,
        .commands = commands,
        .command_count = sizeof commands / sizeof *commands,
        .queries = queries,
        .query_count = sizeof queries / sizeof *queries,
        .errands = errands,
        .errand_count = sizeof errands / sizeof *errands,
        .tools_open = tools_open,
        .tools_close = tools_close,
    };
    return &service;
}
