/* The service as data: every command and query that it answers, and the functions that do. */
#include "table.h"

#include "apply.h"
#include "commands.h"
#include "digest.h"
#include "queries.h"
#include "record.h"
#include "seal.h"

static const struct service_command commands[] = {
#define DECIDE(command) {MESSAGE_##command, command##_decide},
    COMMANDS(DECIDE)
#undef DECIDE
};

static const struct service_query queries[] = {
#define ANSWER(query) {MESSAGE_##query, query##_answer, NULL},
    QUERIES(ANSWER) RECORD_ANSWERS(ANSWER)
#undef ANSWER
};

const struct service *table_service(void)
{
    static const struct service service = {
        .id = SERVICE_signatures,
        .about = "documents, keys and signatures, and the tree over the whole ledger",
        .state_new = model_new,
        .state_free = model_free,
        .apply = apply_event,
        .entry = apply_entry,
        .digest = digest_model,
        .commands = commands,
        .command_count = sizeof commands / sizeof *commands,
        .queries = queries,
        .query_count = sizeof queries / sizeof *queries,
        .side = &seal_side,
    };
    return &service;
}
