/* The service as data: every command and query that it answers, and the functions that do. */
#include "table.h"

#include "apply.h"
#include "commands.h"
#include "digest.h"
#include "due.h"
#include "model.h"
#include "queries.h"

static const struct service_command commands[] = {
#define DECIDE(command) {MESSAGE_##command, command##_decide},
    COMMANDS(DECIDE)
#undef DECIDE
};

static const struct service_query queries[] = {
#define ANSWER(query) {MESSAGE_##query, query##_answer, NULL},
    QUERIES(ANSWER)
#undef ANSWER
        {MESSAGE_history_report, NULL, history_report_scope},
};

const struct service *table_service(void)
{
    static const struct service service = {
        .id = SERVICE_reviews,
        .about = "rulings and feedback, quarterly reports and what comes of them, the PM's page",
        .state_new = model_new,
        .state_free = model_free,
        .apply = apply_event,
        .digest = digest_write,
        .commands = commands,
        .command_count = sizeof commands / sizeof *commands,
        .queries = queries,
        .query_count = sizeof queries / sizeof *queries,
        .due = &due_quarter,
    };
    return &service;
}
